/** So many members stand in every bin besides those counted, so that an empty one does not make the index infinite. */
const PRIOR = 0.5

/**
 * How far two distributions over the same bins lie apart: the population stability index, Σ (q − p) ln(q / p), the symmetric
 * form of Kullback and Leibler's divergence (1951). Below 0.1 they count as alike, from 0.25 on as different.
 */
export function populationStability(before: ArrayLike<number>, after: ArrayLike<number>): number {
  if (before.length !== after.length || before.length === 0) {
    throw new RangeError(`${before.length} bins before and ${after.length} after; both need the same, at least one`)
  }
  const sumOf = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, count) => sum + count + PRIOR, 0)
  const [sumBefore, sumAfter] = [sumOf(before), sumOf(after)]
  let index = 0
  for (let bin = 0; bin < before.length; bin++) {
    const p = (before[bin]! + PRIOR) / sumBefore
    const q = (after[bin]! + PRIOR) / sumAfter
    index += (q - p) * Math.log(q / p)
  }
  return index
}
