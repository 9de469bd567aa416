import type { CopyTx } from '../../db/copy'
import { type LineMatch, matchArticle, type ReturnedLine, type SoldLine } from './match-refunds'

interface Batch {
  runId: number
  batch: number
}

/**
 * Finds what the refunds of a batch of imported orders give back of which sale, also of sales that were there before, and
 * marks sales of which nothing is left. Guests' refunds are not due and match nothing.
 * @returns how many lines give back nothing, or only in part something, that was sold before
 */
export async function settleRefunds(tx: CopyTx, batch: Batch): Promise<number> {
  const candidates = await readCandidates(tx, batch)
  if (candidates.length === 0) return 0
  let unmatched = 0
  const matches: LineMatch[] = []
  for (const group of groups(candidates)) {
    const found = matchGroup(group)
    matches.push(...found.matches)
    unmatched += found.unmatched
  }
  await writeMatches(tx, matches)
  await linkRefunds(tx, batch)
  await markRefundedSales(tx, batch)
  return unmatched
}

interface CandidateRow {
  memberId: string
  sku: string
  isRefund: boolean
  orderId: number
  lineNo: number
  placedAtMs: number
  quantity: number
  unitPriceMinor: number
  saleOrderId: number | null
  /** The refund names a sale that is not there. */
  namesUnknown: boolean
}

/** The lines that the batch's members gave back, and all they ever bought of the same articles; by member and article. */
function readCandidates(tx: CopyTx, { runId, batch }: Batch): Promise<CandidateRow[]> {
  // Each "offset 0" keeps the planner from another order of joins: one look into the index per order, then the articles.
  return tx.sql<CandidateRow>`
    with returned as (
      select due.member_id, line.sku, line.order_id, line.line_no, refund.placed_at, -line.quantity as quantity,
        line.unit_price_minor, named.id as sale_order_id, due.refunds_external_id is not null and named.id is null as names_unknown
      from import_due_order due join shop_order refund on refund.id = due.order_id and refund.kind = 'refund'
        cross join lateral (select * from order_line where order_id = refund.id and quantity < 0 offset 0) line
        left join shop_order named on named.source = refund.source and named.external_id = due.refunds_external_id
      where due.run_id = ${runId} and due.batch = ${batch}
    )
    select sold.member_id as "memberId", sold.sku, false as "isRefund", sold.order_id as "orderId", sold.line_no as "lineNo",
      (extract(epoch from sold.placed_at) * 1000)::bigint as "placedAtMs",
      (sold.quantity - coalesce(given.quantity, 0))::int as quantity, sold.unit_price_minor as "unitPriceMinor",
      null::bigint as "saleOrderId", false as "namesUnknown"
    from (
        select bought.member_id, bought.placed_at, line.*
        from (select distinct member_id from returned) buyer
          join shop_order bought on bought.member_id = buyer.member_id and bought.kind = 'sale'
          cross join lateral (select * from order_line where order_id = bought.id and quantity > 0 offset 0) line
        offset 0
      ) sold
      join (select distinct member_id, sku from returned) wanted
        on wanted.member_id = sold.member_id and wanted.sku = sold.sku
      left join lateral (
        select sum(quantity) as quantity from line_refund back
        where back.sale_order_id = sold.order_id and back.sale_line_no = sold.line_no
      ) given on true
    union all
    select member_id, sku, true, order_id, line_no, (extract(epoch from placed_at) * 1000)::bigint, quantity, unit_price_minor,
      sale_order_id, names_unknown
    from returned
    order by 1, 2`
}

function* groups(rows: readonly CandidateRow[]): Generator<CandidateRow[]> {
  let group: CandidateRow[] = []
  for (const row of rows) {
    const [first] = group
    if (first && (first.memberId !== row.memberId || first.sku !== row.sku)) {
      yield group
      group = []
    }
    group.push(row)
  }
  yield group
}

function matchGroup(group: readonly CandidateRow[]): { matches: LineMatch[]; unmatched: number } {
  const sold: SoldLine[] = []
  const returned: ReturnedLine[] = []
  let unmatched = 0
  for (const row of group) {
    if (!row.isRefund) sold.push({ ...row, quantityLeft: row.quantity })
    else if (row.namesUnknown) unmatched += 1
    else returned.push(row)
  }
  const found = matchArticle(sold, returned)
  return { matches: found.matches, unmatched: unmatched + found.unmatched }
}

/** Writes what refunds gave back. */
export async function writeMatches(tx: CopyTx, matches: readonly LineMatch[]): Promise<void> {
  await tx.copyIn(COPY_MATCHES, matches.map(matchRow).join(''))
}

const COPY_MATCHES =
  'copy line_refund (refund_order_id, refund_line_no, sale_order_id, sale_line_no, quantity, amount_minor) from stdin'

function matchRow(match: LineMatch): string {
  const { refundOrderId, refundLineNo, saleOrderId, saleLineNo, quantity, amountMinor } = match
  return `${refundOrderId}\t${refundLineNo}\t${saleOrderId}\t${saleLineNo}\t${quantity}\t${amountMinor}\n`
}

/** A refund refers to the sale that most of its amount came from; without any, to the one it names, if that is the member's. */
async function linkRefunds(tx: CopyTx, { runId, batch }: Batch): Promise<void> {
  await tx.sql`
    update shop_order refund set refunds_order_id = link.sale_id
    from (
      select due.order_id, coalesce(main.sale_order_id, named.id) as sale_id
      from import_due_order due join shop_order self on self.id = due.order_id and self.kind = 'refund'
        left join lateral (
          select sale_order_id from line_refund where refund_order_id = due.order_id
          group by sale_order_id order by sum(amount_minor) desc, sale_order_id desc limit 1
        ) main on true
        left join shop_order named on named.source = self.source and named.external_id = due.refunds_external_id
          and named.kind = 'sale' and named.member_id = due.member_id
      where due.run_id = ${runId} and due.batch = ${batch}
    ) link
    where refund.id = link.order_id and link.sale_id is not null`
}

/** A sale of which nothing is left is a refunded one. */
async function markRefundedSales(tx: CopyTx, { runId, batch }: Batch): Promise<void> {
  await tx.sql`
    update shop_order set status = 'refunded'
    from (
        select distinct back.sale_order_id as id
        from import_due_order due join line_refund back on back.refund_order_id = due.order_id
        where due.run_id = ${runId} and due.batch = ${batch}
      ) touched
      cross join lateral (select sum(quantity) as quantity from order_line where order_id = touched.id and quantity > 0) sold
      cross join lateral (select sum(quantity) as quantity from line_refund where sale_order_id = touched.id) given
    where shop_order.id = touched.id and shop_order.status <> 'refunded' and given.quantity >= sold.quantity`
}
