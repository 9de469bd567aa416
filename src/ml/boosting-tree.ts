import { binsMax } from './binning'

/** A binary regression tree over raw features, nodes in typed arrays; node 0 is the root, and a leaf has feature −1. */
export interface RegressionTree {
  readonly feature: Int16Array
  /** A row goes left unless its value is above this (so that a missing one, NaN, goes left). */
  readonly threshold: Float64Array
  /** Index of the left child; the right one follows it. */
  readonly left: Int32Array
  readonly value: Float64Array
}

export interface GrowOptions {
  /** The features that may be split by. */
  use: Int32Array
  leavesMax: number
  /** The least sum of second derivatives in a leaf. */
  leafWeightMin: number
  /** Added to the sum of second derivatives: L2 regularisation of a leaf's value. */
  shrinkage: number
}

/** Bins row after row. */
export interface BinnedRows {
  readonly rows: number
  readonly features: number
  readonly bins: Uint8Array
  /** Upper edges of each feature's bins; bin 0 holds what is missing. */
  readonly edges: readonly Float64Array[]
}

/** What trees are grown on: minus the gradient and the second derivative of each row. */
export interface Derivatives {
  readonly gradient: Float64Array
  readonly curvature: Float64Array
}

/** A tree, for each node the last bin that goes left, and which of the rows that it was grown on end in which leaf. */
export interface GrownTree {
  readonly tree: RegressionTree
  readonly lastBin: Uint8Array
  /** Places among the rows, those of a leaf beside one another. */
  readonly order: Int32Array
  readonly leaves: readonly Pick<Leaf, 'node' | 'from' | 'to'>[]
}

/** Of its own, since what stands in another module is looked up again at every turn of a loop. */
const BINS = binsMax

interface Leaf {
  readonly node: number
  readonly from: number
  readonly to: number
  /** Sums of packed derivatives, place among the features used × 64 + bin. */
  readonly sums: Float64Array
  readonly target: number
  readonly weight: number
  readonly split?: Split
}

interface Split {
  gain: number
  /** The feature's place among those used. */
  place: number
  /** The last bin that goes left. */
  bin: number
}

/**
 * Grows one tree leaf by leaf, the best split first (Shi 2007; Ke et al. 2017, LightGBM), on gradients and second
 * derivatives (Chen and Guestrin 2016, equations 6 and 7). A parent's histogram less one child's is the other's, so that
 * only the smaller child is counted.
 */
export function growTree(
  table: BinnedRows,
  rows: Int32Array,
  derivatives: Derivatives,
  options: GrowOptions,
): GrownTree {
  const nodes = { feature: [-1], threshold: [0], left: [-1], value: [0], bin: [0] }
  const { use } = options
  const { bins, packed } = gatherRows(table, rows, { derivatives, use })
  const edges = Array.from(use, (feature) => table.edges[feature]!)
  const measure = (node: number, from: number, to: number, sums: Float64Array): Leaf => ({
    ...{ node, from, to, sums },
    ...bestSplit(sums, edges, packed, options),
  })
  const order = Int32Array.from({ length: rows.length }, (_, place) => place)
  const scratch = new Int32Array(rows.length)
  const leaves = [measure(0, 0, rows.length, countRows(bins, order, packed, use.length))]
  while (leaves.length < options.leavesMax) {
    let best = 0
    for (let k = 1; k < leaves.length; k++) if (gainOf(leaves[k]!) > gainOf(leaves[best]!)) best = k
    const { node, from, to, sums, split } = leaves[best]!
    if (!split) break
    const { place, bin } = split
    const middle = from + partition(bins, order.subarray(from, to), { split, width: use.length }, scratch)
    const child = nodes.feature.push(-1, -1) - 2
    for (const list of [nodes.threshold, nodes.left, nodes.value, nodes.bin]) list.push(0, 0)
    nodes.feature[node] = use[place]!
    nodes.threshold[node] = bin === 0 ? Number.NEGATIVE_INFINITY : edges[place]![bin - 1]!
    nodes.left[node] = child
    nodes.bin[node] = bin
    const isLeftSmaller = middle - from <= to - middle
    const smaller = isLeftSmaller ? order.subarray(from, middle) : order.subarray(middle, to)
    const counted = countRows(bins, smaller, packed, use.length)
    for (let k = 0; k < counted.length; k++) sums[k]! -= counted[k]!
    leaves[best] = measure(child, from, middle, isLeftSmaller ? counted : sums)
    leaves.push(measure(child + 1, middle, to, isLeftSmaller ? sums : counted))
  }
  for (const { node, target, weight } of leaves) nodes.value[node] = target / (weight + options.shrinkage)
  const tree = {
    feature: Int16Array.from(nodes.feature),
    threshold: Float64Array.from(nodes.threshold),
    left: Int32Array.from(nodes.left),
    value: Float64Array.from(nodes.value),
  }
  return { tree, lastBin: Uint8Array.from(nodes.bin), order, leaves }
}

function gainOf({ split }: Leaf): number {
  return split?.gain ?? Number.NEGATIVE_INFINITY
}

