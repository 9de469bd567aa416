/**
 * What members bought, basket by basket, in typed arrays: members' baskets in the order in which they were bought, items
 * as numbers from 0. Each item stands in a basket once.
 */
export interface BasketHistory {
  readonly users: number
  readonly items: number
  /** The baskets of user u are those from `userStart[u]` up to, not including, `userStart[u + 1]`, oldest first. */
  readonly userStart: Uint32Array
  /** The items of basket b stand in `item` from `basketStart[b]` up to, not including, `basketStart[b + 1]`. */
  readonly basketStart: Uint32Array
  readonly item: Uint32Array
  /** The day of each basket, from any origin; its number within the user's row where the data has no dates. */
  readonly day: Float64Array
}

/** One list of items a user: those of user u stand in `item` from `start[u]` up to, not including, `start[u + 1]`. */
export interface ItemLists {
  readonly start: Uint32Array
  readonly item: Uint32Array
}

export interface UserBaskets {
  baskets: readonly (readonly number[])[]
  /** One ascending number a basket; the baskets are counted where it is absent. */
  days?: readonly number[]
}

/** Packs members' baskets. Empty baskets are left out, and what a basket names twice counts once. */
export function packHistory(users: readonly UserBaskets[], items: number): BasketHistory {
  const userStart = new Uint32Array(users.length + 1)
  const basketStart = [0]
  const item: number[] = []
  const day: number[] = []
  users.forEach(({ baskets, days }, user) => {
    baskets.forEach((basket, position) => {
      if (basket.length === 0) return
      for (const one of new Set(basket)) {
        if (!Number.isInteger(one) || one < 0 || one >= items) {
          throw new RangeError(`item ${one} of user ${user} is not a whole number from 0 to ${items - 1}`)
        }
        item.push(one)
      }
      basketStart.push(item.length)
      day.push(days?.[position] ?? position)
    })
    userStart[user + 1] = day.length
  })
  return {
    users: users.length,
    items,
    userStart,
    basketStart: Uint32Array.from(basketStart),
    item: Uint32Array.from(item),
    day: Float64Array.from(day),
  }
}

/**
 * Takes the last basket off every user who has more than one, as what is to be foretold. A user with a single basket
 * keeps it, and has nothing to be foretold.
 */
export function holdOutLast(history: BasketHistory): { history: BasketHistory; truth: ItemLists } {
  const { users, userStart, basketStart, item, day } = history
  const keptStart = new Uint32Array(users + 1)
  const kept: number[] = []
  const truthStart = new Uint32Array(users + 1)
  const held: number[] = []
  for (let user = 0; user < users; user++) {
    const [from, to] = [userStart[user]!, userStart[user + 1]!]
    const last = to - from > 1 ? to - 1 : to
    for (let basket = from; basket < last; basket++) kept.push(basket)
    if (last < to) for (let at = basketStart[last]!; at < basketStart[to]!; at++) held.push(item[at]!)
    keptStart[user + 1] = kept.length
    truthStart[user + 1] = held.length
  }
  const keptBasketStart = new Uint32Array(kept.length + 1)
  kept.forEach((basket, k) => {
    keptBasketStart[k + 1] = keptBasketStart[k]! + basketStart[basket + 1]! - basketStart[basket]!
  })
  const keptItem = new Uint32Array(keptBasketStart[kept.length]!)
  kept.forEach((basket, k) => {
    keptItem.set(item.subarray(basketStart[basket]!, basketStart[basket + 1]!), keptBasketStart[k]!)
  })
  return {
    history: {
      users,
      items: history.items,
      userStart: keptStart,
      basketStart: keptBasketStart,
      item: keptItem,
      day: Float64Array.from(kept, (basket) => day[basket]!),
    },
    truth: { start: truthStart, item: Uint32Array.from(held) },
  }
}

/** How many baskets hold each item. */
export function itemCounts({ items, item }: Pick<BasketHistory, 'items' | 'item'>): Float64Array {
  const counts = new Float64Array(items)
  for (let at = 0; at < item.length; at++) counts[item[at]!]! += 1
  return counts
}

/** The items by falling count, ties by number. */
export function byCount(counts: Float64Array): Uint32Array {
  return Uint32Array.from(counts, (_, item) => item).sort((a, b) => counts[b]! - counts[a]! || a - b)
}
