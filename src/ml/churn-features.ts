import type { BgNbd } from './bgnbd'
import type { Rhythms } from './churn-rhythm'
import { type EventLists, endBeforeCut, selectLists } from './event-lists'
import { type OrderHistories, orderFeatures, sharedNumbers } from './order-features'
import type { Table } from './table'

/** What customers did, all on one axis of whole days; amounts in minor units. */
export interface ChurnHistories extends OrderHistories {
  /** Refunds with their amounts, positive. */
  readonly refunds: EventLists
  readonly pointsEarned: EventLists
  readonly pointsBurnt: EventLists
  /** Coupons taken. */
  readonly coupons: EventLists
  /** Every question asked, complaints included. */
  readonly consultations: EventLists
  readonly complaints: EventLists
  /** Clicks on products and views of their pages. */
  readonly clicks: EventLists
  /** Reviews with their ratings, 1 to 5. */
  readonly reviews: EventLists
  /** How many lines each order had. */
  readonly lines: EventLists
  /** The categories an order held, as places among `categories` many. */
  readonly shelves: EventLists
  readonly categories: number
}

/** The histories of these customers, in this order. */
export function selectCustomers(histories: ChurnHistories, customers: readonly number[]): ChurnHistories {
  const { start, day, amount } = histories
  const orders = selectLists({ start, day, value: amount }, customers)
  return {
    ...{ customers: customers.length, start: orders.start, day: orders.day, amount: orders.value },
    refunds: selectLists(histories.refunds, customers),
    pointsEarned: selectLists(histories.pointsEarned, customers),
    pointsBurnt: selectLists(histories.pointsBurnt, customers),
    coupons: selectLists(histories.coupons, customers),
    consultations: selectLists(histories.consultations, customers),
    complaints: selectLists(histories.complaints, customers),
    clicks: selectLists(histories.clicks, customers),
    reviews: selectLists(histories.reviews, customers),
    lines: selectLists(histories.lines, customers),
    shelves: selectLists(histories.shelves, customers),
    categories: histories.categories,
  }
}

/** What a column of the churn features tells, for the reasons of a score. */
export type ChurnTheme =
  | 'silence'
  | 'pace'
  | 'experience'
  | 'spend'
  | 'returns'
  | 'points'
  | 'complaints'
  | 'questions'
  | 'variety'

const themes: Readonly<Record<string, ChurnTheme>> = {
  daysSinceLast: 'silence',
  lastShare: 'silence',
  silenceInGaps: 'silence',
  silenceInRhythms: 'silence',
  probabilityAlive: 'silence',
  probabilityBuys: 'silence',
  expectedOrders: 'silence',
  meanGapDays: 'pace',
  gapDeviationDays: 'pace',
  lastGapDays: 'pace',
  gapTrend: 'pace',
  orders28Days: 'pace',
  orders56Days: 'pace',
  orders91Days: 'pace',
  orders182Days: 'pace',
  rhythmDays: 'pace',
  orders: 'experience',
  daysSinceFirst: 'experience',
  meanAmount: 'spend',
  lastAmount: 'spend',
  totalAmount: 'spend',
  amountTrend: 'spend',
  refunds: 'returns',
  refundShare: 'returns',
  daysSinceRefund: 'returns',
  pointsEarned: 'points',
  pointsBurnt: 'points',
  daysSinceBurn: 'points',
  coupons: 'points',
  complaints: 'complaints',
  daysSinceComplaint: 'complaints',
  questions: 'questions',
  daysSinceQuestion: 'questions',
  categories: 'variety',
  mainCategoryShare: 'variety',
  meanLines: 'variety',
  lastLines: 'variety',
}

export const churnThemes = [...new Set(Object.values(themes))]

/** The theme's place of a column. Throws for a column that is none of the churn features. */
export function themeOf(column: string): number {
  const theme = themes[column]
  if (!theme) throw new RangeError(`"${column}" is no churn feature`)
  return churnThemes.indexOf(theme)
}

export interface FeatureOptions {
  /** First day that is not known. */
  cut: number
  rhythms: Rhythms
  /** Days between the cut and the foretold days. */
  gapDays: number
  model: BgNbd | undefined
}

/**
 * Everything a forecast of leaving may know at `cut`, one row a customer. Nothing from `cut` on is read. A customer
 * without an order before it has NaN for what orders tell.
 */
