import { type CopyTx, copyText, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'

/** One item that a member may want, as `member_item` stores it. */
export interface MemberItem {
  readonly memberId: string
  readonly sku: string
  /** 0 to 1. */
  readonly score: number
  /** For what was bought before. */
  readonly gapDays?: number
  readonly dueWeight?: number
  /** For what was not: what speaks for it. */
  readonly nearBuyers?: number
  readonly withSku?: string
  readonly withBuyers?: number
}

/** The next basket, or discovery. */
export type ItemKind = 'next' | 'new'

const CHUNK_ROWS = 20_000

/**
 * Replaces all items of a kind in one transaction, from what `makeParts` reads and works out in it: readers see the old
 * ones or the new ones.
 * @returns how many rows were stored
 */
export async function writeMemberItems(
  database: Database,
  makeParts: (tx: Tx) => AsyncIterable<Iterable<MemberItem>>,
  { kind, modelId, at, dueCurve = [] }: { kind: ItemKind; modelId: number; at: Date; dueCurve?: readonly number[] },
): Promise<number> {
  return copyTransaction(database, async (tx) => {
    await takeAway(tx, kind)
    await tx.sql`
      insert into member_item_scoring (kind, model_id, scored_at, due_curve)
      values (${kind}, ${modelId}, ${at}, ${[...dueCurve]}::real[])`
    let stored = 0
    let chunk: string[] = []
    for await (const part of makeParts(tx)) {
      for (const row of part) {
        chunk.push(lineOf(kind, row))
        if (chunk.length < CHUNK_ROWS) continue
        stored += await copyRows(tx, chunk)
        chunk = []
      }
    }
    return stored + (await copyRows(tx, chunk))
  })
}

/** Takes all items of a kind away: no model is in use. */
export async function clearMemberItems(database: Database, { kind }: { kind: ItemKind }): Promise<void> {
  await database.tx((tx) => takeAway(tx, kind))
}

async function takeAway(tx: Tx, kind: ItemKind): Promise<void> {
  // Two scorings at once take turns.
  await tx.sql`select pg_advisory_xact_lock(hashtext('regulars member items'), hashtext(${kind}))`
  await tx.sql`delete from member_item where kind = ${kind}`
  await tx.sql`delete from member_item_scoring where kind = ${kind}`
}

function copyRows(tx: CopyTx, lines: readonly string[]): Promise<number> {
  const columns = 'member_id, kind, sku, score, gap_days, due_weight, near_buyers, with_sku, with_buyers'
  return tx.copyIn(`copy member_item (${columns}) from stdin`, lines.join(''))
}

function lineOf(kind: string, { memberId, sku, score, gapDays, ...item }: MemberItem): string {
  const { dueWeight = 1, nearBuyers = 0, withSku, withBuyers = 0 } = item
  const gap = gapDays === undefined ? null : gapDays.toFixed(3)
  const fields = [memberId, kind, sku, score.toFixed(6), gap, dueWeight.toFixed(6), String(nearBuyers)]
  return `${[...fields, withSku ?? null, String(withBuyers)].map(copyText).join('\t')}\n`
}
