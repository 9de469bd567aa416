import type { Db } from '../../db/sql'
import type { Reference } from './client'

/** A reply on its way out. */
export interface OutboxRow {
  readonly id: number
  readonly channel: string
  readonly conversationId: string
  readonly reference: Reference
  readonly activity: object & { readonly replyToId?: string }
  readonly attempts: number
  /** Until then it is this process's to send. */
  readonly leasedUntil: Date
}

/**
 * Takes the first waiting reply of each conversation whose time has come. The others of a conversation wait for it, so
 * that they arrive in order. Several processes may call it at once.
 */
export function leaseDue(
  db: Db,
  { at, leasedUntil, limit }: { at: Date; leasedUntil: Date; limit: number },
): Promise<OutboxRow[]> {
  return db.sql<OutboxRow>`
    update outbox set next_attempt_at = ${leasedUntil}
    where id in (
      select due.id from outbox due
      where due.status = 'pending' and due.next_attempt_at <= ${at}
        and not exists (
          select from outbox earlier
          where earlier.channel = due.channel and earlier.conversation_id = due.conversation_id
            and earlier.status = 'pending' and earlier.id < due.id
        )
      order by due.id limit ${limit} for update skip locked
    )
    returning id, channel, conversation_id as "conversationId", reference, activity, attempts, next_attempt_at as "leasedUntil"`
}

/** These need not be sent any more. */
export async function markEnded(
  db: Db,
  {
    ids,
    status,
    at,
    error,
  }: { ids: readonly number[]; status: 'sent' | 'failed' | 'unknown'; at: Date; error?: string },
): Promise<void> {
  await db.sql`
    update outbox set status = ${status}, sent_at = ${at}, attempts = attempts + 1, last_error = ${error ?? null}
    where id = any(${ids}::bigint[])`
}

/** This one failed and is tried again later. */
export async function markRetry(
  db: Db,
  { id, nextAttemptAt, error }: { id: number; nextAttemptAt: Date; error: string },
): Promise<void> {
  await db.sql`
    update outbox set attempts = attempts + 1, next_attempt_at = ${nextAttemptAt}, last_error = ${error} where id = ${id}`
}

/** Gives these back: whoever sweeps next may send them. */
export async function release(db: Db, { ids, at }: { ids: readonly number[]; at: Date }): Promise<void> {
  await db.sql`update outbox set next_attempt_at = ${at} where id = any(${ids}::bigint[]) and status = 'pending'`
}

const DAY_MS = 86_400_000
/** What was said on channels without a log, and what did not arrive there, is kept so long for whoever takes over. */
const WORDS_KEPT_DAYS = 90

/**
 * Forgets what was dealt with long ago: sent replies after a day, claims after a week (no channel resends so late); claims
 * with what was said, and replies that did not arrive, after 90 days.
 */
export async function forgetOld(db: Db, { at }: { at: Date }): Promise<void> {
  const dayAgo = new Date(at.getTime() - DAY_MS)
  const weekAgo = new Date(at.getTime() - 7 * DAY_MS)
  const longAgo = new Date(at.getTime() - WORDS_KEPT_DAYS * DAY_MS)
  await db.sql`
    delete from outbox where status <> 'pending' and sent_at < ${dayAgo} and (status = 'sent' or sent_at < ${longAgo})`
  await db.sql`delete from inbox where said is null and received_at < ${weekAgo}`
  await db.sql`delete from inbox where received_at < ${longAgo}`
}
