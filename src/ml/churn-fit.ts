import { applyBinning, fitBinning } from './binning'
import type { ForestSetup } from './churn-forest'
import type { ChurnFit } from './churn-model'
import { type ChurnPool, growForest } from './churn-task'
import { fitLogistic } from './logistic'
import { applySplineBasis, fitSplineBasis, splineTerm } from './spline-basis'
import type { Column, Table } from './table'

/** A way to foretell who leaves, not yet fitted. */
export type ChurnCandidate =
  | { readonly name: string; readonly kind: 'bgnbd' }
  | { readonly name: string; readonly kind: 'logistic'; readonly knots: number; readonly penalty: number }
  | { readonly name: string; readonly kind: 'forest'; readonly leafShare: number; readonly featuresPerNode: number }

/** From plain to bendable. BG/NBD alone is among them where it could be fitted. */
export const churnCandidates: readonly ChurnCandidate[] = [
  { name: 'bgnbd', kind: 'bgnbd' },
  { name: 'logistic, held tight', kind: 'logistic', knots: 2, penalty: 1000 },
  { name: 'logistic, straight', kind: 'logistic', knots: 2, penalty: 100 },
  { name: 'logistic, bent', kind: 'logistic', knots: 5, penalty: 300 },
  { name: 'forest, coarse', kind: 'forest', leafShare: 0.03, featuresPerNode: 3 },
  { name: 'forest, fine', kind: 'forest', leafShare: 0.01, featuresPerNode: 6 },
]

const TREES = 100
const SAMPLE_SHARE = 0.5

/** Fits a candidate to rows with labels 0 or 1. Columns that say the same of everybody are left out. */
export async function fitCandidate(
  candidate: ChurnCandidate,
  rows: { table: Table; labels: Uint8Array },
  { pool, seed }: { pool: ChurnPool; seed: string },
): Promise<ChurnFit> {
  if (candidate.kind === 'bgnbd') return { kind: 'bgnbd' }
  const table = { rows: rows.table.rows, columns: rows.table.columns.filter(varies) }
  if (candidate.kind === 'logistic') return fitSplines(candidate, table, rows.labels)
  const binning = fitBinning(table)
  const setup: ForestSetup = {
    sampleShare: SAMPLE_SHARE,
    leafRowsMin: Math.max(5, Math.round(candidate.leafShare * table.rows)),
    featuresPerNode: candidate.featuresPerNode,
  }
  const binned = applyBinning(binning, table)
  const trees = await growForest(pool, { table: binned, labels: rows.labels, setup, seed, trees: TREES })
  return { kind: 'forest', names: table.columns.map(({ name }) => name), binning, trees }
}

function fitSplines(
  { knots, penalty }: { knots: number; penalty: number },
  table: Table,
  labels: Uint8Array,
): ChurnFit {
  const basis = fitSplineBasis(table, knots)
  const { intercept, weights } = fitLogistic(applySplineBasis(basis, table), labels, { penalty })
  const means = Float64Array.from(basis.columns, (column, c) => {
    let sum = 0
    for (const value of table.columns[c]!.values) sum += splineTerm(column, weights, value)
    return sum / table.rows
  })
  return { kind: 'logistic', basis, intercept, weights, means }
}

function varies({ values }: Column): boolean {
  const first = values[0]!
  for (const value of values) if (!Object.is(value, first)) return true
  return false
}
