import type { BasketHistory } from './next-basket-history'
import type { ScoreSink } from './rank-board'
import type { SparseRows } from './spline-basis'

/** Members as sparse vectors over items, and what neighbourhoods need of them. Rows are users, columns items. */

/** Sparse rows that are only added to a board, as narrow as they can be: looking them up takes longer than adding them. */
export interface NarrowRows {
  readonly start: Uint32Array
  readonly index: Uint16Array | Uint32Array
  readonly value: Float32Array | Float64Array
}

/** The same rows in half the memory; values keep seven digits. */
export function narrowRows({ columns, start, index, value }: SparseRows): NarrowRows {
  return { start, index: narrowIndex(index, columns), value: Float32Array.from(value) }
}

/** Numbers below `end` in two bytes each where they fit. */
export function narrowIndex(index: Uint32Array, end: number): Uint16Array | Uint32Array {
  return end <= 1 << 16 ? Uint16Array.from(index) : index
}

/**
 * A vector a user: the sum over baskets of `weigh(position from the last, how many baskets)` for each item in the basket.
 * Baskets that weigh nothing leave no entry.
 */
export function userVectors(
  history: BasketHistory,
  weigh: (fromLast: number, baskets: number, basket: number) => number,
): SparseRows {
  const { users, items, userStart, basketStart, item } = history
  const start = new Uint32Array(users + 1)
  const index = new Uint32Array(item.length)
  const value = new Float64Array(item.length)
  const place = new Int32Array(items).fill(-1)
  let next = 0
  for (let user = 0; user < users; user++) {
    const [from, to] = [userStart[user]!, userStart[user + 1]!]
    const begin = next
    for (let basket = from; basket < to; basket++) {
      const weight = weigh(to - 1 - basket, to - from, basket)
      if (weight === 0) continue
      for (let at = basketStart[basket]!; at < basketStart[basket + 1]!; at++) {
        const one = item[at]!
        if (place[one]! < begin) {
          place[one] = next
          index[next] = one
          next += 1
        }
        value[place[one]!]! += weight
      }
    }
    start[user + 1] = next
  }
  return { rows: users, columns: items, start, index: index.slice(0, next), value: value.slice(0, next) }
}

/** Rows become columns and the other way round; each new row is in the order of the old rows. */
export function transposed({ rows, columns, start, index, value }: SparseRows): SparseRows {
  const newStart = new Uint32Array(columns + 1)
  for (let at = 0; at < index.length; at++) newStart[index[at]! + 1]! += 1
  for (let column = 0; column < columns; column++) newStart[column + 1]! += newStart[column]!
  const next = newStart.slice(0, columns)
  const newIndex = new Uint32Array(index.length)
  const newValue = new Float64Array(index.length)
  for (let row = 0; row < rows; row++) {
    for (let at = start[row]!; at < start[row + 1]!; at++) {
      const place = next[index[at]!]!++
      newIndex[place] = row
      newValue[place] = value[at]!
    }
  }
  return { rows: columns, columns: rows, start: newStart, index: newIndex, value: newValue }
}

/** The sum of squares of each row. */
export function squaredNorms({ rows, start, value }: SparseRows): Float64Array {
  const norms = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    for (let at = start[row]!; at < start[row + 1]!; at++) norms[row]! += value[at]! * value[at]!
  }
  return norms
}

/** Adds a multiple of one row to the board. */
export function addRowTo({ start, index, value }: NarrowRows, row: number, weight: number, board: ScoreSink): void {
  board.addScaled(index, value, start[row]!, start[row + 1]!, weight)
}

/** Adds the dot products of one row with all rows that share a column with it to a board of rows, by the columns it holds. */
export function addDotsTo(matrix: NarrowRows, columns: NarrowRows, row: number, board: ScoreSink): void {
  for (let at = matrix.start[row]!; at < matrix.start[row + 1]!; at++) {
    addRowTo(columns, matrix.index[at]!, matrix.value[at]!, board)
  }
}
