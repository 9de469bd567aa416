import type { Database } from '../../db/open'

/** From so many new messages on what the database knows of the queue is out of date. */
const MANY = 10_000

/**
 * Gives the server a picture of the queue after so many `messages` were added to it. Else the queue counts as empty until the server looks by
 * itself: its head is found by sorting all of it, and each batch of messages by going through all of it. Only what the queue is read by, and few
 * of its rows: a look at every column takes twice as long, and how many are queued is told by a tenth.
 */
export async function countQueued(database: Database, { messages }: { messages: number }): Promise<void> {
  if (messages < MANY) return
  await database.tx(async (tx) => {
    await tx.sql`select set_config('default_statistics_target', '10', true)`
    await tx.sql`analyze campaign_member (status, next_attempt_at, put_off_at, leased_until, sent_at)`
  })
}
