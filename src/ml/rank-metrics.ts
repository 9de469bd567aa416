import type { ItemLists } from './next-basket-history'

/** How good ranked lists are against what came; means over the users for whom something was held out. */
export interface RankFigures {
  users: number
  recall10: number
  recall20: number
  /** The ideal list holds as many of the held-out items as fit into ten (Järvelin and Kekäläinen 2002). */
  ndcg10Min: number
  /** The ideal list holds all held-out items, however many. */
  ndcg10Whole: number
  /** The share of users with at least one hit within ten. */
  phr10: number
}

/** Ranked lists of equal width: row u holds the items for user u, best first; `noItem` fills what is missing. */
export interface RankedLists {
  readonly width: number
  readonly item: Uint32Array
}

export const noItem = 0xffffffff

/** Measures lists (at least ten wide, twenty for recall20) for users who have a held-out item. */
export function rankFigures(lists: RankedLists, truth: ItemLists): RankFigures {
  const sums = { users: 0, recall10: 0, recall20: 0, ndcg10Min: 0, ndcg10Whole: 0, phr10: 0 }
  for (let user = 0; user + 1 < truth.start.length; user++) {
    const wanted = new Set(truth.item.subarray(truth.start[user]!, truth.start[user + 1]!))
    if (wanted.size === 0) continue
    const row = lists.item.subarray(user * lists.width, (user + 1) * lists.width)
    const hits10 = hitsWithin(row, wanted, 10)
    const gain = discountedGain(row, wanted, 10)
    sums.users += 1
    sums.recall10 += hits10 / wanted.size
    sums.recall20 += hitsWithin(row, wanted, 20) / wanted.size
    sums.ndcg10Min += gain / idealGain(Math.min(10, wanted.size))
    sums.ndcg10Whole += gain / idealGain(wanted.size)
    sums.phr10 += hits10 > 0 ? 1 : 0
  }
  const mean = (sum: number) => (sums.users === 0 ? 0 : sum / sums.users)
  return {
    users: sums.users,
    recall10: mean(sums.recall10),
    recall20: mean(sums.recall20),
    ndcg10Min: mean(sums.ndcg10Min),
    ndcg10Whole: mean(sums.ndcg10Whole),
    phr10: mean(sums.phr10),
  }
}

/** How many of the first k are wanted. */
export function hitsWithin(row: ArrayLike<number>, wanted: ReadonlySet<number>, k: number): number {
  let hits = 0
  for (let place = 0; place < Math.min(k, row.length); place++) if (wanted.has(row[place]!)) hits += 1
  return hits
}

/** Σ 1 / log2(place + 1) over the wanted items within the first k, places from 1. */
export function discountedGain(row: ArrayLike<number>, wanted: ReadonlySet<number>, k: number): number {
  let gain = 0
  for (let place = 0; place < Math.min(k, row.length); place++) {
    if (wanted.has(row[place]!)) gain += 1 / Math.log2(place + 2)
  }
  return gain
}

/** The gain of a list whose first `count` items are all wanted. */
export function idealGain(count: number): number {
  let gain = 0
  for (let place = 0; place < count; place++) gain += 1 / Math.log2(place + 2)
  return gain
}

/** Mean of the precision at each wanted item's place within the first k, over min(k, wanted). */
export function averagePrecision(row: ArrayLike<number>, wanted: ReadonlySet<number>, k: number): number {
  let hits = 0
  let sum = 0
  for (let place = 0; place < Math.min(k, row.length); place++) {
    if (!wanted.has(row[place]!)) continue
    hits += 1
    sum += hits / (place + 1)
  }
  return wanted.size === 0 ? 0 : sum / Math.min(k, wanted.size)
}
