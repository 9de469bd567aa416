import type { Locale } from '../../core/locale'
import type { Reply } from '../contract'
import { quickReply } from '../kit/words'

interface ProtocolWords {
  readonly failed: string
  readonly again: string
  readonly help: string
}

const words: Readonly<Record<Locale, ProtocolWords>> = {
  en: {
    failed:
      "I'm sorry, I could not reach anybody of our team just now, so you are back with me, the assistant. Shall I try again?",
    again: 'Talk to a person',
    help: 'What can you do?',
  },
  zh: {
    failed: '非常抱歉，暂时没能接通人工客服，现在仍由我为您服务。要再试一次吗？',
    again: '转人工客服',
    help: '你能做什么？',
  },
}

/** Said when a desk elsewhere could not take a conversation over: an apology and a choice. */
export function failedReply(locale: Locale): Reply {
  const { failed, again, help } = words[locale]
  return { text: failed, quickReplies: [quickReply(again, 'talk-to-person'), quickReply(help, 'help')] }
}
