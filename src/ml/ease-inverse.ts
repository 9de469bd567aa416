/**
 * Inverts a symmetric positive definite matrix in place (row-major, size × size; only the lower triangle is read) by its
 * Cholesky factor: A = L Lᵀ, U = L⁻ᵀ, A⁻¹ = U Uᵀ. All three steps are dot products of contiguous rows, taken four rows
 * against two at a time so that each number loaded serves more than once. Throws where it is not positive definite.
 */
export function invertPositiveDefinite(matrix: Float64Array, size: number): void {
  factorise(matrix, size)
  const inverse = transposedInverse(matrix, size)
  multiplyBack(inverse, matrix, size)
}

/** Rows of a tile, and columns. */
const TALL = 4
const WIDE = 2

/** Dot products of rows `a + 0 … 3` of one matrix and `b + 0 … 1` of another over the columns from `from` up to `to`. */
function dots(
  left: Float64Array,
  a: number,
  right: Float64Array,
  b: number,
  range: { size: number; from: number; to: number },
  into: Float64Array,
): void {
  const { size, from, to } = range
  let [s00, s01, s10, s11, s20, s21, s30, s31] = [0, 0, 0, 0, 0, 0, 0, 0]
  const a1 = size
  const a2 = 2 * size
  const a3 = 3 * size
  const last = a * size + to
  let other = b * size + from
  for (let at = a * size + from; at < last; at++) {
    const y0 = right[other]!
    const y1 = right[other + size]!
    const x0 = left[at]!
    s00 += x0 * y0
    s01 += x0 * y1
    const x1 = left[at + a1]!
    s10 += x1 * y0
    s11 += x1 * y1
    const x2 = left[at + a2]!
    s20 += x2 * y0
    s21 += x2 * y1
    const x3 = left[at + a3]!
    s30 += x3 * y0
    s31 += x3 * y1
    other += 1
  }
  into[0] = s00
  into[1] = s01
  into[2] = s10
  into[3] = s11
  into[4] = s20
  into[5] = s21
  into[6] = s30
  into[7] = s31
}

/** One dot product, for what is left over at the edges. */
function dot(left: Float64Array, a: number, right: Float64Array, b: number, from: number, to: number, size: number) {
  let sum = 0
  for (let k = from; k < to; k++) sum += left[a * size + k]! * right[b * size + k]!
  return sum
}

/** The lower triangle becomes L. */
function factorise(matrix: Float64Array, size: number): void {
  const sums = new Float64Array(TALL * WIDE)
  for (let j = 0; j < size; j += WIDE) {
    const wide = Math.min(WIDE, size - j)
    // The tile on the diagonal, element by element.
    for (let c = j; c < j + wide; c++) {
      const pivot = matrix[c * size + c]! - dot(matrix, c, matrix, c, 0, c, size)
      if (!(pivot > 0)) throw new RangeError(`the matrix is not positive definite: pivot ${c} is ${pivot}`)
      matrix[c * size + c] = Math.sqrt(pivot)
      for (let r = c + 1; r < j + wide; r++) solveOne(matrix, r, c, dot(matrix, r, matrix, c, 0, c, size), size)
    }
    let i = j + wide
    for (; wide === WIDE && i + TALL <= size; i += TALL) {
      dots(matrix, i, matrix, j, { size, from: 0, to: j }, sums)
      for (let r = 0; r < TALL; r++) {
        solveOne(matrix, i + r, j, sums[WIDE * r]!, size)
        const rest = matrix[(i + r) * size + j]! * matrix[(j + 1) * size + j]!
        solveOne(matrix, i + r, j + 1, sums[WIDE * r + 1]! + rest, size)
      }
    }
    for (; i < size; i++) {
      for (let c = j; c < j + wide; c++) solveOne(matrix, i, c, dot(matrix, i, matrix, c, 0, c, size), size)
    }
  }
}

function solveOne(matrix: Float64Array, row: number, column: number, sum: number, size: number): void {
  matrix[row * size + column] = (matrix[row * size + column]! - sum) / matrix[column * size + column]!
}

/** U = L⁻ᵀ: row j holds the column j of L⁻¹, from its diagonal on. */
function transposedInverse(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  const sums = new Float64Array(TALL * WIDE)
  for (let j = 0; j < size; j += WIDE) {
    const wide = Math.min(WIDE, size - j)
    for (let c = j; c < j + wide; c++) {
      inverse[c * size + c] = 1 / factor[c * size + c]!
      for (let r = c + 1; r < j + wide; r++) {
        inverse[c * size + r] = -dot(factor, r, inverse, c, c, r, size) / factor[r * size + r]!
      }
    }
    let i = j + wide
    for (; wide === WIDE && i + TALL <= size; i += TALL) {
      // Row j + 1 is 0 at column j, so both rows may start there.
      dots(factor, i, inverse, j, { size, from: j, to: i }, sums)
      for (let r = 0; r < TALL; r++) {
        for (let c = 0; c < WIDE; c++) {
          let sum = sums[WIDE * r + c]!
          for (let k = i; k < i + r; k++) sum += factor[(i + r) * size + k]! * inverse[(j + c) * size + k]!
          inverse[(j + c) * size + i + r] = -sum / factor[(i + r) * size + i + r]!
        }
      }
    }
    for (; i < size; i++) {
      for (let c = j; c < j + wide; c++) {
        inverse[c * size + i] = -dot(factor, i, inverse, c, c, i, size) / factor[i * size + i]!
      }
    }
  }
  return inverse
}

/** U Uᵀ, both triangles. Rows of U are 0 before their diagonal, so a sum may start at the tile's first row. */
function multiplyBack(upper: Float64Array, into: Float64Array, size: number): void {
  const sums = new Float64Array(TALL * WIDE)
  for (let j = 0; j < size; j += WIDE) {
    const wide = Math.min(WIDE, size - j)
    let i = j
    for (; wide === WIDE && i + TALL <= size; i += TALL) {
      dots(upper, i, upper, j, { size, from: i, to: size }, sums)
      for (let r = 0; r < TALL; r++) {
        for (let c = 0; c < WIDE; c++) {
          into[(i + r) * size + j + c] = sums[WIDE * r + c]!
          into[(j + c) * size + i + r] = sums[WIDE * r + c]!
        }
      }
    }
    for (; i < size; i++) {
      for (let c = j; c < j + wide; c++) {
        const sum = dot(upper, i, upper, c, Math.max(i, c), size, size)
        into[i * size + c] = sum
        into[c * size + i] = sum
      }
    }
  }
}
