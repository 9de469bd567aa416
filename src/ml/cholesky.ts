/**
 * Replaces the lower triangle of a symmetric positive definite matrix (row-major, size × size) by its Cholesky factor L,
 * A = L Lᵀ. The upper triangle is not read. Throws where the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = matrix[i * size + j]!
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!
      if (i > j) {
        matrix[i * size + j] = sum / matrix[j * size + j]!
        continue
      }
      if (!(sum > 0)) throw new RangeError(`the matrix is not positive definite: pivot ${j} is ${sum}`)
      matrix[j * size + j] = Math.sqrt(sum)
    }
  }
}

/** Solves L Lᵀ x = b for the factor that `cholesky` left in `factor`. */
export function solveCholesky(factor: Float64Array, b: Float64Array, size: number): Float64Array {
  const x = b.slice()
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i * size + k]! * x[k]!
    x[i]! /= factor[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= factor[k * size + i]! * x[k]!
    x[i]! /= factor[i * size + i]!
  }
  return x
}
