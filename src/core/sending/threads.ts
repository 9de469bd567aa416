import type { Db } from '../../db/sql'
import { AHEAD_MAX_MS, type SendWindow } from './slots'

/** A conversation on a channel. */
export interface Thread {
  readonly channel: string
  readonly conversationId: string
}

/**
 * When each of these conversations may get its next message, by what all processes sent there lately: replies and messages of
 * campaigns. In the order of `threads`; null: at once.
 */
export async function readThreadFreeAt(
  db: Db,
  { threads, windows, at }: { threads: readonly Thread[]; windows: readonly SendWindow[]; at: Date },
): Promise<(Date | null)[]> {
  // What was sent later than that was sent before the clock was set back.
  const aheadMost = new Date(at.getTime() + AHEAD_MAX_MS)
  const rows = await db.sql<{ freeAt: Date | null }>`
    select max(oldest.sent_at + quota.window_ms * interval '1 millisecond') as "freeAt"
    from unnest(${threads.map(({ channel }) => channel)}::text[], ${threads.map(({ conversationId }) => conversationId)}::text[])
      with ordinality thread (channel, conversation_id, place)
      left join lateral (
        select quota.messages, quota.window_ms
        from unnest(${windows.map(({ messages }) => messages)}::int[], ${windows.map(({ windowMs }) => windowMs)}::int[])
          quota (messages, window_ms)
      ) quota on true
      left join lateral (
        -- The message that must have left the window before another one fits in.
        select sent.sent_at from (
          (select sent_at from outbox where outbox.channel = thread.channel and outbox.conversation_id = thread.conversation_id
            and outbox.status <> 'pending' and outbox.sent_at > ${at}::timestamptz - quota.window_ms * interval '1 millisecond'
            and outbox.sent_at <= ${aheadMost}
            order by sent_at desc limit quota.messages)
          union all
          (select sent_at from campaign_message message where message.channel = thread.channel
            and message.conversation_id = thread.conversation_id
            and message.sent_at > ${at}::timestamptz - quota.window_ms * interval '1 millisecond'
              and message.sent_at <= ${aheadMost}
            order by sent_at desc limit quota.messages)
        ) sent order by sent.sent_at desc offset quota.messages - 1 limit 1
      ) oldest on true
    group by thread.place order by thread.place`
  return rows.map(({ freeAt }) => freeAt)
}
