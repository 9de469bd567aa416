import type { Database } from '../../db/open'
import type { Db, Tx } from '../../db/sql'
import { personalData } from './personal-data'

/** Rows forgotten, by what they were. */
export type Forgotten = Readonly<Record<string, number>>

export type Erasure =
  | { readonly ok: true; readonly erasedAt: Date; readonly wasErased: boolean; readonly forgotten: Forgotten }
  | { readonly ok: false; readonly code: 'unknown-member' }

/** Ends the transaction of an erasure that was only tried. */
class Tried extends Error {
  constructor(readonly erasure: Erasure) {
    super('an erasure was tried')
  }
}

/**
 * Erases a member (GDPR, article 17; PIPL, article 47): whatever tells of the person goes, in one transaction, and nobody can link to
 * the member again. What the books need stays under the member's number, so that every total is as it was. The points left can
 * not be spent by anybody, and expire when they would have. Again: what has come since goes, too. `isTrial`: tells what would go, and
 * changes nothing. Refuses with `unknown-member`.
 */
export async function eraseMember(
  database: Database,
  { memberId, at, isTrial = false }: { memberId: string; at: Date; isTrial?: boolean },
): Promise<Erasure> {
  try {
    return await database.tx(async (tx) => {
      const erasure = await erase(tx, { memberId, at })
      if (isTrial) throw new Tried(erasure)
      return erasure
    })
  } catch (error) {
    if (error instanceof Tried) return error.erasure
    throw error
  }
}

async function erase(tx: Tx, { memberId, at }: { memberId: string; at: Date }): Promise<Erasure> {
  // A turn takes the conversation's lock first, and rows of the member after it: in the same order nobody waits for ever.
  await lockChats(tx, memberId)
  const [member] = await tx.sql<{ erasedAt: Date; wasErased: boolean }>`
    update member set erased_at = coalesce(member.erased_at, ${at})
    from (select id, erased_at from member where id = ${memberId} for no key update) before where member.id = before.id
    returning member.erased_at as "erasedAt", before.erased_at is not null as "wasErased"`
  if (!member) return { ok: false, code: 'unknown-member' }
  return { ok: true, ...member, forgotten: await forget(tx, [memberId]) }
}

/** What came of members after they were erased, such as the scores of a run that had begun before: it goes, too. */
export async function forgetErased(db: Db): Promise<number> {
  const erased = await db.sql<{ id: string }>`select id from member where erased_at is not null`
  if (erased.length === 0) return 0
  const forgotten = await forget(
    db,
    erased.map(({ id }) => id),
  )
  return Object.values(forgotten).reduce((sum, count) => sum + count, 0)
}

async function forget(db: Db, memberIds: readonly string[]): Promise<Forgotten> {
  const counts: Record<string, number> = {}
  for (const { what, forget } of personalData) counts[what] = (await forget(db, { memberIds })).length
  return counts
}

async function lockChats(tx: Tx, memberId: string): Promise<void> {
  await tx.sql`
    select pg_advisory_xact_lock(hashtextextended(channel || E'\\x1f' || conversation_id, 0))
    from (
      select distinct channel, conversation_id from chat_of_member where member_id = ${memberId} order by 1, 2
    ) chat`
}
