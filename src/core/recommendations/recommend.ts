import type { Db } from '../../db/sql'
import type { Localised } from '../locale'
import { buyAgainRecommender } from './buy-again'

/** What is asked of a recommender. `categoryCode` keeps to one category. */
export interface RecommendRequest {
  readonly memberId: string
  readonly at: Date
  readonly limit: number
  readonly categoryCode?: string
}

/** Why an item is recommended: facts that hold, for the conversation to put into words. */
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
      readonly code: 'popular'
      /** Members who bought it lately. */
      readonly buyers: number
      readonly withinDays: number
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

/** A way to recommend. Models are such values too, and take the floor's place where they are trained. */
export interface Recommender {
  readonly code: string
  recommend(db: Db, request: RecommendRequest): Promise<Recommendation[]>
}

/** What to buy, best first, at most `limit` items, all in stock. Empty for a shop without orders. */
export async function recommend(
  db: Db,
  request: RecommendRequest,
  recommender: Recommender = buyAgainRecommender,
): Promise<Recommendation[]> {
  return recommender.recommend(db, request)
}
