import { binOf, binsMax } from './binning'
import type { BinnedRows } from './boosting-tree'
import type { Random } from './random'

/** Rows of raw features, row after row; NaN is missing. */
export interface FeatureRows {
  readonly rows: number
  readonly features: number
  readonly values: Float64Array | Float32Array
}

const ROWS_FOR_EDGES = 10_000

/** Upper edges of each feature's bins, from rows drawn from all `tables`, which have the same features. */
export function findEdges(tables: readonly FeatureRows[], random: Random): Float64Array[] {
  const seen = draw(
    tables.reduce((sum, { rows }) => sum + rows, 0),
    ROWS_FOR_EDGES,
    random,
  )
  const column = new Float64Array(seen.length)
  return Array.from({ length: tables[0]?.features ?? 0 }, (_, feature) => {
    let known = 0
    let [table, first] = [0, 0]
    for (let k = 0; k < seen.length; k++) {
      while (seen[k]! - first >= tables[table]!.rows) first += tables[table++]!.rows
      const { values, features } = tables[table]!
      const value = values[(seen[k]! - first) * features + feature]!
      if (!Number.isNaN(value)) column[known++] = value
    }
    return edgesOf(column.subarray(0, known).sort())
  })
}

/** Puts rows into bins, in memory that threads can hand to one another. */
export function binRows({ rows, features, values }: FeatureRows, edges: readonly Float64Array[]): BinnedRows {
  const bins = new Uint8Array(new SharedArrayBuffer(rows * features))
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < features; feature++) {
      const at = row * features + feature
      bins[at] = binOf(edges[feature]!, values[at]!)
    }
  }
  return { rows, features, bins, edges }
}

/** Draws `count` of `all` numbers, in ascending order (selection sampling, Knuth 1969, algorithm 3.4.2S). */
export function draw(all: number, count: number, random: Random): Int32Array {
  const drawn = new Int32Array(Math.min(all, count))
  let next = 0
  for (let one = 0; one < all && next < drawn.length; one++) {
    if ((all - one) * random.next() < drawn.length - next) drawn[next++] = one
  }
  return drawn
}

/**
 * Upper edges of bins of about equal size for sorted values. A value is never cut in two, so one that fills more than a bin (a count of 0)
 * has a bin to itself, and the rest share what is left.
 */
function edgesOf(sorted: Float64Array): Float64Array {
  const edges: number[] = []
  let from = 0
  for (let at = 1; at < sorted.length && edges.length < binsMax - 2; at++) {
    if (sorted[at]! === sorted[at - 1]!) continue
    // What is left is shared by the bins that are left.
    if (at - from >= (sorted.length - from) / (binsMax - 1 - edges.length)) {
      edges.push((sorted[at - 1]! + sorted[at]!) / 2)
      from = at
    }
  }
  return Float64Array.from(edges)
}
