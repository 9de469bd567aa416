import { rankBoughtAgain, rankPopular, varied } from './buy-again'
import { dueWeight } from './due-curve'
import { boughtReason, ownRhythm, recommendationOf } from './item'
import { POPULAR_WITHIN_DAYS } from './popularity'
import type { Reason, Recommendation, Recommender } from './recommend'
import type { Shelf, ShelfItem } from './shelf'

const DAY_SECONDS = 24 * 60 * 60
/**
 * What was bought within a day is not offered again, whatever the models say. A longer rule, such as the floor's quarter of
 * the usual gap, would cost much: on the demo shop's last baskets recall@10 falls from .64 to .54 with it.
 */
const JUST_BOUGHT_SECONDS = DAY_SECONDS
/** Fewer members who are alike are too few to speak of: they might be told apart. */
const NEAR_MIN = 3
/** A product that so many have and so small a share of them bought again is one that people need once. */
const ONE_OFF = { buyersMin: 30, againShareMax: 0.03 }
/**
 * Where something new to the member stands at the latest, and behind it something that nobody tried yet. It costs: on the
 * demo shop's last baskets, ten items as served find .60 of what was bought, and .64 where the ranking alone decides.
 */
const NEW_PLACE = 4
const UNTRIED_PLACE = 5

/** Scores by where an item comes from: the next basket, discovery, then the floor's. */
const SHARE = { next: [0.4, 1], new: [0.2, 0.4], floor: [0, 0.2] } as const

/** Whether the models in use know this member. */
export function hasTrainedItems({ items }: Shelf): boolean {
  return items.some(({ next }) => next !== null)
}

/**
 * What the models made ready, weighed by today's date: without what was just bought, what was bought since they looked,
 * and what is bought once in a lifetime and the member has. Discovery and the floor fill up; a place among the first is
 * for something new to the member, and one behind it for something of a favourite category that nobody tried yet.
 */
export const trainedRecommender: Recommender = {
  code: 'trained',
  rank(shelf, request) {
    const next = scaled(rankNext(shelf), SHARE.next)
    const fresh = scaled(rankNew(shelf), SHARE.new)
    const floor = scaled([...rankBoughtAgain(shelf), ...rankPopular(shelf)], SHARE.floor)
    const ranked = withoutRepeats([...next, ...fresh, ...floor])
    const list = varied(ranked, request)
    if (list.length <= NEW_PLACE) return list
    const isNew = ({ reason }: Recommendation) => reason.code !== 'bought-again'
    const first = list.slice(0, NEW_PLACE + 1).some(isNew) ? undefined : ranked.find(isNew)
    const withNew = first ? placed(list, first, NEW_PLACE).slice(0, request.limit) : list
    const untried = rankUntried(shelf).find(({ sku }) => !withNew.some((item) => item.sku === sku))
    if (!untried || withNew.length < UNTRIED_PLACE) return withNew
    return placed(withNew, untried, UNTRIED_PLACE).slice(0, request.limit)
  },
}

/** The next basket: own items by their due date, and new ones. */
function rankNext(shelf: Shelf): Recommendation[] {
  const ranked: Recommendation[] = []
  for (const item of shelf.items) {
    if (!item.next || isReturned(item) || isOneOff(item)) continue
    const weight = item.boughtAt ? weightToday(item, shelf) : 1
    const reason = boughtReason(item, ownRhythm(item, shelf)) ?? whyNew(item)
    if (weight > 0 && reason) ranked.push(recommendationOf(item, shelf, { score: item.next.score * weight, reason }))
  }
  return ranked
}

/** 0 for what was just bought, or since the models looked. */
function weightToday({ next, boughtAt }: ShelfItem, { asOf, dueCurve, scoredAt }: Shelf): number {
  if (!next || !boughtAt || next.gapDays === null) return 0
  const lastAt = Math.max(...boughtAt)
  if (scoredAt && lastAt * 1000 > scoredAt.getTime()) return 0
  const elapsed = asOf.getTime() / 1000 - lastAt
  if (elapsed < JUST_BOUGHT_SECONDS) return 0
  const ratio = elapsed / DAY_SECONDS / next.gapDays
  return dueWeight(dueCurve, { times: boughtAt.length, ratio }) / next.dueWeight
}

function rankNew(shelf: Shelf): Recommendation[] {
  return shelf.items.flatMap((item) => {
    const reason = item.new && !item.isKnown ? whyNew(item) : undefined
    return item.new && reason ? [recommendationOf(item, shelf, { score: item.new.score, reason })] : []
  })
}

/** What speaks for an item that the member never bought; undefined where nothing does that can be said. */
function whyNew({ next, new: discovery, companion, buyers }: ShelfItem): Reason | undefined {
  const withBuyers = Math.max(next?.withBuyers ?? 0, discovery?.withBuyers ?? 0)
  if (companion && withBuyers >= NEAR_MIN) {
    const { sku, nameEn, nameZh } = companion
    return { code: 'goes-with', sku, name: { en: nameEn, zh: nameZh }, buyers: withBuyers }
  }
  const nearBuyers = Math.max(next?.nearBuyers ?? 0, discovery?.nearBuyers ?? 0)
  if (nearBuyers >= NEAR_MIN) return { code: 'similar-members', buyers: nearBuyers }
  return buyers > 0 ? { code: 'popular', buyers, withinDays: POPULAR_WITHIN_DAYS } : undefined
}

function rankUntried(shelf: Shelf): Recommendation[] {
  return shelf.items
    .filter(({ isUntried, isKnown }) => isUntried && !isKnown)
    .sort((a, b) => b.categoryTimes - a.categoryTimes || (a.sku < b.sku ? -1 : 1))
    .map((item) => {
      const name = { en: item.categoryEn ?? '', zh: item.categoryZh ?? '' }
      const reason = { code: 'favourite-category', name, times: item.categoryTimes } as const
      return recommendationOf(item, shelf, { score: 0, reason })
    })
}

/** In some order of the member, but not kept. */
function isReturned({ isKnown, boughtAt }: ShelfItem): boolean {
  return isKnown && !boughtAt
}

function isOneOff({ boughtAt, everBuyers, againBuyers }: ShelfItem): boolean {
  if (boughtAt?.length !== 1) return false
  return everBuyers >= ONE_OFF.buyersMin && againBuyers <= ONE_OFF.againShareMax * everBuyers
}

/** Sorted, with scores stretched to a range. */
function scaled(items: readonly Recommendation[], [low, high]: readonly [number, number]): Recommendation[] {
  const best = items.reduce((most, { score }) => Math.max(most, score), 0)
  return items
    .map((item) => ({ ...item, score: best > 0 ? low + (high - low) * (item.score / best) : low }))
    .sort((a, b) => b.score - a.score || (a.sku < b.sku ? -1 : 1))
}

function withoutRepeats(items: readonly Recommendation[]): Recommendation[] {
  const seen = new Set<string>()
  return items.filter(({ sku }) => !seen.has(sku) && seen.add(sku))
}

/** The list with an item at a place; its score is that of the one before it. */
function placed(list: readonly Recommendation[], item: Recommendation, place: number): Recommendation[] {
  const score = list[place - 1]?.score ?? item.score
  const others = list.filter(({ sku }) => sku !== item.sku)
  return [...others.slice(0, place), { ...item, score }, ...others.slice(place)]
}
