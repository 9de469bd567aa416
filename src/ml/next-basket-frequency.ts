import { type BasketHistory, itemCounts } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { addRowTo, userVectors } from './next-basket-vectors'

/** The floor: what everybody buys most, the same list for all. */
export function fitGlobalFrequency(history: BasketHistory): NextBasketModel {
  const counts = itemCounts(history)
  return {
    scoreUser(_user, board) {
      for (let item = 0; item < counts.length; item++) if (counts[item]! > 0) board.add(item, counts[item]!)
    },
  }
}

/**
 * What the user bought most; a basket counts `decay` as much as the one after it (1: all alike). Hard to beat where
 * people buy again (Li et al. 2023, "A next basket recommendation reality check").
 */
export function fitPersonalFrequency(history: BasketHistory, { decay = 1 }: { decay?: number } = {}): NextBasketModel {
  const vectors = userVectors(history, (fromLast) => decay ** fromLast)
  return {
    scoreUser(user, board) {
      addRowTo(vectors, user, 1, board)
    },
  }
}
