import type { Reply, Turn } from '../../src/bot/contract'
import { calendarDay, formatDate, formatMoney, formatNumber } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, nameIn, quickReply } from '../../src/bot/kit/words'
import type { MemberOrder } from '../../src/core/orders/read'
import { orderCard } from './card'
import { en } from './replies.en'
import { zh } from './replies.zh'

export const words = localisedWords({ en, zh })

/** Lines of one order that are listed; wholesale orders have hundreds. */
const LINES_SHOWN = 8

/** One order: where it is, when it comes, what is in it. */
export async function orderReply(turn: Turn, order: MemberOrder): Promise<Reply> {
  const w = words(turn)
  const { locale } = turn
  const { timeZone } = await merchantOf(turn)
  const { externalId, kind, status, currency, trackingCode, expectedAt, refundOf } = order
  const money = (minor: number) => formatMoney(locale, { minor: Math.abs(minor), currency })
  const date = formatDate(locale, { at: order.placedAt, timeZone })
  const underWay = kind === 'sale' && (status === 'placed' || status === 'shipped')
  const expected = underWay && expectedAt ? formatDate(locale, { at: expectedAt, timeZone }) : undefined
  // A parcel due today is not late before the day is over.
  const late = expectedAt !== undefined && calendarDay(expectedAt, timeZone) < calendarDay(turn.now, timeZone)
  const total = money(order.totalMinor)
  const id = escapeMarkdown(externalId)
  const headline =
    kind === 'refund'
      ? w.refund({ id, date, ...(refundOf ? { of: escapeMarkdown(refundOf) } : {}) })
      : w.details[status]({ id, date })
  const lines = linesOf(turn, order, money)
  const sentences = [
    headline,
    ...(expected === undefined ? [] : [late ? w.late({ at: expected }) : w.expected({ at: expected })]),
    ...(trackingCode === undefined ? [] : [w.tracking({ code: escapeMarkdown(trackingCode) })]),
  ]
  return {
    about: { kind: 'order', ids: [externalId] },
    text: [sentences.join(locale === 'zh' ? '' : ' '), lines.join('\n'), w.total({ total })].join('\n\n'),
    card: orderCard(w, {
      id: externalId,
      date,
      status: w.statuses[kind === 'refund' ? 'refunded' : status],
      total,
      lines,
      ...(trackingCode === undefined ? {} : { tracking: trackingCode }),
      ...(expected === undefined ? {} : { expected }),
    }),
    quickReplies: [
      quickReply(w.all, 'my-orders'),
      underWay ? quickReply(w.track, 'track-order') : quickReply(w.refundHow, 'get-refund'),
      quickReply(w.person, 'talk-to-person'),
    ],
  }
}

function linesOf(turn: Turn, { lines }: MemberOrder, money: (minor: number) => string): string[] {
  const w = words(turn)
  const shown = lines.slice(0, LINES_SHOWN).map(({ name, quantity, amountMinor }) =>
    w.item({
      name: escapeMarkdown(nameIn(turn.locale, name)),
      quantity: formatNumber(turn.locale, Math.abs(quantity)),
      amount: money(amountMinor),
    }),
  )
  const rest = lines.length - shown.length
  return rest > 0 ? [...shown, w.moreItems({ count: formatNumber(turn.locale, rest) })] : shown
}
