import type { Locale } from '../locale'

interface LinkCodeMail {
  code: string
  locale: Locale
  lifetimeMinutes: number
}

/** The e-mail that carries a one-time code. It says that nobody of ours ever asks for it. */
export function linkCodeMail({ code, locale, lifetimeMinutes }: LinkCodeMail): { subject: string; body: string } {
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`
  if (locale === 'zh') {
    return {
      subject: `您的验证码：${spaced}`,
      body: `您好！\n\n您正在聊天中关联会员账户，验证码是：${spaced}\n\n验证码 ${lifetimeMinutes} 分钟内有效，请只在聊天窗口中输入。我们的工作人员绝不会向您索要验证码。\n\n如果这不是您本人的操作，请忽略本邮件，您的账户不会有任何变化。`,
    }
  }
  return {
    subject: `Your code: ${spaced}`,
    body: `Hello,\n\nyou are linking your membership to a chat. Your code is: ${spaced}\n\nIt is valid for ${lifetimeMinutes} minutes. Type it into the chat and nowhere else; nobody who works for us will ever ask you for it.\n\nIf this was not you, ignore this e-mail: nothing changes in your account.`,
  }
}
