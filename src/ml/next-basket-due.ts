import { type BasketHistory, holdOutLast } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'

/**
 * When an item is due again for a member. A member's own gap between two purchases of an item is shrunk to what is usual
 * for the item, and that to what is usual at all; the time since the last purchase in units of that gap says how due it is.
 */
export interface RepurchaseGaps {
  /** Row u of the pairs: `start[u]` up to, not including, `start[u + 1]`. */
  readonly start: Uint32Array
  readonly item: Uint32Array
  /** In how many baskets of the user the item was. */
  readonly times: Uint16Array
  readonly lastDay: Float64Array
  /** Expected days from one purchase to the next. */
  readonly gap: Float64Array
  /** The usual gap of each item, over its buyers. */
  readonly itemGap: Float64Array
}

/** How many gaps the prior counts for: the item's in the user's gap, everybody's in the item's. */
const PRIOR_GAPS = { user: 2, item: 10 }

/** Measures the gaps of all pairs of a user and an item that the user bought. Days that count baskets are days here. */
export function repurchaseGaps(history: BasketHistory): RepurchaseGaps {
  const { users, items, userStart, basketStart, item, day } = history
  const start = new Uint32Array(users + 1)
  const pairItem = new Uint32Array(item.length)
  const times = new Uint16Array(item.length)
  const first = new Float64Array(item.length)
  const lastDay = new Float64Array(item.length)
  const place = new Int32Array(items).fill(-1)
  let next = 0
  for (let user = 0; user < users; user++) {
    const begin = next
    for (let basket = userStart[user]!; basket < userStart[user + 1]!; basket++) {
      for (let at = basketStart[basket]!; at < basketStart[basket + 1]!; at++) {
        const one = item[at]!
        if (place[one]! < begin) {
          place[one] = next
          pairItem[next] = one
          first[next] = day[basket]!
          next += 1
        }
        times[place[one]!]! += 1
        lastDay[place[one]!] = day[basket]!
      }
    }
    start[user + 1] = next
  }
  const pairs = { start, item: pairItem.slice(0, next), times: times.slice(0, next), lastDay: lastDay.slice(0, next) }
  return { ...pairs, ...shrunkGaps(pairs, first, items) }
}

function shrunkGaps(
  { item, times, lastDay }: Pick<RepurchaseGaps, 'item' | 'times' | 'lastDay'>,
  first: Float64Array,
  items: number,
): Pick<RepurchaseGaps, 'gap' | 'itemGap'> {
  const spans = new Float64Array(items)
  const counts = new Float64Array(items)
  let allSpans = 0
  let allCounts = 0
  for (let pair = 0; pair < item.length; pair++) {
    const span = lastDay[pair]! - first[pair]!
    spans[item[pair]!]! += span
    counts[item[pair]!]! += times[pair]! - 1
    allSpans += span
    allCounts += times[pair]! - 1
  }
  const usual = allCounts > 0 && allSpans > 0 ? allSpans / allCounts : 1
  const itemGap = spans.map((span, one) => (span + PRIOR_GAPS.item * usual) / (counts[one]! + PRIOR_GAPS.item))
  const gap = new Float64Array(item.length)
  for (let pair = 0; pair < item.length; pair++) {
    const span = lastDay[pair]! - first[pair]!
    gap[pair] = (span + PRIOR_GAPS.user * itemGap[item[pair]!]!) / (times[pair]! - 1 + PRIOR_GAPS.user)
  }
  return { gap, itemGap }
}

/**
 * The day for which the next basket is foretold: the user's last one plus the user's mean distance between baskets (all
 * users' where there is a single one). Where it is served, today takes its place.
 */
export function nextBasketDays({ users, userStart, day }: BasketHistory): Float64Array {
  let span = 0
  let count = 0
  for (let user = 0; user < users; user++) {
    if (userStart[user + 1]! - userStart[user]! < 2) continue
    span += day[userStart[user + 1]! - 1]! - day[userStart[user]!]!
    count += userStart[user + 1]! - userStart[user]! - 1
  }
  const usual = count > 0 ? span / count : 1
  return Float64Array.from({ length: users }, (_, user) => {
    const [from, to] = [userStart[user]!, userStart[user + 1]!]
    if (to === from) return 0
    return day[to - 1]! + (to - from > 1 ? (day[to - 1]! - day[from]!) / (to - from - 1) : usual)
  })
}

