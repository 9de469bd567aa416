import { dayLabel } from '../../chat/model/days'
import type { Locale } from '../../shared/locale'

/** What is said, placed: whether a day begins with it, and whether somebody else spoke before. */
export interface Placed<Item> {
  readonly item: Item
  readonly day?: string
  readonly startsGroup: boolean
}

const groupGapMs = 5 * 60_000

/** Groups what was said by day and speaker. */
export function placeLines<Item>(
  items: readonly Item[],
  { at, by, nowMs, locale }: { at(item: Item): number; by(item: Item): string; nowMs: number; locale: Locale },
): readonly Placed<Item>[] {
  return items.map((item, index) => {
    const before = items[index - 1]
    const day = dayLabel(at(item), nowMs, locale)
    const newDay = before === undefined || dayLabel(at(before), nowMs, locale) !== day
    const startsGroup = newDay || by(before) !== by(item) || at(item) - at(before) > groupGapMs
    return { item, day: newDay ? day : undefined, startsGroup }
  })
}
