import { fitFollowers } from './followers'
import { scoreByItems } from './item-knn'
import type { BasketHistory } from './next-basket-history'
import type { SinkModel } from './next-basket-model'
import { fitCompany, fitTransitions } from './next-basket-transitions'
import { narrowRows, userVectors } from './next-basket-vectors'
import type { RankSources } from './rank-sources'
import { fitTimelyNeighbours } from './timely-neighbours'
import { fitTimelyPopularity } from './timely-popularity'
import { findNeighbours, fitUserCfOnNeighbours, recentPopularity, type UserCfOptions, userCfDefaults } from './user-cf'

export interface ExpertOptions {
  userCf?: UserCfOptions
}

/** A recommender whose best items are candidates and whose scores are features. */
export interface Expert {
  readonly name: string
  readonly model: SinkModel
  /** How many of its best items become candidates. */
  readonly from: number
  /** Whether its order is looked at once more with each item's season weighed in. */
  readonly isTimely: boolean
  /** The expert that finds what this one looks up as well, while the user is the same. */
  readonly after?: string
}

/** UP-CF looks at fewer neighbours here than alone: those further off hardly count, and take as long. */
const NEIGHBOURS_MAX = 200
const WEIGHT_LEAST = 0.001

/** Fits all recommenders that the re-ranker listens to. */
export function fitExperts(history: BasketHistory, options: ExpertOptions, { times, items }: RankSources): Expert[] {
  const { userCf = userCfDefaults } = options
  const owned = userVectors(history, () => 1)
  const itemKnn: SinkModel = { scoreUser: (user, board) => scoreByItems(items.owned, user, owned, board) }
  const popularity = recentPopularity(history, userCf)
  const neighbours = findNeighbours(
    popularity,
    { ...userCf, neighboursMax: Math.min(NEIGHBOURS_MAX, userCf.neighboursMax) },
    { isPositive: true, weightLeast: WEIGHT_LEAST },
  )
  return [
    { name: 'userCf', model: fitUserCfOnNeighbours(narrowRows(popularity), neighbours), from: 80, isTimely: true },
    { name: 'transitions', model: fitTransitions(history, items.transitions), from: 40, isTimely: true },
    { name: 'itemKnn', model: itemKnn, from: 20, isTimely: true },
    { name: 'company', model: fitCompany(history, items.company), from: 20, isTimely: false },
    { name: 'followers', model: fitFollowers(history), from: 40, isTimely: true },
    {
      ...{
        name: 'timelyNeighbours',
        model: fitTimelyNeighbours(history, times, neighbours),
        from: 60,
        isTimely: false,
      },
      after: 'userCf',
    },
    { name: 'timelyPopularity', model: fitTimelyPopularity(history, times), from: 40, isTimely: false },
  ]
}
