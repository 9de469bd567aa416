import type { Locale } from '../../core/locale'
import type { Reply } from '../contract'

/** What the bot says when no conversation can: something broke, or took too long. */
interface TurnWords {
  failed: string
  slow: string
  unavailable: string
  attachment: string
  talkToPerson: string
  taken: string
}

const words: Readonly<Record<Locale, TurnWords>> = {
  en: {
    failed:
      "I'm sorry, something went wrong on our side, and nothing was changed. Please try again, or talk to a person.",
    slow: "I'm sorry, that took too long, so I stopped; nothing was changed. Please try again, or talk to a person.",
    unavailable: "I'm sorry, I can't reach our records right now. Please try again in a minute.",
    attachment: "I'm sorry, I can't receive pictures or files yet. Please tell me in words, or talk to a person.",
    talkToPerson: 'Talk to a person',
    taken: 'Got it',
  },
  zh: {
    failed: '非常抱歉，我们这边出了点问题，您的账户没有任何变动。请再试一次，或者转人工客服。',
    slow: '非常抱歉，处理时间过长，操作已中止，您的账户没有任何变动。请再试一次，或者转人工客服。',
    unavailable: '非常抱歉，系统暂时无法访问，请稍后再试。',
    attachment: '非常抱歉，我暂时还不能接收图片或文件。请用文字告诉我，或者转人工客服。',
    talkToPerson: '转人工客服',
    taken: '收到',
  },
}

/** An apology of the bot itself. What a person could help with offers one. */
export function apology(locale: Locale, about: 'failed' | 'slow' | 'attachment'): Reply {
  const { talkToPerson, [about]: text } = words[locale]
  return {
    text,
    quickReplies: [{ title: talkToPerson, action: { verb: 'talk-to-person', args: { reason: 'error' } } }],
  }
}

/** Said while the database is away; offers nothing, since nothing would work. */
export function unavailableText(locale: Locale): string {
  return words[locale].unavailable
}

/** A pressed button was taken; what there is to say comes as messages. */
export function takenText(locale: Locale): string {
  return words[locale].taken
}
