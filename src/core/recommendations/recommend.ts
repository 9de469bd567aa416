import type { Db } from '../../db/sql'
import { meetArm } from '../experiments/experiment'
import type { Localised } from '../locale'
import { buyAgainRecommender, rankPopular } from './buy-again'
import { readShelf, type Shelf } from './shelf'
import { hasTrainedItems, trainedRecommender } from './trained'

/** What is asked of a recommender. `categoryCode` keeps to one category. */
export interface RecommendRequest {
  readonly memberId: string
  readonly at: Date
  readonly limit: number
  readonly categoryCode?: string
}

/** Why an item is recommended: facts that hold, for the conversation to put into words. No other member is in them. */
export type Reason =
  | {
      readonly code: 'bought-again'
      /** Orders that had it and kept it. */
      readonly times: number
      /** The usual gap between two purchases; absent before the third purchase, and where it is long past due. */
      readonly everyDays?: number
      readonly lastAt: Date
      /** When the next purchase is due, counted from the books date; below 0 it is overdue. Comes with `everyDays`. */
      readonly dueInDays?: number
    }
  | {
      readonly code: 'goes-with'
      /** What the member bought. */
      readonly sku: string
      readonly name: Localised
      /** Members who bought both. */
      readonly buyers: number
    }
  | {
      readonly code: 'similar-members'
      /** Who bought it among the members whose purchases are most like this one's. */
      readonly buyers: number
    }
  | {
      readonly code: 'popular'
      /** Members who bought it lately. */
      readonly buyers: number
      readonly withinDays: number
    }
  | {
      readonly code: 'favourite-category'
      readonly name: Localised
      /** On how many occasions the member bought from it. */
      readonly times: number
    }

export interface Recommendation {
  readonly sku: string
  readonly name: Localised
  readonly categoryCode?: string
  readonly priceMinor: number
  readonly currency: string
  /** 0 to 1, for ordering within one answer. */
  readonly score: number
  readonly reason: Reason
}

/** A way to recommend from what is known of a member and the shop: best first, at most `limit`, no item twice. */
export interface Recommender {
  readonly code: string
  rank(shelf: Shelf, request: RecommendRequest): Recommendation[]
}

/**
 * What to buy, best first, at most `limit` items, all in stock: what the models in use made ready for the member, weighed
 * by today's date, or the floor for a member whom they do not know, or what is popular for one who switched personalisation
 * off. While an experiment on recommenders runs, its arm decides. Empty for a shop without orders.
 */
export async function recommend(db: Db, request: RecommendRequest): Promise<Recommendation[]> {
  const shelf = await readShelf(db, request)
  if (!shelf) return []
  if (shelf.isPlain) return rankPopular(forAnybody(shelf)).slice(0, request.limit)
  const arm = await meetArm(db, { running: shelf.experiment, ...request })
  if (arm === 'popular') return rankPopular(forAnybody(shelf)).slice(0, request.limit)
  const recommender = hasTrainedItems(shelf) && arm !== 'buy-again' ? trainedRecommender : buyAgainRecommender
  return recommender.rank(shelf, request)
}

/** The shelf without what is weighed by the member's own purchases. */
function forAnybody(shelf: Shelf): Shelf {
  return { ...shelf, items: shelf.items.map((item) => ({ ...item, categoryTimes: 0 })) }
}
