import type { BinnedTable } from './binning'
import { addTreeScores, type Tree, TreeGrower } from './histogram-tree'
import { integer, type Random } from './random'

/** A random forest for a yes-or-no outcome (Breiman 2001): the mean of its trees' leaf shares is the probability. */
export interface Forest {
  readonly trees: readonly Tree[]
}

export interface ForestOptions {
  trees?: number
  /** The share of the rows that a tree sees, drawn without repeats (subagging, Bühlmann and Yu 2002). */
  sampleShare?: number
  /** Features looked at in each node; default: three fifths of them. */
  featuresPerNode?: number
  /** Rows a leaf holds at least; default: 1.5 % of what a tree sees, from 5 to 200. */
  leafRowsMin?: number
  depthMax?: number
  random: Random
}

const TREES = 200

/** Small samples make trees that differ, which averages better (and is faster) than bootstraps of everything. */
const SAMPLE_SHARE = 0.2
const SAMPLE_ROWS_MIN = 1000
const SAMPLE_SHARE_MAX = 0.632

/**
 * Grows a forest on binned rows with labels 0 or 1. The defaults were chosen by cross-validation on the telco table
 * (docs/models.md). The same seed gives the same forest.
 */
export function fitForest(table: BinnedTable, labels: ArrayLike<number>, options: ForestOptions): Forest {
  return { trees: growTrees(table, labels, options, { from: 0, to: options.trees ?? TREES }) }
}

/** Grows the trees `from` … `to` − 1 of a forest: however they are dealt out, together they are the same forest. */
export function growTrees(
  table: BinnedTable,
  labels: ArrayLike<number>,
  options: ForestOptions,
  { from, to }: { from: number; to: number },
): Tree[] {
  const { depthMax = 30, random } = options
  const sampleRows = sampleRowsOf(table.rows, options)
  const featuresPerNode = options.featuresPerNode ?? Math.ceil(0.6 * table.features)
  const leafRowsMin = options.leafRowsMin ?? Math.min(200, Math.max(5, Math.round(0.015 * sampleRows)))
  const grower = new TreeGrower(table, Float64Array.from(labels), new Float64Array(table.rows).fill(1))
  const deck = new Int32Array(table.rows)
  const grown: Tree[] = []
  for (let t = from; t < to; t++) {
    const own = random.fork(t)
    grown.push(grower.grow(draw(deck, sampleRows, own), { featuresPerNode, leafRowsMin, depthMax, random: own }))
  }
  return grown
}

/**
 * What the trees that did not see a row say of it, on average (Breiman 2001, section 3.1): an honest forecast of the
 * training rows without holding any out. NaN for a row that all trees saw.
 */
export function outOfBagProbabilities(forest: Forest, table: BinnedTable, options: ForestOptions): Float64Array {
  const sampleRows = sampleRowsOf(table.rows, options)
  const deck = new Int32Array(table.rows)
  const seen = new Uint8Array(table.rows)
  const sums = new Float64Array(table.rows)
  const counts = new Int32Array(table.rows)
  const scores = new Float64Array(table.rows)
  forest.trees.forEach((tree, t) => {
    seen.fill(0)
    for (const row of draw(deck, sampleRows, options.random.fork(t))) seen[row] = 1
    scores.fill(0)
    addTreeScores(tree, table, scores)
    for (let row = 0; row < table.rows; row++) {
      if (seen[row]) continue
      sums[row]! += scores[row]!
      counts[row]! += 1
    }
  })
  return sums.map((sum, row) => sum / counts[row]!)
}

function sampleRowsOf(rows: number, { sampleShare }: ForestOptions): number {
  const share = sampleShare ?? Math.max(SAMPLE_SHARE, Math.min(SAMPLE_SHARE_MAX, SAMPLE_ROWS_MIN / rows))
  return Math.max(1, Math.round(share * rows))
}

/** Draws rows without repeats: the first places of a partial shuffle of all of them. */
function draw(deck: Int32Array, count: number, random: Random): Int32Array {
  for (let row = 0; row < deck.length; row++) deck[row] = row
  for (let i = 0; i < count; i++) {
    const other = integer(random, i, deck.length - 1)
    const swap = deck[i]!
    deck[i] = deck[other]!
    deck[other] = swap
  }
  return deck.slice(0, count)
}

/** The probability of each row. */
export function forestProbabilities(forest: Forest, table: BinnedTable): Float64Array {
  const scores = new Float64Array(table.rows)
  for (const tree of forest.trees) addTreeScores(tree, table, scores)
  return scores.map((sum) => sum / forest.trees.length)
}
