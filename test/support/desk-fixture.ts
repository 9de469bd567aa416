import type { Role } from '../../src/core/staff/role'
import type { Db } from '../../src/db/sql'

/** Rows of the desk written by hand, past the rules of the core: for tests of what is read from them. */

export interface StaffFixture {
  readonly id: number
  readonly displayName: string
  readonly role: Role
  readonly locale: 'en' | 'zh'
}

export async function addStaff(
  db: Db,
  { name, role = 'agent', locale = 'en' }: { name: string; role?: Role; locale?: 'en' | 'zh' },
): Promise<StaffFixture> {
  const [row] = await db.sql<{ id: number }>`
    insert into staff (email, display_name, role, locale, created_at)
    values (${`${name.toLowerCase().replace(/\s/g, '.')}@shop.example`}, ${name}, ${role}, ${locale}, '2026-01-01') returning id`
  if (!row) throw new Error('no row')
  return { id: row.id, displayName: name, role, locale }
}

export interface RequestFixture {
  readonly conversation: string
  readonly channel?: string
  readonly member?: string | null
  readonly locale?: 'en' | 'zh'
  readonly reason?: string
  readonly said?: string
  readonly status?: 'waiting' | 'agent' | 'returned' | 'closed'
  readonly staffId?: number | null
  readonly at: string
  readonly acceptedAt?: string
  readonly firstReplyAt?: string
  readonly closedAt?: string
  readonly resolution?: 'confirmed' | 'assumed' | 'reopened'
  readonly csat?: number
  readonly contactReason?: string
}

export async function addRequest(db: Db, request: RequestFixture): Promise<number> {
  const {
    conversation,
    channel = 'msteams',
    member = 'M1',
    locale = 'en',
    reason = 'asked',
    said = 'a person please',
  } = request
  const { status = 'agent', staffId = null, resolution = null, csat = null, contactReason = null } = request
  const [row] = await db.sql<{ id: number }>`
    insert into handoff_request (channel, conversation_id, member_id, locale, reason, said, status, staff_id, external_id,
      requested_at, waiting_since, accepted_at, first_reply_at, closed_at, resolution, csat_score, contact_reason)
    values (${channel}, ${conversation}, ${member}, ${locale}, ${reason}, ${said}, ${status}, ${staffId},
      ${`${channel}|${conversation}|${request.at}`}, ${new Date(request.at)}, ${new Date(request.at)},
      ${date(request.acceptedAt)}, ${date(request.firstReplyAt)}, ${date(request.closedAt)}, ${resolution}, ${csat}, ${contactReason})
    returning id`
  if (!row) throw new Error('no row')
  return row.id
}

/** `[author, text]` in order, a second apart. */
export async function addSaid(
  db: Db,
  { requestId, staffId, at }: { requestId: number; staffId?: number; at: string },
  said: readonly (readonly ['member' | 'agent' | 'desk' | 'note', string])[],
): Promise<void> {
  for (const [index, [author, text]] of said.entries()) {
    const by = author === 'agent' || author === 'note' ? (staffId ?? null) : null
    const when = new Date(Date.parse(at) + index * 1000)
    await db.sql`select desk_append(${requestId}, ${author}, ${by}, ${text}, null, ${`${author} ${index}`}, null, ${when})`
  }
}

/** A turn of the bot on a channel that keeps no log of its own. */
export async function addTurn(
  db: Db,
  turn: { conversation: string; channel?: string; at: string; said: string; replies: readonly string[] },
): Promise<void> {
  const replies = JSON.stringify(turn.replies.map((text) => ({ text, cards: [] })))
  await db.sql`
    insert into inbox (channel, conversation_id, activity_id, received_at, said, replies)
    values (${turn.channel ?? 'msteams'}, ${turn.conversation}, ${turn.at}, ${new Date(turn.at)}, ${turn.said}, ${replies}::jsonb)`
}

function date(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text)
}
