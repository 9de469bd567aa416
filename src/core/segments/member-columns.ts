import type { ChurnHistories } from '../../ml/churn-features'
import { type EventLists, endBeforeCut } from '../../ml/event-lists'
import type { MemberColumn } from '../../ml/member-space'
import type { MemberTrade, PurchasesSeen } from '../../ml/purchases'
import { BEHAVIOUR_WEIGHT, purchaseColumns } from '../../ml/segment-trial'

/** What `memberColumns` gives; a model over other columns is of another version. */
export const memberColumnNames: readonly string[] = [
  'recencyDays',
  'orders',
  'spend',
  'returnsShare',
  'pointsShare',
  'consultations',
  'clicks',
  'reviews',
]

/** Sales and refunds among all that members did. */
export function tradeOf(histories: ChurnHistories): MemberTrade {
  const { customers, refunds } = histories
  return { sales: histories, refunds: { customers, start: refunds.start, day: refunds.day, amount: refunds.value } }
}

/**
 * What these members are compared by: their purchases, and how they use points, the chat and the shop's pages, before day `cut`. Coupons are
 * paid for with points, so that counting them as well would count the same twice.
 */
export function memberColumns(
  histories: ChurnHistories,
  { seen, members, cut }: { seen: PurchasesSeen; members: Uint32Array; cut: number },
): MemberColumn[] {
  const count = (events: EventLists) =>
    Float64Array.from(members, (member) => endBeforeCut(events, member, cut) - events.start[member]!)
  const earned = sumBefore(histories.pointsEarned, members, cut)
  const spent = sumBefore(histories.pointsBurnt, members, cut)
  return [
    ...purchaseColumns(seen, members),
    {
      name: 'pointsShare',
      scale: 'plain',
      weight: BEHAVIOUR_WEIGHT,
      values: earned.map((points, i) => (points > 0 ? Math.min(1, spent[i]! / points) : 0)),
    },
    { name: 'consultations', scale: 'log', weight: BEHAVIOUR_WEIGHT, values: count(histories.consultations) },
    { name: 'clicks', scale: 'log', weight: BEHAVIOUR_WEIGHT, values: count(histories.clicks) },
    { name: 'reviews', scale: 'log', weight: BEHAVIOUR_WEIGHT, values: count(histories.reviews) },
  ]
}

function sumBefore(events: EventLists, members: Uint32Array, cut: number): Float64Array {
  return Float64Array.from(members, (member) => {
    let sum = 0
    for (let i = events.start[member]!; i < endBeforeCut(events, member, cut); i++) sum += events.value[i]!
    return sum
  })
}
