import { squaredNorms, transposed } from './next-basket-vectors'
import { type RatingBaseline, type Ratings, ratingMatrix } from './ratings'
import type { SparseRows } from './spline-basis'

export type Similarity = 'pearson' | 'cosine'

export interface SimilarityOptions {
  /**
   * Pearson compares deviations (each rating less its user's and item's offsets) over what both rated; cosine the same
   * over everything, as if the missing were 0.
   */
  similarity: Similarity
  /** A similarity over n shared ratings counts n / (n + shrinkage) of itself (Koren 2010). */
  shrinkage: number
}

/** Ratings less what the offsets explain, users × items. */
export function residuals(ratings: Ratings, { mean, userOffset, itemOffset }: RatingBaseline): SparseRows {
  return ratingMatrix(
    ratings,
    ratings.value.map((value, row) => value - mean - userOffset[ratings.user[row]!]! - itemOffset[ratings.item[row]!]!),
  )
}

/** The similarity of all pairs of rows, `rows` squared; 1 on the diagonal of rows that hold anything. */
export function rowSimilarities(matrix: SparseRows, { similarity, shrinkage }: SimilarityOptions): Float32Array {
  const { rows } = matrix
  const columns = transposed(matrix)
  const norms = squaredNorms(matrix)
  const result = new Float32Array(rows * rows)
  const products = new Float64Array(rows)
  const shared = new Float64Array(rows)
  const ownSquares = new Float64Array(rows)
  const otherSquares = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    for (const sums of [products, shared, ownSquares, otherSquares]) sums.fill(0)
    for (let at = matrix.start[row]!; at < matrix.start[row + 1]!; at++) {
      const column = matrix.index[at]!
      const own = matrix.value[at]!
      // Columns list their rows in order: only those up to this one are needed, the rest is symmetric.
      for (let entry = columns.start[column]!; entry < columns.start[column + 1]!; entry++) {
        const other = columns.index[entry]!
        if (other > row) break
        const value = columns.value[entry]!
        products[other]! += own * value
        shared[other]! += 1
        ownSquares[other]! += own * own
        otherSquares[other]! += value * value
      }
    }
    for (let other = 0; other <= row; other++) {
      const squares = similarity === 'pearson' ? ownSquares[other]! * otherSquares[other]! : norms[row]! * norms[other]!
      if (!(squares > 0)) continue
      const trust = shared[other]! / (shared[other]! + shrinkage)
      const one = other === row ? 1 : (trust * products[other]!) / Math.sqrt(squares)
      result[row * rows + other] = one
      result[other * rows + row] = one
    }
  }
  return result
}
