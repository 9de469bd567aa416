import {
  type Pace,
  paceOf,
  passBack,
  passOn,
  salesBySteps,
  seasonOf,
  smoothSteps,
  STEPS as stepsOfTime,
} from './basket-times-steps'
import { type BasketHistory, itemCounts } from './next-basket-history'

/** Of its own, since what stands in another module is looked up again at every turn of a loop. */
const STEPS = stepsOfTime
const ROUNDS = 8
/** Purchases that an item's season has to outweigh while times are guessed. */
const PRIOR = 10
/** Widths of the curve that seasons are smoothed under: from wide to narrow, lest the first guess stay. */
const WIDTH = { first: 4, fade: 0.75, last: 1 }
/** A step is rarely that of the basket before. */
const STAY = 0.1

/**
 * Guesses when each basket was bought where no dates are known, from the order of each user's baskets and from what
 * sells together in time (promotions, feasts, new articles): a hidden Markov model with steps of time for states, which
 * only goes forward, and one season an item; fitted by expectation and maximisation (Baum et al. 1970). Its first guess
 * spreads each user's baskets evenly. All steps are held to be alike busy, without which tastes pass for times.
 */
export function guessBaskets(history: BasketHistory): { basket: Float64Array; paceOfUser: (user: number) => Pace } {
  const { userStart } = history
  const baskets = history.basketStart.length - 1
  const paces = Array.from({ length: 21 }, (_, count) => paceOf(STEPS / (count + 1), STAY))
  const paceOfUser = (user: number) => paces[Math.min(20, userStart[user + 1]! - userStart[user]!)]!
  const basket = spreadEvenly(history)
  const counts = itemCounts(history)
  let start: Float64Array = new Float64Array(STEPS).fill(1 / STEPS)
  const levelling = new Float64Array(STEPS)
  for (let round = 0; round < ROUNDS && baskets > 0; round++) {
    const width = Math.max(WIDTH.last, WIDTH.first * WIDTH.fade ** round)
    const logSeason = seasonOf(salesBySteps(history, basket), counts, { width, prior: PRIOR })
    for (let at = 0; at < logSeason.length; at++) logSeason[at] = Math.log(logSeason[at]!)
    const first = expect(history, basket, { logSeason, levelling, start, paceOfUser })
    const sum = first.reduce((total, value) => total + value, 0)
    start = smoothSteps(first, 1).map((value) => value / sum)
    const busy = new Float64Array(STEPS)
    for (let at = 0; at < basket.length; at += STEPS) {
      for (let step = 0; step < STEPS; step++) busy[step]! += basket[at + step]!
    }
    for (let step = 0; step < STEPS; step++) levelling[step]! -= 0.5 * Math.log((busy[step]! * STEPS) / baskets + 1e-3)
  }
  return { basket, paceOfUser }
}

function spreadEvenly({ users, userStart, basketStart }: BasketHistory): Float64Array {
  const basket = new Float64Array((basketStart.length - 1) * STEPS)
  for (let user = 0; user < users; user++) {
    const count = userStart[user + 1]! - userStart[user]!
    const width = STEPS / (2 * Math.sqrt(count))
    for (let k = 0; k < count; k++) {
      const row = basket.subarray((userStart[user]! + k) * STEPS, (userStart[user]! + k + 1) * STEPS)
      for (let step = 0; step < STEPS; step++) {
        row[step] = Math.exp(-0.5 * ((step + 0.5 - ((k + 0.5) / count) * STEPS) / width) ** 2)
      }
      normalise(row)
    }
  }
  return basket
}

interface Known {
  readonly logSeason: Float64Array
  readonly levelling: Float64Array
  readonly start: Float64Array
  paceOfUser(user: number): Pace
}

/** Writes the chances of each basket's steps, forward and backward; gives the first baskets' sums, one added to each. */
function expect(
  { users, userStart, basketStart, item }: BasketHistory,
  basket: Float64Array,
  { logSeason, levelling, start, paceOfUser }: Known,
): Float64Array {
  const firstOnes = new Float64Array(STEPS).fill(1)
  const fits = new Float64Array(STEPS)
  const later = new Float64Array(STEPS)
  const weights = new Float64Array(STEPS)
  const before = new Float64Array(STEPS)
  const known = new Float64Array(STEPS)
  let chances = new Float64Array(0)
  for (let user = 0; user < users; user++) {
    const [from, to] = [userStart[user]!, userStart[user + 1]!]
    const pace = paceOfUser(user)
    if (chances.length < (to - from) * STEPS) chances = new Float64Array((to - from) * STEPS)
    // Rows of its own: a part of the whole made for each basket would cost as much as what is done to it.
    for (let one = from; one < to; one++) {
      fits.set(levelling)
      for (let at = basketStart[one]!; at < basketStart[one + 1]!; at++) {
        const row = item[at]! * STEPS
        for (let step = 0; step < STEPS; step++) fits[step]! += logSeason[row + step]!
      }
      let best = fits[0]!
      for (let step = 1; step < STEPS; step++) if (fits[step]! > best) best = fits[step]!
      if (one === from) known.set(start)
      else passOn(before, known, pace)
      const offset = (one - from) * STEPS
      for (let step = 0; step < STEPS; step++) {
        const chance = Math.exp(fits[step]! - best)
        chances[offset + step] = chance
        known[step]! *= chance
      }
      normalise(known)
      before.set(known)
      basket.set(known, one * STEPS)
    }
    later.fill(1)
    for (let one = to - 1; one >= from; one--) {
      const [place, offset] = [one * STEPS, (one - from) * STEPS]
      for (let step = 0; step < STEPS; step++) {
        known[step] = basket[place + step]! * later[step]!
        weights[step] = chances[offset + step]! * later[step]!
      }
      normalise(known)
      basket.set(known, place)
      passBack(weights, later, pace)
      normalise(later)
    }
    if (to > from) for (let step = 0; step < STEPS; step++) firstOnes[step]! += basket[from * STEPS + step]!
  }
  return firstOnes
}

/** Makes a row sum to 1; one without anything becomes even. */
function normalise(row: Float64Array): void {
  let sum = 0
  for (let step = 0; step < STEPS; step++) sum += row[step]!
  const scale = 1 / sum
  if (sum > 0) for (let step = 0; step < STEPS; step++) row[step]! *= scale
  else row.fill(1 / STEPS)
}
