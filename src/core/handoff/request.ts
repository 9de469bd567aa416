import type { Db } from '../../db/sql'
import type { Locale } from '../locale'

export interface PersonRequest {
  readonly channel: string
  readonly conversationId: string
  /** Absent for a stranger. */
  readonly memberId?: string
  readonly locale: Locale
  /** Why, in a word: `asked`, `not-understood`, `error`, … */
  readonly reason: string
  /** What the customer said last. */
  readonly said: string
  /** The turn's key: the same turn asks once, however often it is run. */
  readonly key: string
  readonly at: Date
}

/**
 * Puts a conversation in the queue for a person. One that already waits there keeps its place and its first words:
 * `alreadyWaiting` says so.
 */
export async function requestPerson(
  db: Db,
  { channel, conversationId, memberId, locale, reason, said, key, at }: PersonRequest,
): Promise<{ requestId: number; alreadyWaiting: boolean }> {
  const [row] = await db.sql<{ requestId: number; alreadyWaiting: boolean }>`
    with known as (
      select id, external_id <> ${key} as already from handoff_request
      where external_id = ${key}
        or (channel = ${channel} and conversation_id = ${conversationId} and status in ('waiting', 'agent'))
    ), made as (
      insert into handoff_request
        (channel, conversation_id, member_id, locale, reason, said, status, external_id, requested_at, waiting_since)
      select ${channel}, ${conversationId}, ${memberId ?? null}, ${locale}, ${reason}, ${said}, 'waiting', ${key}, ${at}, ${at}
      where not exists (select from known)
      on conflict do nothing
      returning id, false as already
    )
    select id as "requestId", already as "alreadyWaiting" from (select * from made union all select * from known) request
    order by already limit 1`
  if (row) return row
  // Somebody else's turn asked between our look and our insert; it is committed now, and so to be seen.
  const [first] = await db.sql<{ requestId: number }>`
    select id as "requestId" from handoff_request
    where channel = ${channel} and conversation_id = ${conversationId} and status in ('waiting', 'agent')`
  if (!first) throw new Error(`the request for a person of ${channel} ${conversationId} was neither made nor found`)
  return { requestId: first.requestId, alreadyWaiting: true }
}
