import { type BgNbd, expectedPurchases, probabilityAlive, probabilityBuys } from './bgnbd'
import type { Table } from './table'

/**
 * Customers' orders in time order: those of customer c are the places start[c] … start[c + 1] − 1 of `day` (whole
 * days since any epoch; one order a day at the most) and `amount`.
 */
export interface OrderHistories {
  readonly customers: number
  readonly start: Uint32Array
  readonly day: Float64Array
  readonly amount: Float64Array
}

/**
 * Frequency, recency and age in weeks, as BG/NBD wants them, from the orders before the day `cut`. The day before it is the
 * last one seen: age counts up to that day, as in the published CDNOW figures.
 */
export function summarise(histories: OrderHistories, cut: number) {
  const { customers, start, day } = histories
  const frequency = new Float64Array(customers)
  const recency = new Float64Array(customers)
  const age = new Float64Array(customers)
  for (let c = 0; c < customers; c++) {
    const first = start[c]!
    const end = endBefore(histories, c, cut)
    if (end === first) continue
    frequency[c] = end - first - 1
    recency[c] = (day[end - 1]! - day[first]!) / 7
    age[c] = (cut - 1 - day[first]!) / 7
  }
  return { frequency, recency, age }
}

/** The place after the customer's last order before `cut`. */
export function endBefore({ start, day }: OrderHistories, customer: number, cut: number): number {
  let end = start[customer + 1]!
  while (end > start[customer]! && day[end - 1]! >= cut) end -= 1
  return end
}

const WINDOWS_DAYS = [28, 56, 91, 182]

/**
 * What a forecast of leaving may know at `cut`: counts, recency, gaps and their trend, money, and what BG/NBD makes of
 * them over the next `horizonDays`. Only orders before `cut` are read. A customer without any has NaN throughout.
 */
export function orderFeatures(
  histories: OrderHistories,
  cut: number,
  horizonDays: number,
  model: BgNbd | undefined,
): Table {
  const rows: Float64Array[] = []
  for (let c = 0; c < histories.customers; c++) rows.push(featuresOf(histories, c, cut, horizonDays, model))
  const columns = featureNames.map((name, f) => ({
    name,
    kind: 'number' as const,
    values: Float64Array.from(rows, (row) => row[f]!),
  }))
  return { rows: histories.customers, columns }
}

export const featureNames = [
  'orders',
  'daysSinceLast',
  'daysSinceFirst',
  'lastShare',
  'meanGapDays',
  'gapDeviationDays',
  'lastGapDays',
  'silenceInGaps',
  'gapTrend',
  ...WINDOWS_DAYS.map((days) => `orders${days}Days`),
  'meanAmount',
  'lastAmount',
  'totalAmount',
  'amountTrend',
  'probabilityAlive',
  'probabilityBuys',
  'expectedOrders',
] as const

function featuresOf(
  histories: OrderHistories,
  customer: number,
  cut: number,
  horizonDays: number,
  model: BgNbd | undefined,
): Float64Array {
  const { day, amount, start } = histories
  const from = start[customer]!
  const to = endBefore(histories, customer, cut)
  const result = new Float64Array(featureNames.length).fill(Number.NaN)
  if (to === from) return result
  const orders = to - from
  const age = cut - 1 - day[from]!
  const silence = cut - 1 - day[to - 1]!
  const span = day[to - 1]! - day[from]!
  const meanGap = orders > 1 ? span / (orders - 1) : Number.NaN
  const lastGap = orders > 1 ? day[to - 1]! - day[to - 2]! : Number.NaN
  let squares = 0
  for (let i = from + 1; i < to; i++) squares += (day[i]! - day[i - 1]! - meanGap) ** 2
  let total = 0
  for (let i = from; i < to; i++) total += amount[i]!
  const windows = WINDOWS_DAYS.map((days) => countSince(day, from, to, cut - days))
  const [x, recency, weeks] = [orders - 1, span / 7, age / 7]
  result.set([
    orders,
    silence,
    age,
    age > 0 ? span / age : 0,
    meanGap,
    orders > 2 ? Math.sqrt(squares / (orders - 2)) : Number.NaN,
    lastGap,
    silence / meanGap,
    lastGap / meanGap,
    ...windows,
    total / orders,
    amount[to - 1]!,
    total,
    amount[to - 1]! / (total / orders),
    model ? probabilityAlive(model, x, recency, weeks) : Number.NaN,
    model ? probabilityBuys(model, x, recency, weeks, horizonDays / 7) : Number.NaN,
    model ? expectedPurchases(model, x, recency, weeks, horizonDays / 7) : Number.NaN,
  ])
  return result
}

function countSince(day: Float64Array, from: number, to: number, since: number): number {
  let count = 0
  for (let i = to - 1; i >= from && day[i]! >= since; i--) count += 1
  return count
}
