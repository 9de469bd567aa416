import { guessBaskets } from './basket-times-guess'
import { hasDates, lengthOfStep, type Pace, paceOf, passOn, STEPS, salesBySteps, seasonOf } from './basket-times-steps'
import { nextBasketDays } from './next-basket-due'
import { type BasketHistory, itemCounts } from './next-basket-history'

/**
 * When baskets were bought, over the span of the whole history in `steps` equal steps, and what sold when. Chances of
 * `steps` numbers a row.
 */
export interface BasketTimes {
  readonly steps: number
  /** The chance of each step for each basket. */
  readonly basket: Float32Array
  /** The chance of each step for each user's basket to come. */
  readonly next: Float32Array
  /** The share of all baskets in each step. */
  readonly all: Float64Array
  /** How much more than usual each item sold in each step, items × steps: 1 is as usual. */
  readonly season: Float32Array
  /** The middle of each item's sales, and how far they spread, both in steps. */
  readonly middle: Float64Array
  readonly spread: Float64Array
}

/** How many purchases an item's own season has to outweigh. */
const PRIOR_SEASON = 3

/** Where the history has no dates, times are guessed from what lay in the baskets and their order. */
export function fitBasketTimes(history: BasketHistory): BasketTimes {
  const { basket, paceOfUser } = hasDates(history) ? datedBaskets(history) : guessBaskets(history)
  const all = new Float64Array(STEPS)
  const baskets = history.basketStart.length - 1
  for (let at = 0; at < basket.length; at += STEPS) {
    for (let step = 0; step < STEPS; step++) all[step]! += basket[at + step]! / baskets
  }
  const next = nextSteps(history, basket, { all, paceOfUser })
  // Looked up far more often than anything else here, so that half the width is worth the lost digits.
  const short = { basket: Float32Array.from(basket), next: Float32Array.from(next) }
  return { steps: STEPS, ...short, all, ...seasons(history, basket) }
}

/** Baskets whose days are known lie in one step each, and users go on at their own pace. */
function datedBaskets(history: BasketHistory): { basket: Float64Array; paceOfUser: (user: number) => Pace } {
  const { day, userStart } = history
  const { first, length } = lengthOfStep(day)
  const basket = new Float64Array(day.length * STEPS)
  day.forEach((one, at) => {
    basket[at * STEPS + Math.min(STEPS - 1, Math.floor((one - first) / length))] = 1
  })
  const days = nextBasketDays(history)
  const paceOfUser = (user: number) =>
    paceOf(Math.max(0.25, (days[user]! - (day[userStart[user + 1]! - 1] ?? 0)) / length), 1)
  return { basket, paceOfUser }
}

function nextSteps(
  { users, userStart }: BasketHistory,
  basket: Float64Array,
  { all, paceOfUser }: { all: Float64Array; paceOfUser: (user: number) => Pace },
): Float64Array {
  const next = new Float64Array(users * STEPS)
  for (let user = 0; user < users; user++) {
    const row = next.subarray(user * STEPS, (user + 1) * STEPS)
    const last = userStart[user + 1]! - 1
    if (last < userStart[user]!) row.set(all)
    else passOn(basket.subarray(last * STEPS, (last + 1) * STEPS), row, paceOfUser(user))
  }
  return next
}

function seasons(history: BasketHistory, basket: Float64Array): Pick<BasketTimes, 'season' | 'middle' | 'spread'> {
  const { items } = history
  const sold = salesBySteps(history, basket)
  const counts = itemCounts(history)
  const middle = new Float64Array(items)
  const spread = new Float64Array(items)
  for (let one = 0; one < items; one++) {
    let [sum, squares] = [0, 0]
    for (let step = 0; step < STEPS; step++) {
      sum += step * sold[one * STEPS + step]!
      squares += step * step * sold[one * STEPS + step]!
    }
    const count = Math.max(1, counts[one]!)
    middle[one] = sum / count
    spread[one] = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
  }
  return { season: Float32Array.from(seasonOf(sold, counts, { width: 1, prior: PRIOR_SEASON })), middle, spread }
}
