import type { Conversation } from '../../src/bot/contract'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

const ID = 'redemption-dispute'

/** Points that went and brought nothing, or went twice: nothing that a bot should settle by itself. Offers a person. */
export const redemptionDispute: Conversation = {
  id: ID,
  version: 1,
  intents: [ID],
  verbs: [],
  personal: false,
  async start(turn) {
    const w = words(turn)
    const person = {
      ...quickReply(w.person, 'talk-to-person', { reason: 'redemption', topic: ID }),
      aliases: w.personAliases,
    }
    const own = [quickReply(w.history, 'points-history'), quickReply(w.coupons, 'my-coupons')]
    return { say: [say(w.sorry, person, ...own)], next: { kind: 'end' } }
  },
  questions: {},
}
