import type { EventKind } from '../model/talk-lines'
import type { WordTable } from './table'

interface Who {
  readonly staff: string
  readonly to: string
}

type EventWords = Readonly<Record<EventKind, (who: Who) => string>>

/** What happened to a conversation, in a line. */
export const eventWords: WordTable<EventWords> = {
  en: {
    accepted: ({ staff }) => `${staff} took the conversation`,
    assigned: ({ staff, to }) => `Given to ${to || staff}`,
    transferred: ({ staff, to }) => `${staff} transferred it to ${to}`,
    silent: () => 'Back in the queue: no answer in time',
    'waits-again': () => 'Waiting again',
    'left-message': () => 'The customer left a message and does not wait in the chat',
    returned: ({ staff }) => (staff ? `${staff} gave it back to the bot` : 'Back to the bot'),
    closed: ({ staff }) => (staff ? `${staff} closed the conversation` : 'Closed'),
  },
  zh: {
    accepted: ({ staff }) => `${staff}接待了会话`,
    assigned: ({ staff, to }) => `已分配给${to || staff}`,
    transferred: ({ staff, to }) => `${staff}转接给${to}`,
    silent: () => '未及时回复，已退回队列',
    'waits-again': () => '重新开始等待',
    'left-message': () => '顾客已留言，不在线等待',
    returned: ({ staff }) => (staff ? `${staff}交还给机器人` : '已交还机器人'),
    closed: ({ staff }) => (staff ? `${staff}结束了会话` : '已结束'),
  },
}
