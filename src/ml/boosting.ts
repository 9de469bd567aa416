import { binOf, binsMax } from './binning'
import type { Loss } from './boosting-loss'
import { addGrownValues, type BinnedRows, growTree, type RegressionTree } from './boosting-tree'
import type { Random } from './random'

/** Trees whose sum, added to the start, is a row's score (log-odds under the logistic loss). Tree values hold the learning rate already. */
export interface Boosting {
  readonly start: number
  readonly trees: readonly RegressionTree[]
}

export interface BoostingOptions {
  trees?: number
  learningRate?: number
  leavesMax?: number
  leafWeightMin?: number
  shrinkage?: number
  /** The share of rows, or of lists where rows stand in lists, that each tree sees (Friedman 2002). */
  rowShare?: number
  /** The share of features that each tree may split by. */
  featureShare?: number
  random: Random
}

/** Rows of raw features, row after row; NaN is missing. */
export interface FeatureRows {
  readonly rows: number
  readonly features: number
  readonly values: Float64Array | Float32Array
}

const ROWS_FOR_EDGES = 10_000

/** Gradient boosting of regression trees on histograms (Friedman 2001, with second derivatives as in Chen and Guestrin 2016). */
export function fitBoosting(table: FeatureRows, loss: Loss, options: BoostingOptions): Boosting {
  const { trees = 100, learningRate = 0.1, leavesMax = 31, leafWeightMin = 5, shrinkage = 1 } = options
  const { rowShare = 0.7, featureShare = 1, random } = options
  const { rows } = table
  const binned = binRows(table, random.fork('edges'))
  const { start, listStart } = loss
  const scores = new Float64Array(rows).fill(start)
  const gradient = new Float64Array(rows)
  const curvature = new Float64Array(rows)
  const units = listStart ? listStart.length - 1 : rows
  const grown: RegressionTree[] = []
  for (let t = 0; t < trees && rows > 0; t++) {
    const drawn = draw(units, Math.ceil(rowShare * units), random)
    const use = draw(table.features, Math.ceil(featureShare * table.features), random)
    loss.derive(scores, gradient, curvature, drawn)
    const seen = listStart ? rowsOf(drawn, listStart) : drawn
    const one = growTree(
      binned,
      seen,
      { gradient, curvature },
      {
        ...{ use, leavesMax, leafWeightMin, shrinkage },
      },
    )
    for (let node = 0; node < one.tree.value.length; node++) one.tree.value[node]! *= learningRate
    addGrownValues(one, binned, scores)
    grown.push(one.tree)
  }
  return { start, trees: grown }
}

/** The rows of these lists. */
function rowsOf(lists: Int32Array, listStart: ArrayLike<number>): Int32Array {
  const rows = new Int32Array(lists.reduce((sum, list) => sum + listStart[list + 1]! - listStart[list]!, 0))
  let next = 0
  for (const list of lists) for (let row = listStart[list]!; row < listStart[list + 1]!; row++) rows[next++] = row
  return rows
}

/** Draws `count` of `all` numbers, in ascending order (selection sampling, Knuth 1969, algorithm 3.4.2S). */
function draw(all: number, count: number, random: Random): Int32Array {
  const drawn = new Int32Array(Math.min(all, count))
  let next = 0
  for (let one = 0; one < all && next < drawn.length; one++) {
    if ((all - one) * random.next() < drawn.length - next) drawn[next++] = one
  }
  return drawn
}

function binRows({ rows, features, values }: FeatureRows, random: Random): BinnedRows {
  const seen = draw(rows, ROWS_FOR_EDGES, random)
  const column = new Float64Array(seen.length)
  const edges = Array.from({ length: features }, (_, feature) => {
    let known = 0
    for (let k = 0; k < seen.length; k++) {
      const value = values[seen[k]! * features + feature]!
      if (!Number.isNaN(value)) column[known++] = value
    }
    return edgesOf(column.subarray(0, known).sort())
  })
  const bins = new Uint8Array(rows * features)
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < features; feature++) {
      const at = row * features + feature
      bins[at] = binOf(edges[feature]!, values[at]!)
    }
  }
  return { features, bins, edges }
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
