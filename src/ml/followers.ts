import { type BasketHistory, itemCounts } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { addRowTo, transposed, userVectors } from './next-basket-vectors'
import { ScoreBoard } from './rank-board'
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
  const alike = new ScoreBoard(baskets)
  const found = new Int32Array(FOLLOWED_MAX)
  return {
    scoreUser(user, board) {
      for (let at = recent.start[user]!; at < recent.start[user + 1]!; at++) {
        const one = recent.index[at]!
        addRowTo(holders, one, recent.value[at]! / Math.sqrt(counts[one]! + RARITY_FROM), alike)
      }
      for (let own = userStart[user]!; own < userStart[user + 1]!; own++) alike.values[own]! *= 0.5
      const kept = alike.best(FOLLOWED_MAX, found)
      for (let k = 0; k < kept; k++) {
        const basket = found[k]!
        const weight = alike.values[basket]! ** 2
        const end = userStart[buyerOf[basket]! + 1]!
        for (let later = 0; later < AFTER.length && basket + 1 + later < end; later++) {
          const from = basket + 1 + later
          board.addAlike(item, basketStart[from]!, basketStart[from + 1]!, weight * AFTER[later]!)
        }
      }
      alike.clear()
    },
  }
}

/**
 * Baskets × items, each item with the root of its share of the basket: the square of what two baskets have in common is
 * then by item. Without the items of users' last baskets, which are followed by nothing yet.
 */
function followedBaskets({ users, items, userStart, basketStart, item }: BasketHistory): SparseRows {
  const start = new Uint32Array(basketStart.length)
  const index = new Uint32Array(item.length)
  const value = new Float64Array(item.length)
  let next = 0
  for (let user = 0; user < users; user++) {
    for (let basket = userStart[user]!; basket < userStart[user + 1]!; basket++) {
      if (basket + 1 < userStart[user + 1]!) {
        const [from, to] = [basketStart[basket]!, basketStart[basket + 1]!]
        value.fill(1 / Math.sqrt(to - from), next, next + to - from)
        for (let at = from; at < to; at++) index[next++] = item[at]!
      }
      start[basket + 1] = next
    }
  }
  return {
    rows: start.length - 1,
    columns: items,
    start,
    index: index.slice(0, next),
    value: value.slice(0, next),
  }
}
