import type { Db } from '../../db/sql'
import type { Locale } from '../locale'

/** Why a person was asked for. */
export const REQUEST_REASONS = [
  'asked',
  'not-understood',
  'error',
  'complaint',
  'redemption',
  'low-feedback',
  'agent',
  'reopened',
] as const

export type RequestReason = (typeof REQUEST_REASONS)[number]

export interface PersonRequest {
  readonly channel: string
  readonly conversationId: string
  /** Absent for a stranger. */
  readonly memberId?: string
  readonly locale: Locale
  readonly reason: RequestReason
  /** An intent, for routing. Absent: what the member asked about last, if that is not long ago. */
  readonly topic?: string
  /** What the customer said last. */
  readonly said: string
  /** The turn's key: the same turn asks once, however often it is run. */
  readonly key: string
  readonly at: Date
}

/** Who asks again within so long had the same matter in mind: the earlier request was not solved. */
const REOPENS_WITHIN_HOURS = 48
const TOPIC_WITHIN_MINUTES = 30

/**
 * Puts a conversation in the queue for a person, with what was said as the request's first message. One that already
 * waits there keeps its place and its first words: `alreadyWaiting` says so; a message that was left becomes somebody who waits.
 * How urgent it is follows from tier, risk of leaving and reason. Asking within 48 hours of a close reopens that one.
 */
export async function requestPerson(
  db: Db,
  request: PersonRequest,
): Promise<{ requestId: number; alreadyWaiting: boolean }> {
  const { channel, conversationId, memberId, key, said, at } = request
  const known = await findRequest(db, request)
  if (known && !(await endedForAnother(db, known, request))) {
    await db.sql`
      with back as (
        update handoff_request set left_at = null, version = version + 1, waiting_since = ${at}
        where id = ${known.requestId} and left_at is not null and external_id <> ${key} returning id
      )
      insert into handoff_event (request_id, kind, at) select id, 'waits-again', ${at} from back`
    if (memberId !== undefined) await nameMember(db, { requestId: known.requestId, memberId })
    return known
  }
  const made = await insertRequest(db, request)
  if (made === undefined) {
    // Somebody else's turn asked between our look and our insert; it is committed now, and so to be seen.
    const first = await findRequest(db, request)
    if (!first) throw new Error(`the request for a person of ${channel} ${conversationId} was neither made nor found`)
    return first
  }
  await db.sql`
    select desk_append(${made}, 'member', null, ${said}, null, ${key}, null, ${at})
    where ${said} <> ''`
  return { requestId: made, alreadyWaiting: false }
}

/** A message that one member left is not gone on with by another who has linked in the same chat: it ends there. */
async function endedForAnother(
  db: Db,
  { requestId }: { requestId: number },
  { memberId, key, at }: PersonRequest,
): Promise<boolean> {
  const rows = await db.sql`
    with ended as (
      update handoff_request set status = 'returned', version = version + 1, closed_at = ${at}, ended_by = 'desk',
        left_at = null, unanswered_since = null
      where id = ${requestId} and status = 'waiting' and left_at is not null and external_id <> ${key}
        and member_id is not null and member_id is distinct from ${memberId ?? null}
      returning id
    )
    insert into handoff_event (request_id, kind, at) select id, 'returned', ${at} from ended returning id`
  return rows.length > 0
}

/** Who asked as a stranger and is linked by now: the open request becomes theirs. What has a member keeps it. */
export async function nameMember(
  db: Db,
  { requestId, memberId }: { requestId: number; memberId: string },
): Promise<void> {
  await db.sql`
    update handoff_request set member_id = ${memberId}
    where id = ${requestId} and member_id is null and status in ('waiting', 'agent')`
}

async function findRequest(
  db: Db,
  { channel, conversationId, key }: PersonRequest,
): Promise<{ requestId: number; alreadyWaiting: boolean } | undefined> {
  const [row] = await db.sql<{ requestId: number; alreadyWaiting: boolean }>`
    select id as "requestId", external_id <> ${key} as "alreadyWaiting" from handoff_request
    where external_id = ${key}
      or (channel = ${channel} and conversation_id = ${conversationId} and status in ('waiting', 'agent'))
    order by external_id <> ${key} limit 1`
  return row
}

async function insertRequest(db: Db, request: PersonRequest): Promise<number | undefined> {
  const { channel, conversationId, memberId = null, locale, reason, topic = null, said, key, at } = request
  const [row] = await db.sql<{ id: number }>`
    with earlier as (
      select id from handoff_request
      where status = 'closed' and accepted_at is not null and resolution is distinct from 'reopened'
        and closed_at > ${at}::timestamptz - make_interval(hours => ${REOPENS_WITHIN_HOURS}) and closed_at <= ${at}
        and (member_id = ${memberId} or (channel = ${channel} and conversation_id = ${conversationId}))
      order by closed_at desc limit 1
    ), member_facts as (
      select member.tier_code, tier.rank, churn.risk,
        (select topic from consultation c where c.member_id = member.id and c.at <= ${at}
          and c.at > ${at}::timestamptz - make_interval(mins => ${TOPIC_WITHIN_MINUTES}) order by c.at desc, c.id desc limit 1) as topic
      from member join tier on tier.code = member.tier_code
        left join member_churn churn on churn.member_id = member.id
      where member.id = ${memberId} and member.erased_at is null
    ), made as (
      insert into handoff_request (channel, conversation_id, member_id, locale, reason, topic, tier_code, priority, said,
        status, external_id, requested_at, waiting_since, unanswered_since, reopens_id, log_seq)
      select ${channel}, ${conversationId}, ${memberId}, ${locale},
        case when ${reason} = 'asked' and earlier.id is not null then 'reopened' else ${reason} end,
        coalesce(${topic}, facts.topic), facts.tier_code,
        coalesce(facts.rank, 0) + case when facts.risk >= 0.7 then 2 when facts.risk >= 0.4 then 1 else 0 end
          + case when earlier.id is not null then 2 when ${reason} in ('complaint', 'redemption', 'low-feedback') then 1 else 0 end,
        ${said}, 'waiting', ${key}, ${at}, ${at}, ${at}, earlier.id,
        (select last_seq from directline_conversation where id = ${conversationId} and ${channel} = 'directline')
      from (values (1)) one left join member_facts facts on true left join earlier on true
      on conflict do nothing
      returning id, reopens_id
    ), reopened as (
      update handoff_request set resolution = 'reopened' where id = (select reopens_id from made)
    ), noted as (
      insert into handoff_event (request_id, kind, note, at)
      select id, case when reopens_id is null then 'requested' else 'reopened' end, ${reason}, ${at} from made
    )
    select id from made`
  return row?.id
}
