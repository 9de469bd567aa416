import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { addRowTo, dotsWithAll, squaredNorms, transposed, userVectors } from './next-basket-vectors'
import { selectBest } from './rank-board'
import type { SparseRows } from './spline-basis'

export interface UserCfOptions {
  /** How many of a user's last baskets count. */
  recencyBaskets: number
  /** Between 0 (similarity is divided by the other's length) and 1 (by the user's own): asymmetric cosine. */
  asymmetry: number
  /** The power that similarities are raised to: the higher, the more the nearest count. */
  locality: number
  /** How many nearest users are summed over; beyond some hundreds the power leaves nothing of the rest. */
  neighboursMax: number
}

/** Chosen on Ta-Feng's baskets before the last. */
export const userCfDefaults: UserCfOptions = { recencyBaskets: 25, asymmetry: 0.25, locality: 5, neighboursMax: 500 }

/**
 * UP-CF: user-wise popularity over the last baskets, smoothed by users alike (Faggioli, Polato and Aiolli 2020, "Recency
 * aware collaborative filtering for next basket recommendation", equations 2 to 6). A user's score for item i is
 * Σ_v sim(u, v)^q π(v, i) over the nearest users v, u included, with π(v, i) the share of v's last r baskets that hold i.
 */
export function fitUserCf(history: BasketHistory, options: UserCfOptions = userCfDefaults): NextBasketModel {
  const { recencyBaskets } = options
  const popularity = userVectors(history, (fromLast, baskets) =>
    fromLast < recencyBaskets ? 1 / Math.min(recencyBaskets, baskets) : 0,
  )
  return fitUserCfOnItems(popularity, options)
}

/** The same over any users × items, where there are no baskets. */
export function fitUserCfOnItems(
  popularity: SparseRows,
  { asymmetry, locality, neighboursMax }: Omit<UserCfOptions, 'recencyBaskets'> = userCfDefaults,
): NextBasketModel {
  const buyers = transposed(popularity)
  const norms = squaredNorms(popularity)
  const own = norms.map((norm) => norm ** -asymmetry)
  const others = norms.map((norm) => norm ** (asymmetry - 1))
  const similarity = new Float64Array(popularity.rows)
  const near = new Int32Array(popularity.rows)
  const isNearer = (a: number, b: number) => (similarity[a] !== similarity[b] ? similarity[a]! > similarity[b]! : a < b)
  return {
    scoreUser(user, board) {
      const count = dotsWithAll(user, popularity, buyers, similarity, near)
      for (let k = 0; k < count; k++) similarity[near[k]!]! *= others[near[k]!]!
      const kept = Math.min(count, neighboursMax)
      selectBest(near, count, kept, isNearer)
      for (let k = 0; k < kept; k++) {
        const other = near[k]!
        addRowTo(popularity, other, (similarity[other]! * own[user]!) ** locality, board)
      }
      for (let k = 0; k < count; k++) similarity[near[k]!] = 0
    },
  }
}
