import { instantOf, localDay } from '../../core/calendar/month-end'
import type { Locale } from '../../core/locale'
import type { Action, SaidDate } from '../contract'
import { textArgument } from './arguments'
import { formatDate, formatLastDay } from './format'

/** From the instant `from` up to, but not with, `to`. */
export interface Period {
  readonly from: Date
  readonly to: Date
}

/** A day of the calendar as if it were in UTC: whole days can be reckoned with, whatever the zone's clocks do. */
type Wall = number
const DAY_MS = 24 * 60 * 60 * 1000

/** Which time a date that was said means at `now` by the calendar of `timeZone`. Undefined where that is wholly to come. */
export function periodOf(said: SaidDate, { now, timeZone }: { now: Date; timeZone: string }): Period | undefined {
  const today = Date.parse(`${localDay(now, timeZone)}T00:00:00Z`)
  const [from, to] = wallsOf(said, today)
  if (from > today) return undefined
  return { from: instantOf(from, timeZone), to: instantOf(said.since ? today + DAY_MS : to, timeZone) }
}

function wallsOf(said: SaidDate, today: Wall): [from: Wall, to: Wall] {
  switch (said.kind) {
    case 'ago': {
      const start = startOf(said.unit, today)
      return [moved(start, said.unit, -said.count), moved(start, said.unit, 1 - said.count)]
    }
    case 'within':
      return [moved(today, said.unit, -said.count), today + DAY_MS]
    case 'weekday':
      return weekday(said, today)
    case 'calendar':
      return calendar(said, today)
  }
}

function weekday({ weekday, weeksAgo }: { weekday: number; weeksAgo?: number }, today: Wall): [Wall, Wall] {
  const inThisWeek = startOf('week', today) + (weekday - 1) * DAY_MS
  const weeks = weeksAgo ?? (inThisWeek > today ? 1 : 0)
  const day = inThisWeek - 7 * weeks * DAY_MS
  return [day, day + DAY_MS]
}

function calendar(said: { year?: number; yearsAgo?: number; month?: number; day?: number }, today: Wall): [Wall, Wall] {
  const thisYear = new Date(today).getUTCFullYear()
  const { month, day } = said
  const unit = day !== undefined ? 'day' : month !== undefined ? 'month' : 'year'
  const startIn = (year: number) => Date.UTC(year, (month ?? 1) - 1, day ?? 1)
  // Without a year it is the latest there was; 29 February may lie four years back, eight around 2100.
  const isThere = (year: number) => startIn(year) <= today && new Date(startIn(year)).getUTCDate() === (day ?? 1)
  let year = said.year ?? thisYear - (said.yearsAgo ?? 0)
  if (said.year === undefined && said.yearsAgo === undefined) while (!isThere(year) && year > thisYear - 8) year -= 1
  return [startIn(year), moved(startIn(year), unit, 1)]
}

type Unit = 'day' | 'week' | 'month' | 'year'

/** Weeks begin on Monday, as in Britain and in China. */
function startOf(unit: Unit, day: Wall): Wall {
  const date = new Date(day)
  if (unit === 'day') return day
  if (unit === 'week') return day - ((date.getUTCDay() + 6) % 7) * DAY_MS
  return Date.UTC(date.getUTCFullYear(), unit === 'month' ? date.getUTCMonth() : 0, 1)
}

/** A month after 31 January is the last of February. */
function moved(day: Wall, unit: Unit, count: number): Wall {
  if (unit === 'day' || unit === 'week') return day + count * (unit === 'week' ? 7 : 1) * DAY_MS
  const date = new Date(day)
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (unit === 'year' ? 12 : 1)
  const lastDay = new Date(Date.UTC(0, month + 1, 0)).getUTCDate()
  return Date.UTC(Math.floor(month / 12), month % 12, Math.min(date.getUTCDate(), lastDay))
}

/** "on 3 May 2026", "from 1 October 2026 to 31 October 2026", "2026年10月1日至2026年10月31日": its days by the calendar of `timeZone`. */
export function formatPeriod(locale: Locale, { from, to }: Period, timeZone: string): string {
  const first = formatDate(locale, { at: from, timeZone })
  const last = formatLastDay(locale, { at: to, timeZone })
  if (locale === 'zh') return first === last ? first : `${first}至${last}`
  return first === last ? `on ${first}` : `from ${first} to ${last}`
}

/** A period as arguments of a button. */
export function periodArguments({ from, to }: Period): { from: string; to: string } {
  return { from: from.toISOString(), to: to.toISOString() }
}

/** The period among a button's arguments, which may be anything. */
export function periodArgument(action: Action | undefined): Period | undefined {
  const [from, to] = ['from', 'to'].map((name) => textArgument(action, name) ?? '')
  if (!isInstant(from) || !isInstant(to)) return undefined
  return { from: new Date(from), to: new Date(to) }
}

function isInstant(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text))
}
