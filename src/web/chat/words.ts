import type { Locale } from '../shared/locale'

/** All words of the chat's own interface. What the bot says comes from the bot. */
export interface ChatWords {
  readonly title: string
  readonly online: string
  readonly connecting: string
  readonly reconnecting: string
  readonly offline: string
  readonly noServer: string
  readonly tryNow: string
  readonly close: string
  readonly otherLanguage: string
  readonly switchLanguage: string
  readonly log: string
  readonly loading: string
  readonly skipToInput: string
  readonly inputLabel: string
  readonly placeholder: string
  readonly send: string
  readonly left: (characters: string) => string
  readonly cut: (characters: string) => string
  readonly typing: string
  readonly newMessages: string
  readonly toEnd: string
  readonly sending: string
  readonly waiting: string
  readonly failed: string
  readonly retry: string
  readonly you: string
  readonly assistant: string
  readonly quickReplies: string
  readonly earlier: string
  readonly copy: string
  readonly copied: string
  readonly conversationReplaced: string
  readonly stranger: string
  readonly cardFailed: string
}

const en: ChatWords = {
  title: 'Customer service',
  online: 'Online',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  offline: 'You are offline. Messages will be sent when you are back.',
  noServer: 'We can’t reach the chat right now. We keep trying; nothing you wrote is lost.',
  tryNow: 'Try now',
  close: 'Close chat',
  otherLanguage: '中文',
  switchLanguage: '用中文聊天',
  log: 'Conversation',
  loading: 'Loading the conversation',
  skipToInput: 'Skip to the message box',
  inputLabel: 'Your message',
  placeholder: 'Write a message',
  send: 'Send',
  left: (characters) => `${characters} left`,
  cut: (characters) => `Only the first ${characters} characters were kept.`,
  typing: 'Typing',
  newMessages: 'New messages',
  toEnd: 'Go to the end',
  sending: 'Sending…',
  waiting: 'Waiting for the connection',
  failed: 'Not sent.',
  retry: 'Try again',
  you: 'You said',
  assistant: 'Assistant said',
  quickReplies: 'Suggested answers',
  earlier: 'Show earlier messages',
  copy: 'Copy',
  copied: 'Copied',
  conversationReplaced: 'Your earlier conversation has ended, so this is a new one.',
  stranger: 'We couldn’t confirm who you are, so you are chatting as a guest.',
  cardFailed: 'This card can’t be shown here.',
}

const zh: ChatWords = {
  title: '在线客服',
  online: '在线',
  connecting: '正在连接…',
  reconnecting: '正在重新连接…',
  offline: '您已离线。恢复联网后，消息会自动发出。',
  noServer: '暂时连不上客服，我们会不断重试，您写的内容不会丢失。',
  tryNow: '立即重试',
  close: '关闭聊天',
  otherLanguage: 'English',
  switchLanguage: 'Chat in English',
  log: '聊天记录',
  loading: '正在加载聊天记录',
  skipToInput: '跳到输入框',
  inputLabel: '您的消息',
  placeholder: '请输入消息',
  send: '发送',
  left: (characters) => `还可输入 ${characters} 字`,
  cut: (characters) => `内容过长，只保留了前 ${characters} 字。`,
  typing: '正在输入',
  newMessages: '有新消息',
  toEnd: '到最底部',
  sending: '发送中…',
  waiting: '等待网络恢复',
  failed: '发送失败。',
  retry: '重试',
  you: '您说',
  assistant: '客服说',
  quickReplies: '建议回复',
  earlier: '查看更早的消息',
  copy: '复制',
  copied: '已复制',
  conversationReplaced: '之前的会话已结束，这是新的会话。',
  stranger: '暂时无法确认您的身份，您现在以访客身份聊天。',
  cardFailed: '此卡片无法在这里显示。',
}

export const chatWords: Readonly<Record<Locale, ChatWords>> = { en, zh }
