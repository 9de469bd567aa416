import type { Conversation, Step, Turn } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { type Locale, localeOf } from '../../src/core/locale'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

// The names of the languages stand in themselves, so that who is lost in the other one finds home.
const languages = [
  quickReply('English', 'change-language', { locale: 'en' }),
  quickReply('中文', 'change-language', { locale: 'zh' }),
]

/** Speaks another language from here on, until asked for another again. */
export const changeLanguage: Conversation = {
  id: 'change-language',
  version: 1,
  intents: ['change-language'],
  verbs: [],
  personal: false,
  async start(turn) {
    const locale = namedLanguage(turn)
    return locale ? speak(locale) : { say: [], next: { kind: 'ask', question: 'which', data: null } }
  },
  questions: {
    which: {
      async ask(turn) {
        return [say(words(turn).which, ...languages)]
      },
      async answer(turn) {
        const locale = namedLanguage(turn)
        return locale ? speak(locale) : { notAnAnswer: true, hint: say(words(turn).hint) }
      },
    },
  },
}

function speak(locale: Locale): Step<unknown> {
  return { say: [say(words({ locale }).done)], next: { kind: 'end' }, speak: locale }
}

function namedLanguage({ said, action }: Turn): Locale | undefined {
  const pressed = localeOf(textArgument(action, 'locale'))
  if (pressed) return pressed
  const english = /\benglish\b|英文|英语/i.test(said)
  const chinese = /\b(chinese|mandarin)\b|中文|汉语|普通话|华语/i.test(said)
  if (english === chinese) return undefined
  return english ? 'en' : 'zh'
}
