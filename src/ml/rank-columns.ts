import { orderOf } from './boosting-scorer'

/** Above the order of any number. */
const ABOVE = 2 ** 30

/**
 * Writes columns of features for one user's candidates: scores are given for all of them, since ranks are among all, and
 * are written for those that are kept.
 */
export function openColumns(values: Float32Array, features: number) {
  const candidatesMax = values.length / features
  /** Where the kept candidates stand among all; a row of `values` each. */
  const kept = { count: 0, place: new Uint32Array(candidatesMax) }
  // Whole numbers of the order of the scores are searched without a branch, which could not be foreseen.
  const short = new Float32Array(candidatesMax)
  const bits = new Int32Array(short.buffer)
  const orders = new Int32Array(candidatesMax)
  const halves = Math.ceil(Math.log2(candidatesMax + 1))
  const sorted = new Int32Array(2 ** halves)
  let all = 0
  /** Ranks from 0 in column `at`, equal scores sharing the best one; gives the best score. */
  const writeRanks = (scores: Float64Array, at: number): number => {
    let best = Number.NEGATIVE_INFINITY
    for (let k = 0; k < all; k++) {
      best = Math.max(best, scores[k]!)
      short[k] = scores[k]!
    }
    for (let k = 0; k < all; k++) orders[k] = orderOf(bits[k]!)
    sorted.set(orders)
    sorted.fill(ABOVE, all).subarray(0, all).sort()
    for (let row = 0; row < kept.count; row++) {
      const order = orders[kept.place[row]!]!
      let low = 0
      // The sign of the difference says whether a number lies above this one.
      for (let half = sorted.length >> 1; half > 0; half >>= 1) {
        low += half & ((sorted[low + half - 1]! - order - 1) >> 31)
      }
      values[row * features + at] = all - low
    }
    return best
  }
  return {
    kept,
    /** Starts on a user with `count` candidates. */
    load(count: number, isKept: (place: number) => boolean): void {
      all = count
      kept.count = 0
      for (let k = 0; k < count; k++) if (isKept(k)) kept.place[kept.count++] = k
    },
    writeRanks,
    /** The share of the best score, the rank and the score itself, in three columns from `at`. */
    writeExpert(scores: Float64Array, at: number): void {
      const best = writeRanks(scores, at + 1)
      for (let row = 0; row < kept.count; row++) {
        const score = scores[kept.place[row]!]!
        values[row * features + at] = best > 0 ? score / best : 0
        values[row * features + at + 2] = score
      }
    },
  }
}
