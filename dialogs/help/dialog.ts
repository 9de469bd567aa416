import type { Choice, Conversation } from '../../src/bot/contract'
import { numberedList } from '../../src/bot/kit/markdown'
import { localisedWords } from '../../src/bot/kit/words'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })
const QUICK_REPLIES_MAX = 6

/** The menu: every conversation of `topics` that has a title. In a group, only what may be said there. */
export function helpAbout(topics: readonly Conversation[]): Conversation {
  return {
    id: 'help',
    version: 1,
    intents: ['help'],
    verbs: [],
    personal: false,
    async start(turn) {
      const w = words(turn)
      const choices = topics
        .filter(({ personal }) => !(personal && turn.isGroup))
        .map(({ id, menuTitle }) => menuTitle && { title: menuTitle[turn.locale], action: { verb: id, args: {} } })
        .filter((choice): choice is Choice & object => choice !== undefined)
      const list = numberedList(choices.map(({ title }) => title))
      const text = [w.intro, list, w.always].join('\n\n')
      return {
        say: [{ text, choices, quickReplies: choices.slice(0, QUICK_REPLIES_MAX) }],
        next: { kind: 'end' },
      }
    },
    questions: {},
  }
}
