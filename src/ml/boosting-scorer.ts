import type { Boosting } from './boosting'

/** Boosted models of as many trees each, laid out to score many small tables: the sum of their scores is a row's. */
export interface BoostingScorer {
  /** So many rounds, of one tree a model, are there. */
  readonly rounds: number
  /** Takes the first `rows` rows of `features` raw features to be scored. */
  load(values: Float32Array, rows: number, features: number): void
  /** Adds what rounds `from` up to, not including, `to` say of the loaded row `rows[k]` to `scores[k]`, for `count` of them. */
  add(rows: ArrayLike<number>, count: number, scores: Float64Array, round: { from: number; to: number }): void
}

/**
 * A node is two whole numbers: its left child's place with its feature in the last bits, and the order of its threshold. A leaf is its own
 * left child, and nothing lies above its threshold.
 */
const NODE = 2
const FEATURE_BITS = 10
const FEATURE_MASK = (1 << FEATURE_BITS) - 1

/**
 * Values and thresholds are compared as whole numbers of the same order, and every row takes as many steps as the longest way down its
 * tree, staying at its leaf: neither needs a branch. Which way a row goes, and how far, cannot be foreseen, and the processor would go wrong
 * at every other node. Two rows walk down beside one another, since each waits for memory at every step. The last bit of a value is lost.
 */
export function openScorer(boostings: readonly Boosting[]): BoostingScorer {
  const rounds = boostings[0]?.trees.length ?? 0
  const { node, value, rootOf, depthOf } = layOut(boostings, rounds)
  let orders = new Int32Array(0)
  let width = 0
  return {
    rounds,
    load(values, rows, features) {
      width = features
      const count = rows * features
      if (orders.length < count) orders = new Int32Array(count)
      const bits = new Int32Array(values.buffer, values.byteOffset, count)
      for (let at = 0; at < count; at++) orders[at] = orderOf(bits[at]!)
    },
    add(rows, count, scores, { from, to }) {
      for (let tree = from * boostings.length; tree < to * boostings.length; tree++) {
        const root = rootOf[tree]!
        const depth = depthOf[tree]!
        for (let k = 0; k < count; k += 2) {
          const other = Math.min(k + 1, count - 1)
          const [offset, otherOffset] = [rows[k]! * width, rows[other]! * width]
          let at = root
          let otherAt = root
          for (let level = 0; level < depth; level++) {
            at = childOf(node, at, orders, offset)
            otherAt = childOf(node, otherAt, orders, otherOffset)
          }
          scores[k]! += value[at / NODE]!
          if (other > k) scores[other]! += value[otherAt / NODE]!
        }
      }
    },
  }
}

/** Where a row whose orders begin at `offset` goes from node `at`. */
function childOf(node: Int32Array, at: number, orders: Int32Array, offset: number): number {
  const first = node[at]!
  // The sign of the difference says whether the value lies above the threshold.
  const isAbove = (node[at + 1]! - orders[offset + (first & FEATURE_MASK)]!) >>> 31
  return (first >> FEATURE_BITS) + NODE * isAbove
}

/** Round after round, in each the tree of every model. */
function layOut(boostings: readonly Boosting[], rounds: number) {
  const trees = Array.from({ length: rounds }, (_, round) => boostings.map((each) => each.trees[round]!)).flat()
  const size = trees.reduce((sum, tree) => sum + tree.feature.length, 0)
  const node = new Int32Array(NODE * size)
  const value = new Float64Array(size)
  const rootOf = new Int32Array(trees.length)
  const depthOf = new Uint8Array(trees.length)
  const threshold = new Float32Array(1)
  const bits = new Int32Array(threshold.buffer)
  let first = 0
  trees.forEach((tree, k) => {
    rootOf[k] = NODE * first
    const depth = new Uint8Array(tree.feature.length)
    tree.feature.forEach((feature, one) => {
      threshold[0] = tree.threshold[one]!
      const left = tree.left[one]!
      const isLeaf = feature < 0
      const [order, child] = isLeaf ? [orderOf(INFINITY_BITS), one] : [orderOf(bits[0]!), left]
      node.set([((NODE * (first + child)) << FEATURE_BITS) | Math.max(0, feature), order], NODE * (first + one))
      value[first + one] = tree.value[one]!
      // Children stand behind their parents.
      if (!isLeaf) depth[left] = depth[left + 1] = depth[one]! + 1
      depthOf[k] = Math.max(depthOf[k]!, depth[one]!)
    })
    first += tree.feature.length
  })
  return { node, value, rootOf, depthOf }
}

/** Below any number's. */
const MISSING = -(2 ** 30)
const INFINITY_BITS = 0x7f800000

/** The order of a number, given by its bits, among all; so short that the difference of two does not overflow. */
export function orderOf(bits: number): number {
  if ((bits & 0x7fffffff) > INFINITY_BITS) return MISSING
  return (bits ^ ((bits >> 31) & 0x7fffffff)) >> 1
}
