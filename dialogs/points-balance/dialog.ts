import type { Conversation, Turn } from '../../src/bot/contract'
import { balanceOf } from '../../src/bot/kit/balance'
import { formatDate, formatLastDay, formatPoints } from '../../src/bot/kit/format'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, quickReply } from '../../src/bot/kit/words'
import type { Balance } from '../../src/core/points/balance'
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
  readsBalance: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  async start(turn) {
    const balance = await balanceOf(turn)
    const { timeZone } = await merchantOf(turn)
    const w = words(turn)
    const lastDay = (at: Date) => formatLastDay(turn.locale, { at, timeZone })
    const points = (value: number) => formatPoints(turn.locale, value)
    const { available, pending, held, owed, nextExpiry } = balance
    const text = [
      available > 0 ? w.balance({ points: points(available) }) : pending > 0 || owed > 0 ? w.nothingNow : w.nothing,
      ...(pending > 0 ? [pendingText(turn, balance, timeZone)] : []),
      ...(held > 0 ? [w.held({ points: points(held) })] : []),
      ...(owed > 0 ? [w.owed({ points: points(owed) })] : []),
      ...(nextExpiry ? [w.expiry({ points: points(nextExpiry.points), at: lastDay(nextExpiry.at) })] : []),
    ].join('\n\n')
    const card = balanceCard(w, {
      available: points(available),
      ...(pending > 0 ? { pending: points(pending) } : {}),
      ...(held > 0 ? { held: points(held) } : {}),
      ...(owed > 0 ? { owed: points(owed) } : {}),
      ...(nextExpiry
        ? { expiry: w.expiryFact({ points: points(nextExpiry.points), at: lastDay(nextExpiry.at) }) }
        : {}),
    })
    return { say: [{ text, card, quickReplies: whatNext(turn) }], next: { kind: 'end' } }
  },
  questions: {},
}

function pendingText(turn: Turn, { pending, nextAvailable }: Balance, timeZone: string): string {
  const w = words(turn)
  const points = formatPoints(turn.locale, pending)
  if (!nextAvailable) return w.pending({ points })
  const at = formatDate(turn.locale, { at: nextAvailable.at, timeZone })
  if (nextAvailable.points === pending) return w.pendingAll({ points, at })
  return w.pendingFirst({ points, first: formatPoints(turn.locale, nextAvailable.points), at })
}

function whatNext(turn: Turn) {
  const w = words(turn)
  return [
    quickReply(w.redeem, 'redeem-coupon'),
    quickReply(w.history, 'points-history'),
    quickReply(w.tier, 'tier-status'),
  ]
}
