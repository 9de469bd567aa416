import type { BasketTimes } from './basket-times'
import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { NEAREST, type Neighbours } from './user-cf'

/** The power that weights of neighbours are lowered to: among so few baskets of one time, more neighbours have to speak. */
const POWER = 0.6

/** What users alike bought at the time at which the user's next basket is to be expected. */
export function fitTimelyNeighbours(
  { userStart, basketStart, item }: BasketHistory,
  { steps, basket, next, all }: BasketTimes,
  neighbours: Neighbours,
): NextBasketModel {
  const wanted = new Float32Array(steps)
  return {
    scoreUser(user, board) {
      for (let step = 0; step < steps; step++) wanted[step] = next[user * steps + step]! / (all[step]! + 1e-9)
      const { count, near, weight } = neighbours.of(user)
      for (let k = 0; k < Math.min(count, NEAREST); k++) {
        const [from, to] = [userStart[near[k]!]!, userStart[near[k]! + 1]!]
        const own = weight[k]! ** POWER / (to - from)
        for (let one = from; one < to; one++) {
          let chance = 0
          for (let step = 0; step < steps; step++) chance += wanted[step]! * basket[one * steps + step]!
          for (let at = basketStart[one]!; at < basketStart[one + 1]!; at++) board.add(item[at]!, own * chance)
        }
      }
    },
  }
}
