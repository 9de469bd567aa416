import type { BasketTimes } from './basket-times'
import { type BasketHistory, byCount, itemCounts } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'

/** Only what is bought most can be popular at any time; looking at all items would cost more than it finds. */
const LOOKED_AT = 1500

/** How much more than usual an item sells when the user's next basket is to be expected. */
export function seasonFor({ steps, next, season }: BasketTimes, user: number, item: number): number {
  let sum = 0
  for (let step = 0; step < steps; step++) sum += next[user * steps + step]! * season[item * steps + step]!
  return sum
}

/** Steps less likely than this are passed over where all items or many baskets are looked at. */
const UNLIKELY = 0.01

/** Writes the steps at which the user's next basket is likely to `into`; gives how many they are. */
export function likelySteps(
  { steps, next }: Pick<BasketTimes, 'steps' | 'next'>,
  user: number,
  into: Uint8Array,
): number {
  let found = 0
  for (let step = 0; step < steps; step++) if (next[user * steps + step]! >= UNLIKELY) into[found++] = step
  return found
}

/** What everybody buys at the time of the user's next basket. */
export function fitTimelyPopularity(history: BasketHistory, times: BasketTimes): NextBasketModel {
  const { steps, next, season } = times
  const counts = itemCounts(history)
  const popular = byCount(counts)
    .subarray(0, LOOKED_AT)
    .filter((item) => counts[item]! > 0)
  // Step by step, so that the items of a step lie beside one another.
  const sold = new Float32Array(steps * popular.length)
  for (let step = 0; step < steps; step++) {
    popular.forEach((item, k) => {
      sold[step * popular.length + k] = counts[item]! * season[item * steps + step]!
    })
  }
  const likely = new Uint8Array(steps)
  const scores = new Float64Array(popular.length)
  return {
    scoreUser(user, board) {
      const found = likelySteps(times, user, likely)
      scores.fill(0)
      for (let one = 0; one < found; one++) {
        const step = likely[one]!
        const chance = next[user * steps + step]!
        const from = step * popular.length
        for (let k = 0; k < scores.length; k++) scores[k]! += chance * sold[from + k]!
      }
      for (let k = 0; k < scores.length; k++) board.add(popular[k]!, scores[k]!)
    },
  }
}
