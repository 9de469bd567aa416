import { normal, type Random, weightedIndex, zipfWeights } from '../src/ml/random'
import type { Ratings } from '../src/ml/ratings'

export interface DrawnShape {
  users: number
  items: number
  ratings: number
}

/** MovieLens 100K's shape. */
export const movieLensShape: DrawnShape = { users: 943, items: 1682, ratings: 100_000 }

const FACTORS = 8

/**
 * Draws ratings from 1 to 5 with taste in them: users and items have hidden factors, popular items and busy users have
 * more ratings, and people rate what suits them more than what does not.
 */
export function drawRatings(random: Random, { users, items, ratings }: DrawnShape): Ratings {
  const factors = (rows: number) => Float64Array.from({ length: rows * FACTORS }, () => normal(random))
  const userFactors = factors(users)
  const itemFactors = factors(items)
  const userBias = Float64Array.from({ length: users }, () => 0.4 * normal(random))
  const itemBias = Float64Array.from({ length: items }, () => 0.5 * normal(random))
  const drawUser = weightedIndex(zipfWeights(users, { exponent: 0.8, shift: 30 }))
  const drawItem = weightedIndex(zipfWeights(items, { exponent: 0.9, shift: 20 }))
  const seen = new Set<number>()
  const columns = { user: [] as number[], item: [] as number[], value: [] as number[] }
  const wanted = Math.min(ratings, Math.floor((users * items) / 2))
  while (columns.user.length < wanted) {
    const user = drawUser(random)
    const item = drawItem(random)
    let taste = 0
    for (let k = 0; k < FACTORS; k++) taste += userFactors[user * FACTORS + k]! * itemFactors[item * FACTORS + k]!
    taste /= Math.sqrt(FACTORS)
    if (seen.has(user * items + item) || random.next() > 1 / (1 + Math.exp(1 - 2 * taste))) continue
    seen.add(user * items + item)
    const value = 3.3 + userBias[user]! + itemBias[item]! + 0.6 * taste + 0.75 * normal(random)
    columns.user.push(user)
    columns.item.push(item)
    columns.value.push(Math.min(5, Math.max(1, Math.round(value))))
  }
  return {
    users,
    items,
    user: Uint32Array.from(columns.user),
    item: Uint32Array.from(columns.item),
    value: Float64Array.from(columns.value),
  }
}
