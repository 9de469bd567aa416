import type { BasketHistory } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { addRowTo, dotsWithAll, squaredNorms, transposed, userVectors } from './next-basket-vectors'
import { selectBest } from './rank-board'

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
  const { ownShare } = options
  const vectors = frequencyVectors(history, options)
  const columns = transposed(vectors)
  const norms = squaredNorms(vectors)
  const byNorm = Int32Array.from(norms, (_, user) => user).sort((a, b) => norms[a]! - norms[b]! || a - b)
  const dots = new Float64Array(history.users)
  const near = new Int32Array(history.users)
  // Minus the squared distance, but for the user's own squared length, which is the same for all.
  const nearness = new Float64Array(history.users)
  return {
    scoreUser(user, board) {
      const touched = dotsWithAll(user, vectors, columns, dots, near)
      let count = 0
      let isOwn = false
      for (let k = 0; k < touched; k++) {
        const other = near[k]!
        nearness[other] = 2 * dots[other]! - norms[other]!
        if (other === user) isOwn = true
        else near[count++] = other
      }
      // Users who share no item are at a distance as well: the shortest vectors among them may be near.
      const sharing = touched - (isOwn ? 1 : 0)
      for (let k = 0; k < byNorm.length && count - sharing < options.neighbours; k++) {
        const other = byNorm[k]!
        if (other === user || dots[other] !== 0) continue
        nearness[other] = -norms[other]!
        near[count++] = other
      }
      for (let k = 0; k < sharing; k++) dots[near[k]!] = 0
      dots[user] = 0
      const kept = Math.min(options.neighbours, count)
      selectBest(near, count, kept, nearness)
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