/**
 * Both derivatives of each row as whole numbers in one, gradient × `SHIFT` + curvature: they are then added at once, and
 * sums are exact in whatever order (after Shi et al. 2022, "Quantized training of gradient boosting decision trees").
 */
interface Packed {
  readonly values: Float64Array
  /** What one unit of each counts. */
  readonly target: number
  readonly weight: number
}

/** All curvatures sum to at most a half of it, and a gradients' sum times it is below 2^53. */
const SHIFT = 2 ** 27

/** The drawn rows' bins of the features used, and their derivatives, beside one another: what a tree looks at again and again. */
function gatherRows(
  { features, bins }: BinnedRows,
  rows: Int32Array,
  { derivatives, use }: { derivatives: Derivatives; use: Int32Array },
): { bins: Uint8Array; packed: Packed } {
  const own = new Uint8Array(rows.length * use.length)
  for (let k = 0, into = 0; k < rows.length; k++) {
    const from = rows[k]! * features
    for (let j = 0; j < use.length; j++) own[into++] = bins[from + use[j]!]!
  }
  return { bins: own, packed: packDerivatives(rows, derivatives) }
}

function packDerivatives(rows: Int32Array, { gradient, curvature }: Derivatives): Packed {
  let target = 0
  let weight = 0
  for (let k = 0; k < rows.length; k++) {
    target += Math.abs(gradient[rows[k]!]!)
    weight += curvature[rows[k]!]!
  }
  const unit = { target: target > 0 ? target / (SHIFT / 4) : 1, weight: weight > 0 ? weight / (SHIFT / 2) : 1 }
  const values = new Float64Array(rows.length)
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    values[k] = Math.round(gradient[row]! / unit.target) * SHIFT + Math.floor(curvature[row]! / unit.weight)
  }
  return { values, ...unit }
}

function countRows(bins: Uint8Array, order: Int32Array, { values }: Packed, width: number): Float64Array {
  const sums = new Float64Array(width * BINS)
  for (let k = 0; k < order.length; k++) {
    const row = order[k]!
    const value = values[row]!
    const end = (row + 1) * width
    for (let at = row * width, place = 0; at < end; at++, place += BINS) sums[place + bins[at]!]! += value
  }
  return sums
}

/** Sums a leaf and finds its best split, if one gains anything. */
function bestSplit(
  sums: Float64Array,
  edges: readonly Float64Array[],
  unit: Packed,
  { leafWeightMin, shrinkage }: GrowOptions,
): Pick<Leaf, 'target' | 'weight' | 'split'> {
  let all = 0
  for (let bin = 0; bin < BINS; bin++) all += sums[bin]!
  const allTarget = Math.floor(all / SHIFT)
  const target = allTarget * unit.target
  const weight = (all - allTarget * SHIFT) * unit.weight
  const whole = (target * target) / (weight + shrinkage)
  let gainMax = 1e-9 * Math.abs(whole) + 1e-9
  let split: Split | undefined
  for (let place = 0; place < edges.length; place++) {
    let sum = 0
    const lastBin = edges[place]!.length
    for (let bin = 0; bin <= lastBin; bin++) {
      const one = sums[place * BINS + bin]!
      if (one === 0) continue
      sum += one
      const leftTarget = Math.floor(sum / SHIFT)
      const left = (sum - leftTarget * SHIFT) * unit.weight
      if (left < leafWeightMin) continue
      const right = weight - left
      if (right < leafWeightMin) break
      const own = leftTarget * unit.target
      const other = target - own
      const gain = (own * own) / (left + shrinkage) + (other * other) / (right + shrinkage) - whole
      if (gain > gainMax) {
        gainMax = gain
        split = { gain, place, bin }
      }
    }
  }
  return split ? { target, weight, split } : { target, weight }
}

/** Moves the rows that go left to the front and gives how many they are; the order among each is kept, which is quicker to read. */
function partition(
  bins: Uint8Array,
  rows: Int32Array,
  { split: { place, bin }, width }: { split: Split; width: number },
  scratch: Int32Array,
): number {
  let left = 0
  let right = 0
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    const goesRight = bins[row * width + place]! > bin ? 1 : 0
    rows[left] = row
    scratch[right] = row
    left += 1 - goesRight
    right += goesRight
  }
  rows.set(scratch.subarray(0, right), left)
  return left
}

/** Adds the tree's value to the score of each row, of those `rows` that it was grown on and of all others. */
export function addGrownValues(
  { tree, lastBin, order, leaves }: GrownTree,
  { features, bins }: BinnedRows,
  rows: Int32Array,
  scores: Float64Array,
): void {
  const { feature, left, value } = tree
  const isKnown = new Uint8Array(scores.length)
  for (const { node, from, to } of leaves) {
    for (let at = from; at < to; at++) {
      const row = rows[order[at]!]!
      isKnown[row] = 1
      scores[row]! += value[node]!
    }
  }
  for (let row = 0; row < scores.length; row++) {
    if (isKnown[row] === 1) continue
    const offset = row * features
    let node = 0
    let split = feature[0]!
    while (split >= 0) {
      node = left[node]! + (bins[offset + split]! > lastBin[node]! ? 1 : 0)
      split = feature[node]!
    }
    scores[row]! += value[node]!
  }
}
