import { endBefore, type OrderHistories } from './order-features'
import type { Purchases } from './rfm'

/** Sales and refunds of the same members. Amounts are positive in both; a day of several orders is one. */
export interface MemberTrade {
  readonly sales: OrderHistories
  readonly refunds: OrderHistories
}

export interface PurchasesSeen extends Purchases {
  /** What came back, as a share of what was bought; 0 without an order. */
  readonly returnsShare: Float64Array
}

/** What is seen of each member at the end of the day before `cut[c]`. A refund after the cut takes nothing back. */
export function purchasesAt({ sales, refunds }: MemberTrade, cut: ArrayLike<number>): PurchasesSeen {
  const recencyDays = new Float64Array(sales.customers)
  const orders = new Float64Array(sales.customers)
  const spend = new Float64Array(sales.customers)
  const returnsShare = new Float64Array(sales.customers)
  for (let c = 0; c < sales.customers; c++) {
    const end = endBefore(sales, c, cut[c]!)
    orders[c] = end - sales.start[c]!
    if (orders[c] === 0) continue
    recencyDays[c] = cut[c]! - 1 - sales.day[end - 1]!
    const bought = sumOf(sales, sales.start[c]!, end)
    const back = sumOf(refunds, refunds.start[c]!, endBefore(refunds, c, cut[c]!))
    spend[c] = bought - back
    returnsShare[c] = bought > 0 ? Math.min(1, back / bought) : 0
  }
  return { recencyDays, orders, spend, returnsShare }
}

/** What each member did from day `from[c]` to the day before `to[c]`: whether they bought, and for how much, net of refunds. */
export function tradeWithin({ sales, refunds }: MemberTrade, from: ArrayLike<number>, to: ArrayLike<number>) {
  const bought = new Uint8Array(sales.customers)
  const spend = new Float64Array(sales.customers)
  for (let c = 0; c < sales.customers; c++) {
    const [first, end] = [endBefore(sales, c, from[c]!), endBefore(sales, c, to[c]!)]
    bought[c] = end > first ? 1 : 0
    spend[c] = sumOf(sales, first, end) - sumOf(refunds, endBefore(refunds, c, from[c]!), endBefore(refunds, c, to[c]!))
  }
  return { bought, spend }
}

/** The same histories as they were at the end of the day before `cut[c]`. */
export function historiesBefore(histories: OrderHistories, cut: ArrayLike<number>): OrderHistories {
  const { customers } = histories
  const start = new Uint32Array(customers + 1)
  for (let c = 0; c < customers; c++) {
    start[c + 1] = start[c]! + endBefore(histories, c, cut[c]!) - histories.start[c]!
  }
  const day = new Float64Array(start[customers]!)
  const amount = new Float64Array(start[customers]!)
  for (let c = 0; c < customers; c++) {
    const [from, to] = [histories.start[c]!, histories.start[c]! + start[c + 1]! - start[c]!]
    day.set(histories.day.subarray(from, to), start[c]!)
    amount.set(histories.amount.subarray(from, to), start[c]!)
  }
  return { customers, start, day, amount }
}

function sumOf({ amount }: OrderHistories, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += amount[i]!
  return sum
}
