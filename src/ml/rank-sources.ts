import { type BasketTimes, fitBasketTimes } from './basket-times'
import { fitItemKnn, type ItemWeights } from './item-knn'
import type { BasketHistory } from './next-basket-history'
import { companyWeights, transitionWeights } from './next-basket-transitions'
import { type NarrowRows, narrowRows, userVectors } from './next-basket-vectors'

/** What items say for one another: owned by the same users, in the next basket, in the same basket. */
export interface ItemSources {
  readonly owned: ItemWeights<NarrowRows>
  readonly transitions: ItemWeights<NarrowRows>
  readonly company: ItemWeights<NarrowRows>
}

/** What takes long to fit to a history and is looked up only: plain data, which threads can hand to one another. */
export interface RankSources {
  readonly times: BasketTimes
  readonly items: ItemSources
}

export function fitItemSources(history: BasketHistory): ItemSources {
  const owned = userVectors(history, () => 1)
  return {
    owned: narrow(fitItemKnn(owned, { options: { neighbours: 100, shrinkage: 10, asymmetry: 0.7 } })),
    transitions: narrow(transitionWeights(history)),
    company: narrow(companyWeights(history)),
  }
}

const narrow = ({ weights }: ItemWeights): ItemWeights<NarrowRows> => ({ weights: narrowRows(weights) })

export function fitRankSources(history: BasketHistory): RankSources {
  return { times: fitBasketTimes(history), items: fitItemSources(history) }
}
