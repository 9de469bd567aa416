import type { BasketTimes } from './basket-times'
import { type BasketHistory, byCount, itemCounts } from './next-basket-history'
import type { SinkModel } from './next-basket-model'

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
export function fitTimelyPopularity(history: BasketHistory, times: BasketTimes): SinkModel {
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
  // Beyond the likely steps, the first one with a chance of 0.
  let found = 0
  const placeOf = (one: number) => (one < found ? likely[one]! * popular.length : 0)
  const chanceOf = (user: number, one: number) => (one < found ? next[user * steps + likely[one]!]! : 0)
  return {
    scoreUser(user, board) {
      found = likelySteps(times, user, likely)
      scores.fill(0)
      for (let one = 0; one < found; one += 3) {
        // Several steps at once, since what takes long is to look up each score and to write it back.
        const [a, b, c] = [placeOf(one), placeOf(one + 1), placeOf(one + 2)]
        const [x, y, z] = [chanceOf(user, one), chanceOf(user, one + 1), chanceOf(user, one + 2)]
        for (let k = 0; k < scores.length; k++) scores[k]! += x * sold[a + k]! + y * sold[b + k]! + z * sold[c + k]!
      }
      for (let k = 0; k < scores.length; k++) board.add(popular[k]!, scores[k]!)
    },
  }
}
