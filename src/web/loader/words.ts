import type { Locale } from '../shared/locale'

interface LoaderWords {
  readonly title: string
  readonly open: string
  readonly close: string
  readonly unread: (count: number) => string
}

/** The words of the button and the frame around the chat. */
export const loaderWords: Readonly<Record<Locale, LoaderWords>> = {
  en: {
    title: 'Customer service chat',
    open: 'Open chat',
    close: 'Close chat',
    unread: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  },
  zh: {
    title: '在线客服',
    open: '打开聊天',
    close: '关闭聊天',
    unread: (count) => `${count} 条新消息`,
  },
}
