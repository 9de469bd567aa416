import type { Column, Table } from './table'

/** A sparse design matrix: row i has the entries start[i] … start[i + 1] − 1 of `index` (column) and `value`. */
export interface SparseRows {
  readonly rows: number
  readonly columns: number
  readonly start: Uint32Array
  readonly index: Uint32Array
  readonly value: Float64Array
}

/** How raw columns become a design matrix; learnt from training rows only. */
export interface SplineBasis {
  readonly columns: readonly ColumnBasis[]
  readonly width: number
}

export type ColumnBasis =
  | { readonly kind: 'category'; readonly name: string; readonly offset: number; readonly count: number }
  /** Hat functions over the knots, on the value and on its signed logarithm; the last place says "missing". */
  | {
      readonly kind: 'number'
      readonly name: string
      readonly offset: number
      readonly knots: Float64Array
      readonly logKnots: Float64Array
    }

/**
 * Learns a basis in which a linear model can bend: each number becomes a piecewise linear function of itself and of its
 * logarithm, with knots at the training rows' quantiles (a linear B-spline basis; Hastie, Tibshirani and Friedman 2009,
 * section 5.2). A row touches two places a scale, so the matrix stays sparse.
 */
export function fitSplineBasis(table: Table, knotCount = 12): SplineBasis {
  let offset = 0
  const columns = table.columns.map((column): ColumnBasis => {
    if (column.kind === 'category') {
      const basis = { kind: 'category' as const, name: column.name, offset, count: column.categories.length }
      offset += basis.count
      return basis
    }
    const sorted = column.values.filter((value) => !Number.isNaN(value)).sort()
    const knots = quantiles(sorted, knotCount)
    const logKnots = quantiles(sorted.map(signedLog), knotCount)
    const basis = { kind: 'number' as const, name: column.name, offset, knots, logKnots }
    offset += knots.length + logKnots.length + 1
    return basis
  })
  return { columns, width: offset }
}

/** The design matrix of a table. Values outside the training range count as its ends; unseen categories as none. */
export function applySplineBasis(basis: SplineBasis, table: Table): SparseRows {
  const perRowMax = basis.columns.reduce((sum, column) => sum + (column.kind === 'category' ? 1 : 4), 0)
  const writer = {
    start: new Uint32Array(table.rows + 1),
    index: new Uint32Array(table.rows * perRowMax),
    value: new Float64Array(table.rows * perRowMax),
    at: 0,
  }
  for (let row = 0; row < table.rows; row++) {
    for (let c = 0; c < basis.columns.length; c++) writeCell(writer, basis.columns[c]!, table.columns[c]!, row)
    writer.start[row + 1] = writer.at
  }
  const { start, index, value, at } = writer
  return { rows: table.rows, columns: basis.width, start, index: index.subarray(0, at), value: value.subarray(0, at) }
}

/** What one column adds to a linear score: the same as its places in the design matrix times `weights`, without the matrix. */
export function splineTerm(basis: ColumnBasis, weights: Float64Array, value: number): number {
  if (basis.kind === 'category') return value < basis.count ? weights[basis.offset + value]! : 0
  const { offset, knots, logKnots } = basis
  if (Number.isNaN(value)) return weights[offset + knots.length + logKnots.length]!
  return hatTerm(weights, offset, knots, value) + hatTerm(weights, offset + knots.length, logKnots, signedLog(value))
}

function hatTerm(weights: Float64Array, offset: number, knots: Float64Array, value: number): number {
  const last = knots.length - 1
  if (last < 0) return 0
  if (value <= knots[0]!) return weights[offset]!
  if (value >= knots[last]!) return weights[offset + last]!
  let high = 1
  while (knots[high]! < value) high += 1
  const share = (value - knots[high - 1]!) / (knots[high]! - knots[high - 1]!)
  return weights[offset + high - 1]! * (1 - share) + weights[offset + high]! * share
}

interface Writer {
  index: Uint32Array
  value: Float64Array
  at: number
}

function writeCell(writer: Writer, basis: ColumnBasis, column: Column, row: number): void {
  if (basis.kind === 'category') {
    const code = column.values[row]!
    if (code < basis.count) put(writer, basis.offset + code, 1)
    return
  }
  const value = column.values[row]!
  if (Number.isNaN(value)) {
    put(writer, basis.offset + basis.knots.length + basis.logKnots.length, 1)
    return
  }
  putHats(writer, basis.offset, basis.knots, value)
  putHats(writer, basis.offset + basis.knots.length, basis.logKnots, signedLog(value))
}

function putHats(writer: Writer, offset: number, knots: Float64Array, value: number): void {
  const last = knots.length - 1
  if (last < 0) return
  const inside = Math.min(Math.max(value, knots[0]!), knots[last]!)
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (knots[middle]! <= inside) low = middle
    else high = middle
  }
  const share = high > low ? (inside - knots[low]!) / (knots[high]! - knots[low]!) : 0
  if (share < 1) put(writer, offset + low, 1 - share)
  if (share > 0) put(writer, offset + high, share)
}

function put(writer: Writer, index: number, value: number): void {
  writer.index[writer.at] = index
  writer.value[writer.at] = value
  writer.at += 1
}

/** Distinct quantiles of sorted values, ends included. */
function quantiles(sorted: Float64Array, count: number): Float64Array {
  const knots: number[] = []
  for (let k = 0; k < count && sorted.length > 0; k++) {
    const knot = sorted[Math.round((k / (count - 1)) * (sorted.length - 1))]!
    if (knots.length === 0 || knot > knots[knots.length - 1]!) knots.push(knot)
  }
  return Float64Array.from(knots)
}

function signedLog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value))
}
