import { type BasketHistory, itemCounts } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { transposed, userVectors } from './next-basket-vectors'
import { selectBest } from './rank-board'
import type { SparseRows } from './spline-basis'

/** Of how many last baskets, each counting more than the one before; how much rarer items say; how many are followed. */
const LAST = 6
const DECAY = 0.8
const RARITY_FROM = 3
const FOLLOWED_MAX = 400
/** What the first and the second basket after one alike count. */
const AFTER = [1, 0.5] as const

/**
 * What others bought next after a basket like the user's last ones: neighbours of moments rather than of members (as in
 * session-based neighbours, Jannach and Ludewig 2017). Rare items make baskets more alike.
 */
export function fitFollowers(history: BasketHistory): NextBasketModel {
  const { users, userStart, basketStart, item } = history
  const baskets = basketStart.length - 1
  const counts = itemCounts(history)
  const buyerOf = new Int32Array(baskets)
  for (let user = 0; user < users; user++) buyerOf.fill(user, userStart[user], userStart[user + 1])
  const recent = userVectors(history, (fromLast) => (fromLast < LAST ? DECAY ** fromLast : 0))
  const holders = transposed(followedBaskets(history))
  const perItem = Float64Array.from({ length: baskets }, (_, one) => 1 / (basketStart[one + 1]! - basketStart[one]!))
  const alike = new Float64Array(baskets)
  const found = new Int32Array(baskets)
  return {
    scoreUser(user, board) {
      let count = 0
      for (let at = recent.start[user]!; at < recent.start[user + 1]!; at++) {
        const one = recent.index[at]!
        const weight = recent.value[at]! / Math.sqrt(counts[one]! + RARITY_FROM)
        for (let entry = holders.start[one]!; entry < holders.start[one + 1]!; entry++) {
          const basket = holders.index[entry]!
          if (alike[basket] === 0) found[count++] = basket
          alike[basket]! += weight
        }
      }
      for (let own = userStart[user]!; own < userStart[user + 1]!; own++) alike[own]! *= 0.5
      for (let k = 0; k < count; k++) {
        const basket = found[k]!
        alike[basket] = alike[basket]! * alike[basket]! * perItem[basket]!
      }
      const kept = Math.min(count, FOLLOWED_MAX)
      selectBest(found, count, kept, alike)
      for (let k = 0; k < kept; k++) {
        const basket = found[k]!
        const end = userStart[buyerOf[basket]! + 1]!
        for (let later = 0; later < AFTER.length && basket + 1 + later < end; later++) {
          const from = basket + 1 + later
          for (let at = basketStart[from]!; at < basketStart[from + 1]!; at++) {
            board.add(item[at]!, alike[basket]! * AFTER[later]!)
          }
        }
      }
      for (let k = 0; k < count; k++) alike[found[k]!] = 0
    },
  }
}

/** Baskets × items, without the items of users' last baskets, which are followed by nothing yet. */
function followedBaskets({ users, items, userStart, basketStart, item }: BasketHistory): SparseRows {
  const start = new Uint32Array(basketStart.length)
  const index = new Uint32Array(item.length)
  let next = 0
  for (let user = 0; user < users; user++) {
    for (let basket = userStart[user]!; basket < userStart[user + 1]!; basket++) {
      if (basket + 1 < userStart[user + 1]!) {
        for (let at = basketStart[basket]!; at < basketStart[basket + 1]!; at++) index[next++] = item[at]!
      }
      start[basket + 1] = next
    }
  }
  return {
    rows: start.length - 1,
    columns: items,
    start,
    index: index.slice(0, next),
    value: new Float64Array(next).fill(1),
  }
}
