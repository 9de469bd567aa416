import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { addDotsTo, addRowTo, squaredNorms, transposed, userVectors } from './next-basket-vectors'
import { ScoreBoard } from './rank-board'

export interface TifuKnnOptions {
  neighbours: number
  /** Baskets a group. */
  groupSize: number
  /** What a basket loses for each later one in its group. */
  withinDecay: number
  /** What a group loses for each later one. */
  groupDecay: number
  /** The user's own share of a score; the neighbours have the rest. */
  ownShare: number
}

/** Chosen on Ta-Feng's baskets before the last. */
export const tifuKnnDefaults: TifuKnnOptions = {
  neighbours: 300,
  groupSize: 7,
  withinDecay: 1,
  groupDecay: 0.9,
  ownShare: 0.2,
}

/**
 * TIFU-kNN: temporal item frequencies of the user and of the nearest users (Hu, He, Gao and Zhang 2020, "Modeling
 * personalized item frequency information for next-basket recommendation", equations 1 to 4). Baskets are grouped from
 * the last one back; nearness is Euclidean.
 */
export function fitTifuKnn(history: BasketHistory, options: TifuKnnOptions = tifuKnnDefaults): NextBasketModel {
  const { ownShare, neighbours } = options
  const vectors = frequencyVectors(history, options)
  const columns = transposed(vectors)
  const norms = squaredNorms(vectors)
  const byNorm = Int32Array.from(norms, (_, user) => user).sort((a, b) => norms[a]! - norms[b]! || a - b)
  const shortest = Float64Array.from(byNorm, (user) => norms[user]!)
  // Minus the squared distance, but for the user's own squared length, which is the same for all.
  const nearness = new ScoreBoard(history.users)
  const near = new Int32Array(Math.min(neighbours, history.users))
  const farthest = (count: number) => {
    let least = Number.POSITIVE_INFINITY
    for (let k = 0; k < count; k++) least = Math.min(least, nearness.values[near[k]!]!)
    return least
  }
  return {
    scoreUser(user, board) {
      addDotsTo(vectors, columns, user, nearness)
      const { values, touched } = nearness
      for (let k = 0; k < nearness.count; k++) {
        const other = touched[k]!
        values[other] = 2 * values[other]! - norms[other]!
      }
      nearness.add(user, 0)
      values[user] = Number.NEGATIVE_INFINITY
      // All but the user.
      let kept = nearness.best(Math.min(neighbours, nearness.count - 1), near)
      // Users who share no item are at a distance as well: the shortest vectors among them may be near.
      const least = kept < neighbours ? Number.NEGATIVE_INFINITY : farthest(kept)
      for (let k = 0, added = 0; k < byNorm.length && added < neighbours && -shortest[k]! >= least; k++) {
        if (nearness.has(byNorm[k]!)) continue
        nearness.add(byNorm[k]!, -shortest[k]!)
        added += 1
      }
      kept = nearness.best(Math.min(neighbours, nearness.count - 1), near)
      nearness.clear()
      addRowTo(vectors, user, ownShare, board)
      for (let k = 0; k < kept; k++) addRowTo(vectors, near[k]!, (1 - ownShare) / kept, board)
    },
  }
}

/** A basket's weight is withinDecay^(baskets after it in its group) / group size × groupDecay^(groups after it) / groups. */
function frequencyVectors(history: BasketHistory, { groupSize, withinDecay, groupDecay }: TifuKnnOptions) {
  return userVectors(history, (fromLast, baskets) => {
    const group = Math.floor(fromLast / groupSize)
    const groups = Math.ceil(baskets / groupSize)
    const size = group === groups - 1 ? baskets - group * groupSize : groupSize
    return ((withinDecay ** (fromLast % groupSize) / size) * groupDecay ** group) / groups
  })
}
