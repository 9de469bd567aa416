import type { Shelf, ShelfItem } from '../../../src/core/recommendations/shelf'

/** What a member may be offered, made by hand. Days are before the books date. */

export const AS_OF = new Date('2026-06-15T12:00:00Z')
const DAY_MS = 86_400_000

export const daysAgo = (days: number) => new Date(AS_OF.getTime() - days * DAY_MS)
export const secondsAgo = (days: number) => daysAgo(days).getTime() / 1000

export function itemOf(sku: string, given: Partial<ShelfItem> & { boughtDaysAgo?: readonly number[] } = {}): ShelfItem {
  const { boughtDaysAgo, ...rest } = given
  return {
    sku,
    nameEn: `Item ${sku}`,
    nameZh: `商品 ${sku}`,
    priceMinor: 100,
    categoryCode: null,
    categoryEn: null,
    categoryZh: null,
    boughtAt: boughtDaysAgo ? boughtDaysAgo.map(secondsAgo) : null,
    isKnown: boughtDaysAgo !== undefined,
    categoryTimes: 0,
    buyers: 0,
    everBuyers: 0,
    againBuyers: 0,
    isUntried: false,
    next: null,
    new: null,
    companion: null,
    ...rest,
  }
}

/** What a model said of an item. */
export const made = (score: number, given: Partial<NonNullable<ShelfItem['next']>> = {}) => ({
  score,
  gapDays: null,
  dueWeight: 1,
  nearBuyers: 0,
  withBuyers: 0,
  ...given,
})

export function shelfOf(items: readonly ShelfItem[], given: Partial<Shelf> = {}): Shelf {
  const times = items.flatMap(({ boughtAt }) => boughtAt ?? [])
  return {
    asOf: AS_OF,
    lastOrderAt: times.length > 0 ? Math.max(...times) : null,
    currency: 'GBP',
    isPlain: false,
    experiment: null,
    dueCurve: [],
    scoredAt: AS_OF,
    items,
    ...given,
  }
}
