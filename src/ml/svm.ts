import { integer, type Random } from './random'
import type { SparseRows } from './spline-basis'

/** One-vs-rest linear support vector machines. Class c scores Σ weights[c · columns + i] · x_i + biases[c]. */
export interface LinearSvm {
  readonly classes: number
  readonly columns: number
  readonly weights: Float32Array
  readonly biases: Float32Array
}

export interface SvmOptions {
  /** Weight of an error against the width of the margin (C). Default 2. */
  cost?: number
  /** Stops where no example's gradient is further than this from what the optimum asks for. Default 0.1. */
  tolerance?: number
  random: Random
}

/** Classes trained side by side, so that a round reads each example once for all of them. Exactly as one by one. */
const LANES = 4
/** Rounds over the examples in question, and rounds over the active ones between two of them. */
const ROUNDS_MAX = 12
const ACTIVE_ROUNDS_MAX = 6
/** After two rounds an example that far beyond its margin is not looked at again: later rounds move weights little. */
const SAFE_GRADIENT = 0.2
const FULL_ROUNDS = 2
/** An example whose gradient is nearer to its goal than this share of the tolerance is not worth a step. */
const STEP_SHARE_MIN = 0.2
/**
 * "Not this class" is what a class says to begin with. With one class in a hundred that is nearly the optimum, so that most
 * examples never need a step; the bias feature of this value learns the rest.
 */
const START_BIAS = -1
const BIAS_FEATURE = 0.3

/**
 * Trains by dual coordinate descent on the squared hinge loss (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008, algorithm
 * 1, L2-loss), with active sets in place of their shrinking: between two rounds over the examples in question only those
 * that are support vectors, or should be, are visited, until a round finds nothing new. `labels` are class numbers from 0;
 * an example of another number (−1) is of no class.
 */
export function fitLinearSvm(
  rows: SparseRows,
  labels: ArrayLike<number>,
  classes: number,
  options: SvmOptions,
): LinearSvm {
  const { cost = 2, tolerance = 0.1, random } = options
  const weights = new Float32Array(classes * rows.columns)
  const biases = new Float32Array(classes)
  const examples = examplesOf(rows, labels)
  // A class without examples says "not this class" of everything, and its optimum is where it begins.
  biases.fill(START_BIAS)
  const taught = classesWithExamples(labels, classes)
  for (let at = 0; at < taught.length; at += LANES) {
    const together = taught.slice(at, at + LANES)
    const problem: Problem = {
      ...examples,
      classes: together,
      weights: new Float32Array(rows.columns * LANES),
      alphas: Array.from({ length: LANES }, () => new Float64Array(rows.rows)),
      biases: new Float64Array(LANES).fill(START_BIAS),
      damping: 1 / (2 * cost),
      gradientMin: STEP_SHARE_MIN * tolerance,
    }
    solve(problem, tolerance, random)
    for (const [lane, place] of together.entries()) {
      biases[place] = problem.biases[lane]!
      const offset = place * rows.columns
      for (let i = 0; i < rows.columns; i++) weights[offset + i] = problem.weights[i * LANES + lane]!
    }
  }
  return { classes, columns: rows.columns, weights, biases }
}

function classesWithExamples(labels: ArrayLike<number>, classes: number): number[] {
  const met = new Uint8Array(classes)
  for (let row = 0; row < labels.length; row++) if (labels[row]! >= 0) met[labels[row]!] = 1
  return Array.from(met.keys()).filter((place) => met[place] === 1)
}

interface Examples {
  readonly count: number
  readonly start: Uint32Array
  readonly index: Uint32Array
  /** In half the memory of the rows' own, since reading them is what takes the time. */
  readonly value: Float32Array
  readonly squares: Float64Array
  readonly labels: ArrayLike<number>
}

/** At most `LANES` classes, and how far their training has come. Weight i of a lane is weights[i · LANES + lane]. */
interface Problem extends Examples {
  readonly classes: readonly number[]
  readonly weights: Float32Array
  readonly alphas: readonly Float64Array[]
  readonly biases: Float64Array
  readonly damping: number
  readonly gradientMin: number
}

function solve(problem: Problem, tolerance: number, random: Random): void {
  const lanes = problem.classes.length
  const margins = new Float64Array(LANES)
  for (let round = 0; round < FULL_ROUNDS; round++) {
    const actives = Array.from({ length: lanes }, () => new Int32Array(problem.count))
    const sizes = new Int32Array(lanes)
    for (let row = 0; row < problem.count; row++) {
      marginsOf(problem, row, margins)
      for (let lane = 0; lane < lanes; lane++) {
        const gradient = step(problem, lane, row, margins[lane]!)
        // The last full round also says who may still become active.
        const isClose = round === FULL_ROUNDS - 1 ? gradient < SAFE_GRADIENT : gradient < -tolerance
        if (isClose || problem.alphas[lane]![row]! > 0) actives[lane]![sizes[lane]!++] = row
      }
    }
    for (let lane = 0; lane < lanes; lane++) {
      const open = actives[lane]!.subarray(0, sizes[lane]!)
      if (round < FULL_ROUNDS - 1) visitUntilQuiet(problem, lane, open, tolerance, random)
      else finishLane(problem, lane, open, tolerance, random)
    }
  }
}

