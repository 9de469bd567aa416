import { type EaseOptions, fitEase, placesOf, scoreByEase } from './ease'
import { fitItemKnn, type ItemKnnOptions, itemKnnDefaults, scoreByItems } from './item-knn'
import type { NextBasketModel } from './next-basket-model'
import { ScoreBoard } from './rank-board'
import { averagePrecision, discountedGain, hitsWithin, idealGain, noItem, type RankedLists } from './rank-metrics'
import type { SparseRows } from './spline-basis'

/** Recommenders of items that a user does not have yet. `userItems` is users × items. */

/** The floor: what most users have. */
export function fitPopularity(userItems: SparseRows): NextBasketModel {
  const counts = new Float64Array(userItems.columns)
  for (const item of userItems.index) counts[item]! += 1
  return {
    scoreUser(_user, board) {
      for (let item = 0; item < counts.length; item++) if (counts[item]! > 0) board.add(item, counts[item]!)
    },
  }
}

/** Item-based neighbours, see item-knn.ts. */
export function fitItemKnnTopN(userItems: SparseRows, options: ItemKnnOptions = itemKnnDefaults): NextBasketModel {
  const weights = fitItemKnn(userItems, { options })
  return { scoreUser: (user, board) => scoreByItems(weights, user, userItems, board) }
}

/** EASE, see ease.ts. */
export function fitEaseTopN(userItems: SparseRows, options: EaseOptions): NextBasketModel {
  const ease = fitEase(userItems, options)
  const place = placesOf(ease.item, userItems.columns)
  return { scoreUser: (user, board) => scoreByEase(ease, place, user, userItems, board) }
}

/** The best items of each user among those the user does not have. */
export function newItemLists(model: NextBasketModel, userItems: SparseRows, width: number): RankedLists {
  const item = new Uint32Array(userItems.rows * width).fill(noItem)
  const scored = new ScoreBoard(userItems.columns)
  const fresh = new ScoreBoard(userItems.columns)
  const ownedBy = new Int32Array(userItems.columns).fill(-1)
  for (let user = 0; user < userItems.rows; user++) {
    for (let at = userItems.start[user]!; at < userItems.start[user + 1]!; at++) ownedBy[userItems.index[at]!] = user
    model.scoreUser(user, scored)
    for (let k = 0; k < scored.count; k++) {
      const one = scored.touched[k]!
      if (ownedBy[one] !== user) fresh.add(one, scored.values[one]!)
    }
    fresh.top(width, item, user * width)
    scored.clear()
    fresh.clear()
  }
  return { width, item }
}

/** Means over the users with a held-out item. */
export interface TopNFigures {
  users: number
  ndcg: number
  map: number
  precision: number
  recall: number
}

/** Measures lists against the items held out (users × items). */
export function topNFigures(lists: RankedLists, heldOut: SparseRows, k: number): TopNFigures {
  const sums = { users: 0, ndcg: 0, map: 0, precision: 0, recall: 0 }
  for (let user = 0; user < heldOut.rows; user++) {
    const wanted = new Set(heldOut.index.subarray(heldOut.start[user]!, heldOut.start[user + 1]!))
    if (wanted.size === 0) continue
    const row = lists.item.subarray(user * lists.width, (user + 1) * lists.width)
    const hits = hitsWithin(row, wanted, k)
    sums.users += 1
    sums.ndcg += discountedGain(row, wanted, k) / idealGain(Math.min(k, wanted.size))
    sums.map += averagePrecision(row, wanted, k)
    sums.precision += hits / k
    sums.recall += hits / wanted.size
  }
  const mean = (sum: number) => (sums.users === 0 ? 0 : sum / sums.users)
  return {
    users: sums.users,
    ndcg: mean(sums.ndcg),
    map: mean(sums.map),
    precision: mean(sums.precision),
    recall: mean(sums.recall),
  }
}
