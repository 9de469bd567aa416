import { shuffle } from './folds'
import type { Random } from './random'
import type { SparseVector } from './text-vectors'

/** One-vs-rest linear support vector machines: class c scores Σ weights[c · (size + 1) + i] · x_i plus its bias, the last. */
export interface LinearSvm {
  readonly classes: number
  readonly size: number
  readonly weights: Float32Array
}

export interface SvmOptions {
  /** Weight of an error against the width of the margin. Default 1. */
  cost?: number
  epochs?: number
  random: Random
}

const STEP_TINY = 1e-3

/**
 * Trains by dual coordinate descent on the squared hinge loss (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008,
 * algorithm 1, L2-loss). `labels` are class numbers from 0.
 */
export function fitLinearSvm(
  vectors: readonly SparseVector[],
  labels: ArrayLike<number>,
  { classes, size }: { classes: number; size: number },
  { cost = 1, epochs = 20, random }: SvmOptions,
): LinearSvm {
  const weights = new Float32Array(classes * (size + 1))
  const order = Array.from(vectors, (_, i) => i)
  // 1 for the bias feature; 1 / (2 C) from the squared loss.
  const diagonal = Float64Array.from(vectors, ({ value }) => value.reduce((sum, v) => sum + v * v, 1) + 0.5 / cost)
  for (let c = 0; c < classes; c++) {
    const own = weights.subarray(c * (size + 1), (c + 1) * (size + 1))
    const alpha = new Float64Array(vectors.length)
    for (let epoch = 0; epoch < epochs; epoch++) {
      shuffle(order, random)
      let largest = 0
      for (const i of order) {
        const sign = labels[i] === c ? 1 : -1
        const gradient = sign * margin(own, vectors[i]!, size) - 1 + alpha[i]! * (0.5 / cost)
        const before = alpha[i]!
        if (before === 0 && gradient >= 0) continue
        const after = Math.max(0, before - gradient / diagonal[i]!)
        const step = sign * (after - before)
        if (step === 0) continue
        alpha[i] = after
        largest = Math.max(largest, Math.abs(step))
        add(own, vectors[i]!, step, size)
      }
      if (largest < STEP_TINY) break
    }
  }
  return { classes, size, weights }
}

/** Each class's margin for a text. */
export function svmMargins(model: LinearSvm, vector: SparseVector): Float64Array {
  const width = model.size + 1
  const margins = new Float64Array(model.classes)
  for (let c = 0; c < model.classes; c++) {
    margins[c] = margin(model.weights.subarray(c * width, (c + 1) * width), vector, model.size)
  }
  return margins
}

function margin(weights: Float32Array, { index, value }: SparseVector, size: number): number {
  let sum = weights[size]!
  for (let k = 0; k < index.length; k++) sum += weights[index[k]!]! * value[k]!
  return sum
}

function add(weights: Float32Array, { index, value }: SparseVector, step: number, size: number): void {
  for (let k = 0; k < index.length; k++) weights[index[k]!]! += step * value[k]!
  weights[size]! += step
}
