import { cholesky, solveCholesky } from './cholesky'
import type { SparseRows } from './spline-basis'

/** A logistic regression: P(1 | x) = 1 / (1 + exp(−(intercept + weights · x))). */
export interface Logistic {
  readonly intercept: number
  readonly weights: Float64Array
  readonly iterations: number
}

export interface LogisticOptions {
  /** Strength of the L2 penalty, counted on columns scaled to variance 1. Default 1. */
  penalty?: number
  iterationsMax?: number
}

const STEP_MIN = 1e-6

/**
 * Fits by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and Friedman 2009, section 4.4.1)
 * with an L2 penalty that leaves the intercept alone. `rows` is a sparse design matrix, `labels` are 0 or 1.
 * The penalty makes the maximum unique and finite, also where the classes can be separated or columns repeat each other.
 */
export function fitLogistic(rows: SparseRows, labels: ArrayLike<number>, options: LogisticOptions = {}): Logistic {
  const { penalty = 1, iterationsMax = 50 } = options
  const size = rows.columns + 1
  const ridge = ridgeOf(rows, penalty)
  const beta = new Float64Array(size)
  const gradient = new Float64Array(size)
  const hessian = new Float64Array(size * size)
  let loss = penalisedLoss(rows, labels, ridge, beta)
  let iterations = 0
  for (; iterations < iterationsMax; iterations++) {
    accumulate(rows, labels, ridge, beta, gradient, hessian)
    cholesky(hessian, size)
    const step = solveCholesky(hessian, gradient, size)
    const moved = takeStep(rows, labels, ridge, beta, step, loss)
    loss = moved.loss
    if (moved.largest < STEP_MIN) break
  }
  return { intercept: beta[rows.columns]!, weights: beta.slice(0, rows.columns), iterations }
}

/** The linear score (log-odds) of each row. */
export function logisticScores(model: Logistic, rows: SparseRows): Float64Array {
  const scores = new Float64Array(rows.rows)
  for (let row = 0; row < rows.rows; row++) {
    let score = model.intercept
    for (let k = rows.start[row]!; k < rows.start[row + 1]!; k++)
      score += rows.value[k]! * model.weights[rows.index[k]!]!
    scores[row] = score
  }
  return scores
}

/** The probability of each row. */
export function logisticProbabilities(model: Logistic, rows: SparseRows): Float64Array {
  return logisticScores(model, rows).map((score) => 1 / (1 + Math.exp(-score)))
}

/** A column's penalty is proportional to its variance, as if all columns had been standardised. */
function ridgeOf(rows: SparseRows, penalty: number): Float64Array {
  const sum = new Float64Array(rows.columns)
  const squares = new Float64Array(rows.columns)
  for (let k = 0; k < rows.index.length; k++) {
    sum[rows.index[k]!]! += rows.value[k]!
    squares[rows.index[k]!]! += rows.value[k]! ** 2
  }
  const ridge = new Float64Array(rows.columns + 1)
  for (let c = 0; c < rows.columns; c++) {
    const variance = squares[c]! / rows.rows - (sum[c]! / rows.rows) ** 2
    ridge[c] = penalty * Math.max(variance, 1e-6)
  }
  return ridge
}

function accumulate(
  rows: SparseRows,
  labels: ArrayLike<number>,
  ridge: Float64Array,
  beta: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const size = ridge.length
  const last = size - 1
  gradient.fill(0)
  hessian.fill(0)
  for (let row = 0; row < rows.rows; row++) {
    const from = rows.start[row]!
    const to = rows.start[row + 1]!
    const probability = 1 / (1 + Math.exp(-linear(rows, beta, from, to)))
    const residual = labels[row]! - probability
    const weight = Math.max(probability * (1 - probability), 1e-10)
    gradient[last]! += residual
    hessian[last * size + last]! += weight
    for (let k = from; k < to; k++) {
      const column = rows.index[k]!
      const weighted = weight * rows.value[k]!
      gradient[column]! += residual * rows.value[k]!
      hessian[last * size + column]! += weighted
      // Entries of a row stand in ascending order of their columns: the lower triangle is enough.
      for (let j = from; j <= k; j++) hessian[column * size + rows.index[j]!]! += weighted * rows.value[j]!
    }
  }
  for (let c = 0; c < size; c++) {
    gradient[c]! -= ridge[c]! * beta[c]!
    hessian[c * size + c]! += ridge[c]! + 1e-9
  }
}

/** Goes the step, or half of it and so on where the whole would make the loss rise. */
function takeStep(
  rows: SparseRows,
  labels: ArrayLike<number>,
  ridge: Float64Array,
  beta: Float64Array,
  step: Float64Array,
  lossBefore: number,
): { loss: number; largest: number } {
  const from = beta.slice()
  for (let length = 1; length > 1e-6; length /= 2) {
    let largest = 0
    for (let c = 0; c < beta.length; c++) {
      beta[c] = from[c]! + length * step[c]!
      largest = Math.max(largest, Math.abs(length * step[c]!))
    }
    const loss = penalisedLoss(rows, labels, ridge, beta)
    if (loss <= lossBefore + 1e-9) return { loss, largest }
  }
  beta.set(from)
  return { loss: lossBefore, largest: 0 }
}

function penalisedLoss(rows: SparseRows, labels: ArrayLike<number>, ridge: Float64Array, beta: Float64Array): number {
  let loss = 0
  for (let row = 0; row < rows.rows; row++) {
    const score = linear(rows, beta, rows.start[row]!, rows.start[row + 1]!)
    const margin = labels[row] === 1 ? score : -score
    loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin
  }
  for (let c = 0; c < beta.length; c++) loss += 0.5 * ridge[c]! * beta[c]! ** 2
  return loss
}

function linear(rows: SparseRows, beta: Float64Array, from: number, to: number): number {
  let score = beta[rows.columns]!
  for (let k = from; k < to; k++) score += rows.value[k]! * beta[rows.index[k]!]!
  return score
}
