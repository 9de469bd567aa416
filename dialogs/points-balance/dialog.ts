import type { Conversation, Turn } from '../../src/bot/contract'
import { formatDate, formatPoints } from '../../src/bot/kit/format'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, quickReply } from '../../src/bot/kit/words'
import { readBalance } from '../../src/core/points/balance'
import { balanceCard } from './card'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** What a member has to spend, what is on its way, what expires soonest. */
export const pointsBalance: Conversation = {
  id: 'points-balance',
  version: 1,
  intents: ['points-balance'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  async start(turn) {
    const balance = await readBalance(turn.db, { memberId: memberIdOf(turn), at: turn.now })
    const { timeZone } = await merchantOf(turn)
    const w = words(turn)
    const date = (at: Date) => formatDate(turn.locale, { at, timeZone })
    const points = (value: number) => formatPoints(turn.locale, value)
    const { available, pending, held, owed, nextExpiry, nextAvailable } = balance
    const text = [
      available > 0 ? w.balance({ points: points(available) }) : w.nothing,
      ...(pending > 0
        ? [w.pending({ points: points(pending), ...(nextAvailable ? { at: date(nextAvailable.at) } : {}) })]
        : []),
      ...(held > 0 ? [w.held({ points: points(held) })] : []),
      ...(owed > 0 ? [w.owed({ points: points(owed) })] : []),
      ...(nextExpiry ? [w.expiry({ points: points(nextExpiry.points), at: date(nextExpiry.at) })] : []),
    ].join('\n\n')
    const card = balanceCard(w, {
      available: points(available),
      ...(pending > 0 ? { pending: points(pending) } : {}),
      ...(held > 0 ? { held: points(held) } : {}),
      ...(owed > 0 ? { owed: points(owed) } : {}),
      ...(nextExpiry ? { expiry: w.expiryFact({ points: points(nextExpiry.points), at: date(nextExpiry.at) }) } : {}),
    })
    return { say: [{ text, card, quickReplies: whatNext(turn) }], next: { kind: 'end' } }
  },
  questions: {},
}

function whatNext(turn: Turn) {
  const w = words(turn)
  return [
    quickReply(w.redeem, 'redeem-coupon'),
    quickReply(w.history, 'points-history'),
    quickReply(w.tier, 'tier-status'),
  ]
}
