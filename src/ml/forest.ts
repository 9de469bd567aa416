import type { BinnedTable } from './binning'
import { addTreeScores, type Tree, TreeGrower } from './histogram-tree'
import { integer, type Random } from './random'

/** A random forest for a yes-or-no outcome (Breiman 2001): the mean of its trees' leaf shares is the probability. */
export interface Forest {
  readonly trees: readonly Tree[]
}

export interface ForestOptions {
  trees?: number
  /** Features looked at in each node; default: two fifths of them. Few, large leaves bear more than the usual square root. */
  featuresPerNode?: number
  /** Rows a leaf holds at least; default: a hundredth of the rows, from 5 to 200. */
  leafRowsMin?: number
  depthMax?: number
  random: Random
}

/** Grows a forest on binned rows with labels 0 or 1, each tree on a bootstrap sample of its own. */
export function fitForest(table: BinnedTable, labels: ArrayLike<number>, options: ForestOptions): Forest {
  const { trees = 200, depthMax = 30, random } = options
  const featuresPerNode = options.featuresPerNode ?? Math.ceil(0.4 * table.features)
  const leafRowsMin = options.leafRowsMin ?? Math.min(200, Math.max(5, Math.round(table.rows / 100)))
  const grower = new TreeGrower(table, Float64Array.from(labels), new Float64Array(table.rows).fill(1))
  const grown: Tree[] = []
  for (let t = 0; t < trees; t++) {
    // A stream for each tree: the forest is the same however its trees are shared out over threads.
    const own = random.fork(t)
    const rows = Int32Array.from({ length: table.rows }, () => integer(own, 0, table.rows - 1))
    grown.push(grower.grow(rows, { featuresPerNode, leafRowsMin, depthMax, random: own }))
  }
  return { trees: grown }
}

/** The probability of each row. */
export function forestProbabilities(forest: Forest, table: BinnedTable): Float64Array {
  const scores = new Float64Array(table.rows)
  for (const tree of forest.trees) addTreeScores(tree, table, scores)
  return scores.map((sum) => sum / forest.trees.length)
}
