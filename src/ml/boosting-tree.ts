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
  leavesMax: number
  /** The least sum of second derivatives in a leaf. */
  leafWeightMin: number
  /** Added to the sum of second derivatives: L2 regularisation of a leaf's value. */
  shrinkage: number
}

/** Rows of bins, each stored as its place in a histogram: feature × 64 + bin, twice (for the two sums). */
export interface BinnedRows {
  readonly features: number
  readonly place: Uint16Array
  /** Upper edges of each feature's bins; bin 0 holds what is missing. */
  readonly edges: readonly Float64Array[]
}

interface Leaf {
  node: number
  from: number
  to: number
  sums: Float64Array
  target: number
  weight: number
  split?: Split
}

interface Split {
  gain: number
  feature: number
  /** The last bin that goes left. */
  bin: number
}

/**
 * Grows one tree leaf by leaf, the best split first (Shi 2007; Ke et al. 2017, LightGBM), on gradients and second
 * derivatives (Chen and Guestrin 2016, equations 6 and 7). A parent's histogram less one child's is the other's, so that
 * only the smaller child is counted. `rows` is reordered.
 */
export function growTree(
  table: BinnedRows,
  rows: Int32Array,
  gradient: Float64Array,
  curvature: Float64Array,
  options: GrowOptions,
): RegressionTree {
  const nodes = { feature: [-1], threshold: [0], left: [-1], value: [0] }
  const root: Leaf = {
    node: 0,
    from: 0,
    to: rows.length,
    sums: countRows(table, rows, 0, rows.length, gradient, curvature),
    target: 0,
    weight: 0,
  }
  measure(root, table, options)
  const leaves = [root]
  while (leaves.length < options.leavesMax) {
    let best = 0
    for (let k = 1; k < leaves.length; k++) if (gainOf(leaves[k]!) > gainOf(leaves[best]!)) best = k
    const leaf = leaves[best]!
    if (!leaf.split) break
    const { feature, bin } = leaf.split
    const middle = partition(table, rows, leaf.from, leaf.to, 2 * (feature * binsMax + bin), feature)
    const child = nodes.feature.push(-1, -1) - 2
    for (const list of [nodes.threshold, nodes.left, nodes.value]) list.push(0, 0)
    nodes.feature[leaf.node] = feature
    nodes.threshold[leaf.node] = bin === 0 ? Number.NEGATIVE_INFINITY : table.edges[feature]![bin - 1]!
    nodes.left[leaf.node] = child
    const isLeftSmaller = middle - leaf.from <= leaf.to - middle
    const [from, to] = isLeftSmaller ? [leaf.from, middle] : [middle, leaf.to]
    const counted = countRows(table, rows, from, to, gradient, curvature)
    for (let k = 0; k < counted.length; k++) leaf.sums[k]! -= counted[k]!
    const left = { node: child, from: leaf.from, to: middle, sums: isLeftSmaller ? counted : leaf.sums }
    const right = { node: child + 1, from: middle, to: leaf.to, sums: isLeftSmaller ? leaf.sums : counted }
    leaves[best] = { ...left, target: 0, weight: 0 }
    leaves.push({ ...right, target: 0, weight: 0 })
    measure(leaves[best]!, table, options)
    measure(leaves[leaves.length - 1]!, table, options)
  }
  for (const { node, target, weight } of leaves) nodes.value[node] = target / (weight + options.shrinkage)
  return {
    feature: Int16Array.from(nodes.feature),
    threshold: Float64Array.from(nodes.threshold),
    left: Int32Array.from(nodes.left),
    value: Float64Array.from(nodes.value),
  }
}

function gainOf({ split }: Leaf): number {
  return split?.gain ?? Number.NEGATIVE_INFINITY
}

function countRows(
  { features, place }: BinnedRows,
  rows: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
  curvature: Float64Array,
): Float64Array {
  const sums = new Float64Array(features * binsMax * 2)
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    const target = gradient[row]!
    const weight = curvature[row]!
    const end = (row + 1) * features
    for (let at = row * features; at < end; at++) {
      const bin = place[at]!
      sums[bin]! += target
      sums[bin + 1]! += weight
    }
  }
  return sums
}

/** Sums the leaf and finds its best split, if one gains anything. */
function measure(leaf: Leaf, { features, edges }: BinnedRows, { leafWeightMin, shrinkage }: GrowOptions): void {
  const { sums } = leaf
  for (let bin = 0; bin < binsMax; bin++) {
    leaf.target += sums[2 * bin]!
    leaf.weight += sums[2 * bin + 1]!
  }
  const whole = (leaf.target * leaf.target) / (leaf.weight + shrinkage)
  let gainMax = 1e-9 * Math.abs(whole) + 1e-9
  for (let feature = 0; feature < features; feature++) {
    let target = 0
    let weight = 0
    const lastBin = edges[feature]!.length
    for (let bin = 0; bin <= lastBin; bin++) {
      const at = 2 * (feature * binsMax + bin)
      target += sums[at]!
      weight += sums[at + 1]!
      if (weight < leafWeightMin) continue
      const rest = leaf.weight - weight
      if (rest < leafWeightMin) break
      const other = leaf.target - target
      const gain = (target * target) / (weight + shrinkage) + (other * other) / (rest + shrinkage) - whole
      if (gain > gainMax) {
        gainMax = gain
        leaf.split = { gain, feature, bin }
      }
    }
  }
}

function partition(
  { features, place }: BinnedRows,
  rows: Int32Array,
  from: number,
  to: number,
  last: number,
  feature: number,
): number {
  let low = from
  let high = to - 1
  while (low <= high) {
    const row = rows[low]!
    if (place[row * features + feature]! <= last) low += 1
    else {
      rows[low] = rows[high]!
      rows[high] = row
      high -= 1
    }
  }
  return low
}

/** Adds the tree's value to each row's score; `values` holds `rows` rows of `features` raw features. */
export function addTreeValues(
  { feature, threshold, left, value }: RegressionTree,
  values: Float64Array | Float32Array,
  { rows, features }: { rows: number; features: number },
  scores: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const offset = row * features
    let node = 0
    let split = feature[0]!
    while (split >= 0) {
      node = left[node]! + (values[offset + split]! > threshold[node]! ? 1 : 0)
      split = feature[node]!
    }
    scores[row]! += value[node]!
  }
}
