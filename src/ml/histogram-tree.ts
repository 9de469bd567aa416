import { type BinnedTable, binsMax } from './binning'
import { integer, type Random } from './random'

/**
 * A binary regression tree over binned features, nodes in typed arrays; node 0 is the root. A split sends a row left when
 * the bit of its bin is set in (maskLow, maskHigh). A leaf has feature −1. Inner nodes have a value as well: what the
 * tree would say if it ended there, which tells how much each split on a row's way moves it (Saabas 2014).
 */
export interface Tree {
  readonly feature: Int16Array
  readonly maskLow: Uint32Array
  readonly maskHigh: Uint32Array
  /** Index of the left child; the right one follows it. */
  readonly left: Int32Array
  readonly value: Float32Array
}

export interface TreeOptions {
  /** Features looked at in each node, drawn anew; all of them when absent. */
  featuresPerNode?: number
  leafRowsMin: number
  depthMax: number
  /** Added to the sum of weights in a leaf's value and gain: shrinks leaves with little behind them. */
  shrinkage?: number
  random: Random
}

/**
 * Grows trees on one binned table. `target` and `weight` hold one element a row of the table: a tree fits
 * target / weight with weights, that is, a leaf's value is Σ target / (Σ weight + shrinkage), and a split maximises
 * Σ over both sides (Σ target)² / (Σ weight + shrinkage) (Friedman 2001; Chen and Guestrin 2016, equation 7).
 * With target = label and weight = 1 that is the Gini split of a classification tree.
 */
export class TreeGrower {
  private readonly targetSums = new Float64Array(binsMax)
  private readonly weightSums = new Float64Array(binsMax)
  private readonly counts = new Int32Array(binsMax)
  private readonly order = new Uint8Array(binsMax)
  private readonly features: Int32Array

  constructor(
    private readonly table: BinnedTable,
    private readonly target: Float64Array,
    private readonly weight: Float64Array,
  ) {
    this.features = Int32Array.from({ length: table.features }, (_, feature) => feature)
  }

  /** Grows one tree on these rows (repeats allowed); `rows` is reordered. What it grew before has no say in it. */
  grow(rows: Int32Array, options: TreeOptions): Tree {
    for (let feature = 0; feature < this.features.length; feature++) this.features[feature] = feature
    const nodes = new NodeList()
    const root = nodes.add()
    const open = [{ node: root, from: 0, to: rows.length, depth: 0 }]
    for (let next = open.pop(); next; next = open.pop()) {
      const { node, from, to, depth } = next
      nodes.value[node] = this.valueOf(rows, from, to, options.shrinkage ?? 0)
      const split = depth < options.depthMax ? this.bestSplit(rows, from, to, options) : undefined
      if (!split) continue
      const middle = this.partition(rows, from, to, split)
      const left = nodes.add()
      nodes.add()
      nodes.feature[node] = split.feature
      nodes.maskLow[node] = split.maskLow
      nodes.maskHigh[node] = split.maskHigh
      nodes.left[node] = left
      open.push({ node: left, from, to: middle, depth: depth + 1 })
      open.push({ node: left + 1, from: middle, to, depth: depth + 1 })
    }
    return nodes.finish()
  }

  private valueOf(rows: Int32Array, from: number, to: number, shrinkage: number): number {
    let target = 0
    let weight = shrinkage
    for (let i = from; i < to; i++) {
      target += this.target[rows[i]!]!
      weight += this.weight[rows[i]!]!
    }
    return weight > 0 ? target / weight : 0
  }

  private bestSplit(rows: Int32Array, from: number, to: number, options: TreeOptions): Split | undefined {
    if (to - from < 2 * options.leafRowsMin) return undefined
    const count = Math.min(options.featuresPerNode ?? this.features.length, this.features.length)
    let best: Split | undefined
    for (let k = 0; k < count; k++) {
      // A partial Fisher–Yates shuffle: the first `count` places are the draw.
      if (count < this.features.length) {
        const other = integer(options.random, k, this.features.length - 1)
        const swap = this.features[k]!
        this.features[k] = this.features[other]!
        this.features[other] = swap
      }
      const feature = this.features[k]!
      this.fillHistogram(rows, from, to, feature)
      best = this.scan(feature, to - from, options, best)
    }
    return best
  }

  private fillHistogram(rows: Int32Array, from: number, to: number, feature: number): void {
    const { targetSums, weightSums, counts, target, weight } = this
    const { bins, rows: total } = this.table
    targetSums.fill(0)
    weightSums.fill(0)
    counts.fill(0)
    const offset = feature * total
    for (let i = from; i < to; i++) {
      const row = rows[i]!
      const bin = bins[offset + row]!
      targetSums[bin]! += target[row]!
      weightSums[bin]! += weight[row]!
      counts[bin]! += 1
    }
  }

