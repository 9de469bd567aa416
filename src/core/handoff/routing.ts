import type { Db, Tx } from '../../db/sql'
import { type DeskActor, lockConversation, type Moved, refused } from './held-request'
import { PRESENT_SECONDS } from './presence'
import { acceptRequest } from './transitions'

/** A request and who it was given to. */
export interface Assignment {
  readonly requestId: number
  readonly staffId: number
}

/**
 * Gives waiting requests to those who are online, have the skills, take requests without being asked and have room; the first in the
 * queue first, and to whom nothing was given for longest. Safe to call anywhere, at any time, in any number of processes.
 */
export function routeWaiting(db: Db, { at }: { at: Date }): Promise<Assignment[]> {
  const seenAfter = new Date(at.getTime() - PRESENT_SECONDS * 1_000)
  return db.sql<Assignment>`
    select request_id as "requestId", staff_id as "staffId" from desk_route(${at}, ${seenAfter})`
}

/**
 * Takes the next request that fits whoever asks; `nothing-waiting` where there is none, `changed` where a colleague was
 * faster and there may be another.
 */
export async function takeNext(tx: Tx, actor: DeskActor, { at }: { at: Date }): Promise<Moved> {
  const [first] = await tx.sql<{ id: number; version: number }>`
    select r.id, r.version from handoff_request r join staff s on s.id = ${actor.staffId}
    where r.status = 'waiting' and r.external_desk is null and desk_fits(s, r)
    order by r.left_at is not null, desk_rank(r.priority, r.waiting_since), r.id limit 1`
  if (!first) return refused('nothing-waiting')
  return acceptRequest(tx, { requestId: first.id, version: first.version, at }, actor)
}

/**
 * An agent's own choice: takes over a conversation that the bot has. `changed`: a person was asked for meanwhile; it
 * waits in the queue, or a colleague has it.
 */
export async function takeConversation(
  tx: Tx,
  { channel, conversationId, key, at }: { channel: string; conversationId: string; key: string; at: Date },
  actor: DeskActor,
): Promise<Moved> {
  await lockConversation(tx, { channel, conversationId })
  const [row] = await tx.sql<{ id: number; version: number; isOpen: boolean }>`
    with person as (
      select person.member_id, state.state #>> '{engine,locale}' as locale
      from conversation_state state cross join conversation_person(state.channel, state.conversation_id) person
      where state.channel = ${channel} and state.conversation_id = ${conversationId}
    ), open as (
      select id, version from handoff_request
      where channel = ${channel} and conversation_id = ${conversationId} and status in ('waiting', 'agent')
    ), made as (
      insert into handoff_request (channel, conversation_id, member_id, locale, reason, said, status, external_id,
        requested_at, waiting_since, log_seq, tier_code)
      select ${channel}, ${conversationId}, member.id, coalesce(person.locale, member.locale, 'en'), 'agent', '', 'waiting', ${key},
        ${at}, ${at}, (select last_seq from directline_conversation where id = ${conversationId} and ${channel} = 'directline'),
        member.tier_code
      from person left join member on member.id = person.member_id
      where not exists (select from open)
      on conflict do nothing returning id, version
    ), noted as (insert into handoff_event (request_id, kind, staff_id, at) select id, 'requested', ${actor.staffId}, ${at} from made)
    select id, version, false as "isOpen" from made union all select id, version, true from open`
  if (!row) return refused('unknown-conversation')
  if (row.isOpen) return refused('changed')
  return acceptRequest(tx, { requestId: row.id, version: row.version, at }, actor)
}