/** Rounds over the examples still in question, and over the active of them in between. */
function finishLane(problem: Problem, lane: number, open: Int32Array, tolerance: number, random: Random): void {
  const alpha = problem.alphas[lane]!
  const active = new Int32Array(open.length)
  for (let round = FULL_ROUNDS; round < ROUNDS_MAX; round++) {
    let size = 0
    let worst = 0
    for (const row of open) {
      const gradient = step(problem, lane, row, marginOf(problem, lane, row))
      const off = offOptimum(gradient, alpha[row]!)
      if (off > worst) worst = off
      if (off > tolerance || alpha[row]! > 0) active[size++] = row
    }
    if (worst <= tolerance) return
    visitUntilQuiet(problem, lane, active.subarray(0, size), tolerance, random)
  }
}

function visitUntilQuiet(problem: Problem, lane: number, active: Int32Array, tolerance: number, random: Random): void {
  const alpha = problem.alphas[lane]!
  for (let round = 0; round < ACTIVE_ROUNDS_MAX; round++) {
    shuffle(active, random)
    let worst = 0
    for (const row of active) {
      const off = offOptimum(step(problem, lane, row, marginOf(problem, lane, row)), alpha[row]!)
      if (off > worst) worst = off
    }
    if (worst <= tolerance) return
  }
}

/** How far the projected gradient is from 0: below its bound of 0 a dual variable has nowhere to go. */
function offOptimum(gradient: number, alpha: number): number {
  return alpha > 0 ? Math.abs(gradient) : Math.max(0, -gradient)
}

/** Takes the best step along one example's dual variable. Returns its gradient before the step. */
function step(problem: Problem, lane: number, row: number, margin: number): number {
  const sign = problem.labels[row] === problem.classes[lane] ? 1 : -1
  const alpha = problem.alphas[lane]!
  const before = alpha[row]!
  const gradient = sign * margin - 1 + problem.damping * before
  if (before === 0 && gradient >= 0) return gradient
  if (Math.abs(gradient) < problem.gradientMin) return gradient
  const after = Math.max(0, before - gradient / (problem.squares[row]! + BIAS_FEATURE ** 2 + problem.damping))
  const change = sign * (after - before)
  alpha[row] = after
  problem.biases[lane]! += change * BIAS_FEATURE ** 2
  const { start, index, value, weights } = problem
  const to = start[row + 1]!
  for (let k = start[row]!; k < to; k++) weights[index[k]! * LANES + lane]! += change * value[k]!
  return gradient
}

function marginOf({ start, index, value, weights, biases }: Problem, lane: number, row: number): number {
  let margin = biases[lane]!
  const to = start[row + 1]!
  for (let k = start[row]!; k < to; k++) margin += weights[index[k]! * LANES + lane]! * value[k]!
  return margin
}

/** All lanes' margins of an example, with one pass over it. Written out because a loop over the lanes costs half the speed. */
function marginsOf({ start, index, value, weights, biases }: Problem, row: number, margins: Float64Array): void {
  let [first, second, third, fourth] = [biases[0]!, biases[1]!, biases[2]!, biases[3]!]
  const to = start[row + 1]!
  for (let k = start[row]!; k < to; k++) {
    const at = index[k]! * LANES
    const x = value[k]!
    first += weights[at]! * x
    second += weights[at + 1]! * x
    third += weights[at + 2]! * x
    fourth += weights[at + 3]! * x
  }
  margins[0] = first
  margins[1] = second
  margins[2] = third
  margins[3] = fourth
}

function examplesOf(rows: SparseRows, labels: ArrayLike<number>): Examples {
  const squares = new Float64Array(rows.rows)
  for (let row = 0; row < rows.rows; row++) {
    for (let k = rows.start[row]!; k < rows.start[row + 1]!; k++) squares[row]! += rows.value[k]! ** 2
  }
  return {
    count: rows.rows,
    start: rows.start,
    index: rows.index,
    value: Float32Array.from(rows.value),
    squares,
    labels,
  }
}

function shuffle(items: Int32Array, random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = integer(random, 0, last)
    const kept = items[last]!
    items[last] = items[other]!
    items[other] = kept
  }
}
