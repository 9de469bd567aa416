import { atLocalHour, localDay } from '../calendar/month-end'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const HISTORY_MONTHS = 18

/** The days of the demo shop's history, numbered from 0, by the merchant's calendar. */
export interface DemoCalendar {
  /** How many days there are; the last one is yesterday. */
  readonly days: number
  /** The start of today. */
  readonly today: Date
  /** The month (1 to 12) of a day. */
  monthOf(day: number): number
  /** The instant of a wall-clock hour of a day; days from `days` on lie in the future. */
  at(day: number, hour: number): Date
}

/** History from the first of the month 18 months before `at` to the end of the day before `at`. */
export function demoCalendar({ at, timeZone }: { at: Date; timeZone: string }): DemoCalendar {
  const todayMs = Date.parse(`${localDay(at, timeZone)}T00:00:00Z`)
  const today = new Date(todayMs)
  const startMs = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - HISTORY_MONTHS, 1)
  // Summer time begins and ends at night, so that from noon a wall-clock hour is as many hours away as the clock says.
  const noons = new Map<number, number>()
  const noonOf = (day: number): number => {
    let noon = noons.get(day)
    if (noon === undefined) {
      noon = atLocalHour(dayText(startMs, day), { hours: 12, timeZone }).getTime()
      noons.set(day, noon)
    }
    return noon
  }
  return {
    days: Math.round((todayMs - startMs) / DAY_MS),
    today: atLocalHour(dayText(todayMs, 0), { timeZone }),
    monthOf: (day) => new Date(startMs + day * DAY_MS).getUTCMonth() + 1,
    at: (day, hour) => new Date(Math.floor(noonOf(day) + (hour - 12) * HOUR_MS)),
  }
}

function dayText(startMs: number, day: number): string {
  return new Date(startMs + day * DAY_MS).toISOString().slice(0, 10)
}
