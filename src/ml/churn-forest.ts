import { applyBinning, type Binning, fitBinning } from './binning'
import { type Forest, fitForest, forestProbabilities, outOfBagProbabilities } from './forest'
import { auc, aucDeviation } from './metrics'
import { type Calibration, calibrated, fitCalibration } from './platt'
import type { Random } from './random'
import type { Table } from './table'

/** A way to set up the forest: the share of rows a tree sees, how small its leaves are, how many features a split sees. */
export interface ForestSetup {
  readonly sampleShare: number
  readonly leafRowsMin: number
  readonly featuresPerNode: number
}

export interface ChosenForest {
  readonly setup: ForestSetup
  readonly binning: Binning
  readonly forest: Forest
  /** Large leaves and averages pull chances to the middle; learnt from what trees say of rows they did not see. */
  readonly calibration: Calibration
  /** AUC of the chosen set-up over the rows that its trees did not see. */
  readonly outOfBagAuc: number
}

/** Whom a leaf groups must be many, or the forest learns chance: buying again is mostly chance (see docs/models.md). */
const LEAF_SHARES = [0.06, 0.03, 0.015]
const LEAF_ROWS_MIN = 10
const LEAF_ROWS_MAX = 2000
const FEATURES_PER_NODE = [4, 2]
const SAMPLE_SHARE = 0.5

/** From coarse to fine, for this many rows. */
export function forestSetups(rows: number): ForestSetup[] {
  return LEAF_SHARES.flatMap((share) =>
    FEATURES_PER_NODE.map((featuresPerNode) => ({
      sampleShare: SAMPLE_SHARE,
      leafRowsMin: Math.round(Math.min(LEAF_ROWS_MAX, Math.max(LEAF_ROWS_MIN, share * rows))),
      featuresPerNode,
    })),
  )
}

/** Set-ups score much alike on the same rows, so the difference of two AUCs varies by about half of what one does. */
const CHANCE_SHARE = 0.5

/**
 * Chooses the coarsest set-up whose out-of-bag AUC is no worse than the best one's by more than chance (Breiman et al.
 * 1984, the one-standard-error rule), within the rows given (the test rows never take part), by small forests, and grows
 * a forest of `trees` with it.
 */
export function chooseForest(
  table: Table,
  labels: Uint8Array,
  { random, trees = 500, trialTrees = 200 }: { random: Random; trees?: number; trialTrees?: number },
): ChosenForest {
  const binning = fitBinning(table)
  const binned = applyBinning(binning, table)
  const tried: { setup: ForestSetup; outOfBagAuc: number }[] = []
  for (const setup of forestSetups(table.rows)) {
    const options = { ...setup, trees: trialTrees, random }
    const trial = fitForest(binned, labels, options)
    const outOfBagAuc = auc(labels, outOfBagProbabilities(trial, binned, options))
    tried.push({ setup, outOfBagAuc })
  }
  const best = Math.max(...tried.map((each) => each.outOfBagAuc))
  const least = best - CHANCE_SHARE * aucDeviation(best, labels)
  // With one class only no AUC is a number, and the coarsest is as good as any.
  const { setup, outOfBagAuc } = tried.find((each) => each.outOfBagAuc >= least) ?? tried[0]!
  const options = { ...setup, trees, random }
  const forest = fitForest(binned, labels, options)
  const calibration = fitCalibration(labels, outOfBagProbabilities(forest, binned, options))
  return { setup, outOfBagAuc, binning, forest, calibration }
}

/** The probability of each row of a table with the same columns. */
export function chosenForestProbabilities(chosen: ChosenForest, table: Table): Float64Array {
  const { binning, forest, calibration } = chosen
  return forestProbabilities(forest, applyBinning(binning, table)).map((score) => calibrated(calibration, score))
}
