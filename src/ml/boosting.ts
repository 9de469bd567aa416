import { binRows, draw, type FeatureRows, findEdges } from './boosting-bins'
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

/** Gradient boosting of regression trees on histograms (Friedman 2001, with second derivatives as in Chen and Guestrin 2016). */
export function fitBoosting(table: FeatureRows, loss: Loss, options: BoostingOptions): Boosting {
  return fitBoostingOnBins(binRows(table, findEdges([table], options.random.fork('edges'))), loss, options)
}

/** The same over rows that are in bins already. */
export function fitBoostingOnBins(binned: BinnedRows, loss: Loss, options: BoostingOptions): Boosting {
  const { trees = 100, learningRate = 0.1, leavesMax = 31, leafWeightMin = 5, shrinkage = 1 } = options
  const { rowShare = 0.7, featureShare = 1, random } = options
  const { rows, features } = binned
  const { start, listStart } = loss
  const scores = new Float64Array(rows).fill(start)
  const gradient = new Float64Array(rows)
  const curvature = new Float64Array(rows)
  const units = listStart ? listStart.length - 1 : rows
  const grown: RegressionTree[] = []
  for (let t = 0; t < trees && rows > 0; t++) {
    const drawn = draw(units, Math.ceil(rowShare * units), random)
    const use = draw(features, Math.ceil(featureShare * features), random)
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
    addGrownValues(one, binned, seen, scores)
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
