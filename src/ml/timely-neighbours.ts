import type { BasketTimes } from './basket-times'
import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { likelySteps } from './timely-popularity'
import type { Neighbours } from './user-cf'

/**
 * Weights of neighbours lowered to the power 5/8: among so few baskets of one time, more neighbours have to speak. Roots
 * take a fifth of the time that any other power takes.
 */
const lowered = (weight: number) => Math.sqrt(weight) * Math.sqrt(Math.sqrt(Math.sqrt(weight)))

/** What a basket has to count at least, of what the most timely one can, to be looked at. */
const LEAST = 0.01

/** What users alike bought at the time at which the user's next basket is to be expected. */
export function fitTimelyNeighbours(
  { userStart, basketStart, item }: BasketHistory,
  { steps, basket, next, all }: BasketTimes,
  neighbours: Neighbours,
): NextBasketModel {
  const likely = new Uint8Array(steps)
  const wanted = new Float64Array(steps)
  // A byte each: the baskets of many users are looked up, and nearly all the time is spent waiting for them.
  const chances = new Uint8Array(basket.length)
  for (let at = 0; at < basket.length; at++) chances[at] = Math.round(255 * basket[at]!)
  return {
    scoreUser(user, board) {
      const found = likelySteps({ steps, next }, user, likely)
      for (let k = 0; k < found; k++) wanted[k] = next[user * steps + likely[k]!]! / (all[likely[k]!]! + 1e-9)
      let most = 0
      for (let k = 0; k < found; k++) most = Math.max(most, 255 * wanted[k]!)
      const { count, near, weight } = neighbours.of(user)
      for (let k = 0; k < count; k++) {
        const [from, to] = [userStart[near[k]!]!, userStart[near[k]! + 1]!]
        const own = lowered(weight[k]!) / (to - from)
        for (let one = from; one < to; one++) {
          let chance = 0
          for (let k = 0; k < found; k++) chance += wanted[k]! * chances[one * steps + likely[k]!]!
          if (chance > LEAST * most) board.addAlike(item, basketStart[one]!, basketStart[one + 1]!, own * chance)
        }
      }
    },
  }
}
