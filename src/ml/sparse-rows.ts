import type { SparseRows } from './spline-basis'

/** The rows of one matrix under those of another of the same columns. */
export function stackRows(upper: SparseRows, lower: SparseRows): SparseRows {
  const offset = upper.index.length
  const start = new Uint32Array(upper.rows + lower.rows + 1)
  start.set(upper.start)
  for (let row = 0; row <= lower.rows; row++) start[upper.rows + row] = offset + lower.start[row]!
  const index = new Uint32Array(offset + lower.index.length)
  index.set(upper.index)
  index.set(lower.index, offset)
  const value = new Float64Array(index.length)
  value.set(upper.value)
  value.set(lower.value, offset)
  return { rows: upper.rows + lower.rows, columns: upper.columns, start, index, value }
}

/** The rows for which `isKept` says so, in their order. */
export function selectRows(matrix: SparseRows, isKept: (row: number) => boolean): SparseRows {
  const start = new Uint32Array(matrix.rows + 1)
  const index = new Uint32Array(matrix.index.length)
  const value = new Float64Array(matrix.value.length)
  let rows = 0
  for (let row = 0; row < matrix.rows; row++) {
    if (!isKept(row)) continue
    const [from, to, at] = [matrix.start[row]!, matrix.start[row + 1]!, start[rows]!]
    index.set(matrix.index.subarray(from, to), at)
    value.set(matrix.value.subarray(from, to), at)
    rows += 1
    start[rows] = at + to - from
  }
  const end = start[rows]!
  return {
    rows,
    columns: matrix.columns,
    start: start.slice(0, rows + 1),
    index: index.slice(0, end),
    value: value.slice(0, end),
  }
}
