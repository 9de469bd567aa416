import type { Locale } from '../../shared/locale'

const en: Readonly<Record<string, string>> = {
  unreachable: 'The server can’t be reached right now.',
  unavailable: 'Our records can’t be reached right now. Please try again in a moment.',
  'signed-out': 'Your session has ended. Please sign in again.',
  'role-needed': 'Your role does not allow this.',
  'foreign-origin': 'This page may not do that from here. Open the console at its own address.',
  changed: 'Somebody was faster: this conversation has changed. It was loaded again.',
  'not-open': 'This conversation is closed already.',
  'not-yours': 'This conversation is with a colleague now.',
  'not-waiting': 'Somebody else has taken this conversation.',
  'none-waiting': 'Nobody is waiting.',
  'at-capacity': 'You have as many conversations as you may hold. Close one first.',
  'unknown-request': 'There is no such conversation.',
  'unknown-staff': 'There is no such colleague.',
  'wrong-credentials': 'E-mail or password is wrong.',
  locked: 'Too many wrong tries. Please wait a while, then try again.',
  disabled: 'This account is disabled. Ask an administrator.',
  'wrong-password': 'That is not your present password.',
  'weak-password': 'This password is too easy to guess. Take a longer one.',
  'email-taken': 'Somebody has this e-mail already.',
  'ticket-unknown': 'This link is not valid any more. Ask for a new one.',
  'wrong-code': 'That is not the code.',
  'last-administrator': 'At least one administrator must remain.',
  'over-limit': 'That is more than your role may still give today.',
  'internal-error': 'Something went wrong on our side.',
}

const zh: Readonly<Record<string, string>> = {
  unreachable: '暂时连不上服务器。',
  unavailable: '暂时无法读取数据，请稍后再试。',
  'signed-out': '登录已失效，请重新登录。',
  'role-needed': '您的角色没有此权限。',
  'foreign-origin': '不能从这里进行此操作，请用控制台自己的网址打开。',
  changed: '会话已被他人更新，已重新加载。',
  'not-open': '会话已经关闭。',
  'not-yours': '会话已由同事处理。',
  'not-waiting': '会话已被他人接待。',
  'none-waiting': '没有等待中的会话。',
  'at-capacity': '您的会话数已达上限，请先结束一个。',
  'unknown-request': '没有这个会话。',
  'unknown-staff': '没有这位同事。',
  'wrong-credentials': '邮箱或密码不正确。',
  locked: '错误次数过多，请稍后再试。',
  disabled: '账号已停用，请联系管理员。',
  'wrong-password': '当前密码不正确。',
  'weak-password': '密码过于简单，请换一个更长的。',
  'email-taken': '该邮箱已被使用。',
  'ticket-unknown': '链接已失效，请重新获取。',
  'wrong-code': '验证码不正确。',
  'last-administrator': '至少要保留一位管理员。',
  'over-limit': '超出您今天可发放的额度。',
  'internal-error': '系统出了点问题。',
}

const general = {
  en: { refused: 'The server did not accept this. Please check what you entered.', broken: en['internal-error'] ?? '' },
  zh: { refused: '服务器未接受，请检查填写的内容。', broken: zh['internal-error'] ?? '' },
}

/** A refusal in words; one that has none of its own is told apart only by whose fault it is. */
export function refusalIn(locale: Locale, { code, status }: { code: string; status: number }): string {
  const own = (locale === 'zh' ? zh : en)[code]
  return own ?? (status >= 500 ? general[locale].broken : general[locale].refused)
}
