import type { Db, Tx } from '../../db/sql'
import { type DeskActor, type DeskRefusal, type HeldRequest, holdRequest, mayHandle, refused } from './held-request'

/** Who said it: the member, an agent, we to the member (`desk`), or a colleague to colleagues (`note`). */
export type DeskAuthor = 'member' | 'agent' | 'desk' | 'note'

export type Delivery = 'pending' | 'sent' | 'failed' | 'unknown'

/** Something said while a request was open. */
export interface DeskEntry {
  /** Counts up by one within a request. */
  readonly seq: number
  readonly author: DeskAuthor
  readonly staffId: number | null
  readonly staffName: string | null
  /** Markdown from the desk, plain text from people. */
  readonly text: string
  readonly at: Date
  readonly key: string
  /** The outbox's row that carries it, while it is not over. */
  readonly outboxId: number | null
  /** Null for what goes to nobody: the member's own words, and notes. */
  readonly delivery: Delivery | null
}

export const AGENT_TEXT_CHARACTERS_MAX = 4_000

export interface NewEntry {
  readonly requestId: number
  readonly author: DeskAuthor
  readonly staffId?: number
  readonly text: string
  readonly data?: object
  /** The writer's idempotency key: the same one again appends nothing. */
  readonly key: string
  readonly outboxId?: number
  readonly at: Date
}

/** Appends to what is said of a request, under its conversation's lock. Resolves to its place. */
export async function appendEntry(tx: Tx, entry: NewEntry): Promise<number> {
  const { requestId, author, staffId = null, text, data, key, outboxId = null, at } = entry
  const [row] = await tx.sql<{ seq: number }>`
    select desk_append(${requestId}, ${author}, ${staffId}, ${text}, ${data ? JSON.stringify(data) : null}::jsonb, ${key},
      ${outboxId}, ${at}) as seq`
  if (!row) throw new Error(`nothing was appended to request ${requestId}`)
  return row.seq
}

export interface FromStaff {
  readonly requestId: number
  /** Plain text, 1 to 4,000 characters; the caller has checked it. */
  readonly text: string
  readonly key: string
  readonly at: Date
}

export type MaySay =
  | { readonly ok: true; readonly request: HeldRequest; readonly already: undefined }
  /** The key was used before, for the same. */
  | { readonly ok: true; readonly request: HeldRequest; readonly already: DeskEntry }
  | DeskRefusal

/**
 * Takes the lock and says whether somebody may say this in a request: only who has it speaks to the member
 * (`not-yours`), anybody may leave a note while it is open. The same key with other words is refused (`key-used`).
 */
export async function holdToSay(
  tx: Tx,
  { requestId, text, key }: FromStaff,
  { author, actor }: { author: 'agent' | 'note'; actor: DeskActor },
): Promise<MaySay> {
  const request = await holdRequest(tx, { requestId })
  if (!request) return refused('unknown-request')
  const [already] = await readEntries(tx, { requestId, key })
  if (already) {
    const isSame = already.text === text && already.author === author && already.staffId === actor.staffId
    return isSame ? { ok: true, request, already } : refused('key-used')
  }
  if (author === 'agent' && request.status === 'agent' && request.staffId !== actor.staffId) return refused('not-yours')
  if (author === 'agent' && request.status === 'waiting') return refused('not-yours')
  if (request.status !== 'agent' && request.status !== 'waiting') return refused('not-open')
  if (author === 'note' && request.status === 'agent' && !mayHandle(request, actor)) return refused('not-yours')
  return { ok: true, request, already: undefined }
}

/** Entries that are read at a time. */
export const ENTRIES_READ_MAX = 500

/** What was said after a place, in order, at most 500; with `key` only what was written under it. */
export function readEntries(
  db: Db,
  { requestId, afterSeq = 0, key }: { requestId: number; afterSeq?: number; key?: string },
): Promise<DeskEntry[]> {
  return db.sql<DeskEntry>`
    select message.seq, message.author, message.staff_id as "staffId", staff.display_name as "staffName", message.text, message.at,
      message.external_id as key, message.outbox_id as "outboxId",
      case when message.author in ('member', 'note') then null
        when message.data ->> 'delivery' is not null then message.data ->> 'delivery'
        -- A row that the outbox has forgotten was sent: only those are forgotten soon.
        else coalesce(outbox.status, 'sent') end as delivery
    from desk_message message left join staff on staff.id = message.staff_id
      left join outbox on outbox.id = message.outbox_id
    where message.request_id = ${requestId} and message.seq > ${afterSeq}
      and (${key ?? null}::text is null or message.external_id = ${key ?? null})
    order by message.seq limit ${ENTRIES_READ_MAX}`
}

/** What became of these rows of the outbox. */
export function readDeliveries(
  db: Db,
  { outboxIds }: { outboxIds: readonly number[] },
): Promise<{ outboxId: number; delivery: Delivery }[]> {
  return db.sql`
    select asked.id as "outboxId", coalesce(outbox.status, 'sent') as delivery
    from unnest(${outboxIds}::bigint[]) asked(id) left join outbox on outbox.id = asked.id`
}

/** How far each of these requests' messages have come. */
export function lastEntrySeqs(
  db: Db,
  { requestIds }: { requestIds: readonly number[] },
): Promise<{ requestId: number; lastSeq: number }[]> {
  return db.sql`
    select id as "requestId", last_seq as "lastSeq" from handoff_request where id = any(${requestIds}::bigint[])`
}

/** Its agent has read up to here. What others read does not count. Resolves to whether that was news. */
export async function markRead(
  db: Db,
  { requestId, staffId, seq }: { requestId: number; staffId: number; seq: number },
): Promise<boolean> {
  const rows = await db.sql`
    update handoff_request set read_seq = least(${seq}, last_seq)
    where id = ${requestId} and staff_id = ${staffId} and read_seq < least(${seq}, last_seq) returning id`
  return rows.length > 0
}

/** When the member was last told how the queue stands; null: not in this wait. */
export async function lastToldAt(db: Db, { requestId }: { requestId: number }): Promise<Date | null> {
  const [row] = await db.sql<{ at: Date | null }>`
    select max(message.at) as at from desk_message message join handoff_request request on request.id = message.request_id
    where message.request_id = ${requestId} and message.author = 'desk' and message.at >= request.waiting_since`
  return row?.at ?? null
}
