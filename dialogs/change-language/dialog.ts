import type { Conversation, Step, Turn } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { simplified } from '../../src/bot/kit/simplified'
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

const REFUSED_BEFORE =
  "(?:\\b(?:don['’]?t|do not|can['’]?t|cannot|can not)(?: really| even)? (?:speak|understand|read|write|know|want|like)(?: any| much| good)? |\\bno |不(?:太?[会懂]|想|要)[说讲用看写]?|[看听]不懂)"
const BAD_AFTER = "(?: is(?: [a-z]+)? (?:bad|poor|terrible)| is(?: not|n['’]?t)(?: [a-z]+)? good|不好|不行|很差|太差)"

/** The language that a text names, or the other one where it names one that is not spoken: "I don't speak English". */
function namedLanguage({ said, action }: Turn): Locale | undefined {
  const pressed = localeOf(textArgument(action, 'locale'))
  if (pressed) return pressed
  const text = simplified(said)
  const english = wanted(text, ENGLISH)
  const chinese = wanted(text, CHINESE)
  if (english === chinese) return undefined
  return english > chinese ? 'en' : 'zh'
}

interface Wanted {
  readonly named: RegExp
  readonly refused: RegExp
}

const ENGLISH = patternsOf('(?:english|eng|英文|英语)')
const CHINESE = patternsOf('(?:chinese|mandarin|中文|汉语|普通话|华语|国语)')

function patternsOf(language: string): Wanted {
  return {
    named: new RegExp(`(?<![a-z])${language}(?![a-z])`, 'i'),
    refused: new RegExp(`${REFUSED_BEFORE}${language}|${language}${BAD_AFTER}`, 'i'),
  }
}

/** 1 for a language that is named, −1 for one that is refused, 0 for one that is not spoken of. */
function wanted(text: string, { named, refused }: Wanted): number {
  if (!named.test(text)) return 0
  return refused.test(text) ? -1 : 1
}
