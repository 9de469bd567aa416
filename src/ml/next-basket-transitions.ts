import { fitItemKnn, type ItemWeights, scoreByItems } from './item-knn'
import type { BasketHistory } from './next-basket-history'
import type { SinkModel } from './next-basket-model'
import { type NarrowRows, userVectors } from './next-basket-vectors'
import type { SparseRows } from './spline-basis'

/** How much a basket counts for each one after it, and in how far the last baskets' company counts alone. */
const DECAY = { transitions: 0.9, company: 0.6 }

/**
 * What is bought next: item-based neighbours from each basket to the one after it (a first-order Markov chain over items,
 * as in Rendle et al. 2010, with neighbours for factors). An item may speak for itself.
 */
export function fitTransitions(
  history: BasketHistory,
  weights: ItemWeights<NarrowRows> = transitionWeights(history),
): SinkModel {
  const recent = userVectors(history, (fromLast) => DECAY.transitions ** fromLast)
  return {
    scoreUser(user, board) {
      scoreByItems(weights, user, recent, board)
    },
  }
}

/** How much each item speaks for each one in the basket after it. */
export function transitionWeights(history: BasketHistory): ItemWeights {
  return fitItemKnn(basketRows(history, 0), {
    targets: basketRows(history, 1),
    options: { neighbours: 100, shrinkage: 10, asymmetry: 0.8 },
  })
}

/** What lies in one basket with what the user bought of late: items of the same moment, such as promotions and seasons. */
export function fitCompany(history: BasketHistory, weights: ItemWeights<NarrowRows>): SinkModel {
  const recent = userVectors(history, (fromLast) => DECAY.company ** fromLast)
  return {
    scoreUser(user, board) {
      scoreByItems(weights, user, recent, board)
    },
  }
}

/** How much each item speaks for others in the same basket. */
export function companyWeights(history: BasketHistory): ItemWeights {
  const baskets: SparseRows = {
    rows: history.basketStart.length - 1,
    columns: history.items,
    start: history.basketStart,
    index: history.item,
    value: new Float64Array(history.item.length).fill(1),
  }
  return fitItemKnn(baskets, { options: { neighbours: 100, shrinkage: 10, asymmetry: 0.7 } })
}

/** A row for each pair of a basket and the one after it: the items of the first (`offset` 0) or of the second (1). */
function basketRows(history: BasketHistory, offset: 0 | 1): SparseRows {
  const { users, userStart, basketStart, item } = history
  const start = [0]
  const index: number[] = []
  for (let user = 0; user < users; user++) {
    for (let pair = userStart[user]!; pair + 1 < userStart[user + 1]!; pair++) {
      const basket = pair + offset
      for (let at = basketStart[basket]!; at < basketStart[basket + 1]!; at++) index.push(item[at]!)
      start.push(index.length)
    }
  }
  return {
    rows: start.length - 1,
    columns: history.items,
    start: Uint32Array.from(start),
    index: Uint32Array.from(index),
    value: new Float64Array(index.length).fill(1),
  }
}
