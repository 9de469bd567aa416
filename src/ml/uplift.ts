import { fitLogistic, type Logistic, logisticProbabilities } from './logistic'
import { integer, type Random } from './random'
import { applySplineBasis, fitSplineBasis, type SparseRows, type SplineBasis } from './spline-basis'
import { selectRows, type Table } from './table'

/** A model of what a treatment changes for whom. */
export interface SLearner {
  readonly basis: SplineBasis
  readonly model: Logistic
}

/**
 * One model of the outcome with the treatment among its features (the S-learner of Künzel, Sekhon, Bickel and Yu 2019):
 * logistic regression on a spline basis, with each of its columns once more for the treated. The penalty holds back what
 * the data do not clearly show.
 * @param treated 1 for who was treated, else 0
 * @param labels 1 for who did what the treatment is for, else 0
 */
export function fitSLearner(
  table: Table,
  treated: Uint8Array,
  labels: Uint8Array,
  { penalty = 300, knots = 4 }: { penalty?: number; knots?: number } = {},
): SLearner {
  const basis = fitSplineBasis(table, knots)
  const model = fitLogistic(withTreatment(applySplineBasis(basis, table), treated), labels, { penalty })
  return { basis, model }
}

/** By how much the treatment raises the chance of each row. */
export function upliftOf({ basis, model }: SLearner, table: Table): Float64Array {
  const rows = applySplineBasis(basis, table)
  const without = logisticProbabilities(model, withTreatment(rows, new Uint8Array(table.rows)))
  const uplift = logisticProbabilities(model, withTreatment(rows, new Uint8Array(table.rows).fill(1)))
  for (let row = 0; row < uplift.length; row++) uplift[row]! -= without[row]!
  return uplift
}

/** Appends to each row, for the treated, the treatment itself and the row's own columns once more. */
function withTreatment({ rows, columns, start, index, value }: SparseRows, treated: Uint8Array): SparseRows {
  const wide = { rows, columns: 2 * columns + 1, start: new Uint32Array(rows + 1) }
  const entries = index.length
  const wideIndex = new Uint32Array(2 * entries + rows)
  const wideValue = new Float64Array(2 * entries + rows)
  let at = 0
  for (let row = 0; row < rows; row++) {
    const [from, to] = [start[row]!, start[row + 1]!]
    wideIndex.set(index.subarray(from, to), at)
    wideValue.set(value.subarray(from, to), at)
    at += to - from
    if (treated[row] === 1) {
      wideIndex[at] = columns
      wideValue[at++] = 1
      for (let k = from; k < to; k++) {
        wideIndex[at] = columns + 1 + index[k]!
        wideValue[at++] = value[k]!
      }
    }
    wide.start[row + 1] = at
  }
  return { ...wide, index: wideIndex.subarray(0, at), value: wideValue.subarray(0, at) }
}

/**
 * The Qini coefficient (Radcliffe 2007): the area between the curve of additional successes when the best are treated
 * first, and the straight line of treating at random; a treated member's worth. Above 0 the order is better than chance.
 */
export function qini(uplift: Float64Array, treated: Uint8Array, outcome: ArrayLike<number>): number {
  const order = Uint32Array.from(uplift, (_, i) => i).sort((a, b) => uplift[b]! - uplift[a]! || a - b)
  let [treatedCount, controlCount, treatedSum, controlSum, area] = [0, 0, 0, 0, 0]
  const gain = () => (controlCount > 0 ? treatedSum - (controlSum * treatedCount) / controlCount : 0)
  let before = 0
  for (const row of order) {
    if (treated[row] === 1) {
      treatedCount += 1
      treatedSum += outcome[row]!
    } else {
      controlCount += 1
      controlSum += outcome[row]!
    }
    const now = gain()
    area += (before + now) / 2
    before = now
  }
  if (treatedCount === 0 || controlCount === 0) return Number.NaN
  return (area / order.length - before / 2) / treatedCount
}

/** The Qini coefficient with a percentile bootstrap interval over members (Efron 1979), 95 %. */
export function qiniInterval(
  uplift: Float64Array,
  treated: Uint8Array,
  outcome: ArrayLike<number>,
  { draws, random }: { draws: number; random: Random },
): { qini: number; low: number; high: number } {
  const rows = uplift.length
  const drawn = Float64Array.from({ length: draws }, () => {
    const picked = Uint32Array.from({ length: rows }, () => integer(random, 0, rows - 1))
    return qini(
      Float64Array.from(picked, (row) => uplift[row]!),
      Uint8Array.from(picked, (row) => treated[row]!),
      Float64Array.from(picked, (row) => outcome[row]!),
    )
  }).sort()
  return {
    qini: qini(uplift, treated, outcome),
    low: drawn[Math.floor(0.025 * draws)]!,
    high: drawn[Math.min(draws - 1, Math.ceil(0.975 * draws) - 1)]!,
  }
}

/** Each row's uplift by a model that was fitted without the row's fold. */
export function crossFittedUplift(
  table: Table,
  treated: Uint8Array,
  labels: Uint8Array,
  { fold, folds, penalty }: { fold: Uint8Array; folds: number; penalty?: number },
): Float64Array {
  const uplift = new Float64Array(table.rows)
  for (let held = 0; held < folds; held++) {
    const train: number[] = []
    const test: number[] = []
    for (let row = 0; row < table.rows; row++) (fold[row] === held ? test : train).push(row)
    const learner = fitSLearner(
      selectRows(table, train),
      Uint8Array.from(train, (row) => treated[row]!),
      Uint8Array.from(train, (row) => labels[row]!),
      penalty === undefined ? {} : { penalty },
    )
    upliftOf(learner, selectRows(table, test)).forEach((value, at) => {
      uplift[test[at]!] = value
    })
  }
  return uplift
}
