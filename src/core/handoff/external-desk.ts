import type { Db, Tx } from '../../db/sql'
import { type HeldRequest, holdRequest, lockConversation, readHeld } from './held-request'

/** Whose a conversation is, as an outside help desk names it. */
export interface ConversationAddress {
  readonly channel: string
  readonly conversationId: string
}

/** The request that was made last in a conversation, with what an outside desk has to do with it. */
export interface LatestRequest {
  readonly id: number
  readonly status: HeldRequest['status']
  readonly externalDesk: string | null
  /** An outside desk was asked since the member has been waiting: whoever has the request by now keeps it. */
  readonly wasAsked: boolean
  /** An outside desk was asked, and the member went back to the bot, or left a message, before it was done. */
  readonly isToBeCancelled: boolean
  /** The member left a message for our own people. */
  readonly isLeft: boolean
}

/** The latest request of a conversation, for who asks outside desks; undefined where there never was one. */
export async function findLatestRequest(
  db: Db,
  { channel, conversationId }: ConversationAddress,
): Promise<LatestRequest | undefined> {
  const [row] = await db.sql<LatestRequest>`
    select id, status, external_desk as "externalDesk",
      external_desk is not null and (status = 'returned' and ended_by = 'member' or left_at is not null) and not exists (
        select from handoff_event event where event.request_id = handoff_request.id and event.kind = 'external-cancelled'
      ) as "isToBeCancelled",
      coalesce((select event.kind = 'external-asked' from handoff_event event
        where event.request_id = handoff_request.id and event.kind in ('external-asked', 'waits-again')
        order by event.id desc limit 1), false) as "wasAsked", left_at is not null as "isLeft"
    from handoff_request where channel = ${channel} and conversation_id = ${conversationId}
    order by requested_at desc, id desc limit 1`
  return row
}

/** Notes that an outside desk was asked for a waiting request: our own queue leaves it alone from then on. Under the lock. */
export async function askExternal(
  tx: Db,
  { requestId, desk, at }: { requestId: number; desk: string; at: Date },
): Promise<void> {
  await tx.sql`
    with asked as (
      update handoff_request set external_desk = ${desk}, version = version + 1
      where id = ${requestId} and status = 'waiting' and external_desk is null returning id
    )
    insert into handoff_event (request_id, kind, note, at) select id, 'external-asked', ${desk}, ${at} from asked`
}

/** An outside desk that has not accepted a request by then is not waited for any more. */
const OUTSIDE_WAIT_MINUTES = 10

/** Requests that have waited for an outside desk for too long, the longest first. */
export async function listUnanswered(db: Db, { at, limit }: { at: Date; limit: number }): Promise<number[]> {
  const rows = await db.sql<{ id: number }>`
    select id from handoff_request
    where status = 'waiting' and external_desk is not null
      and waiting_since <= ${at}::timestamptz - make_interval(mins => ${OUTSIDE_WAIT_MINUTES})
    order by waiting_since limit ${limit}`
  return rows.map(({ id }) => id)
}

/** Puts a request that an outside desk has let wait into our own queue, at its place. False: no longer so. */
export async function takeFromOutside(tx: Tx, { requestId, at }: { requestId: number; at: Date }): Promise<boolean> {
  await holdRequest(tx, { requestId })
  const rows = await tx.sql`
    with moved as (
      update handoff_request set external_desk = null, version = version + 1
      where id = ${requestId} and status = 'waiting' and external_desk is not null
        and waiting_since <= ${at}::timestamptz - make_interval(mins => ${OUTSIDE_WAIT_MINUTES}) returning id
    )
    insert into handoff_event (request_id, kind, at) select id, 'external-silent', ${at} from moved returning id`
  return rows.length > 0
}

/** Notes that an outside desk was told that nobody waits any more. A message that was left is our own people's to answer. */
export async function noteCancelled(tx: Db, { requestId, at }: { requestId: number; at: Date }): Promise<void> {
  await tx.sql`
    with kept as (
      update handoff_request set external_desk = null, version = version + 1 where id = ${requestId} and status = 'waiting'
    )
    insert into handoff_event (request_id, kind, at) values (${requestId}, 'external-cancelled', ${at})`
}

/** What an outside desk tells of a conversation. */
export type ExternalState = 'accepted' | 'failed' | 'completed'

export type ExternalMove =
  /** `isNews`: false where it was so already. */
  | { readonly ok: true; readonly request: HeldRequest; readonly isNews: boolean }
  /** No outside desk has, or was asked for, this conversation: it never was, or it is over. */
  | { readonly ok: false; readonly code: 'unknown-conversation' }

/**
 * Moves the request of a conversation as its outside desk says: accepted → agent (nobody of ours), failed → returned to the
 * bot, completed → closed, its matter assumed to be solved. Said twice it is the same; what is said of a request that has ended
 * is refused as unknown.
 */
export async function moveExternal(
  tx: Tx,
  { channel, conversationId, state, at }: ConversationAddress & { state: ExternalState; at: Date },
): Promise<ExternalMove> {
  await lockConversation(tx, { channel, conversationId })
  const held = await findExternal(tx, { channel, conversationId })
  if (!held) return { ok: false, code: 'unknown-conversation' }
  if (state === 'accepted' && held.status === 'agent') return { ok: true, request: held, isNews: false }
  const kind = `external-${state}`
  if (state === 'accepted') {
    await tx.sql`
      with moved as (
        update handoff_request set status = 'agent', staff_id = null, version = version + 1, accepted_at = ${at}, left_at = null
        where id = ${held.id} and version = ${held.version} returning id
      )
      insert into handoff_event (request_id, kind, at) select id, ${kind}, ${at} from moved`
  } else {
    await tx.sql`
      with moved as (
        update handoff_request set status = ${state === 'failed' ? 'returned' : 'closed'}, version = version + 1,
          closed_at = ${at}, ended_by = 'external', left_at = null, unanswered_since = null,
          resolution = ${state === 'completed' ? 'assumed' : null}
        where id = ${held.id} and version = ${held.version} returning id
      )
      insert into handoff_event (request_id, kind, at) select id, ${kind}, ${at} from moved`
  }
  const request = await readHeld(tx, { requestId: held.id })
  if (request?.version !== held.version + 1) throw new Error(`request ${held.id} was not moved by its outside desk`)
  return { ok: true, request, isNews: true }
}

/** The open request of a conversation that an outside desk has or was asked for. */
export async function findExternal(
  tx: Tx,
  { channel, conversationId }: ConversationAddress,
): Promise<HeldRequest | undefined> {
  const [row] = await tx.sql<{ id: number }>`
    select id from handoff_request
    where channel = ${channel} and conversation_id = ${conversationId} and status in ('waiting', 'agent')
      and external_desk is not null`
  return row && readHeld(tx, { requestId: row.id })
}
