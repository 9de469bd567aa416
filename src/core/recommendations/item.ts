import type { Reason, Recommendation } from './recommend'
import { type Rhythm, rhythmOf } from './rhythm'
import type { Shelf, ShelfItem } from './shelf'

const DAY_SECONDS = 24 * 60 * 60
/** From so many purchases on the gap between them is a habit that can be told to the member. */
const HABIT_PURCHASES_MIN = 3

/** An item of the shelf with why it is offered. */
export function recommendationOf(
  { sku, nameEn, nameZh, categoryCode, priceMinor }: ShelfItem,
  { currency }: Shelf,
  { score, reason }: { score: number; reason: Reason },
): Recommendation {
  const category = categoryCode === null ? {} : { categoryCode }
  return { sku, name: { en: nameEn, zh: nameZh }, ...category, priceMinor, currency, score, reason }
}

/** The member's rhythm of buying an item as of the books date; undefined where there is none, or it was just bought. */
export function ownRhythm({ boughtAt }: ShelfItem, { asOf, lastOrderAt }: Shelf): Rhythm | undefined {
  const days = (boughtAt ?? []).map((seconds) => seconds / DAY_SECONDS)
  return rhythmOf(days, {
    asOfDay: asOf.getTime() / 1000 / DAY_SECONDS,
    lastOrderDay: (lastOrderAt ?? 0) / DAY_SECONDS,
  })
}

/** What the member knows of an item from before; undefined for one never bought. */
export function boughtReason({ boughtAt }: ShelfItem, rhythm: Rhythm | undefined): Reason | undefined {
  if (!boughtAt || boughtAt.length === 0) return undefined
  const isHabit = rhythm?.isKept && boughtAt.length >= HABIT_PURCHASES_MIN
  const habit = isHabit ? { everyDays: Math.round(rhythm.gapDays), dueInDays: rhythm.dueInDays } : {}
  return { code: 'bought-again', times: boughtAt.length, lastAt: new Date(Math.max(...boughtAt) * 1000), ...habit }
}
