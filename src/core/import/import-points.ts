import type { CopyTx } from '../../db/copy'
import type { Merchant } from '../merchant'
import { type BulkRow, openBulk, recordBulk, stageBulk } from '../points/bulk'
import { recordFresh } from '../points/bulk-fresh'
import { pointsEarned, pointsTakenBack } from '../points/earn-rules'
import { pointsTerms } from '../points/terms'

export interface ImportedPoints {
  earned: number
  takenBack: number
}

interface Batch {
  merchant: Merchant
  runId: number
  batch: number
  at: Date
  /** The rows where they are known already: of sales, then of refunds, each in time. */
  rows?: readonly BulkRow[]
}

/**
 * Records the points of a batch of imported orders, dated by the order: what each sale earns by the merchant's rules, and
 * what each refund takes back of the sales it gave back, never more than they earned.
 */
export async function recordPoints(tx: CopyTx, batch: Batch): Promise<ImportedPoints> {
  const rows = batch.rows ?? [...(await readEarned(tx, batch)), ...(await readTakenBack(tx, batch))]
  const result = pointsOf(rows)
  const left = await recordFresh(tx, rows, { at: batch.at })
  if (left.length === 0) return result
  await openBulk(tx)
  await stageBulk(tx, left)
  const { refused } = await recordBulk(tx, { at: batch.at })
  if (refused > 0) result.takenBack += await takeBackWhatIsLeft(tx, batch)
  return result
}

/** What the rows come to. */
export function pointsOf(rows: readonly BulkRow[]): ImportedPoints {
  return { earned: sumOf(rows, 'earn'), takenBack: sumOf(rows, 'reverse') }
}

function sumOf(rows: readonly BulkRow[], kind: BulkRow['kind']): number {
  return rows.reduce((sum, row) => (row.kind === kind ? sum + row.points : sum), 0)
}

/**
 * The refused rows once more. A sale earned by the rules of its day: where those have changed since, or points went back
 * by hand, a refund may want more than there is, and gets what is left, as a live one does; one bad row must not hold
 * up every later import. Anything else that is refused is a bug. Returns by how much less was taken back than was wanted.
 */
async function takeBackWhatIsLeft(tx: CopyTx, { at }: Batch): Promise<number> {
  const refused = await tx.sql<{ externalId: string; outcome: string }>`
    select external_id as "externalId", outcome from ledger_bulk where outcome is not null`
  const bug = refused.find(({ outcome }) => outcome !== 'exceeds-original' && outcome !== 'unknown-transfer')
  if (bug) throw new Error(`the ledger refused the file's points, such as ${bug.externalId}: ${bug.outcome}`)
  const [wanted] = await tx.sql<{ points: number }>`
    select sum(points)::bigint as points from ledger_bulk where outcome is not null`
  await tx.sql`delete from ledger_bulk where outcome is distinct from 'exceeds-original'`
  await tx.sql`update ledger_bulk set points = null, outcome = null`
  await recordBulk(tx, { at })
  const [taken] = await tx.sql<{ points: number }>`
    select coalesce(sum(transfer.points), 0)::bigint as points
    from ledger_bulk join transfer using (source, external_id) where ledger_bulk.outcome is null`
  return (taken?.points ?? 0) - (wanted?.points ?? 0)
}

/** A sale of a member. */
export interface Sale {
  orderId: number
  source: string
  externalId: string
  memberId: string
  placedAtMs: number
  totalMinor: number
}

/** What each sale of the batch earns. */
async function readEarned(tx: CopyTx, { runId, batch, ...terms }: Batch): Promise<BulkRow[]> {
  const sales = await tx.sql<Sale>`
    select sale.id as "orderId", sale.source, sale.external_id as "externalId", sale.member_id as "memberId",
      (extract(epoch from sale.placed_at) * 1000)::bigint as "placedAtMs", sale.total_minor as "totalMinor"
    from import_due_order due join shop_order sale on sale.id = due.order_id
    where due.run_id = ${runId} and due.batch = ${batch} and sale.kind = 'sale' and sale.total_minor > 0
    order by sale.member_id, sale.placed_at, sale.id`
  return earnedBy(sales, terms)
}

