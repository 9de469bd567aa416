import type { SparseRows } from './spline-basis'

/** Ratings as columns: element k of each is one rating. Users and items are numbers from 0. */
export interface Ratings {
  readonly users: number
  readonly items: number
  readonly user: Uint32Array
  readonly item: Uint32Array
  readonly value: Float64Array
}

/** Foretells what a user would give an item. Always a number within the range of the ratings it learnt from. */
export interface RatingModel {
  predict(user: number, item: number): number
}

/** The ratings at these places, of the same users and items. */
export function selectRatings({ users, items, user, item, value }: Ratings, rows: ArrayLike<number>): Ratings {
  return {
    users,
    items,
    user: Uint32Array.from(rows, (row) => user[row]!),
    item: Uint32Array.from(rows, (row) => item[row]!),
    value: Float64Array.from(rows, (row) => value[row]!),
  }
}

/** Users × items; a pair rated more than once has its last rating. `values` takes the ratings' place where given. */
export function ratingMatrix(
  { users, items, user, item, value }: Ratings,
  values: ArrayLike<number> = value,
): SparseRows {
  const last = new Map<number, number>()
  for (let row = 0; row < user.length; row++) last.set(user[row]! * items + item[row]!, row)
  const start = new Uint32Array(users + 1)
  for (const row of last.values()) start[user[row]! + 1]! += 1
  for (let one = 0; one < users; one++) start[one + 1]! += start[one]!
  const next = start.slice(0, users)
  const index = new Uint32Array(last.size)
  const kept = new Float64Array(last.size)
  for (const row of [...last.values()].sort((a, b) => user[a]! - user[b]! || item[a]! - item[b]!)) {
    const place = next[user[row]!]!++
    index[place] = item[row]!
    kept[place] = values[row]!
  }
  return { rows: users, columns: items, start, index, value: kept }
}

/** What everybody gives, and by how much each user and each item lies above it. */
export interface RatingBaseline {
  readonly mean: number
  readonly userOffset: Float64Array
  readonly itemOffset: Float64Array
  readonly low: number
  readonly high: number
}

const BASELINE = { itemPrior: 5, userPrior: 10, rounds: 5 }

/** Mean, item and user offsets, shrunk and alternated to convergence (Koren 2010, equation 1; alternating least squares). */
export function fitRatingBaseline({ users, items, user, item, value }: Ratings): RatingBaseline {
  let [sum, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const one of value) {
    sum += one
    low = Math.min(low, one)
    high = Math.max(high, one)
  }
  const mean = value.length === 0 ? 0 : sum / value.length
  const userOffset = new Float64Array(users)
  const itemOffset = new Float64Array(items)
  const counts = { user: new Float64Array(users), item: new Float64Array(items) }
  for (let row = 0; row < value.length; row++) {
    counts.user[user[row]!]! += 1
    counts.item[item[row]!]! += 1
  }
  for (let round = 0; round < BASELINE.rounds; round++) {
    itemOffset.fill(0)
    for (let row = 0; row < value.length; row++) itemOffset[item[row]!]! += value[row]! - mean - userOffset[user[row]!]!
    for (let one = 0; one < items; one++) itemOffset[one]! /= counts.item[one]! + BASELINE.itemPrior
    userOffset.fill(0)
    for (let row = 0; row < value.length; row++) userOffset[user[row]!]! += value[row]! - mean - itemOffset[item[row]!]!
    for (let one = 0; one < users; one++) userOffset[one]! /= counts.user[one]! + BASELINE.userPrior
  }
  if (value.length === 0) [low, high] = [0, 0]
  return { mean, userOffset, itemOffset, low, high }
}

/** What the offsets alone foretell, before it is kept within the range. */
export function baselineOf({ mean, userOffset, itemOffset }: RatingBaseline, user: number, item: number): number {
  return mean + userOffset[user]! + itemOffset[item]!
}

/** Keeps a forecast within the range of ratings seen. */
export function withinRange({ low, high }: RatingBaseline, value: number): number {
  return Math.min(high, Math.max(low, value))
}

/** The floor: offsets alone. */
export function fitBaselineRatings(ratings: Ratings): RatingModel {
  const baseline = fitRatingBaseline(ratings)
  return { predict: (user, item) => withinRange(baseline, baselineOf(baseline, user, item)) }
}
