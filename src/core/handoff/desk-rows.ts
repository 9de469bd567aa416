import type { Db } from '../../db/sql'
import type { Locale, Localised } from '../locale'
import type { Role } from '../staff/role'
import type { DeskAuthor } from './messages'
import type { Presence } from './presence'
import type { RequestReason } from './request'

/** A request for a person, as lists show it. */
export interface RequestLine {
  readonly id: number
  readonly version: number
  readonly status: 'waiting' | 'agent' | 'returned' | 'closed'
  readonly channel: string
  readonly locale: Locale
  readonly reason: RequestReason
  readonly topic: string | null
  readonly priority: number
  readonly memberId: string | null
  readonly displayName: string | null
  readonly tier: Localised | null
  readonly team: string | null
  readonly staffId: number | null
  readonly staffName: string | null
  readonly externalDesk: string | null
  readonly requestedAt: Date
  readonly waitingSince: Date
  readonly acceptedAt: Date | null
  readonly closedAt: Date | null
  readonly lastAuthor: DeskAuthor | null
  readonly lastText: string | null
  readonly lastMessageAt: Date | null
  readonly lastSeq: number
  readonly unread: number
  readonly unansweredSince: Date | null
  /** The member left a message and does not wait in the chat. */
  readonly leftAt: Date | null
  readonly said: string
}

const LIST_LIMIT = 500
const SNIPPET_CHARACTERS = 200

/**
 * Requests as lists show them, in the order of the queue: all open ones, or the ones of these ids, whatever their state.
 * `last` is what the member or we said last; notes are no part of it.
 */
export function readLines(db: Db, { ids }: { ids?: readonly number[] } = {}): Promise<RequestLine[]> {
  return db.sql<RequestLine>`
    select r.id, r.version, r.status, r.channel, r.locale, r.reason, r.topic, r.priority, r.member_id as "memberId",
      member.display_name as "displayName",
      case when tier.code is not null then jsonb_build_object('en', tier.name_en, 'zh', tier.name_zh) end as tier,
      r.team, r.staff_id as "staffId", staff.display_name as "staffName", r.external_desk as "externalDesk",
      r.requested_at as "requestedAt", r.waiting_since as "waitingSince", r.accepted_at as "acceptedAt",
      r.closed_at as "closedAt", last.author as "lastAuthor", left(last.text, ${SNIPPET_CHARACTERS}) as "lastText",
      last.at as "lastMessageAt", r.last_seq as "lastSeq", unread.count as unread,
      r.unanswered_since as "unansweredSince", r.left_at as "leftAt", r.said
    from handoff_request r
      left join member on member.id = r.member_id and member.erased_at is null
      left join tier on tier.code = coalesce(r.tier_code, member.tier_code)
      left join staff on staff.id = r.staff_id
      left join lateral (
        select author, text, at from desk_message m where m.request_id = r.id and m.author <> 'note' order by m.seq desc limit 1
      ) last on true
      cross join lateral (
        select count(*) from desk_message m where m.request_id = r.id and m.seq > r.read_seq and m.author = 'member'
      ) unread
    where case when ${ids ?? null}::bigint[] is null then r.status in ('waiting', 'agent') else r.id = any(${ids ?? null}::bigint[]) end
    -- The queue may be longer than the list; what somebody has in hand is always shown.
    order by r.status <> 'agent', r.left_at is not null, desk_rank(r.priority, r.waiting_since), r.id
    limit ${LIST_LIMIT}`
}

/** A colleague as the desk shows them. */
export interface ColleagueLine {
  readonly id: number
  readonly displayName: string
  readonly role: Role
  readonly presence: Presence
  readonly load: number
  readonly capacity: number
  readonly languages: readonly Locale[]
  readonly team: string | null
}

/** Everybody who may sign in, by name. */
export function readColleagues(db: Db): Promise<ColleagueLine[]> {
  return db.sql<ColleagueLine>`
    select staff.id, display_name as "displayName", role, presence,
      (select count(*) from handoff_request r where r.staff_id = staff.id and r.status = 'agent') as load,
      capacity, languages, team
    from staff where disabled_at is null order by display_name, id`
}

/** Something that happened to a request. */
export interface EventLine {
  readonly kind: string
  readonly staff: string | null
  readonly toStaff: string | null
  readonly toTeam: string | null
  readonly note: string | null
  readonly at: Date
}

/** What happened to a request, in order. */
export function readEvents(db: Db, { requestId }: { requestId: number }): Promise<EventLine[]> {
  return db.sql<EventLine>`
    select event.kind, staff.display_name as staff, other.display_name as "toStaff", event.to_team as "toTeam", event.note, event.at
    from handoff_event event left join staff on staff.id = event.staff_id left join staff other on other.id = event.to_staff_id
    where event.request_id = ${requestId} order by event.id`
}

/** A conversation that the bot has. */
export interface BotConversation {
  readonly channel: string
  readonly conversationId: string
  readonly memberId: string | null
  readonly displayName: string | null
  readonly lastText: string
  readonly updatedAt: Date
}

/** Turns that are looked through for each conversation wanted: somebody who talks much has many. */
const TURNS_LOOKED_AT = 20

/** What the bot talks about with whom, the latest first: for an agent who looks where help is needed. */
export function listBotConversations(db: Db, { limit }: { limit: number }): Promise<BotConversation[]> {
  return db.sql<BotConversation>`
    with lately as (
      select channel, conversation_id, received_at from inbox order by received_at desc limit ${limit * TURNS_LOOKED_AT}
    ), latest as (
      select channel, conversation_id, max(received_at) as at from lately
      where not exists (
        select from handoff_request r where r.channel = lately.channel and r.conversation_id = lately.conversation_id
          and r.status in ('waiting', 'agent'))
      group by channel, conversation_id order by at desc limit ${limit}
    )
    select latest.channel, latest.conversation_id as "conversationId", member.id as "memberId",
      member.display_name as "displayName", latest.at as "updatedAt",
      left(coalesce(
        (select activity ->> 'text' from directline_activity log where latest.channel = 'directline'
          and log.conversation_id = latest.conversation_id and activity #>> '{from,role}' = 'user' order by seq desc limit 1),
        (select said from inbox where latest.channel <> 'directline' and inbox.channel = latest.channel
          and inbox.conversation_id = latest.conversation_id and said <> '' order by received_at desc limit 1), ''), ${SNIPPET_CHARACTERS})
        as "lastText"
    from latest left join lateral conversation_person(latest.channel, latest.conversation_id) person on true
      left join member on member.id = person.member_id
    order by latest.at desc`
}
