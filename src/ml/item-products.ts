import type { SparseRows } from './spline-basis'

/**
 * Products of all items with one another, made at once. Each pair of entries of a row is met once, not twice as when one
 * item is taken after another, and where all values are 1 they are counted as whole numbers.
 */
export function denseProducts(matrix: SparseRows): (
  item: number,
  near: Int32Array,
) => {
  sums: Float64Array
  count: number
} {
  const { columns } = matrix
  const square = pairProducts(matrix)
  return (item, near) => {
    const sums = square.subarray(item * columns, (item + 1) * columns)
    let count = 0
    for (let other = 0; other < columns; other++) if (sums[other] !== 0) near[count++] = other
    return { sums, count }
  }
}

/** XᵀX without its diagonal. */
function pairProducts(matrix: SparseRows): Float64Array {
  const { columns, start, index, value } = matrix
  const places = entriesByColumn(matrix)
  const isOnes = value.every((one) => one === 1)
  const counts = new Int32Array(isOnes ? columns : 0)
  const sums = new Float64Array(isOnes ? 0 : columns)
  const square = new Float64Array(columns * columns)
  for (let item = 0; item < columns; item++) {
    const [from, to] = [places.start[item]!, places.start[item + 1]!]
    if (isOnes) countAfter(places, from, to, index, counts)
    else sumAfter(places, from, to, { start, index, value }, sums)
    const found = isOnes ? counts : sums
    for (let other = 0; other < columns; other++) {
      if (found[other] === 0) continue
      if (other !== item) {
        // A row lists its items in any order: one pair may come either way round.
        square[item * columns + other]! += found[other]!
        square[other * columns + item]! += found[other]!
      }
      found[other] = 0
    }
  }
  return square
}

interface Entries {
  /** Entries of column c: `start[c]` up to, not including, `start[c + 1]`. */
  start: Uint32Array
  /** Where each stands in the matrix, and where its row ends. */
  place: Uint32Array
  end: Uint32Array
}

function entriesByColumn({ rows, columns, start, index }: SparseRows): Entries {
  const newStart = new Uint32Array(columns + 1)
  for (let at = 0; at < index.length; at++) newStart[index[at]! + 1]! += 1
  for (let column = 0; column < columns; column++) newStart[column + 1]! += newStart[column]!
  const next = newStart.slice(0, columns)
  const place = new Uint32Array(index.length)
  const ends = new Uint32Array(index.length)
  for (let row = 0; row < rows; row++) {
    const end = start[row + 1]!
    for (let at = start[row]!; at < end; at++) {
      const to = next[index[at]!]!++
      place[to] = at
      ends[to] = end
    }
  }
  return { start: newStart, place, end: ends }
}

function countAfter({ place, end }: Entries, from: number, to: number, index: Uint32Array, counts: Int32Array): void {
  for (let entry = from; entry < to; entry++) {
    const last = end[entry]!
    for (let at = place[entry]! + 1; at < last; at++) counts[index[at]!]! += 1
  }
}

function sumAfter(
  { place, end }: Entries,
  from: number,
  to: number,
  { index, value }: Pick<SparseRows, 'start' | 'index' | 'value'>,
  sums: Float64Array,
): void {
  for (let entry = from; entry < to; entry++) {
    const last = end[entry]!
    const weight = value[place[entry]!]!
    for (let at = place[entry]! + 1; at < last; at++) sums[index[at]!]! += weight * value[at]!
  }
}
