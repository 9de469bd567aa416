import type { BasketTimes } from './basket-times'
import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { likelySteps } from './timely-popularity'
import { NEAREST, type Neighbours } from './user-cf'

/** The power that weights of neighbours are lowered to: among so few baskets of one time, more neighbours have to speak. */
const POWER = 0.6

/** What users alike bought at the time at which the user's next basket is to be expected. */
export function fitTimelyNeighbours(
  { userStart, basketStart, item }: BasketHistory,
  { steps, basket, next, all }: BasketTimes,
  neighbours: Neighbours,
): NextBasketModel {
  const likely = new Uint8Array(steps)
  const wanted = new Float64Array(steps)
  return {
    scoreUser(user, board) {
      const found = likelySteps({ steps, next }, user, likely)
      for (let k = 0; k < found; k++) wanted[k] = next[user * steps + likely[k]!]! / (all[likely[k]!]! + 1e-9)
      const { count, near, weight } = neighbours.of(user)
      for (let k = 0; k < Math.min(count, NEAREST); k++) {
        const [from, to] = [userStart[near[k]!]!, userStart[near[k]! + 1]!]
        const own = weight[k]! ** POWER / (to - from)
        for (let one = from; one < to; one++) {
          let chance = 0
          for (let k = 0; k < found; k++) chance += wanted[k]! * basket[one * steps + likely[k]!]!
          board.addAlike(item, basketStart[one]!, basketStart[one + 1]!, own * chance)
        }
      }
    },
  }
}
