import { monthEnd } from '../calendar/month-end'
import type { Merchant } from '../merchant'

const DAY_MS = 24 * 60 * 60 * 1000

/** When earned points can be spent, and until when. */
export interface PointsTerms {
  readonly availableAt: Date
  readonly expiresAt: Date
}

/**
 * The merchant's terms for points of an order. Of a live order they are pending for some days; of an imported one they
 * are available at once. They expire at the end of the month some months after the order or, where that is later, the
 * day they were recorded: nobody's points are old on the day the programme starts.
 */
export function pointsTerms(
  { settings, timeZone }: Pick<Merchant, 'settings' | 'timeZone'>,
  { placedAt, recordedAt, live }: { placedAt: Date; recordedAt: Date; live: boolean },
): PointsTerms {
  const earnedAt = placedAt > recordedAt ? placedAt : recordedAt
  const pendingMs = live ? settings.pendingDays * DAY_MS : 0
  return {
    availableAt: new Date(placedAt.getTime() + pendingMs),
    expiresAt: monthEnd({ at: earnedAt, monthsLater: settings.expiryMonths, timeZone }),
  }
}
