import type { Conversation, Turn } from '../../src/bot/contract'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { readConsents } from '../../src/core/retention/consent'
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
    if (await meansMessages(turn)) {
      return {
        say: [],
        next: { kind: 'start', conversation: 'messages-on-off', action: { verb: 'messages-off', args: {} } },
      }
    }
    const w = words(turn)
    const text = /cancel|取消/i.test(turn.said) ? w.nothingOrder : w.nothing
    return {
      say: [say(text, { ...quickReply(w.order, 'cancel-order'), aliases: w.orderAliases }, quickReply(w.help, 'help'))],
      next: { kind: 'end' },
    }
  },
  questions: {},
}

/** A bare "stop" from somebody who gets messages from us, while nothing else is open, is about those. */
async function meansMessages({ said, db, member, isGroup }: Turn): Promise<boolean> {
  if (!member || isGroup || !/^\s*(stop|停止|停)[.!。！]?\s*$/i.test(said)) return false
  return (await readConsents(db, { memberId: member.id })).some(({ status }) => status === 'granted')
}
