import type { Conversation } from '../../src/bot/contract'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** What was offered was not it. */
export const noneOfThese: Conversation = {
  id: 'none-of-these',
  version: 1,
  intents: ['none-of-these'],
  verbs: [],
  personal: false,
  async start(turn) {
    const w = words(turn)
    return {
      say: [say(w.sorry, quickReply(w.person, 'talk-to-person'), quickReply(w.help, 'help'))],
      next: { kind: 'end' },
    }
  },
  questions: {},
}
