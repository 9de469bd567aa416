import type { Db } from '../../db/sql'

/** So many of a campaign are looked at in one call, which locks their members' accounts. */
const LIMIT = 100

/** What came of taking gifts back. */
export interface TakenBack {
  /** How many were. */
  readonly count: number
  /** Those of which the database could not say: `isFinal` where the member keeps it, else the next time is tried. */
  readonly failed: readonly { readonly campaignId: number; readonly error: string; readonly isFinal: boolean }[]
}

/**
 * Takes back what was given with messages that surely did not arrive (refused, given up, dropped after all): coupons that were not
 * used, and points of which nothing was spent; the budget gets it back. Never where the message may have arrived. One
 * transaction a campaign, which waits for nobody: what is locked has its turn the next time. Twice is like once.
 */
export async function takeBackGifts(db: Db, { at }: { at: Date }): Promise<TakenBack> {
  const campaigns = await db.sql<{ id: number }>`
    select distinct campaign_id as id from campaign_message
    where gift = 'given' and status in ('dropped', 'failed', 'dead') order by 1`
  let count = 0
  const failed: { campaignId: number; error: string; isFinal: boolean }[] = []
  for (const { id } of campaigns) {
    const rows = await db.sql<{ outcome: 'taken-back' | 'kept' | 'later'; error: string | null }>`
      select outcome, error from campaign_take_back(${id}, ${LIMIT}, ${at})`
    for (const { outcome, error } of rows) {
      if (outcome === 'taken-back') count += 1
      if (error !== null) failed.push({ campaignId: id, error, isFinal: outcome === 'kept' })
    }
  }
  return { count, failed }
}
