import { fitItemKnn } from './item-knn'
import type { BasketHistory } from './next-basket-history'
import { addDotsTo, squaredNorms, transposed, userVectors } from './next-basket-vectors'
import { ScoreBoard } from './rank-board'
import type { SparseRows } from './spline-basis'

/** What speaks for items that one user never bought: counts that hold in the history, for a person to be told. */
export interface BasketReasons {
  /** Turns to a user; what the others answer is about this one. */
  load(user: number): void
  /** How many of the `neighbours` users most alike bought the item. */
  nearBuyers(item: number): number
  /** The item the user bought that the item goes best with, and how many users bought both; undefined where none does. */
  goesWith(item: number): { item: number; buyers: number } | undefined
}

export interface BasketReasonOptions {
  neighbours?: number
  /** Fewer who bought both say nothing. */
  bothMin?: number
  /** How many times likelier than usual the item must be among those who bought the other one. */
  liftMin?: number
}

/** Readies the counts; users are alike by the cosine of what they ever bought. */
export function basketReasons(
  history: BasketHistory,
  { neighbours = 50, bothMin = 5, liftMin = 2 }: BasketReasonOptions = {},
): BasketReasons {
  const bought = binaryRows(history)
  const buyers = transposed(bought)
  const norms = squaredNorms(bought)
  const pairs = fitItemKnn(bought, { options: { neighbours: 50, shrinkage: 10, asymmetry: 0.5 } }).weights
  const countOf = (item: number) => buyers.start[item + 1]! - buyers.start[item]!
  const both = bothCounts(buyers)
  const near = new Uint32Array(history.items)
  const nearTouched: number[] = []
  const best = new Int32Array(history.items).fill(-1)
  const bestWeight = new Float64Array(history.items)
  const bestTouched: number[] = []
  const alike = new ScoreBoard(history.users)
  const others = new Int32Array(neighbours)
  return {
    load(user) {
      for (const item of nearTouched.splice(0)) near[item] = 0
      for (const item of bestTouched.splice(0)) best[item] = -1
      addDotsTo(bought, buyers, user, alike)
      const { values, touched } = alike
      for (let k = 0; k < alike.count; k++) values[touched[k]!]! /= Math.sqrt(norms[touched[k]!]!)
      // The user, who is the most alike, is no other.
      if (alike.has(user)) values[user] = 0
      const kept = alike.best(Math.max(0, Math.min(neighbours, alike.count - 1)), others)
      alike.clear()
      for (let k = 0; k < kept; k++) {
        const row = others[k]!
        for (let at = bought.start[row]!; at < bought.start[row + 1]!; at++) {
          if (near[bought.index[at]!]! === 0) nearTouched.push(bought.index[at]!)
          near[bought.index[at]!]! += 1
        }
      }
      for (let at = bought.start[user]!; at < bought.start[user + 1]!; at++) {
        const own = bought.index[at]!
        for (let pair = pairs.start[own]!; pair < pairs.start[own + 1]!; pair++) {
          const item = pairs.index[pair]!
          if (best[item]! >= 0 && bestWeight[item]! >= pairs.value[pair]!) continue
          if (best[item]! < 0) bestTouched.push(item)
          best[item] = own
          bestWeight[item] = pairs.value[pair]!
        }
      }
    },
    nearBuyers: (item) => near[item]!,
    goesWith(item) {
      const own = best[item]!
      if (own < 0) return undefined
      const count = both(own, item)
      const isLikelier = count * history.users >= liftMin * countOf(own) * countOf(item)
      return count >= bothMin && isLikelier ? { item: own, buyers: count } : undefined
    },
  }
}

/** What each user ever bought, as ones. */
export function binaryRows(history: BasketHistory): SparseRows {
  const rows = userVectors(history, () => 1)
  rows.value.fill(1)
  return rows
}

/** How many users bought both of two items; each pair is counted once. `buyers` has an item's users in ascending order. */
function bothCounts(buyers: SparseRows): (one: number, other: number) => number {
  const known = new Map<number, number>()
  return (one, other) => {
    const key = Math.min(one, other) * buyers.rows + Math.max(one, other)
    let count = known.get(key)
    if (count === undefined) {
      count = countBoth(buyers, one, other)
      known.set(key, count)
    }
    return count
  }
}

function countBoth({ start, index }: SparseRows, one: number, other: number): number {
  let a = start[one]!
  let b = start[other]!
  let count = 0
  while (a < start[one + 1]! && b < start[other + 1]!) {
    const difference = index[a]! - index[b]!
    if (difference === 0) count += 1
    if (difference <= 0) a += 1
    if (difference >= 0) b += 1
  }
  return count
}
