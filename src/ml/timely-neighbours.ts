import type { BasketTimes } from './basket-times'
import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import type { Neighbours } from './user-cf'

/**
 * Weights of neighbours lowered to the power 5/8: among so few baskets of one time, more neighbours have to speak. Roots
 * take a fifth of the time that any other power takes.
 */
const lowered = (weight: number) => Math.sqrt(weight) * Math.sqrt(Math.sqrt(Math.sqrt(weight)))

/** What a basket has to count at least, of what the most timely one can, to be looked at. */
const LEAST = 0.01

/** So many steps are taken as one, and spans less likely than this are passed over. */
const SPAN = 3
const UNLIKELY = 0.01

/** What users alike bought at the time at which the user's next basket is to be expected. */
export function fitTimelyNeighbours(
  { userStart, basketStart, item }: BasketHistory,
  { steps, basket, next, all }: BasketTimes,
  neighbours: Neighbours,
): NextBasketModel {
  const spans = Math.ceil(steps / SPAN)
  const allSpans = sumSpans(all, steps)
  const nextSpans = sumSpans(next, steps)
  // A byte each: the baskets of many users are looked up, and nearly all the time is spent waiting for them.
  const chances = Uint8Array.from(sumSpans(basket, steps), (chance) => Math.round(255 * chance))
  const likely = new Uint8Array(spans)
  const wanted = new Float64Array(spans)
  return {
    scoreUser(user, board) {
      let found = 0
      let most = 0
      for (let span = 0; span < spans; span++) {
        const chance = nextSpans[user * spans + span]!
        if (chance < UNLIKELY) continue
        likely[found] = span
        wanted[found] = chance / (allSpans[span]! + 1e-9)
        most = Math.max(most, 255 * wanted[found++]!)
      }
      const { count, near, weight } = neighbours.of(user)
      for (let k = 0; k < count; k++) {
        const [from, to] = [userStart[near[k]!]!, userStart[near[k]! + 1]!]
        const own = lowered(weight[k]!) / (to - from)
        for (let one = from; one < to; one++) {
          let chance = 0
          for (let k = 0; k < found; k++) chance += wanted[k]! * chances[one * spans + likely[k]!]!
          if (chance > LEAST * most) board.addAlike(item, basketStart[one]!, basketStart[one + 1]!, own * chance)
        }
      }
    },
  }
}

/** Rows of chances of steps as rows of chances of spans. */
function sumSpans(rows: Float64Array | Float32Array, steps: number): Float64Array {
  const spans = Math.ceil(steps / SPAN)
  const sums = new Float64Array((rows.length / steps) * spans)
  for (let row = 0; row * steps < rows.length; row++) {
    for (let step = 0; step < steps; step++) sums[row * spans + Math.floor(step / SPAN)]! += rows[row * steps + step]!
  }
  return sums
}
