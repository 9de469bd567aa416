const HOUR_MS = 60 * 60 * 1000

const DAY_MS = 24 * HOUR_MS

const formats = new Map<string, Intl.DateTimeFormat>()
/** Offsets by zone and day (UTC), for days on which the clocks do not change. */
const steadyOffsets = new Map<string, Map<number, number>>()

/**
 * The end of the month, by the calendar of `timeZone`, that lies `monthsLater` months after that of `at`: the instant at
 * which the next month begins there, summer time or not.
 */
export function monthEnd({ at, monthsLater, timeZone }: { at: Date; monthsLater: number; timeZone: string }): Date {
  const local = new Date(at.getTime() + offsetMs(at, timeZone))
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + monthsLater + 1, 1)
  return instantOf(midnight, timeZone)
}

/** The instant at which the wall clocks of `timeZone` show `wallMs` (a time written as if it were UTC). */
export function instantOf(wallMs: number, timeZone: string): Date {
  // The offset is that of the instant sought, so the first guess may be on the wrong side of a change; the second is not.
  const guess = wallMs - offsetMs(new Date(wallMs), timeZone)
  return new Date(wallMs - offsetMs(new Date(guess), timeZone))
}

/** How far the wall clocks of `timeZone` are ahead of UTC at an instant. */
export function offsetMs(at: Date, timeZone: string): number {
  let steady = steadyOffsets.get(timeZone)
  if (!steady) {
    steady = new Map()
    steadyOffsets.set(timeZone, steady)
  }
  // Asking Intl costs some microseconds and imports ask for every order; on most days the answer is one for the whole day.
  const day = Math.floor(at.getTime() / DAY_MS)
  const known = steady.get(day)
  if (known !== undefined) return known
  const atStart = askOffsetMs(day * DAY_MS, timeZone)
  if (atStart !== askOffsetMs((day + 1) * DAY_MS, timeZone)) return askOffsetMs(at.getTime(), timeZone)
  steady.set(day, atStart)
  return atStart
}

function askOffsetMs(atMs: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (!format) {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
    format = new Intl.DateTimeFormat('en-GB', { timeZone, ...digits, second: 'numeric', hourCycle: 'h23' })
    formats.set(timeZone, format)
  }
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of format.formatToParts(atMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000
}

/** The date (yyyy-mm-dd) that the calendars of `timeZone` show at an instant. */
export function localDay(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMs(at, timeZone)).toISOString().slice(0, 10)
}

/** The instant at which the day `day` (yyyy-mm-dd) begins in `timeZone`, plus hours on its wall clocks. */
export function atLocalHour(day: string, { hours = 0, timeZone }: { hours?: number; timeZone: string }): Date {
  return instantOf(Date.parse(`${day}T00:00:00Z`) + hours * HOUR_MS, timeZone)
}
