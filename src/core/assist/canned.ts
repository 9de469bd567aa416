import type { Db } from '../../db/sql'
import type { Locale } from '../locale'

export const TITLE_CHARACTERS_MAX = 80
export const TEXT_CHARACTERS_MAX = 2_000
const OWN_MAX = 200

/**
 * What may stand in a text: the member's name, available points and tier, and the shop's name, each in the language of
 * the text. The console puts them in when the text is taken over, so that the agent sees what is sent.
 */
export const cannedVariables = ['name', 'points', 'tier', 'shop'] as const

/** A text that is used again: somebody's own, or everybody's. */
export interface Canned {
  readonly id: number
  readonly title: string
  readonly text: string
  readonly locale: Locale
  readonly isShared: boolean
}

/** Who writes or deletes. Shared texts are for supervisors and above. */
export interface CannedWriter {
  readonly staffId: number
  readonly mayShare: boolean
}

export type CannedRefusal =
  /** There is none, or it is somebody else's own: both answer alike. */
  | { readonly ok: false; readonly code: 'unknown-canned' | 'role-needed' | 'too-many' }
  | { readonly ok: false; readonly code: 'text-empty' | 'text-too-long' }
  | { readonly ok: false; readonly code: 'unknown-variable'; readonly variable: string }

/** One's own and the shared ones, by title. */
export function listCanned(db: Db, { staffId }: { staffId: number }): Promise<Canned[]> {
  return db.sql<Canned>`
    select id, title, text, locale, staff_id is null as "isShared" from canned_reply
    where staff_id is null or staff_id = ${staffId}
    order by lower(title), id`
}

/**
 * Adds a text, or changes the one of `id`. Refusals: unknown-canned, role-needed (a shared one by an agent, before or
 * after the change), too-many, text-empty, text-too-long, unknown-variable.
 */
export async function putCanned(
  db: Db,
  { writer, canned, at }: { writer: CannedWriter; canned: Omit<Canned, 'id'> & { readonly id?: number }; at: Date },
): Promise<{ readonly ok: true; readonly id: number } | CannedRefusal> {
  const title = canned.title.trim()
  const text = canned.text.trim()
  if (title === '' || text === '') return { ok: false, code: 'text-empty' }
  if (title.length > TITLE_CHARACTERS_MAX || text.length > TEXT_CHARACTERS_MAX)
    return { ok: false, code: 'text-too-long' }
  const variable = unknownVariable(text)
  if (variable !== undefined) return { ok: false, code: 'unknown-variable', variable }
  if (canned.isShared && !writer.mayShare) return { ok: false, code: 'role-needed' }
  const owner = canned.isShared ? null : writer.staffId
  if (canned.id === undefined) return add(db, { owner, title, text, locale: canned.locale, at })
  const kept = await findWritable(db, { id: canned.id, writer })
  if (kept !== 'ok') return { ok: false, code: kept }
  const [row] = await db.sql<{ id: number }>`
    update canned_reply set staff_id = ${owner}, title = ${title}, text = ${text}, locale = ${canned.locale}, updated_at = ${at}
    where id = ${canned.id} returning id`
  return row ? { ok: true, id: row.id } : { ok: false, code: 'unknown-canned' }
}

/** Deletes one; twice is like once for who may. Refusals: unknown-canned, role-needed. */
export async function deleteCanned(
  db: Db,
  { writer, id }: { writer: CannedWriter; id: number },
): Promise<{ readonly ok: true } | CannedRefusal> {
  const kept = await findWritable(db, { id, writer })
  if (kept !== 'ok') return { ok: false, code: kept }
  await db.sql`delete from canned_reply where id = ${id}`
  return { ok: true }
}

async function add(
  db: Db,
  { owner, title, text, locale, at }: { owner: number | null; title: string; text: string; locale: Locale; at: Date },
): Promise<{ readonly ok: true; readonly id: number } | CannedRefusal> {
  const [row] = await db.sql<{ id: number }>`
    insert into canned_reply (staff_id, locale, title, text, updated_at)
    select ${owner}, ${locale}, ${title}, ${text}, ${at}
    where (select count(*) from canned_reply where staff_id is not distinct from ${owner}) < ${OWN_MAX}
    returning id`
  return row ? { ok: true, id: row.id } : { ok: false, code: 'too-many' }
}

async function findWritable(
  db: Db,
  { id, writer }: { id: number; writer: CannedWriter },
): Promise<'ok' | 'unknown-canned' | 'role-needed'> {
  const [row] = await db.sql<{
    staffId: number | null
  }>`select staff_id as "staffId" from canned_reply where id = ${id}`
  if (!row) return 'unknown-canned'
  if (row.staffId === null) return writer.mayShare ? 'ok' : 'role-needed'
  return row.staffId === writer.staffId ? 'ok' : 'unknown-canned'
}

/** The first `{word}` that is no variable: a slip that a member would read. */
function unknownVariable(text: string): string | undefined {
  for (const [, name] of text.matchAll(/\{([\p{L}_]+)\}/gu)) {
    if (name !== undefined && !cannedVariables.some((known) => known === name)) return name
  }
  return undefined
}
