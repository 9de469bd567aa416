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

/** What everybody buys at the time of the user's next basket. */
export function fitTimelyPopularity(history: BasketHistory, times: BasketTimes): NextBasketModel {
  const counts = itemCounts(history)
  const popular = byCount(counts).subarray(0, LOOKED_AT)
  return {
    scoreUser(user, board) {
      for (const item of popular) {
        if (counts[item] === 0) return
        board.add(item, counts[item]! * seasonFor(times, user, item))
      }
    },
  }
}
