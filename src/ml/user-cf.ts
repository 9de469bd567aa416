import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel, SinkModel } from './next-basket-model'
import {
  addDotsTo,
  addRowTo,
  type NarrowRows,
  narrowRows,
  squaredNorms,
  transposed,
  userVectors,
} from './next-basket-vectors'
import { PositiveBoard } from './positive-board'
import { ScoreBoard } from './rank-board'
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
  return fitUserCfOnItems(recentPopularity(history, options), options)
}

/** The share of each user's last baskets that hold an item, users × items. */
export function recentPopularity(
  history: BasketHistory,
  { recencyBaskets }: Pick<UserCfOptions, 'recencyBaskets'>,
): SparseRows {
  return userVectors(history, (fromLast, baskets) =>
    fromLast < recencyBaskets ? 1 / Math.min(recencyBaskets, baskets) : 0,
  )
}

/** The same over any users × items, where there are no baskets. */
export function fitUserCfOnItems(
  popularity: SparseRows,
  options: Omit<UserCfOptions, 'recencyBaskets'> = userCfDefaults,
): NextBasketModel {
  return fitUserCfOnNeighbours(popularity, findNeighbours(popularity, options))
}

/** The same with neighbours that others may look at as well. */
export function fitUserCfOnNeighbours(popularity: NarrowRows, neighbours: Neighbours): SinkModel {
  return {
    scoreUser(user, board) {
      const { count, near, weight } = neighbours.of(user)
      for (let k = 0; k < count; k++) addRowTo(popularity, near[k]!, weight[k]!, board)
    },
  }
}

/** The nearest users of one user, that user included; `of` overwrites what it gave before, unless it is the same user. */
export interface Neighbours {
  of(user: number): { readonly count: number; readonly near: Int32Array; readonly weight: Float64Array }
}

export interface NeighbourLimits {
  /** Whether all values are known to be above 0, in which case neighbours are found faster. */
  isPositive?: boolean
  /** The share of the nearest other's weight below which neighbours are passed over. */
  weightLeast?: number
}

/** Neighbours of UP-CF, each with its similarity to the power of the locality. */
export function findNeighbours(
  popularity: SparseRows,
  { asymmetry, locality, neighboursMax }: Omit<UserCfOptions, 'recencyBaskets'>,
  { isPositive = false, weightLeast = 0 }: NeighbourLimits = {},
): Neighbours {
  const norms = squaredNorms(popularity)
  const own = norms.map((norm) => norm ** -asymmetry)
  const others = norms.map((norm) => norm ** (asymmetry - 1))
  const scaled = transposed(popularity)
  for (let at = 0; at < scaled.index.length; at++) scaled.value[at]! *= others[scaled.index[at]!]!
  const buyers = isPositive ? narrowRows(scaled) : scaled
  const similarity = isPositive ? new PositiveBoard(popularity.rows) : new ScoreBoard(popularity.rows)
  const near = new Int32Array(Math.min(neighboursMax, popularity.rows))
  const weight = new Float64Array(near.length)
  let found = { user: -1, count: 0 }
  /** Drops those who count next to nothing beside the nearest other; gives how many are left. */
  const dropLight = (user: number, count: number): number => {
    let most = 0
    for (let k = 0; k < count; k++) if (near[k] !== user) most = Math.max(most, weight[k]!)
    let left = 0
    for (let k = 0; k < count; k++) {
      if (weight[k]! < weightLeast * most) continue
      near[left] = near[k]!
      weight[left++] = weight[k]!
    }
    return left
  }
  return {
    of(user) {
      if (found.user !== user) {
        addDotsTo(popularity, buyers, user, similarity)
        const { values } = similarity
        const count = similarity.best(neighboursMax, near)
        for (let k = 0; k < count; k++) weight[k] = raised(values[near[k]!]! * own[user]!, locality)
        similarity.clear()
        found = { user, count: dropLight(user, count) }
      }
      return { count: found.count, near, weight }
    },
  }
}

/** A power; where it is whole, by multiplying, which is several times as quick. */
function raised(value: number, power: number): number {
  if (!Number.isInteger(power) || power < 0) return value ** power
  let result = 1
  let square = value
  for (let left = power; left > 0; left >>= 1) {
    if (left & 1) result *= square
    square *= square
  }
  return result
}
