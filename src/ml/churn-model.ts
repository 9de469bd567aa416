import type { BgNbd } from './bgnbd'
import { applyBinning, type BinnedTable, type Binning } from './binning'
import { churnThemes, themeOf, valuesOf } from './churn-features'
import type { GammaGamma } from './gamma-gamma'
import { addTreeMoves, addTreeScores, type Tree } from './histogram-tree'
import { type Calibration, calibrated } from './platt'
import { type SplineBasis, splineTerm } from './spline-basis'
import { type Column, sliceRows, type Table } from './table'

/** One way to foretell who leaves, fitted. Its scores are chances of leaving, before calibration. */
export type ChurnFit =
  /** One minus BG/NBD's own chance of a purchase within the foretold days. */
  | { readonly kind: 'bgnbd' }
  /** `means` holds the mean over the training rows of what each column adds to the log-odds. */
  | {
      readonly kind: 'logistic'
      readonly basis: SplineBasis
      readonly intercept: number
      readonly weights: Float64Array
      readonly means: Float64Array
    }
  | {
      readonly kind: 'forest'
      readonly names: readonly string[]
      readonly binning: Binning
      readonly trees: readonly Tree[]
    }

/** What is kept of a training, and all that scoring needs beside the features. */
export interface ChurnModel {
  readonly fit: ChurnFit
  readonly calibration: Calibration
  /** Fitted to everything up to the books date, for P(alive) and what to expect; absent where it could not be fitted. */
  readonly bgnbd?: BgNbd
  /** In minor units; absent where it could not be fitted. */
  readonly gammaGamma?: GammaGamma
  readonly gapDays: number
  readonly rhythmDaysMin: number
  readonly rhythmDaysMax: number
}

/** Chances of leaving, and how much each theme (see `churnThemes`) speaks for it: row r's are `pull[r * themes + t]`. */
export interface ChurnScores {
  readonly risk: Float64Array
  readonly pull: Float32Array
}

const BLOCK_ROWS = 4096
/** Which themes pull at a row is told well enough by every fourth tree. */
const MOVES_EVERY = 4

/** Scores the rows `from` … `to` − 1 of the churn features, calibrated, with what speaks for leaving. */
export function scoreChurn(model: ChurnModel, table: Table, { from, to }: { from: number; to: number }): ChurnScores {
  const risk = new Float64Array(to - from)
  const pull = new Float32Array((to - from) * churnThemes.length)
  for (let start = from; start < to; start += BLOCK_ROWS) {
    const end = Math.min(to, start + BLOCK_ROWS)
    scoreBlock(model.fit, sliceRows(table, start, end), {
      risk: risk.subarray(start - from, end - from),
      pull: pull.subarray((start - from) * churnThemes.length, (end - from) * churnThemes.length),
    })
  }
  for (let row = 0; row < risk.length; row++) risk[row] = calibrated(model.calibration, risk[row]!)
  return { risk, pull }
}

function scoreBlock(fit: ChurnFit, table: Table, scores: ChurnScores): void {
  if (fit.kind === 'bgnbd') scoreBgNbd(table, scores)
  else if (fit.kind === 'logistic') scoreLogistic(fit, table, scores)
  else scoreForest(fit, table, scores)
}

function scoreBgNbd(table: Table, { risk, pull }: ChurnScores): void {
  const buys = valuesOf(table, 'probabilityBuys')
  const theme = churnThemes.indexOf('silence')
  for (let row = 0; row < table.rows; row++) {
    risk[row] = 1 - buys[row]!
    pull[row * churnThemes.length + theme] = risk[row]!
  }
}

function scoreLogistic(fit: Extract<ChurnFit, { kind: 'logistic' }>, table: Table, { risk, pull }: ChurnScores): void {
  const width = churnThemes.length
  risk.fill(fit.intercept)
  fit.basis.columns.forEach((basis, c) => {
    const column = columnOf(table, basis.name)
    const theme = themeOf(basis.name)
    for (let row = 0; row < table.rows; row++) {
      const term = splineTerm(basis, fit.weights, column.values[row]!)
      risk[row]! += term
      pull[row * width + theme]! += term - fit.means[c]!
    }
  })
  for (let row = 0; row < table.rows; row++) risk[row] = 1 / (1 + Math.exp(-risk[row]!))
}

function scoreForest(fit: Extract<ChurnFit, { kind: 'forest' }>, table: Table, { risk, pull }: ChurnScores): void {
  const columns = fit.names.map((name) => columnOf(table, name))
  const binned: BinnedTable = applyBinning(fit.binning, { rows: table.rows, columns })
  const themes = Uint8Array.from(fit.names, themeOf)
  const width = churnThemes.length
  fit.trees.forEach((tree, t) => {
    if (t % MOVES_EVERY === 0) addTreeMoves(tree, binned, { scores: risk, moves: pull, groups: themes, width })
    else addTreeScores(tree, binned, risk)
  })
  for (let row = 0; row < table.rows; row++) risk[row]! /= fit.trees.length
}

function columnOf(table: Table, name: string): Column {
  const found = table.columns.find((column) => column.name === name)
  if (!found) throw new RangeError(`no feature "${name}" in the table`)
  return found
}
