import { type CopyTx, copyText } from '../../db/copy'
import type { Tx } from '../../db/sql'

interface Recorded {
  readonly memberId: string
  readonly source: string
  readonly externalId: string
  readonly orderId: number | null
  readonly points: number
  readonly occurredAtMs: number
}

/** A row of `ledger_bulk` as it is made outside of the database. */
export type BulkRow =
  | (Recorded & { readonly kind: 'earn'; readonly availableAtMs: number; readonly expiresAtMs: number })
  | (Recorded & {
      readonly kind: 'reverse'
      readonly reverses: { readonly source: string; readonly externalId: string }
    })

/**
 * Points of many orders at once, for importers and the demo shop. The outcome is that of `earn` and `reverse` called
 * one by one in order of (member, occurredAt, ordinal): same entries, lots, hash chain and refusals.
 *
 * In ONE transaction:
 *
 * ```ts
 * await openBulk(tx)                       // temporary table ledger_bulk, dropped at commit
 * await tx.sql`insert into ledger_bulk (kind, member_id, source, external_id, order_id, points, occurred_at, available_at, expires_at,
 *                                       reverses_source, reverses_external_id) select …`   // or COPY
 * const result = await recordBulk(tx, { at })
 * ```
 *
 * Columns of `ledger_bulk`:
 * - `kind` 'earn' (default) or 'reverse' (takes back points of an earn);
 * - `member_id` of an existing member; for a reverse, the member of the earn;
 * - `source`, `external_id`: the idempotency key of this row, e.g. ('order', '<order source>:<order external id>');
 *    a key recorded before changes nothing; with another member, points, order or original it is refused ('key-reused').
 *    Times are not part of that comparison, since rules may derive them from the day of the import;
 * - `order_id` shop_order.id, or null;
 * - `points` above 0; null on a reverse means all that is left of the original;
 * - `occurred_at`; `available_at` (default occurred_at): pending until then, seen from `at`; `expires_at` or null for never
 *    (both ignored on a reverse);
 * - `reverses_source`, `reverses_external_id`: the key of the earn that a reverse takes back, recorded before or in the same batch
 *    at an earlier or the same instant;
 * - `ordinal`: generated; insert with `order by` where rows of one member share an instant;
 * - `outcome`: set for refused rows only: 'unknown-member', 'invalid-amount', 'invalid-expiry' (not after `at`
 *    and `available_at`), 'key-reused', 'unknown-transfer', 'exceeds-original'.
 */
export async function openBulk(tx: Tx): Promise<void> {
  await tx.sql`
    create temporary table ledger_bulk (
      ordinal bigint generated always as identity,
      kind text not null default 'earn' check (kind in ('earn', 'reverse')),
      member_id text not null,
      source text not null,
      external_id text not null,
      order_id bigint,
      points bigint,
      occurred_at timestamptz(3) not null,
      available_at timestamptz(3),
      expires_at timestamptz(3),
      reverses_source text,
      reverses_external_id text,
      outcome text
    ) on commit drop`
}

/** Puts rows into `ledger_bulk`. */
export async function stageBulk(tx: CopyTx, rows: readonly BulkRow[]): Promise<void> {
  await tx.copyIn(COPY_BULK, rows.map(bulkRow).join(''))
}

const COPY_BULK = `copy ledger_bulk (kind, member_id, source, external_id, order_id, points, occurred_at, available_at, expires_at,
  reverses_source, reverses_external_id) from stdin`

function bulkRow(row: BulkRow): string {
  const { kind, memberId, source, externalId, orderId, points, occurredAtMs } = row
  const instant = (ms: number) => new Date(ms).toISOString()
  const rest =
    kind === 'earn'
      ? [instant(row.availableAtMs), instant(row.expiresAtMs), '\\N', '\\N']
      : ['\\N', '\\N', copyText(row.reverses.source), copyText(row.reverses.externalId)]
  const texts = [memberId, source, externalId].map(copyText)
  return `${[kind, ...texts, orderId ?? '\\N', points, instant(occurredAtMs), ...rest].join('\t')}\n`
}

/** What became of the rows of `ledger_bulk`. `replayed` were recorded before; the refused carry their `outcome`. */
export interface BulkResult {
  earned: number
  reversed: number
  replayed: number
  refused: number
}

/** Records what stands in `ledger_bulk`, in one round trip. */
export async function recordBulk(tx: Tx, { at }: { at: Date }): Promise<BulkResult> {
  const [result] = await tx.sql<BulkResult>`
    select earned, reversed, replayed, refused from ledger_bulk_record(${at})`
  if (!result) throw new Error('ledger_bulk_record returned no row')
  return result
}
