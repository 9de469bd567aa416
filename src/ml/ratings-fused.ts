import { transposed } from './next-basket-vectors'
import { baselineOf, fitRatingBaseline, type RatingModel, type Ratings, withinRange } from './ratings'
import { nearestDeviation } from './ratings-knn'
import { residuals, rowSimilarities, type SimilarityOptions } from './ratings-similarity'

export interface FusedOptions extends SimilarityOptions {
  /** Nearest users and nearest items that are looked at. */
  users: number
  items: number
  /** How much ratings by like users of the same item count, against those by the user of like items, from 0 to 1. */
  userShare: number
  /** How much ratings by like users of like items count, against both of these, from 0 to 1. */
  fusedShare: number
  /** Added to the sums of similarities: a forecast with little behind it leans on the offsets. */
  caution: number
}

/** Chosen on a fold of MovieLens 100K. */
export const fusedDefaults: FusedOptions = {
  similarity: 'cosine',
  shrinkage: 20,
  users: 60,
  items: 30,
  userShare: 0.4,
  fusedShare: 0.2,
  caution: 0.3,
}

/**
 * Similarity fusion (Wang, de Vries and Reinders 2006, "Unifying user-based and item-based collaborative filtering
 * approaches by similarity fusion", equations 11 to 14): a rating is foretold from three sources, like users on this item
 * (SUR), this user on like items (SIR), and like users on like items (SUIR, weighted by both similarities), each as
 * Σ s (r − offsets) / Σ s around the offsets of user and item.
 */
export function fitFusedRatings(ratings: Ratings, options: FusedOptions = fusedDefaults): RatingModel {
  const baseline = fitRatingBaseline(ratings)
  const byUser = residuals(ratings, baseline)
  const { users, items } = ratings
  const userSimilarities = rowSimilarities(byUser, options)
  const itemSimilarities = rowSimilarities(transposed(byUser), options)
  const nearUsers = nearest(userSimilarities, users, options.users)
  const nearItems = nearest(itemSimilarities, items, options.items)
  const dense = new Float32Array(users * items).fill(Number.NaN)
  for (let user = 0; user < users; user++) {
    for (let at = byUser.start[user]!; at < byUser.start[user + 1]!; at++) {
      dense[user * items + byUser.index[at]!] = byUser.value[at]!
    }
  }
  const byItem = transposed(byUser)
  const { userShare, fusedShare, caution } = options
  return {
    predict(user, item) {
      const likeUsers = nearestDeviation(byItem, userSimilarities, {
        own: user,
        row: item,
        neighbours: options.users,
        caution,
      })
      const likeItems = nearestDeviation(byUser, itemSimilarities, {
        own: item,
        row: user,
        neighbours: options.items,
        caution,
      })
      let [sum, weights] = [0, caution]
      for (const otherUser of nearUsers[user]!) {
        const likeness = userSimilarities[user * users + otherUser]!
        for (const otherItem of nearItems[item]!) {
          const value = dense[otherUser * items + otherItem]!
          if (Number.isNaN(value)) continue
          // Both must be alike for their rating to count: the product of the two similarities.
          const weight = likeness * itemSimilarities[item * items + otherItem]!
          sum += weight * value
          weights += weight
        }
      }
      const both = weights > 0 ? sum / weights : 0
      const deviation = (1 - fusedShare) * (userShare * likeUsers + (1 - userShare) * likeItems) + fusedShare * both
      return withinRange(baseline, baselineOf(baseline, user, item) + deviation)
    },
  }
}

/** The others of largest positive similarity, for each row. */
function nearest(similarities: Float32Array, size: number, count: number): Uint32Array[] {
  return Array.from({ length: size }, (_, row) => {
    const own = similarities.subarray(row * size, (row + 1) * size)
    const others: number[] = []
    for (let other = 0; other < size; other++) if (other !== row && own[other]! > 0) others.push(other)
    others.sort((a, b) => own[b]! - own[a]! || a - b)
    return Uint32Array.from(others.slice(0, count))
  })
}