/**
 * How much likelier than usual an item is bought at this point of its gap: by how often it was bought so far and by the
 * time since, in gaps. Learnt from what happened, not assumed; cells of few cases lean to 1.
 */
export interface DueCurve {
  weight(times: number, ratio: number): number
}

const TIMES_CELLS = 4
const RATIO_CELLS = 12
const PRIOR_BOUGHT = 20

/** Learns the curve from the users' last known baskets: each pair bought before is a case. */
export function fitDueCurve(history: BasketHistory): DueCurve {
  const { history: before, truth } = holdOutLast(history)
  const gaps = repurchaseGaps(before)
  const days = nextBasketDays(before)
  const expected = new Float64Array(TIMES_CELLS * RATIO_CELLS)
  const bought = new Float64Array(TIMES_CELLS * RATIO_CELLS)
  for (let user = 0; user < history.users; user++) {
    const wanted = new Set(truth.item.subarray(truth.start[user]!, truth.start[user + 1]!))
    if (wanted.size === 0) continue
    // Against the user's own share of what comes again, lest the curve tell users apart instead of moments.
    const share = boughtAgain(gaps, user, wanted)
    for (let pair = gaps.start[user]!; pair < gaps.start[user + 1]!; pair++) {
      const cell = cellOf(gaps.times[pair]!, (days[user]! - gaps.lastDay[pair]!) / gaps.gap[pair]!)
      expected[cell]! += share
      if (wanted.has(gaps.item[pair]!)) bought[cell]! += 1
    }
  }
  const weights = new Float64Array(expected.length)
  for (let row = 0; row < TIMES_CELLS; row++) {
    const own = (values: Float64Array) => values.subarray(row * RATIO_CELLS, (row + 1) * RATIO_CELLS)
    const sum = (values: Float64Array) => own(values).reduce((total, value) => total + value, 0)
    const usual = (sum(bought) + PRIOR_BOUGHT) / (sum(expected) + PRIOR_BOUGHT)
    for (let cell = row * RATIO_CELLS; cell < (row + 1) * RATIO_CELLS; cell++) {
      weights[cell] = (bought[cell]! + PRIOR_BOUGHT * usual) / (expected[cell]! + PRIOR_BOUGHT) / usual
    }
  }
  return { weight: (times, ratio) => weights[cellOf(times, ratio)]! }
}

/** The share of what the user had bought that is in the basket foretold. */
function boughtAgain({ start, item }: RepurchaseGaps, user: number, wanted: ReadonlySet<number>): number {
  let count = 0
  for (let pair = start[user]!; pair < start[user + 1]!; pair++) if (wanted.has(item[pair]!)) count += 1
  return count / Math.max(1, start[user + 1]! - start[user]!)
}

/** Cells of half a doubling, from an eighth of the gap to some eight gaps. */
function cellOf(times: number, ratio: number): number {
  const row = Math.min(TIMES_CELLS, Math.max(1, times)) - 1
  const column = Math.floor(2 * Math.log2(Math.max(ratio, 1e-9))) + RATIO_CELLS / 2
  return row * RATIO_CELLS + Math.min(RATIO_CELLS - 1, Math.max(0, column))
}

/**
 * Another model's scores, with what the user bought before weighted by how due it is: time-aware item weighting (Romanov
 * et al. 2023, "Time-aware item weighting for the next basket recommendations"), with a learnt curve for their process.
 */
export function withDueWeights(
  model: NextBasketModel,
  history: BasketHistory,
  options: { curve?: DueCurve; days?: Float64Array; gaps?: RepurchaseGaps } = {},
): NextBasketModel {
  const { curve = fitDueCurve(history), days = nextBasketDays(history), gaps = repurchaseGaps(history) } = options
  return {
    scoreUser(user, board) {
      model.scoreUser(user, board)
      for (let pair = gaps.start[user]!; pair < gaps.start[user + 1]!; pair++) {
        const item = gaps.item[pair]!
        if (!board.has(item)) continue
        board.values[item]! *= curve.weight(gaps.times[pair]!, (days[user]! - gaps.lastDay[pair]!) / gaps.gap[pair]!)
      }
    },
  }
}