/** What each of the sales earns, if anything. */
export function earnedBy(sales: readonly Sale[], { merchant, at }: { merchant: Merchant; at: Date }): BulkRow[] {
  // Of what was placed before it is recorded, the expiry depends on the day of recording alone.
  const { expiresAt: expiresLater } = pointsTerms(merchant, { placedAt: at, recordedAt: at, live: false })
  const rows: BulkRow[] = []
  for (const { orderId, source, externalId, memberId, placedAtMs, totalMinor } of sales) {
    const points = pointsEarned(merchant.settings.earnRules, { totalMinor })
    if (points === 0) continue
    const placedAt = new Date(placedAtMs)
    const terms =
      placedAt <= at
        ? { availableAt: placedAt, expiresAt: expiresLater }
        : pointsTerms(merchant, { placedAt, recordedAt: at, live: false })
    rows.push({
      kind: 'earn',
      memberId,
      source: 'order',
      externalId: `${source}:${externalId}`,
      orderId,
      points,
      occurredAtMs: placedAtMs,
      availableAtMs: terms.availableAt.getTime(),
      expiresAtMs: terms.expiresAt.getTime(),
    })
  }
  return rows
}

/** What a refund gave back of a sale. */
export interface GivenBack {
  refundId: number
  refundExternalId: string
  saleExternalId: string
  source: string
  memberId: string
  placedAtMs: number
  saleTotalMinor: number
  refundMinor: number
  refundedBeforeMinor: number
}

/** What each refund of the batch takes back of each sale it gave back. */
async function readTakenBack(tx: CopyTx, { merchant, ...batch }: Batch): Promise<BulkRow[]> {
  return takenBackBy(await readGivenBack(tx, batch), merchant)
}

/** What each of the refunds takes back, if anything. */
export function takenBackBy(refunds: readonly GivenBack[], merchant: Merchant): BulkRow[] {
  const rows: BulkRow[] = []
  for (const refund of refunds) {
    const { saleTotalMinor, refundedBeforeMinor, refundMinor, source, memberId, placedAtMs, saleExternalId } = refund
    const order = { totalMinor: saleTotalMinor }
    const points = pointsTakenBack(merchant.settings.earnRules, { order, refundedBeforeMinor, refundMinor })
    if (points === 0) continue
    rows.push({
      kind: 'reverse',
      memberId,
      source: 'refund',
      externalId: `${source}:${refund.refundExternalId}:${saleExternalId}`,
      orderId: refund.refundId,
      points,
      occurredAtMs: placedAtMs,
      reverses: { source: 'order', externalId: `${source}:${saleExternalId}` },
    })
  }
  return rows
}

/** Of each refund of the batch and each sale it gave back: the amount, and what was refunded of that sale before it. */
function readGivenBack(tx: CopyTx, { runId, batch }: { runId: number; batch: number }): Promise<GivenBack[]> {
  return tx.sql<GivenBack>`
    with given_back as (
      select due.order_id, back.sale_order_id, sum(back.amount_minor) as amount
      from import_due_order due join line_refund back on back.refund_order_id = due.order_id
      where due.run_id = ${runId} and due.batch = ${batch}
      group by due.order_id, back.sale_order_id
    ), recorded as (
      select old.sale_order_id, sum(old.amount_minor) as amount
      from (select distinct sale_order_id from given_back) touched
        join line_refund old on old.sale_order_id = touched.sale_order_id
      where old.refund_order_id not in (select order_id from given_back)
      group by old.sale_order_id
    )
    select refund.id as "refundId", refund.external_id as "refundExternalId", sale.external_id as "saleExternalId",
      sale.source, refund.member_id as "memberId", 
      (extract(epoch from refund.placed_at) * 1000)::bigint as "placedAtMs", sale.total_minor as "saleTotalMinor",
      given_back.amount::bigint as "refundMinor",
      (coalesce(recorded.amount, 0) + sum(given_back.amount) over earlier - given_back.amount)::bigint as "refundedBeforeMinor"
    from given_back join shop_order refund on refund.id = given_back.order_id
      join shop_order sale on sale.id = given_back.sale_order_id
      left join recorded on recorded.sale_order_id = given_back.sale_order_id
    where sale.total_minor > 0
    window earlier as (partition by given_back.sale_order_id order by refund.placed_at, refund.id)
    order by refund.member_id, refund.placed_at, refund.id, sale.id`
}
