import type { Db } from '../../db/sql'

const DAY_MS = 86_400_000
/** Processes' clocks differ: what has expired by ours may not have by another's. */
const TOKENS_KEPT_MS = 3_600_000
/** As long as they are counted, which is longer than they are good. */
const LINK_CODES_KEPT_MS = DAY_MS
const MAIL_KEPT_MS = 30 * DAY_MS
const FAILURES_KEPT_MS = 90 * DAY_MS

/**
 * Forgets what has proved who somebody is, when it can prove nothing any more: used tokens that have expired (an expired one is
 * refused by itself), one-time codes after a day, e-mails that were dealt with after 30 days, sessions and tickets of the
 * merchant's people that are over, and after 90 days who failed to sign in. Without it these tables
 * grow with every visit, and a stranger could make them.
 */
export async function forgetProofs(db: Db, { at }: { at: Date }): Promise<void> {
  await db.sql`delete from used_token where expires_at < ${new Date(at.getTime() - TOKENS_KEPT_MS)}`
  await db.sql`delete from link_code where created_at < ${new Date(at.getTime() - LINK_CODES_KEPT_MS)}`
  await db.sql`delete from mail where status <> 'pending' and created_at < ${new Date(at.getTime() - MAIL_KEPT_MS)}`
  await db.sql`delete from staff_session where expires_at < ${new Date(at.getTime() - TOKENS_KEPT_MS)}`
  await db.sql`delete from staff_ticket where expires_at < ${new Date(at.getTime() - TOKENS_KEPT_MS)}`
  await db.sql`
    delete from staff_event
    where kind in ('sign-in-failed', 'oidc-refused') and at < ${new Date(at.getTime() - FAILURES_KEPT_MS)}`
}
