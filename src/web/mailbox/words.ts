import type { Locale } from '../shared/locale'

interface MailboxWords {
  readonly title: string
  readonly note: string
  readonly empty: string
  readonly emptyNote: string
  readonly to: string
  readonly code: string
  readonly copy: string
  readonly copied: string
  readonly failed: string
  readonly arrived: (count: number) => string
}

export const mailboxWords: Readonly<Record<Locale, MailboxWords>> = {
  en: {
    title: 'Demo mailbox',
    note: 'In demo mode no e-mail leaves this computer. What customers would get arrives here; the page looks for new mail by itself.',
    empty: 'No mail yet',
    emptyNote:
      'As a guest, ask the chat to link your account and give a customer’s e-mail address. The one-time code comes here.',
    to: 'To',
    code: 'One-time code',
    copy: 'Copy the code',
    copied: 'Copied',
    failed: 'The mailbox can’t be reached right now. Still trying.',
    arrived: (count) => (count === 1 ? '1 mail' : `${count} mails`),
  },
  zh: {
    title: '演示邮箱',
    note: '演示模式下，邮件不会离开本机。顾客本应收到的邮件会出现在这里，页面会自动刷新。',
    empty: '还没有邮件',
    emptyNote: '以访客身份请客服关联账户，并提供一位顾客的邮箱地址，一次性验证码就会发到这里。',
    to: '收件人',
    code: '一次性验证码',
    copy: '复制验证码',
    copied: '已复制',
    failed: '暂时连不上邮箱，正在重试。',
    arrived: (count) => `${count} 封邮件`,
  },
}
