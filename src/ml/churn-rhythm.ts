import type { ChurnHistories } from './churn-features'
import { endBeforeCut } from './event-lists'
import { endBefore } from './order-features'

/** How long each customer's silence may be before it says something, as known at a cut. */
export interface Rhythms {
  /** Days within which nine in ten of the customer's gaps ended: the own ones, shrunk to the category's. */
  readonly days: Float64Array
  /** The category each customer bought from most, −1 where unknown. */
  readonly category: Int32Array
  /** Nine in ten of all gaps end within so many days. NaN where nobody ever came back. */
  readonly populationDays: number
}

const QUANTILE = 0.9
/** The category's gap counts as much as so many own gaps; the population's as much as so many gaps of a category. */
const OWN_PRIOR_GAPS = 5
const CATEGORY_PRIOR_GAPS = 50
const GAP_DAYS_MAX = 3650

/**
 * The 90th percentile of each customer's gaps before `cut`, shrunk (as a geometric mean) to that of the customers of the
 * same category, which is shrunk to everybody's. Within `daysMin` … `daysMax`. Orders from `cut` on are not read.
 */
export function rhythmsAt(
  histories: ChurnHistories,
  cut: number,
  { daysMin, daysMax }: { daysMin: number; daysMax: number },
): Rhythms {
  const { customers, day, start } = histories
  const category = mainCategories(histories, cut)
  const everybody = new Int32Array(GAP_DAYS_MAX + 1)
  const byCategory = Array.from({ length: histories.categories }, () => new Int32Array(GAP_DAYS_MAX + 1))
  for (let c = 0; c < customers; c++) {
    const own = byCategory[category[c]!]
    const end = endBefore(histories, c, cut)
    for (let i = start[c]! + 1; i < end; i++) {
      const gap = Math.min(GAP_DAYS_MAX, day[i]! - day[i - 1]!)
      everybody[gap]! += 1
      if (own) own[gap]! += 1
    }
  }
  const population = quantileOf(everybody)
  const shelves = byCategory.map((counts) => {
    const { gaps, days } = quantileOf(counts)
    return gaps === 0 ? population.days : shrunk(days, gaps, population.days, CATEGORY_PRIOR_GAPS)
  })
  const days = new Float64Array(customers)
  for (let c = 0; c < customers; c++) {
    const prior = shelves[category[c]!] ?? population.days
    const from = start[c]!
    const end = endBefore(histories, c, cut)
    const gaps = Math.max(0, end - from - 1)
    const own = gaps === 0 ? prior : shrunk(ownQuantile(day, from, end), gaps, prior, OWN_PRIOR_GAPS)
    days[c] = Math.min(daysMax, Math.max(daysMin, Number.isNaN(own) ? daysMax : Math.round(own)))
  }
  return { days, category, populationDays: population.days }
}

/**
 * 1 for a customer who buys nothing in the own rhythm's days, counted from `gapDays` after the cut: what happens in
 * between belongs neither to what is known nor to what is foretold.
 */
export function leavesAfter(
  histories: ChurnHistories,
  cut: number,
  { rhythms, gapDays }: { rhythms: Rhythms; gapDays: number },
): Uint8Array {
  const { customers, day, start } = histories
  const labels = new Uint8Array(customers)
  for (let c = 0; c < customers; c++) {
    const until = cut + gapDays + rhythms.days[c]!
    const next = endBefore(histories, c, cut + gapDays)
    labels[c] = next < start[c + 1]! && day[next]! < until ? 0 : 1
  }
  return labels
}

function shrunk(own: number, count: number, prior: number, priorCount: number): number {
  if (Number.isNaN(prior)) return own
  return Math.exp((count * Math.log(own) + priorCount * Math.log(prior)) / (count + priorCount))
}

/** The smallest number of days within which nine in ten gaps ended. */
function quantileOf(counts: Int32Array): { gaps: number; days: number } {
  let gaps = 0
  for (const count of counts) gaps += count
  if (gaps === 0) return { gaps, days: Number.NaN }
  let seen = 0
  for (let days = 0; days < counts.length; days++) {
    seen += counts[days]!
    if (seen >= QUANTILE * gaps) return { gaps, days: Math.max(1, days) }
  }
  return { gaps, days: GAP_DAYS_MAX }
}

/** Nearest rank: the shortest of the longest tenth of the gaps, which are few enough to be kept in order. */
function ownQuantile(day: Float64Array, from: number, end: number): number {
  const gaps = end - from - 1
  const kept = gaps - Math.ceil(QUANTILE * gaps) + 1
  const longest = kept <= scratch.length ? scratch : new Float64Array(kept)
  let count = 0
  for (let i = from + 1; i < end; i++) {
    const gap = day[i]! - day[i - 1]!
    if (count === kept && gap <= longest[count - 1]!) continue
    let place = count < kept ? count : count - 1
    for (; place > 0 && longest[place - 1]! < gap; place--) longest[place] = longest[place - 1]!
    longest[place] = gap
    if (count < kept) count += 1
  }
  return Math.max(1, longest[kept - 1]!)
}

const scratch = new Float64Array(256)

function mainCategories(histories: ChurnHistories, cut: number): Int32Array {
  const { customers, shelves, categories } = histories
  const main = new Int32Array(customers).fill(-1)
  const counts = new Int32Array(categories)
  for (let c = 0; c < customers; c++) {
    const from = shelves.start[c]!
    const end = endBeforeCut(shelves, c, cut)
    for (let i = from; i < end; i++) {
      const category = shelves.value[i]!
      counts[category]! += 1
      if (main[c]! < 0 || counts[category]! > counts[main[c]!]!) main[c] = category
    }
    for (let i = from; i < end; i++) counts[shelves.value[i]!] = 0
  }
  return main
}
