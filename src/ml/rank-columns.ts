/**
 * Writes columns of features for one user's candidates: scores are given for all of them, since ranks are among all, and
 * are written for those that are kept.
 */
export function openColumns(values: Float32Array, features: number) {
  const candidatesMax = values.length / features
  /** Where the kept candidates stand among all; a row of `values` each. */
  const kept = { count: 0, place: new Uint32Array(candidatesMax) }
  const sorted = new Float64Array(candidatesMax)
  let all = 0
  /** Ranks from 0 in column `at`, equal scores sharing the best one; gives the best score. */
  const writeRanks = (scores: Float64Array, at: number): number => {
    if (all === 0) return 0
    const order = sorted.subarray(0, all)
    for (let k = 0; k < all; k++) order[k] = scores[k]!
    order.sort()
    for (let row = 0; row < kept.count; row++) {
      const score = scores[kept.place[row]!]!
      let low = 0
      let high = all
      while (low < high) {
        const middle = (low + high) >> 1
        if (order[middle]! > score) high = middle
        else low = middle + 1
      }
      values[row * features + at] = all - low
    }
    return order[all - 1]!
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
