import type { BasketTimes } from './basket-times'
import type { BasketHistory } from './next-basket-history'
import { seasonFor } from './timely-popularity'

/** What is known of an item at the time of a user's next basket, in the order in which the re-ranker takes it. */
export const timeFactNames = ['season', 'middle', 'spread', 'ahead', 'aheadOfSpread', 'nextStep', 'lastStep'] as const

/** Readies the facts for all users and items. */
export function timeFacts({ users, userStart }: BasketHistory, times: BasketTimes) {
  const { steps, basket, next, middle, spread } = times
  const meanStep = (chances: Float32Array, row: number) => {
    let sum = 0
    for (let step = 0; step < steps; step++) sum += step * chances[row * steps + step]!
    return sum
  }
  const nextStep = Float64Array.from({ length: users }, (_, user) => meanStep(next, user))
  const lastStep = Float64Array.from({ length: users }, (_, user) =>
    userStart[user + 1]! > userStart[user]! ? meanStep(basket, userStart[user + 1]! - 1) : Number.NaN,
  )
  return {
    seasonOf: (user: number, item: number) => seasonFor(times, user, item),
    /** Writes the facts, the season of which is known, to `into` from `offset`. */
    write(user: number, item: number, season: number, into: Float32Array, offset: number) {
      const ahead = middle[item]! - nextStep[user]!
      let at = offset
      into[at++] = season
      into[at++] = middle[item]!
      into[at++] = spread[item]!
      into[at++] = ahead
      into[at++] = ahead / (spread[item]! + 1)
      into[at++] = nextStep[user]!
      into[at++] = lastStep[user]!
    },
  }
}
