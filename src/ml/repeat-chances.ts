import type { BasketHistory } from './next-basket-history'

/** How likely an item is in the next basket of somebody who bought it `times` times, last so many baskets before the last. */
export interface RepeatChances {
  of(item: number, times: number, basketsSince: number): number
}

/** One, two, more purchases; in the last basket, one, two, more baskets before it. */
const TIMES_CELLS = 3
const SINCE_CELLS = 4
const CELLS = TIMES_CELLS * SINCE_CELLS
/** So many cases of all items stand behind each item's own. */
const PRIOR_CASES = 10

/** Counts what happened to each item that a user had bought, at each of the user's baskets; few cases lean to all items'. */
export function fitRepeatChances({ users, items, userStart, basketStart, item }: BasketHistory): RepeatChances {
  const cases = new Uint32Array(items * CELLS)
  const bought = new Uint32Array(items * CELLS)
  const allCases = new Float64Array(CELLS)
  const allBought = new Float64Array(CELLS)
  const times = new Uint16Array(items)
  const last = new Int32Array(items)
  for (let user = 0; user < users; user++) {
    const own: number[] = []
    for (let basket = userStart[user]!; basket < userStart[user + 1]!; basket++) {
      const [from, to] = [basketStart[basket]!, basketStart[basket + 1]!]
      for (const one of own) {
        const cell = cellOf(times[one]!, basket - 1 - last[one]!)
        cases[one * CELLS + cell]! += 1
        allCases[cell]! += 1
      }
      for (let at = from; at < to; at++) {
        const one = item[at]!
        if (times[one] === 0) own.push(one)
        else {
          const cell = cellOf(times[one]!, basket - 1 - last[one]!)
          bought[one * CELLS + cell]! += 1
          allBought[cell]! += 1
        }
        times[one]! += 1
        last[one] = basket
      }
    }
    for (const one of own) times[one] = 0
  }
  return {
    of(one, count, basketsSince) {
      const cell = cellOf(count, basketsSince)
      const usual = allBought[cell]! / Math.max(1, allCases[cell]!)
      return (bought[one * CELLS + cell]! + PRIOR_CASES * usual) / (cases[one * CELLS + cell]! + PRIOR_CASES)
    },
  }
}

function cellOf(times: number, basketsSince: number): number {
  return (Math.min(TIMES_CELLS, times) - 1) * SINCE_CELLS + Math.min(SINCE_CELLS - 1, basketsSince)
}
