import { transposed } from './next-basket-vectors'
import {
  baselineOf,
  fitRatingBaseline,
  type RatingBaseline,
  type RatingModel,
  type Ratings,
  withinRange,
} from './ratings'
import { residuals, rowSimilarities, type SimilarityOptions } from './ratings-similarity'
import type { SparseRows } from './spline-basis'

export interface RatingKnnOptions extends SimilarityOptions {
  neighbours: number
  /** Added to the sum of similarities: a forecast with little behind it leans on the offsets. */
  caution: number
}

export const ratingKnnDefaults: RatingKnnOptions = { similarity: 'cosine', shrinkage: 20, neighbours: 40, caution: 0.5 }

/**
 * User-based nearest neighbours: the offsets plus the mean deviation of the users most alike who rated the item (Herlocker
 * et al. 1999, on residuals as in Koren 2010, equation 3).
 */
export function fitUserRatings(ratings: Ratings, options: RatingKnnOptions = ratingKnnDefaults): RatingModel {
  const baseline = fitRatingBaseline(ratings)
  const byUser = residuals(ratings, baseline)
  const similarities = rowSimilarities(byUser, options)
  return nearestModel(transposed(byUser), similarities, { baseline, options, side: 'user' })
}

/** Item-based nearest neighbours: the offsets plus the user's mean deviation on the items most alike (Sarwar et al. 2001). */
export function fitItemRatings(ratings: Ratings, options: RatingKnnOptions = ratingKnnDefaults): RatingModel {
  const baseline = fitRatingBaseline(ratings)
  const byUser = residuals(ratings, baseline)
  const similarities = rowSimilarities(transposed(byUser), options)
  return nearestModel(byUser, similarities, { baseline, options, side: 'item' })
}

/** `known` lists, for the other side's row, who has a rating there. */
function nearestModel(
  known: SparseRows,
  similarities: Float32Array,
  { baseline, options, side }: { baseline: RatingBaseline; options: RatingKnnOptions; side: 'user' | 'item' },
): RatingModel {
  return {
    predict(user, item) {
      const [own, row] = side === 'user' ? [user, item] : [item, user]
      const deviation = nearestDeviation(known, similarities, { own, row, ...options })
      return withinRange(baseline, baselineOf(baseline, user, item) + deviation)
    },
  }
}

/** The mean deviation in `row`, over the columns most similar to `own`, by similarity; 0 where there is none. */
export function nearestDeviation(
  known: SparseRows,
  similarities: Float32Array,
  { own, row, neighbours, caution }: { own: number; row: number; neighbours: number; caution: number },
): number {
  const near: { weight: number; value: number }[] = []
  for (let at = known.start[row]!; at < known.start[row + 1]!; at++) {
    const other = known.index[at]!
    const weight = similarities[own * known.columns + other]!
    if (other !== own && weight > 0) near.push({ weight, value: known.value[at]! })
  }
  if (near.length > neighbours) near.sort((a, b) => b.weight - a.weight)
  let weights = caution
  let sum = 0
  for (const { weight, value } of near.slice(0, neighbours)) {
    weights += weight
    sum += weight * value
  }
  return weights > 0 ? sum / weights : 0
}
