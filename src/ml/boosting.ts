import { binOf, binsMax } from './binning'
import type { Loss } from './boosting-loss'
import { addTreeValues, type BinnedRows, growTree, type RegressionTree } from './boosting-tree'
import { integer, type Random } from './random'

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
  /** The share of rows that each tree sees (Friedman 2002). */
  rowShare?: number
  random: Random
}

/** Rows of raw features, row after row; NaN is missing. */
export interface FeatureRows {
  readonly rows: number
  readonly features: number
  readonly values: Float64Array | Float32Array
}

const ROWS_FOR_EDGES = 30_000

/** Gradient boosting of regression trees on histograms (Friedman 2001, with second derivatives as in Chen and Guestrin 2016). */
export function fitBoosting(table: FeatureRows, loss: Loss, options: BoostingOptions): Boosting {
  const { trees = 100, learningRate = 0.1, leavesMax = 31, leafWeightMin = 5, shrinkage = 1, rowShare = 0.7 } = options
  const { rows, features, values } = table
  const binned = binRows(table, options.random.fork('edges'))
  const { start } = loss
  const scores = new Float64Array(rows).fill(start)
  const gradient = new Float64Array(rows)
  const curvature = new Float64Array(rows)
  const deck = Int32Array.from({ length: rows }, (_, row) => row)
  const grown: RegressionTree[] = []
  for (let t = 0; t < trees && rows > 0; t++) {
    loss.derive(scores, gradient, curvature)
    const drawn = draw(deck, Math.ceil(rowShare * rows), options.random)
    const tree = growTree(binned, drawn, gradient, curvature, { leavesMax, leafWeightMin, shrinkage })
    for (let node = 0; node < tree.value.length; node++) tree.value[node]! *= learningRate
    addTreeValues(tree, values, { rows, features }, scores)
    grown.push(tree)
  }
  return { start, trees: grown }
}

/** Adds the score of each row to `scores`. */
export function scoreBoosting(
  { start, trees }: Boosting,
  { rows, features, values }: FeatureRows,
  scores: Float64Array,
): void {
  for (let row = 0; row < rows; row++) scores[row]! += start
  for (const tree of trees) addTreeValues(tree, values, { rows, features }, scores)
}

function draw(deck: Int32Array, count: number, random: Random): Int32Array {
  if (count >= deck.length) return deck.slice()
  for (let k = 0; k < count; k++) {
    const other = integer(random, k, deck.length - 1)
    const swap = deck[k]!
    deck[k] = deck[other]!
    deck[other] = swap
  }
  return deck.slice(0, count)
}

function binRows({ rows, features, values }: FeatureRows, random: Random): BinnedRows {
  const seen = draw(
    Int32Array.from({ length: rows }, (_, row) => row),
    Math.min(rows, ROWS_FOR_EDGES),
    random,
  )
  const edges = Array.from({ length: features }, (_, feature) =>
    edgesOf(Float64Array.from(seen, (row) => values[row * features + feature]!)),
  )
  const place = new Uint16Array(rows * features)
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < features; feature++) {
      const at = row * features + feature
      place[at] = 2 * (feature * binsMax + binOf(edges[feature]!, values[at]!))
    }
  }
  return { features, place, edges }
}

/**
 * Upper edges of bins of about equal size. A value is never cut in two, so one that fills more than a bin (a count of 0)
 * has a bin to itself, and the rest share what is left.
 */
function edgesOf(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
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