  /** Goes through the bins in order and keeps the best cut; a category's bins are ordered by their mean, which is optimal (Fisher 1958). */
  private scan(feature: number, rowCount: number, options: TreeOptions, best: Split | undefined): Split | undefined {
    const { targetSums, weightSums, counts, order } = this
    const shrinkage = options.shrinkage ?? 0
    let used = 0
    let target = 0
    let weight = 0
    for (let bin = 0; bin < this.table.binCounts[feature]!; bin++) {
      if (counts[bin] === 0) continue
      order[used] = bin
      used += 1
      target += targetSums[bin]!
      weight += weightSums[bin]!
    }
    if (used < 2) return best
    if (this.table.unordered[feature]) {
      order.subarray(0, used).sort((a, b) => targetSums[a]! / weightSums[a]! - targetSums[b]! / weightSums[b]! || a - b)
    }
    const whole = (target * target) / (weight + shrinkage)
    let [leftTarget, leftWeight, leftRows, bestCut] = [0, 0, 0, -1]
    let bestGain = best?.gain ?? 1e-9 * Math.abs(whole) + 1e-12
    for (let k = 0; k < used - 1; k++) {
      const bin = order[k]!
      leftTarget += targetSums[bin]!
      leftWeight += weightSums[bin]!
      leftRows += counts[bin]!
      if (leftRows < options.leafRowsMin) continue
      if (rowCount - leftRows < options.leafRowsMin) break
      const rightTarget = target - leftTarget
      const rightWeight = weight - leftWeight
      const gain =
        (leftTarget * leftTarget) / (leftWeight + shrinkage) +
        (rightTarget * rightTarget) / (rightWeight + shrinkage) -
        whole
      if (gain > bestGain) {
        bestGain = gain
        bestCut = k
      }
    }
    return bestCut < 0 ? best : splitOf(feature, bestGain, order, bestCut)
  }

  private partition(rows: Int32Array, from: number, to: number, split: Split): number {
    const { bins, rows: total } = this.table
    const offset = split.feature * total
    let low = from
    let high = to - 1
    while (low <= high) {
      const row = rows[low]!
      if (goesLeft(split.maskLow, split.maskHigh, bins[offset + row]!)) {
        low += 1
      } else {
        rows[low] = rows[high]!
        rows[high] = row
        high -= 1
      }
    }
    return low
  }
}

interface Split {
  feature: number
  gain: number
  maskLow: number
  maskHigh: number
}

function splitOf(feature: number, gain: number, order: Uint8Array, cut: number): Split {
  let maskLow = 0
  let maskHigh = 0
  for (let k = 0; k <= cut; k++) {
    const bin = order[k]!
    if (bin < 32) maskLow |= 1 << bin
    else maskHigh |= 1 << (bin - 32)
  }
  return { feature, gain, maskLow: maskLow >>> 0, maskHigh: maskHigh >>> 0 }
}

function goesLeft(maskLow: number, maskHigh: number, bin: number): boolean {
  return ((bin < 32 ? maskLow >>> bin : maskHigh >>> (bin - 32)) & 1) === 1
}

/** Both masks of a node side by side: a row's way is then found without a branch that the processor can't foresee. */
function masksOf({ maskLow, maskHigh }: Tree): Uint32Array {
  const masks = new Uint32Array(2 * maskLow.length)
  for (let node = 0; node < maskLow.length; node++) {
    masks[2 * node] = maskLow[node]!
    masks[2 * node + 1] = maskHigh[node]!
  }
  return masks
}

/** Adds `scale` times the tree's value to each row's score. */
export function addTreeScores(tree: Tree, table: BinnedTable, scores: Float64Array, scale = 1): void {
  const { feature, left, value } = tree
  const { bins, rows } = table
  const masks = masksOf(tree)
  for (let row = 0; row < rows; row++) {
    let node = 0
    let split = feature[0]!
    while (split >= 0) {
      const bin = bins[split * rows + row]!
      node = left[node]! + 1 - ((masks[2 * node + (bin >>> 5)]! >>> (bin & 31)) & 1)
      split = feature[node]!
    }
    scores[row]! += scale * value[node]!
  }
}

/**
 * Adds the tree's value to each row's score, and to the moves of the row's groups how much each split on its way moved
 * that value: feature f belongs to group `groups[f]`, and row r's moves stand at r * width.
 */
export function addTreeMoves(
  tree: Tree,
  table: BinnedTable,
  into: { scores: Float64Array; moves: Float32Array; groups: Uint8Array; width: number },
): void {
  const { feature, left, value } = tree
  const { bins, rows } = table
  const masks = masksOf(tree)
  const { scores, moves, groups, width } = into
  for (let row = 0; row < rows; row++) {
    let node = 0
    let split = feature[0]!
    while (split >= 0) {
      const bin = bins[split * rows + row]!
      const next = left[node]! + 1 - ((masks[2 * node + (bin >>> 5)]! >>> (bin & 31)) & 1)
      moves[row * width + groups[split]!]! += value[next]! - value[node]!
      node = next
      split = feature[node]!
    }
    scores[row]! += value[node]!
  }
}

class NodeList {
  feature: number[] = []
  maskLow: number[] = []
  maskHigh: number[] = []
  left: number[] = []
  value: number[] = []

  add(): number {
    this.maskLow.push(0)
    this.maskHigh.push(0)
    this.left.push(-1)
    this.value.push(0)
    return this.feature.push(-1) - 1
  }

  finish(): Tree {
    return {
      feature: Int16Array.from(this.feature),
      maskLow: Uint32Array.from(this.maskLow),
      maskHigh: Uint32Array.from(this.maskHigh),
      left: Int32Array.from(this.left),
      value: Float32Array.from(this.value),
    }
  }
}
