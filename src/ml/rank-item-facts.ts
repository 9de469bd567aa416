import { type BasketHistory, itemCounts } from './next-basket-history'

/** What is known of items and users apart from one another; one element an item or a user. */
export interface ItemFacts {
  /** Share of baskets. */
  readonly popularity: Float64Array
  /** Share of users' last baskets. */
  readonly recentPopularity: Float64Array
  /** Of the times that the item was bought, how often it was in the basket after, too; shrunk. */
  readonly repurchaseRate: Float64Array
  /** Share of the users' last baskets that hold it for the first time. */
  readonly discovery: Float64Array
  /** Baskets with it a buyer. */
  readonly timesABuyer: Float64Array
  /** Mean size of the baskets with it. */
  readonly basketSize: Float64Array
}

const PRIOR = 20

/** Measures all items of a history. */
export function itemFacts(history: BasketHistory): ItemFacts {
  const { users, items, userStart, basketStart, item } = history
  const counts = itemCounts(history)
  const recent = new Float64Array(items)
  const fresh = new Float64Array(items)
  const buyers = new Float64Array(items)
  const again = new Float64Array(items)
  const chances = new Float64Array(items)
  const sizes = new Float64Array(items)
  const seenBy = new Int32Array(items).fill(-1)
  const seenIn = new Int32Array(items).fill(-1)
  let allAgain = 0
  let allChances = 0
  for (let user = 0; user < users; user++) {
    const [from, to] = [userStart[user]!, userStart[user + 1]!]
    for (let basket = from; basket < to; basket++) {
      const size = basketStart[basket + 1]! - basketStart[basket]!
      for (let at = basketStart[basket]!; at < basketStart[basket + 1]!; at++) {
        const one = item[at]!
        sizes[one]! += size
        if (basket === to - 1) {
          recent[one]! += 1
          if (seenBy[one] !== user) fresh[one]! += 1
        } else {
          chances[one]! += 1
          allChances += 1
        }
        if (basket > from && seenIn[one] === basket - 1) {
          again[one]! += 1
          allAgain += 1
        }
        if (seenBy[one] !== user) buyers[one]! += 1
        seenBy[one] = user
        seenIn[one] = basket
      }
    }
  }
  const usual = allChances > 0 ? allAgain / allChances : 0
  const baskets = Math.max(1, basketStart.length - 1)
  return {
    popularity: counts.map((count) => count / baskets),
    recentPopularity: recent.map((count) => count / Math.max(1, users)),
    repurchaseRate: again.map((count, one) => (count + PRIOR * usual) / (chances[one]! + PRIOR)),
    discovery: fresh.map((count) => count / Math.max(1, users)),
    timesABuyer: counts.map((count, one) => count / Math.max(1, buyers[one]!)),
    basketSize: sizes.map((size, one) => (counts[one]! > 0 ? size / counts[one]! : 0)),
  }
}

/** Facts of one user, in the order in which the re-ranker takes them. */
export const userFactNames = [
  'baskets',
  'basketSize',
  'lastBasketSize',
  'distinctItems',
  'repeatShare',
  'taste',
] as const

/** Facts of all users, `userFactNames.length` a user. */
export function userFacts(history: BasketHistory): Float64Array {
  const { users, userStart, basketStart, item, items } = history
  const counts = itemCounts(history)
  const width = userFactNames.length
  const facts = new Float64Array(users * width)
  const seenBy = new Int32Array(items).fill(-1)
  for (let user = 0; user < users; user++) {
    const [from, to] = [userStart[user]!, userStart[user + 1]!]
    const baskets = to - from
    if (baskets === 0) continue
    let distinct = 0
    // How popular is what the user buys.
    let taste = 0
    for (let at = basketStart[from]!; at < basketStart[to]!; at++) {
      if (seenBy[item[at]!] !== user) distinct += 1
      seenBy[item[at]!] = user
      taste += Math.log(counts[item[at]!]!)
    }
    const bought = basketStart[to]! - basketStart[from]!
    const repeats = (bought - distinct) / Math.max(1, basketStart[to]! - basketStart[from + 1]!)
    const lastSize = basketStart[to]! - basketStart[to - 1]!
    facts.set([baskets, bought / baskets, lastSize, distinct, repeats, taste / bought], user * width)
  }
  return facts
}
