import { denseProducts } from './item-products'
import { addRowTo, type NarrowRows, transposed } from './next-basket-vectors'
import { type ScoreSink, selectBest } from './rank-board'
import type { SparseRows } from './spline-basis'

export interface ItemKnnOptions {
  /** How many nearest items are kept for each. */
  neighbours: number
  /** Added to the denominator: similarities with little behind them shrink. */
  shrinkage: number
  /** Between 0 and 1: how much of the denominator is the item's own length, the rest being the neighbour's; cosine at 0.5. */
  asymmetry: number
}

export const itemKnnDefaults: ItemKnnOptions = { neighbours: 100, shrinkage: 10, asymmetry: 0.5 }

/** What item-based models know: row i holds the items that speak for one another with weights, and a user's sum of rows ranks. */
export interface ItemWeights<Rows extends NarrowRows = SparseRows> {
  readonly weights: Rows
}

/** Up to so many items all products are made at once, as half a square: 8 bytes each, 128 MB here. */
const DENSE_ITEMS_MAX = 4096

/**
 * Item-based nearest neighbours (Sarwar et al. 2001; the top-N form of Deshpande and Karypis 2004). `sources` and
 * `targets` are users × items; row i of the result holds the items j with the largest
 * Σ_u source(u, i) target(u, j) / (|i|^2a |j|^2(1 − a) + shrinkage). With both the same that is the cosine of items; with
 * a basket as source and the one after it as target, what is bought next.
 */
export function fitItemKnn(
  sources: SparseRows,
  { targets = sources, options = itemKnnDefaults }: { targets?: SparseRows; options?: ItemKnnOptions } = {},
): ItemWeights {
  const items = sources.columns
  const sourceNorms = columnNorms(sources)
  const targetNorms = targets === sources ? sourceNorms : columnNorms(targets)
  const own = sourceNorms.map((norm) => norm ** options.asymmetry)
  const others = targetNorms.map((norm) => norm ** (1 - options.asymmetry))
  const isSame = targets === sources
  const products = isSame && items <= DENSE_ITEMS_MAX ? denseProducts(sources) : sparseProducts(sources, targets)
  const near = new Int32Array(items)
  const start = new Uint32Array(items + 1)
  const index = new Uint32Array(items * Math.min(items, options.neighbours))
  const value = new Float64Array(index.length)
  let next = 0
  for (let item = 0; item < items; item++) {
    const { sums, count: touched } = products(item, near)
    let count = 0
    for (let k = 0; k < touched; k++) {
      const other = near[k]!
      if (other === item && isSame) sums[other] = 0
      else {
        sums[other]! /= own[item]! * others[other]! + options.shrinkage
        near[count++] = other
      }
    }
    const kept = Math.min(count, options.neighbours)
    selectBest(near, count, kept, sums)
    for (let k = 0; k < kept; k++) {
      index[next] = near[k]!
      value[next] = sums[near[k]!]!
      next += 1
    }
    for (let k = 0; k < count; k++) sums[near[k]!] = 0
    start[item + 1] = next
  }
  return { weights: { rows: items, columns: items, start, index: index.slice(0, next), value: value.slice(0, next) } }
}

/**
 * Products of one item with all: those that are not 0 are listed in `near`, `count` of them, and stand in `sums`, which the
 * caller may write to and leaves 0 there.
 */
type Products = (item: number, near: Int32Array) => { sums: Float64Array; count: number }

/** One item after another, for any number of items. */
function sparseProducts(sources: SparseRows, targets: SparseRows): Products {
  const byItem = transposed(sources)
  const sums = new Float64Array(sources.columns)
  return (item, near) => ({ sums, count: sumTargets(item, byItem, targets, sums, near) })
}

/** Σ_u source(u, item) target(u, ·) into `sums`; the items touched go to `near`, and their number is returned. */
function sumTargets(
  item: number,
  byItem: SparseRows,
  targets: SparseRows,
  sums: Float64Array,
  near: Int32Array,
): number {
  let count = 0
  for (let entry = byItem.start[item]!; entry < byItem.start[item + 1]!; entry++) {
    const user = byItem.index[entry]!
    const weight = byItem.value[entry]!
    const end = targets.start[user + 1]!
    for (let at = targets.start[user]!; at < end; at++) {
      const other = targets.index[at]!
      const before = sums[other]!
      if (before === 0) near[count++] = other
      sums[other] = before + weight * targets.value[at]!
    }
  }
  return count
}

function columnNorms({ columns, index, value }: SparseRows): Float64Array {
  const norms = new Float64Array(columns)
  for (let at = 0; at < index.length; at++) norms[index[at]!]! += value[at]! * value[at]!
  const wrong = norms.findIndex((norm) => !Number.isFinite(norm))
  if (wrong >= 0) throw new RangeError(`item ${wrong} has values that are no numbers, or too large to be squared`)
  return norms
}

/** Adds what the user's items say to the board: Σ_i user(i) weight(i, ·). */
export function scoreByItems(
  { weights }: ItemWeights<NarrowRows>,
  user: number,
  userItems: NarrowRows,
  board: ScoreSink,
): void {
  for (let at = userItems.start[user]!; at < userItems.start[user + 1]!; at++) {
    addRowTo(weights, userItems.index[at]!, userItems.value[at]!, board)
  }
}
