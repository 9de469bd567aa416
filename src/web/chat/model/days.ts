import type { Locale } from '../../shared/locale'
import type { Entry } from './transcript'

const dayMs = 86_400_000
const groupGapMs = 5 * 60_000

const tags = { en: 'en-GB', zh: 'zh-CN' } as const

/** The time of day, as read in the customer's own zone. */
export function timeLabel(atMs: number, locale: Locale, timeZone?: string): string {
  return new Intl.DateTimeFormat(tags[locale], { hour: '2-digit', minute: '2-digit', timeZone }).format(atMs)
}

/** "Today", "Yesterday" or the date. */
export function dayLabel(atMs: number, nowMs: number, locale: Locale, timeZone?: string): string {
  const day = dayKey(atMs, timeZone)
  if (day === dayKey(nowMs, timeZone)) return locale === 'zh' ? '今天' : 'Today'
  if (day === dayKey(nowMs - dayMs, timeZone)) return locale === 'zh' ? '昨天' : 'Yesterday'
  const year = day.slice(0, 4) === dayKey(nowMs, timeZone).slice(0, 4) ? undefined : 'numeric'
  return new Intl.DateTimeFormat(tags[locale], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year,
    timeZone,
  }).format(atMs)
}

function dayKey(atMs: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(atMs)
}

/** An entry with where it stands: whether a day begins with it, and whether it is the last of what one side said. */
export interface PlacedEntry {
  readonly entry: Entry
  readonly day?: string
  readonly endsGroup: boolean
  /** Another person begins to speak: their name stands above it. */
  readonly agent?: string
}

/** Groups entries by day and speaker; the time is shown once at the end of a group. */
export function placeEntries(
  entries: readonly Entry[],
  nowMs: number,
  locale: Locale,
  timeZone?: string,
): PlacedEntry[] {
  return entries.map((entry, index) => {
    const before = entries[index - 1]
    const after = entries[index + 1]
    const newDay = !before || dayKey(before.atMs, timeZone) !== dayKey(entry.atMs, timeZone)
    const endsGroup =
      !after ||
      after.mine !== entry.mine ||
      after.agent !== entry.agent ||
      after.atMs - entry.atMs > groupGapMs ||
      dayKey(after.atMs, timeZone) !== dayKey(entry.atMs, timeZone)
    const agent = newDay || before.mine || before.agent !== entry.agent ? entry.agent : undefined
    return { entry, day: newDay ? dayLabel(entry.atMs, nowMs, locale, timeZone) : undefined, endsGroup, agent }
  })
}
