import type { BasketTimes } from './basket-times'
import type { BasketHistory } from './next-basket-history'
import type { SinkModel } from './next-basket-model'
import { narrowIndex } from './next-basket-vectors'
import { likelySteps } from './timely-popularity'
import type { Neighbours } from './user-cf'

/**
 * Weights of neighbours lowered to the power 5/8: among so few baskets of one time, more neighbours have to speak. Roots
 * take a fifth of the time that any other power takes.
 */
const lowered = (weight: number) => Math.sqrt(weight) * Math.sqrt(Math.sqrt(Math.sqrt(weight)))

/** What a basket has to count at least, of what the most timely one can, to be looked at. */
const LEAST = 0.01

/** So many steps of time are looked at as one. */
const SPAN = 3

/** What users alike bought at the time at which the user's next basket is to be expected. */
export function fitTimelyNeighbours(
  { items, userStart, basketStart, item }: BasketHistory,
  { steps, basket, next, all }: BasketTimes,
  neighbours: Neighbours,
): SinkModel {
  const likely = new Uint8Array(steps)
  const spans = Math.ceil(steps / SPAN)
  const wanted = new Float64Array(spans)
  const bought = narrowIndex(item, items)
  const chances = spanChances(basket, steps)
  return {
    scoreUser(user, board) {
      const found = likelySteps({ steps, next }, user, likely)
      wanted.fill(0)
      for (let k = 0; k < found; k++) {
        const step = likely[k]!
        wanted[Math.floor(step / SPAN)]! += next[user * steps + step]! / (all[step]! + 1e-9) / SPAN
      }
      const first = Math.floor((likely[0] ?? 0) / SPAN)
      const end = found > 0 ? Math.floor(likely[found - 1]! / SPAN) + 1 : 0
      const least = LEAST * 255 * Math.max(...wanted)
      const { count, near, weight } = neighbours.of(user)
      for (let k = 0; k < count; k++) {
        const [from, to] = [userStart[near[k]!]!, userStart[near[k]! + 1]!]
        const own = lowered(weight[k]!) / (to - from)
        for (let one = from; one < to; one++) {
          const row = one * spans
          let chance = 0
          for (let span = first; span < end; span++) chance += wanted[span]! * chances[row + span]!
          if (chance > least) board.addAlike(bought, basketStart[one]!, basketStart[one + 1]!, own * chance)
        }
      }
    },
  }
}

/** The chances of baskets' spans, a byte each: many are looked up, and nearly all the time is spent waiting for them. */
function spanChances(basket: Float32Array, steps: number): Uint8Array {
  const spans = Math.ceil(steps / SPAN)
  const chances = new Uint8Array((basket.length / steps) * spans)
  for (let row = 0, into = 0; row < basket.length; row += steps) {
    for (let first = 0; first < steps; first += SPAN) {
      let sum = 0
      for (let step = first; step < Math.min(steps, first + SPAN); step++) sum += basket[row + step]!
      chances[into++] = Math.round(255 * Math.min(1, sum))
    }
  }
  return chances
}
