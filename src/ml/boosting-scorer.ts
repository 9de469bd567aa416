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

/** A node is four whole numbers: its feature (−1: a leaf), the order of its threshold, its left child, and nothing. */
const NODE = 4

/**
 * Values and thresholds are compared as whole numbers of the same order, which needs no branch: whether a row goes left
 * cannot be foreseen, and the processor would go wrong at every other node. The last bit of a value is lost to that.
 */
export function openScorer(boostings: readonly Boosting[]): BoostingScorer {
  const rounds = boostings[0]?.trees.length ?? 0
  const { node, value, rootOf } = layOut(boostings, rounds)
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
        for (let k = 0; k < count; k++) {
          const offset = rows[k]! * width
          let at = root
          let feature = node[at]!
          while (feature >= 0) {
            // The sign of the difference says whether the value lies above the threshold.
            at = node[at + 2]! + (((node[at + 1]! - orders[offset + feature]!) >>> 31) << 2)
            feature = node[at]!
          }
          scores[k]! += value[at >> 2]!
        }
      }
    },
  }
}

/** Round after round, in each the tree of every model. */
function layOut(boostings: readonly Boosting[], rounds: number) {
  const trees = Array.from({ length: rounds }, (_, round) => boostings.map((each) => each.trees[round]!)).flat()
  const size = trees.reduce((sum, tree) => sum + tree.feature.length, 0)
  const node = new Int32Array(NODE * size)
  const value = new Float64Array(size)
  const rootOf = new Int32Array(trees.length)
  const threshold = new Float32Array(1)
  const bits = new Int32Array(threshold.buffer)
  let first = 0
  trees.forEach((tree, k) => {
    rootOf[k] = NODE * first
    tree.feature.forEach((feature, one) => {
      threshold[0] = tree.threshold[one]!
      node.set([feature, orderOf(bits[0]!), NODE * (first + tree.left[one]!), 0], NODE * (first + one))
      value[first + one] = tree.value[one]!
    })
    first += tree.feature.length
  })
  return { node, value, rootOf }
}

/** Below any number's. */
const MISSING = -(2 ** 30)
const INFINITY_BITS = 0x7f800000

/** The order of a number, given by its bits, among all; so short that the difference of two does not overflow. */
export function orderOf(bits: number): number {
  if ((bits & 0x7fffffff) > INFINITY_BITS) return MISSING
  return (bits ^ ((bits >> 31) & 0x7fffffff)) >> 1
}
