import { z } from 'zod'
import { atLocalHour, instantOf, localDay } from '../calendar/month-end'

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'is a time such as 09:00')

/** When people of the merchant's are there: by the merchant's own clocks. No entry at all: always. */
export const supportHours = z
  .array(
    z
      .object({
        /** 1: Monday … 7: Sunday. */
        days: z.array(z.int().min(1).max(7)).min(1),
        from: clockTime,
        until: clockTime,
      })
      .refine(({ from, until }) => from < until, 'from must come before until; hours over midnight are two entries'),
  )
  .default([])

export type SupportHours = z.infer<typeof supportHours>

const DAYS_AHEAD_MAX = 8
const MINUTE_MS = 60_000

/** Whether somebody is there at an instant, and if not, when next; null: never. */
export function supportAt(
  at: Date,
  { hours, timeZone }: { hours: SupportHours; timeZone: string },
): { readonly isOpen: boolean; readonly opensAt: Date | null } {
  if (hours.length === 0) return { isOpen: true, opensAt: null }
  let day = localDay(at, timeZone)
  let opensAt: Date | null = null
  for (let ahead = 0; ahead < DAYS_AHEAD_MAX; ahead++) {
    for (const [from, until] of spansOf(day, hours, timeZone)) {
      if (from <= at && at < until) return { isOpen: true, opensAt: null }
      if (from > at && (opensAt === null || from < opensAt)) opensAt = from
    }
    if (opensAt) break
    day = nextDay(day)
  }
  return { isOpen: false, opensAt }
}

/** The instants of a day's hours: by the wall clocks of that day, whichever way they were changed. */
function spansOf(day: string, hours: SupportHours, timeZone: string): [Date, Date][] {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7
  return hours
    .filter(({ days }) => days.includes(weekday))
    .map(({ from, until }) => [instantAt(day, from, timeZone), instantAt(day, until, timeZone)])
}

function instantAt(day: string, time: string, timeZone: string): Date {
  if (time === '24:00') return atLocalHour(nextDay(day), { timeZone })
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return instantOf(Date.parse(`${day}T00:00:00Z`) + (hour * 60 + minute) * MINUTE_MS, timeZone)
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * MINUTE_MS).toISOString().slice(0, 10)
}
