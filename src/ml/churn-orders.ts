import { stratifiedFolds } from './folds'
import { fitLogistic, type Logistic, logisticProbabilities } from './logistic'
import { auc } from './metrics'
import type { Random } from './random'
import { applySplineBasis, fitSplineBasis, type SplineBasis } from './spline-basis'
import { selectRows, type Table } from './table'

/** A way to set up the logistic regression: which features, how far it may bend, how strongly it is held back. */
export interface LogisticSetup {
  readonly features: readonly string[]
  readonly knots: number
  readonly penalty: number
}

export interface ChosenLogistic {
  readonly setup: LogisticSetup
  readonly basis: SplineBasis
  readonly model: Logistic
  /** AUC of the chosen set-up in the inner folds. */
  readonly innerAuc: number
}

const FEW = ['orders', 'daysSinceLast', 'daysSinceFirst', 'totalAmount']
const MORE = [...FEW, 'probabilityBuys', 'expectedOrders', 'meanAmount', 'orders91Days', 'orders182Days']
const MANY = [...MORE, 'meanGapDays', 'silenceInGaps', 'gapTrend', 'orders28Days', 'lastAmount', 'probabilityAlive']

/** From plain to bendable: with little data the plain ones win, with much the others. */
export const logisticSetups: readonly LogisticSetup[] = [FEW, MORE, MANY].flatMap((features) =>
  [3, 8].flatMap((knots) => [3, 30].map((penalty) => ({ features, knots, penalty }))),
)

const INNER_FOLDS = 5

/**
 * Chooses the set-up whose AUC in five inner folds is best, within the rows given (the test rows never take part), and
 * fits it on all of them. Labels are 0 or 1.
 */
export function chooseLogistic(table: Table, labels: Uint8Array, random: Random): ChosenLogistic {
  const folds = stratifiedFolds(labels, INNER_FOLDS, random)
  let best: { setup: LogisticSetup; innerAuc: number } | undefined
  for (const setup of logisticSetups) {
    const innerAuc = innerAucOf(withFeatures(table, setup.features), labels, folds, setup)
    if (!best || innerAuc > best.innerAuc) best = { setup, innerAuc }
  }
  const { setup, innerAuc } = best!
  const chosen = withFeatures(table, setup.features)
  const basis = fitSplineBasis(chosen, setup.knots)
  return { setup, innerAuc, basis, model: fitLogistic(applySplineBasis(basis, chosen), labels, setup) }
}

/** The probability of each row of a table with (at least) the chosen features. */
export function chosenProbabilities({ setup, basis, model }: ChosenLogistic, table: Table): Float64Array {
  return logisticProbabilities(model, applySplineBasis(basis, withFeatures(table, setup.features)))
}

function withFeatures(table: Table, features: readonly string[]): Table {
  const columns = features.map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (!column) throw new RangeError(`no feature "${name}" in the table`)
    return column
  })
  return { rows: table.rows, columns }
}

function innerAucOf(table: Table, labels: Uint8Array, folds: Uint8Array, setup: LogisticSetup): number {
  const scores = new Float64Array(table.rows)
  let sum = 0
  for (let fold = 0; fold < INNER_FOLDS; fold++) {
    const train: number[] = []
    const test: number[] = []
    for (let row = 0; row < table.rows; row++) (folds[row] === fold ? test : train).push(row)
    const trainTable = selectRows(table, train)
    const basis = fitSplineBasis(trainTable, setup.knots)
    const model = fitLogistic(
      applySplineBasis(basis, trainTable),
      train.map((row) => labels[row]!),
      setup,
    )
    const forecast = logisticProbabilities(model, applySplineBasis(basis, selectRows(table, test)))
    test.forEach((row, i) => {
      scores[row] = forecast[i]!
    })
    sum += auc(
      test.map((row) => labels[row]!),
      forecast,
    )
  }
  return sum / INNER_FOLDS
}
