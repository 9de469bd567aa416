import type { Db } from '../../db/sql'

/** So many are looked at in one call, which locks their members' accounts. */
const LIMIT = 100

/**
 * Takes back what was given with messages that surely did not arrive (refused, given up, dropped after all): coupons that were not
 * used, and points of which nothing was spent; the budget gets it back. Never where the message may have arrived. Twice is
 * like once.
 * @returns how many gifts were taken back
 */
export async function takeBackGifts(db: Db, { at }: { at: Date }): Promise<number> {
  const [row] = await db.sql<{ count: number }>`select campaign_take_back(${LIMIT}, ${at}) as count`
  return row?.count ?? 0
}
