import type { Db } from '../../db/sql'

/** An activity as the log keeps it: without its id, which is its place. */
export type LoggedActivity = Readonly<Record<string, unknown>>

export interface LogEntry {
  readonly seq: number
  readonly activity: LoggedActivity
}

/** What a client gets: activities, and where to go on from. */
export interface ActivitySet {
  readonly activities: readonly object[]
  readonly watermark: string
}

export interface ConversationRow {
  readonly id: string
  readonly userId: string
  readonly lastSeq: number
}

/** Entries that are read at a time. */
export const READ_LIMIT = 200

/** Opens a conversation for one user. */
export async function createConversation(
  db: Db,
  { id, userId, at }: { id: string; userId: string; at: Date },
): Promise<void> {
  await db.sql`insert into directline_conversation (id, user_id, created_at) values (${id}, ${userId}, ${at})`
}

/** The conversation of this id, if there is one. */
export async function findConversation(db: Db, { id }: { id: string }): Promise<ConversationRow | undefined> {
  const [row] = await db.sql<ConversationRow>`
    select id, user_id as "userId", last_seq as "lastSeq" from directline_conversation where id = ${id}`
  return row
}

/** Whether a member was spoken with in a web chat, as its state says, whosever it is now. */
export async function isPersonal(db: Db, { id }: { id: string }): Promise<boolean> {
  const [row] = await db.sql<{ personal: boolean }>`
    select coalesce((state ->> 'personal')::boolean, false) as personal from conversation_state
    where channel = 'directline' and conversation_id = ${id}`
  return row?.personal ?? false
}

/**
 * The web chat in which a member has an open request for a person, or had one that ended in the last days; its user must be
 * that member's still. An open one first, then the latest.
 */
export async function findAskedIn(
  db: Db,
  { memberId, endedWithinDays, at }: { memberId: string; endedWithinDays: number; at: Date },
): Promise<{ conversationId: string; userId: string } | undefined> {
  const [row] = await db.sql<{ conversationId: string; userId: string }>`
    select conversation.id as "conversationId", conversation.user_id as "userId"
    from handoff_request request
      join directline_conversation conversation on conversation.id = request.conversation_id
      join channel_identity identity on identity.channel = request.channel and identity.tenant_id = ''
        and identity.user_id = conversation.user_id and identity.member_id = request.member_id
    where request.member_id = ${memberId} and request.channel = 'directline'
      and (request.status in ('waiting', 'agent')
        or request.closed_at > ${at}::timestamptz - make_interval(days => ${endedWithinDays}))
    order by request.status in ('waiting', 'agent') desc, request.requested_at desc limit 1`
  return row
}

/** The next activities after a place in the log, at most 200. */
export function readLog(
  db: Db,
  { conversationId, afterSeq }: { conversationId: string; afterSeq: number },
): Promise<LogEntry[]> {
  return db.sql<LogEntry>`
    select seq, activity from directline_activity
    where conversation_id = ${conversationId} and seq > ${afterSeq} order by seq limit ${READ_LIMIT}`
}

/** How far the logs of these conversations have come. */
export function lastSeqs(db: Db, { ids }: { ids: readonly string[] }): Promise<{ id: string; lastSeq: number }[]> {
  return db.sql`select id, last_seq as "lastSeq" from directline_conversation where id = any(${ids}::text[])`
}

/** The id under which a client's own activity was logged. */
export async function findClientActivity(
  db: Db,
  { conversationId, clientActivityId }: { conversationId: string; clientActivityId: string },
): Promise<string | undefined> {
  const [row] = await db.sql<{ id: string }>`
    select activity_id as id from directline_activity
    where conversation_id = ${conversationId} and client_activity_id = ${clientActivityId}`
  return row?.id
}

/** The id of the activity at a place of the log, as turn_end writes it. */
export function activityIdOf(conversationId: string, seq: number): string {
  return `${conversationId}|${String(seq).padStart(7, '0')}`
}

/** Log entries as a client wants them. The watermark stays where it was when there are none. */
export function activitySet(
  entries: readonly LogEntry[],
  { conversationId, afterSeq }: { conversationId: string; afterSeq: number },
): ActivitySet {
  const activities = entries.map(({ seq, activity }) => ({
    ...activity,
    id: activityIdOf(conversationId, seq),
    conversation: { id: conversationId },
    channelId: 'directline',
  }))
  return { activities, watermark: String(entries.at(-1)?.seq ?? afterSeq) }
}
