import type { Db } from '../../db/sql'

/** A source whose history ends longer ago than this is read as of its end; a fresher one is simply up to date. */
export const LIVE_WITHIN_DAYS = 30
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The instant as of which a member's past is judged: tier windows, what is due again, what counts as recent. It is the
 * end of the member's source when that lies more than 30 days before `at` (imported history), else `at` (a live shop).
 * Expiry of points and coupons is real time and does not use it. An unknown member's books are at `at`.
 */
export async function booksDate(db: Db, { memberId, at }: { memberId: string; at: Date }): Promise<Date> {
  const [row] = await db.sql<{ horizonAt: Date | null }>`
    select source.horizon_at as "horizonAt"
    from member join source on source.name = member.source
    where member.id = ${memberId}`
  return booksDateOf({ horizonAt: row?.horizonAt ?? null, at })
}

/** The same for a source whose horizon is already known. */
export function booksDateOf({ horizonAt, at }: { horizonAt: Date | null; at: Date }): Date {
  if (!horizonAt) return at
  return at.getTime() - horizonAt.getTime() > LIVE_WITHIN_DAYS * DAY_MS ? horizonAt : at
}
