import type { BasketHistory } from './next-basket-history'

/** Into how many steps the span of a history is cut: fine enough for a promotion, coarse enough to count sales in. */
export const STEPS = 24

/** How users come back: by geometric gaps, with the same step as likely as `stay` says beside their curve. */
export interface Pace {
  readonly stay: number
  /** What is left of the curve at each further step. */
  readonly fade: number
  /** One over the curve's sum over the steps that are left, for each step. */
  readonly scale: Float64Array
}

/** A pace of `gap` steps in the mean. */
export function paceOf(gap: number, stay: number): Pace {
  const fade = Math.exp(-1 / gap)
  const scale = new Float64Array(STEPS)
  let sum = stay
  for (let step = STEPS - 1; step >= 0; step--) {
    scale[step] = 1 / sum
    sum += fade ** (STEPS - step)
  }
  return { stay, fade, scale }
}

/** Whether days are days: where the data has none, baskets are numbered within each user's row. */
export function hasDates({ users, userStart, day }: Pick<BasketHistory, 'users' | 'userStart' | 'day'>): boolean {
  for (let user = 0; user < users; user++) {
    for (let basket = userStart[user]!; basket < userStart[user + 1]!; basket++) {
      if (day[basket] !== basket - userStart[user]!) return true
    }
  }
  return false
}

/** The first day and the days a step; one day where all is of the same. */
export function lengthOfStep(day: Float64Array): { first: number; length: number } {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const one of day) {
    first = Math.min(first, one)
    last = Math.max(last, one)
  }
  return { first, length: last > first ? (last - first) / STEPS : 1 }
}

/**
 * Writes the chances of the basket after one with chances `from`: geometric gaps, cut off at the last step. Linear in
 * the steps, since what is passed on fades by the same factor at each.
 */
export function passOn(from: Float64Array, into: Float64Array, { stay, fade, scale }: Pace): void {
  let carried = 0
  for (let step = 0; step < STEPS; step++) {
    const leaving = from[step]! * scale[step]!
    into[step] = carried * fade + stay * leaving
    carried = fade * carried + leaving
  }
}

/** The other way round: what each step's successors, weighed so, are worth to it. */
export function passBack(weights: Float64Array, into: Float64Array, { stay, fade, scale }: Pace): void {
  let carried = 0
  for (let step = STEPS - 1; step >= 0; step--) {
    into[step] = (fade * carried + stay * weights[step]!) * scale[step]!
    carried = fade * carried + weights[step]!
  }
}

/** Rows of steps under a normal curve `width` steps wide; what is spread sums to what there was. */
export function smoothSteps(rows: Float64Array, width: number): Float64Array {
  const weights = new Float64Array(STEPS * STEPS)
  for (let from = 0; from < STEPS; from++) {
    let sum = 0
    for (let to = 0; to < STEPS; to++) sum += Math.exp(-0.5 * ((to - from) / width) ** 2)
    for (let to = 0; to < STEPS; to++) {
      weights[from * STEPS + to] = Math.exp(-0.5 * ((to - from) / width) ** 2) / sum
    }
  }
  const smooth = new Float64Array(rows.length)
  for (let row = 0; row < rows.length; row += STEPS) {
    for (let from = 0; from < STEPS; from++) {
      const value = rows[row + from]!
      if (value === 0) continue
      for (let to = 0; to < STEPS; to++) smooth[row + to]! += value * weights[from * STEPS + to]!
    }
  }
  return smooth
}

/** How much of each item was sold in each step, items × steps, by the chances of the baskets' steps. */
export function salesBySteps({ items, basketStart, item }: BasketHistory, basket: Float64Array): Float64Array {
  const sold = new Float64Array(items * STEPS)
  for (let one = 0; one + 1 < basketStart.length; one++) {
    const from = one * STEPS
    const end = basketStart[one + 1]!
    for (let at = basketStart[one]!; at < end; at++) {
      const into = item[at]! * STEPS
      for (let step = 0; step < STEPS; step++) sold[into + step]! += basket[from + step]!
    }
  }
  return sold
}

/** Each item's share of sales in each step over everybody's, shrunk to 1. */
export function seasonOf(
  sold: Float64Array,
  counts: Float64Array,
  { width, prior }: { width: number; prior: number },
): Float64Array {
  const smooth = smoothSteps(sold, width)
  const share = new Float64Array(STEPS)
  let sum = 0
  for (let row = 0; row < smooth.length; row += STEPS) {
    for (let step = 0; step < STEPS; step++) {
      share[step]! += smooth[row + step]!
      sum += smooth[row + step]!
    }
  }
  for (let step = 0; step < STEPS; step++) share[step] = sum > 0 ? share[step]! / sum : 1 / STEPS
  for (let row = 0, one = 0; row < smooth.length; row += STEPS, one++) {
    for (let step = 0; step < STEPS; step++) {
      const usual = share[step]!
      smooth[row + step] = (smooth[row + step]! + prior * usual) / ((counts[one]! + prior) * usual + 1e-12)
    }
  }
  return smooth
}
