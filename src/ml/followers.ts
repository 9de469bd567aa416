import { type BasketHistory, itemCounts } from './next-basket-history'
import type { SinkModel } from './next-basket-model'
import { addRowTo, narrowIndex, narrowRows, transposed, userVectors } from './next-basket-vectors'
import { PositiveBoard } from './positive-board'
import type { SparseRows } from './spline-basis'

/** Of how many last baskets, each counting more than the one before; how much rarer items say; how many are followed. */
const LAST = 6
const DECAY = 0.8
const RARITY_FROM = 3
const FOLLOWED_MAX = 500
/** What the first and the second basket after one alike count. */
const AFTER = [1, 0.5] as const

/**
 * What others bought next after a basket like the user's last ones: neighbours of moments rather than of members (as in
 * session-based neighbours, Jannach and Ludewig 2017). Rare items make baskets more alike.
 */
export function fitFollowers(history: BasketHistory): SinkModel {
  const { items } = history
  const counts = itemCounts(history)
  const item = narrowIndex(history.item, items)
  const recent = userVectors(history, (fromLast) => (fromLast < LAST ? DECAY ** fromLast : 0))
  const { followed, ownStart, after } = followedBaskets(history)
  const holders = narrowRows(transposed(followed))
  const alike = new PositiveBoard(followed.rows)
  const found = new Int32Array(FOLLOWED_MAX)
  return {
    scoreUser(user, board) {
      for (let at = recent.start[user]!; at < recent.start[user + 1]!; at++) {
        const one = recent.index[at]!
        addRowTo(holders, one, recent.value[at]! / Math.sqrt(counts[one]! + RARITY_FROM), alike)
      }
      for (let own = ownStart[user]!; own < ownStart[user + 1]!; own++) alike.values[own]! *= 0.5
      const kept = alike.best(FOLLOWED_MAX, found)
      for (let k = 0; k < kept; k++) {
        const basket = found[k]!
        const weight = alike.values[basket]! ** 2
        const at = basket * AFTER_WIDTH
        for (let later = 0; later < AFTER.length; later++) {
          board.addAlike(item, after[at + later]!, after[at + later + 1]!, weight * AFTER[later]!)
        }
      }
      alike.clear()
    },
  }
}

/** Where the items of each followed basket's next one begin, those of the second, and where those end. */
const AFTER_WIDTH = AFTER.length + 1

/**
 * The baskets that are followed by another: as rows of items, each with the root of its share of the basket, so that the square of
 * what two have in common is by item; where each user's begin; and `AFTER_WIDTH` places of `history.item` a basket.
 */
function followedBaskets({ users, items, userStart, basketStart, item }: BasketHistory) {
  const ownStart = new Uint32Array(users + 1)
  for (let user = 0; user < users; user++) {
    ownStart[user + 1] = ownStart[user]! + Math.max(0, userStart[user + 1]! - userStart[user]! - 1)
  }
  const rows = ownStart[users]!
  const start = new Uint32Array(rows + 1)
  const after = new Uint32Array(rows * AFTER_WIDTH)
  const index = new Uint32Array(item.length)
  const value = new Float64Array(item.length)
  let [next, row] = [0, 0]
  for (let user = 0; user < users; user++) {
    const last = userStart[user + 1]!
    for (let basket = userStart[user]!; basket + 1 < last; basket++, row++) {
      const [from, to] = [basketStart[basket]!, basketStart[basket + 1]!]
      value.fill(1 / Math.sqrt(to - from), next, next + to - from)
      for (let at = from; at < to; at++) index[next++] = item[at]!
      start[row + 1] = next
      for (let k = 0; k < AFTER_WIDTH; k++) after[row * AFTER_WIDTH + k] = basketStart[Math.min(last, basket + 1 + k)]!
    }
  }
  const followed: SparseRows = {
    ...{ rows, columns: items, start },
    ...{ index: index.slice(0, next), value: value.slice(0, next) },
  }
  return { followed, ownStart, after }
}
