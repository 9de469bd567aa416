import type { Locale, Localised } from '../locale'

/** The e-mail that invites somebody to the console. */
export function invitationMail({
  url,
  displayName,
  merchant,
  locale,
  lifetimeHours,
}: {
  url: string
  displayName: string
  merchant: Localised
  locale: Locale
  lifetimeHours: number
}): { subject: string; body: string } {
  if (locale === 'zh') {
    return {
      subject: `邀请您使用${merchant.zh}客服工作台`,
      body: `${displayName}，您好！\n\n您已获邀使用${merchant.zh}的客服工作台。请打开以下链接设置密码：\n\n${url}\n\n链接 ${lifetimeHours} 小时内有效，只能使用一次，请勿转发。`,
    }
  }
  return {
    subject: `Your access to the desk of ${merchant.en}`,
    body: `Hello ${displayName},\n\nyou have been given access to the desk of ${merchant.en}. Open this address to choose a password:\n\n${url}\n\nIt is valid for ${lifetimeHours} hours and works once. Do not pass it on.`,
  }
}
