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
  const { count, start, index, value, squares } = examplesOf(rows, labels)
  const damping = 1 / (2 * cost)
  const gradientMin = STEP_SHARE_MIN * tolerance
  // Field by field: spreading makes objects of several shapes, for each of which the loops are compiled anew.
  const training = { count, start, index, value, squares, labels, damping, gradientMin, tolerance, random }
  // A class without examples says "not this class" of everything, and its optimum is where it begins.
  biases.fill(START_BIAS)
  const taught = classesWithExamples(labels, classes)
  for (let at = 0; at < taught.length; at += LANES) {
    const lanes = taught.slice(at, at + LANES).map((place) => ({
      place,
      weights: weights.subarray(place * rows.columns, (place + 1) * rows.columns),
      alphas: new Float64Array(rows.rows),
      bias: START_BIAS,
    }))
    solve(training, lanes)
    for (const { place, bias } of lanes) biases[place] = bias
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

interface Training extends Examples {
  readonly damping: number
  readonly gradientMin: number
  readonly tolerance: number
  readonly random: Random
}

/** A class, and how far its training has come. */
interface Lane {
  readonly place: number
  readonly weights: Float32Array
  readonly alphas: Float64Array
  bias: number
}

function solve(training: Training, lanes: readonly Lane[]): void {
  for (let round = 0; round < FULL_ROUNDS; round++) {
    const isLast = round === FULL_ROUNDS - 1
    // The last full round also says who may still become active.
    const gradientMax = isLast ? SAFE_GRADIENT : -training.tolerance
    // Until an example of its own is met, a class has weights of 0 and says of all others what they ask for.
    const from = round === 0 ? firstOfAny(training, lanes) : 0
    const open =
      lanes.length > 1
        ? visitWoven(training, lanes, { from, gradientMax })
        : [visitAll(training, lanes[0]!, { from, gradientMax })]
    for (const [k, lane] of lanes.entries()) {
      if (isLast) finishLane(training, lane, open[k]!)
      else visitUntilQuiet(training, lane, open[k]!)
    }
  }
}

function firstOfAny({ labels, count }: Training, lanes: readonly Lane[]): number {
  for (let row = 0; row < count; row++) if (lanes.some(({ place }) => place === labels[row])) return row
  return count
}

interface Round {
  /** The first example to be visited. */
  readonly from: number
  readonly gradientMax: number
}

/** One round over the examples. Gives those that are active or have a gradient below `gradientMax`. */
function visitAll(training: Training, lane: Lane, { from, gradientMax }: Round): Int32Array {
  const found = new Int32Array(training.count)
  let size = 0
  for (let row = from; row < training.count; row++) {
    if (visit(training, lane, row) < gradientMax || lane.alphas[row]! > 0) found[size++] = row
  }
  return found.subarray(0, size)
}

/** The same for several lanes at once, each of which gets what it would alone, to the bit. */
function visitWoven(training: Training, lanes: readonly Lane[], { from, gradientMax }: Round): Int32Array[] {
  const { start, index, value } = training
  const columns = lanes[0]!.weights.length
  // Feature by feature while all are visited together, class by class after that: what is read together lies together.
  const woven = new Float32Array(columns * LANES)
  for (const [k, { weights }] of lanes.entries()) for (let i = 0; i < columns; i++) woven[i * LANES + k] = weights[i]!
  const margins = new Float64Array(LANES)
  const found = lanes.map(() => new Int32Array(training.count))
  const sizes = new Int32Array(LANES)
  for (let row = from; row < training.count; row++) {
    for (let k = 0; k < lanes.length; k++) margins[k] = lanes[k]!.bias
    addMargins(training, woven, row, margins)
    for (let k = 0; k < lanes.length; k++) {
      const lane = lanes[k]!
      const gradient = gradientOf(training, lane, row, margins[k]!)
      const change = step(training, lane, row, gradient)
      if (change !== 0) {
        for (let j = start[row]!; j < start[row + 1]!; j++) woven[index[j]! * LANES + k]! += change * value[j]!
      }
      if (gradient < gradientMax || lane.alphas[row]! > 0) found[k]![sizes[k]!++] = row
    }
  }
  for (const [k, { weights }] of lanes.entries()) for (let i = 0; i < columns; i++) weights[i] = woven[i * LANES + k]!
  return found.map((rows, k) => rows.subarray(0, sizes[k]))
}

/** Rounds over the examples still in question, and over the active of them in between. */
function finishLane(training: Training, lane: Lane, open: Int32Array): void {
  const { alphas } = lane
  const { tolerance } = training
  const active = new Int32Array(open.length)
  for (let round = FULL_ROUNDS; round < ROUNDS_MAX; round++) {
    let size = 0
    let worst = 0
    for (const row of open) {
      const gradient = visit(training, lane, row)
      const off = offOptimum(gradient, alphas[row]!)
      if (off > worst) worst = off
      if (off > tolerance || alphas[row]! > 0) active[size++] = row
    }
    if (worst <= tolerance) return
    visitUntilQuiet(training, lane, active.subarray(0, size))
  }
}

function visitUntilQuiet(training: Training, lane: Lane, active: Int32Array): void {
  for (let round = 0; round < ACTIVE_ROUNDS_MAX; round++) {
    shuffle(active, training.random)
    let worst = 0
    for (const row of active) {
      const off = offOptimum(visit(training, lane, row), lane.alphas[row]!)
      if (off > worst) worst = off
    }
    if (worst <= training.tolerance) return
  }
}

/** How far the projected gradient is from 0: below its bound of 0 a dual variable has nowhere to go. */
function offOptimum(gradient: number, alpha: number): number {
  return alpha > 0 ? Math.abs(gradient) : Math.max(0, -gradient)
}

/** Takes a step along one example's dual variable. Returns its gradient before the step. */
function visit(training: Training, lane: Lane, row: number): number {
  const { start, index, value } = training
  const gradient = gradientOf(training, lane, row, marginOf(training, lane, row))
  const change = step(training, lane, row, gradient)
  if (change !== 0) {
    const { weights } = lane
    const to = start[row + 1]!
    for (let k = start[row]!; k < to; k++) weights[index[k]!]! += change * value[k]!
  }
  return gradient
}

function gradientOf({ labels, damping }: Training, { place, alphas }: Lane, row: number, margin: number): number {
  return (labels[row] === place ? margin : -margin) - 1 + damping * alphas[row]!
}

/** Brings an example's dual variable and the bias to the best place; returns how often the example is to be added to the weights. */
function step(training: Training, lane: Lane, row: number, gradient: number): number {
  const { labels, damping, gradientMin, squares } = training
  const before = lane.alphas[row]!
  if ((before === 0 && gradient >= 0) || Math.abs(gradient) < gradientMin) return 0
  const after = Math.max(0, before - gradient / (squares[row]! + BIAS_FEATURE ** 2 + damping))
  const change = labels[row] === lane.place ? after - before : before - after
  lane.alphas[row] = after
  lane.bias += change * BIAS_FEATURE ** 2
  return change
}

function marginOf({ start, index, value }: Training, { weights, bias }: Lane, row: number): number {
  let margin = bias
  const to = start[row + 1]!
  for (let k = start[row]!; k < to; k++) margin += weights[index[k]!]! * value[k]!
  return margin
}

/** Adds what an example gives each lane's margin, with one pass over it. Written out because a loop over the lanes costs half the speed. */
function addMargins({ start, index, value }: Training, woven: Float32Array, row: number, margins: Float64Array): void {
  let [first, second, third, fourth] = [margins[0]!, margins[1]!, margins[2]!, margins[3]!]
  const to = start[row + 1]!
  for (let k = start[row]!; k < to; k++) {
    const at = index[k]! * LANES
    const x = value[k]!
    first += woven[at]! * x
    second += woven[at + 1]! * x
    third += woven[at + 2]! * x
    fourth += woven[at + 3]! * x
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
