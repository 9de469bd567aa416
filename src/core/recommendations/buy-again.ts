import { diversify } from './diversify'
import { boughtReason, ownRhythm, recommendationOf } from './item'
import { POPULAR_WITHIN_DAYS } from './popularity'
import type { Recommendation, Recommender, RecommendRequest } from './recommend'
import type { Shelf } from './shelf'

/** A member with fewer orders than this has no habits yet: what is popular where they did buy comes first. */
const SETTLED_ORDERS = 2
const FAVOURITE_LIFT = 2

/**
 * The honest floor: what this member buys again and again and is about due, filled up with what other members bought
 * lately and this one never did. Bought-again items come first, with scores above 0.5.
 */
export const buyAgainRecommender: Recommender = {
  code: 'buy-again',
  rank(shelf, request) {
    return varied([...rankBoughtAgain(shelf), ...rankPopular(shelf)], request)
  },
}

/** The best of a ranked list with variety. A shop with few categories cannot offer it; better more of the same than an empty place. */
export function varied(
  ranked: readonly Recommendation[],
  { limit, categoryCode }: Pick<RecommendRequest, 'limit' | 'categoryCode'>,
): Recommendation[] {
  const perCategoryMax = categoryCode === undefined ? Math.max(2, Math.ceil(limit * 0.3)) : limit
  const { taken, passedOver } = diversify(ranked, { limit, perCategoryMax })
  return [...taken, ...passedOver.slice(0, limit - taken.length)].sort((a, b) => b.score - a.score)
}

/** What the member buys again and is about due, with scores from 0.5 to 1. */
export function rankBoughtAgain(shelf: Shelf): Recommendation[] {
  const ranked: Recommendation[] = []
  for (const item of shelf.items) {
    const rhythm = ownRhythm(item, shelf)
    const reason = rhythm && boughtReason(item, rhythm)
    if (!rhythm || !reason) continue
    ranked.push(recommendationOf(item, shelf, { score: 0.5 + rhythm.score / 2, reason }))
  }
  return ranked.sort((a, b) => b.score - a.score || (a.sku < b.sku ? -1 : 1))
}

/** What members of the same source bought lately and this one never did, with scores up to 0.5. */
export function rankPopular(shelf: Shelf): Recommendation[] {
  const fresh = shelf.items.filter(({ buyers, isKnown }) => buyers > 0 && !isKnown)
  const orders = new Set(shelf.items.flatMap(({ boughtAt }) => boughtAt ?? []))
  const isSettled = orders.size >= SETTLED_ORDERS
  const weightOf = ({ buyers, categoryTimes }: Shelf['items'][number]) =>
    buyers * (!isSettled && categoryTimes > 0 ? FAVOURITE_LIFT : 1)
  const most = fresh.reduce((max, item) => Math.max(max, weightOf(item)), 1)
  return fresh
    .map((item) => {
      const reason = { code: 'popular', buyers: item.buyers, withinDays: POPULAR_WITHIN_DAYS } as const
      return recommendationOf(item, shelf, { score: (0.5 * weightOf(item)) / most, reason })
    })
    .sort((a, b) => b.score - a.score || (a.sku < b.sku ? -1 : 1))
}
