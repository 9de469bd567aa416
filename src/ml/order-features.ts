import { type BgNbd, expectedPurchases, fitBgNbd, probabilityAlive, probabilityBuys } from './bgnbd'
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

/** So many customers tell BG/NBD's four parameters as well as a million do. */
const FIT_CUSTOMERS_MAX = 20_000

/** BG/NBD of what was known at `cut`, fitted to every n-th customer where there are many. */
export function fitBgNbdAt(histories: OrderHistories, cut: number): ReturnType<typeof fitBgNbd> {
  const { frequency, recency, age } = summarise(histories, cut)
  const known: number[] = []
  for (let c = 0; c < histories.customers; c++) if (endBefore(histories, c, cut) > histories.start[c]!) known.push(c)
  const step = Math.max(1, Math.ceil(known.length / FIT_CUSTOMERS_MAX))
  const seen = known.filter((_, i) => i % step === 0)
  const of = (values: Float64Array) => Float64Array.from(seen, (c) => values[c]!)
  return fitBgNbd({ frequency: of(frequency), recency: of(recency), age: of(age) })
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
 * them over the next `horizonDays` (one number, or one a customer). Only orders before `cut` are read. A customer
 * without any has NaN throughout. The columns lie in shared memory, where worker threads can read them.
 */
export function orderFeatures(
  histories: OrderHistories,
  cut: number,
  horizonDays: number | ArrayLike<number>,
  model: BgNbd | undefined,
): Table {
  const rows = histories.customers
  const columns = featureNames.map((name) => ({ name, kind: 'number' as const, values: sharedNumbers(rows) }))
  const values = columns.map((column) => column.values)
  const found = new Float64Array(featureNames.length)
  for (let c = 0; c < rows; c++) {
    const horizon = typeof horizonDays === 'number' ? horizonDays : horizonDays[c]!
    writeFeatures(histories, c, { cut, horizon, model }, found)
    for (let f = 0; f < found.length; f++) values[f]![c] = found[f]!
  }
  return { rows, columns }
}

/** Zeros in memory that worker threads can read. */
export function sharedNumbers(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length))
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

interface Ahead {
  cut: number
  horizon: number
  model: BgNbd | undefined
}

/** Writes one customer's features into `found`, in the order of their names. */
function writeFeatures(histories: OrderHistories, customer: number, ahead: Ahead, found: Float64Array): void {
  const { day, amount, start } = histories
  const { cut, horizon, model } = ahead
  const from = start[customer]!
  const to = endBefore(histories, customer, cut)
  found.fill(Number.NaN)
  if (to === from) return
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
  let at = 0
  found[at++] = orders
  found[at++] = silence
  found[at++] = age
  found[at++] = age > 0 ? span / age : 0
  found[at++] = meanGap
  found[at++] = orders > 2 ? Math.sqrt(squares / (orders - 2)) : Number.NaN
  found[at++] = lastGap
  found[at++] = silence / meanGap
  found[at++] = lastGap / meanGap
  for (const days of WINDOWS_DAYS) found[at++] = countSince(day, from, to, cut - days)
  found[at++] = total / orders
  found[at++] = amount[to - 1]!
  found[at++] = total
  found[at++] = amount[to - 1]! / (total / orders)
  if (!model) return
  const [x, recency, weeks, weeksAhead] = [orders - 1, span / 7, age / 7, horizon / 7]
  found[at++] = probabilityAlive(model, x, recency, weeks)
  found[at++] = probabilityBuys(model, x, recency, weeks, weeksAhead)
  found[at] = expectedPurchases(model, x, recency, weeks, weeksAhead)
}

function countSince(day: Float64Array, from: number, to: number, since: number): number {
  let count = 0
  for (let i = to - 1; i >= from && day[i]! >= since; i--) count += 1
  return count
}
