import type { Conversation } from '../../src/bot/contract'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** "Cancel" where nothing is open; what is open the engine closes by itself. */
export const cancelNothing: Conversation = {
  id: 'cancel',
  version: 1,
  intents: ['cancel'],
  verbs: [],
  personal: false,
  async start(turn) {
    const w = words(turn)
    return {
      say: [say(w.nothing, quickReply(w.order, 'cancel-order'), quickReply(w.help, 'help'))],
      next: { kind: 'end' },
    }
  },
  questions: {},
}
