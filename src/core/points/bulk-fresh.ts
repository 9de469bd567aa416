import type { CopyTx } from '../../db/copy'
import type { Tx } from '../../db/sql'
import type { BulkRow } from './bulk'
import { FreshBooks, isPlain, takeIds } from './fresh-books'

/**
 * Records those of the rows whose members have no account yet: for them the ledger's rules come down to sums, so that
 * accounts, transfers, lots and the hash chain are made here and go in by COPY, several times faster than through
 * `recordBulk`, with the same outcome. Whatever is not as plain (a member with an account, a key that was used, points that
 * are still pending, a row that would be refused) is left alone, with all rows of that member.
 * @returns the rows that it left, in their order
 */
export async function recordFresh(tx: CopyTx, rows: readonly BulkRow[], { at }: { at: Date }): Promise<BulkRow[]> {
  const byMember = groupBy(rows, ({ memberId }) => memberId)
  const unfit = await membersNotFresh(tx, [...byMember.keys()])
  for (const { memberId } of await rowsWithUsedKeys(tx, rows)) unfit.add(memberId)
  for (const [memberId, own] of byMember) if (!unfit.has(memberId) && !isPlain(own, at)) unfit.add(memberId)

  const fresh = [...byMember].filter(([memberId]) => !unfit.has(memberId)).map(([, own]) => own)
  if (fresh.length === 0) return [...rows]
  const ids = await takeIds(tx, fresh)
  const books = new FreshBooks()
  for (const own of fresh) books.write(own, { ids, at })
  for (const memberId of await books.copy(tx)) unfit.add(memberId)
  return rows.filter(({ memberId }) => unfit.has(memberId))
}

async function membersNotFresh(tx: Tx, memberIds: readonly string[]): Promise<Set<string>> {
  const found = await tx.sql<{ id: string }>`
    select wanted.id from unnest(${memberIds}::text[]) wanted (id)
      left join member on member.id = wanted.id left join member_account account on account.member_id = wanted.id
    where member.id is null or account.member_id is not null`
  return new Set(found.map(({ id }) => id))
}

/** Rows whose key stands in the ledger already, or twice in the batch. */
async function rowsWithUsedKeys(tx: Tx, rows: readonly BulkRow[]): Promise<BulkRow[]> {
  const used: BulkRow[] = []
  for (const [source, own] of groupBy(rows, ({ source }) => source)) {
    const byKey = new Map<string, BulkRow>()
    for (const row of own) {
      const twin = byKey.get(row.externalId)
      if (twin) used.push(twin, row)
      byKey.set(row.externalId, row)
    }
    const known = await tx.sql<{ externalId: string }>`
      select external_id as "externalId" from transfer
      where source = ${source} and external_id = any (${[...byKey.keys()]}::text[])`
    const knownKeys = new Set(known.map(({ externalId }) => externalId))
    used.push(...own.filter(({ externalId }) => knownKeys.has(externalId)))
  }
  return used
}

function groupBy(rows: readonly BulkRow[], by: (row: BulkRow) => string): Map<string, BulkRow[]> {
  const groups = new Map<string, BulkRow[]>()
  for (const row of rows) {
    const group = groups.get(by(row))
    if (group) group.push(row)
    else groups.set(by(row), [row])
  }
  return groups
}