export function churnFeatures(histories: ChurnHistories, { cut, rhythms, gapDays, model }: FeatureOptions): Table {
  const { customers } = histories
  const horizons = rhythms.days.map((days) => gapDays + days)
  const base = orderFeatures(histories, cut, horizons, model)
  const columns = [...base.columns]
  const column = (name: string) => {
    const values = sharedNumbers(customers)
    columns.push({ name, kind: 'number', values })
    return values
  }
  const silence = valuesOf(base, 'daysSinceLast')
  const rhythmDays = column('rhythmDays')
  const silenceInRhythms = column('silenceInRhythms')
  for (let c = 0; c < customers; c++) {
    rhythmDays[c] = rhythms.days[c]!
    silenceInRhythms[c] = silence[c]! / rhythms.days[c]!
  }
  writeRefunds(histories, cut, valuesOf(base, 'totalAmount'), column)
  writeSums(histories.pointsEarned, cut, column('pointsEarned'))
  writeSums(histories.pointsBurnt, cut, column('pointsBurnt'))
  writeDaysSince(histories.pointsBurnt, cut, column('daysSinceBurn'))
  writeCounts(histories.coupons, cut, column('coupons'))
  writeCounts(histories.complaints, cut, column('complaints'))
  writeDaysSince(histories.complaints, cut, column('daysSinceComplaint'))
  writeCounts(histories.consultations, cut, column('questions'))
  writeDaysSince(histories.consultations, cut, column('daysSinceQuestion'))
  writeVariety(histories, cut, column('categories'), column('mainCategoryShare'))
  writeLines(histories.lines, cut, column('meanLines'), column('lastLines'))
  return { rows: customers, columns }
}

/** The values of a numeric column. Throws where the table has none of this name. */
export function valuesOf(table: Table, name: string): Float64Array {
  const found = table.columns.find((column) => column.name === name)
  if (found?.kind !== 'number') throw new RangeError(`no feature "${name}" in the table`)
  return found.values
}

function writeRefunds(
  { refunds, customers }: ChurnHistories,
  cut: number,
  bought: Float64Array,
  column: (name: string) => Float64Array,
): void {
  const counts = column('refunds')
  const share = column('refundShare')
  writeCounts(refunds, cut, counts)
  writeSums(refunds, cut, share)
  for (let c = 0; c < customers; c++) share[c] = bought[c]! > 0 ? share[c]! / bought[c]! : 0
  writeDaysSince(refunds, cut, column('daysSinceRefund'))
}

function writeCounts(events: EventLists, cut: number, into: Float64Array): void {
  for (let c = 0; c < into.length; c++) into[c] = endBeforeCut(events, c, cut) - events.start[c]!
}

function writeSums(events: EventLists, cut: number, into: Float64Array): void {
  for (let c = 0; c < into.length; c++) {
    const end = endBeforeCut(events, c, cut)
    let sum = 0
    for (let i = events.start[c]!; i < end; i++) sum += events.value[i]!
    into[c] = sum
  }
}

/** NaN where it never happened. */
function writeDaysSince(events: EventLists, cut: number, into: Float64Array): void {
  for (let c = 0; c < into.length; c++) {
    const end = endBeforeCut(events, c, cut)
    into[c] = end > events.start[c]! ? cut - 1 - events.day[end - 1]! : Number.NaN
  }
}

function writeLines(lines: EventLists, cut: number, mean: Float64Array, last: Float64Array): void {
  writeSums(lines, cut, mean)
  for (let c = 0; c < mean.length; c++) {
    const end = endBeforeCut(lines, c, cut)
    const orders = end - lines.start[c]!
    mean[c] = orders > 0 ? mean[c]! / orders : Number.NaN
    last[c] = orders > 0 ? lines.value[end - 1]! : Number.NaN
  }
}

function writeVariety(
  { shelves, categories }: ChurnHistories,
  cut: number,
  distinct: Float64Array,
  mainShare: Float64Array,
): void {
  const counts = new Int32Array(categories)
  for (let c = 0; c < distinct.length; c++) {
    const from = shelves.start[c]!
    const end = endBeforeCut(shelves, c, cut)
    let [found, most] = [0, 0]
    for (let i = from; i < end; i++) {
      const category = shelves.value[i]!
      const count = counts[category]! + 1
      counts[category] = count
      if (count === 1) found += 1
      most = Math.max(most, count)
    }
    for (let i = from; i < end; i++) counts[shelves.value[i]!] = 0
    distinct[c] = found
    mainShare[c] = end > from ? most / (end - from) : Number.NaN
  }
}
