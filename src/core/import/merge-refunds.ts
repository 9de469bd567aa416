import type { CopyTx } from '../../db/copy'
import { type LineMatch, matchRefunds, type ReturnedLine, type SoldLine } from './match-refunds'

const ROWS_PER_FETCH = 20_000

/** What became of the refunds of members. Guests' refunds are stored and match nothing. */
export interface MergedRefunds {
  orders: number
  lines: number
  /** Lines, or parts of lines, that give back nothing that was sold before; they take no points. */
  linesWithoutSale: number
}

/** Writes the refunds of order_draft, and what each gives back of which sale. The sales must be written already. */
export async function mergeRefunds(
  tx: CopyTx,
  { source, currency }: { source: string; currency: string },
): Promise<MergedRefunds> {
  const merged = await matchAll(tx, source)
  await tx.sql`
    insert into shop_order (id, source, external_id, member_id, kind, status, placed_at, total_minor, currency, refunds_order_id)
    select draft.order_id, ${source}, draft.external_id, draft.member_id, 'refund', 'refunded', draft.placed_at,
      draft.total_minor, ${currency}, coalesce(main.sale_order_id, named.id)
    from order_draft draft
      left join (
        select distinct on (refund_order_id) refund_order_id, sale_order_id
        from line_refund join order_draft on order_id = refund_order_id
        group by refund_order_id, sale_order_id
        order by refund_order_id, sum(amount_minor) desc, sale_order_id desc
      ) main on main.refund_order_id = draft.order_id
      left join shop_order named on named.source = ${source} and named.external_id = draft.refunds_external_id
        and named.kind = 'sale' and named.member_id is not distinct from draft.member_id
    where draft.kind = 'refund' order by draft.order_id`
  // A sale of which nothing is left is a refunded one.
  await tx.sql`
    update shop_order set status = 'refunded'
    from (select distinct sale_order_id as id from line_refund join order_draft on order_id = refund_order_id) touched
      cross join lateral (
        select sum(quantity) as quantity from order_line where order_id = touched.id and quantity > 0
      ) sold
      cross join lateral (
        select sum(quantity) as quantity from line_refund where sale_order_id = touched.id
      ) given
    where shop_order.id = touched.id and shop_order.status <> 'refunded' and given.quantity >= sold.quantity`
  return merged
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
  /** The refund names a sale that is not there, or not this member's. */
  namesUnknown: boolean
}

/** Walks through all sales and refunds of the articles that members gave back, one member and article after the other. */
async function matchAll(tx: CopyTx, source: string): Promise<MergedRefunds> {
  const [counted] = await tx.sql<{ orders: number }>`
    select count(*) as orders from order_draft where kind = 'refund' and member_id is not null`
  const merged: MergedRefunds = { orders: counted?.orders ?? 0, lines: 0, linesWithoutSale: 0 }
  if (merged.orders === 0) return merged
  await openCandidates(tx, source)
  let group: CandidateRow[] = []
  for (;;) {
    const rows = await tx.sql<CandidateRow>`fetch 20000 from refund_candidates`
    const matches: LineMatch[] = []
    for (const row of rows) {
      const [first] = group
      if (first && (first.memberId !== row.memberId || first.sku !== row.sku)) {
        matches.push(...matchGroup(group, merged))
        group = []
      }
      group.push(row)
    }
    const isLast = rows.length < ROWS_PER_FETCH
    if (isLast) matches.push(...matchGroup(group, merged))
    if (matches.length > 0) await tx.copyIn(COPY_MATCHES, matches.map(matchRow).join(''))
    if (isLast) break
  }
  await tx.sql`close refund_candidates`
  return merged
}

/** A cursor takes no parameters, so what depends on the source is settled in returned_line first. */
async function openCandidates(tx: CopyTx, source: string): Promise<void> {
  await tx.sql`
    create temporary table returned_line (
      member_id text not null, sku text not null, order_id bigint not null, line_no int not null, placed_at timestamptz not null,
      quantity int not null, unit_price_minor int not null, sale_order_id bigint, names_unknown boolean not null
    ) on commit drop`
  await tx.sql`
    insert into returned_line
    select draft.member_id, line.sku, line.order_id, line.line_no, draft.placed_at, -line.quantity, line.unit_price_minor,
      named.id, draft.refunds_external_id is not null and named.id is null
    from order_draft draft join order_line line on line.order_id = draft.order_id
      left join shop_order named on named.source = ${source} and named.external_id = draft.refunds_external_id
    where draft.kind = 'refund' and draft.member_id is not null and line.quantity < 0`
  await tx.sql`analyze returned_line`
  await tx.sql`
    declare refund_candidates no scroll cursor for
    select bought.member_id as "memberId", line.sku, false as "isRefund", line.order_id as "orderId", line.line_no as "lineNo",
      (extract(epoch from bought.placed_at) * 1000)::bigint as "placedAtMs",
      (line.quantity - coalesce(given.quantity, 0))::int as quantity, line.unit_price_minor as "unitPriceMinor",
      null::bigint as "saleOrderId", false as "namesUnknown"
    from (select distinct member_id, sku from returned_line) wanted
      join shop_order bought on bought.member_id = wanted.member_id and bought.kind = 'sale'
      join order_line line on line.order_id = bought.id and line.sku = wanted.sku and line.quantity > 0
      left join lateral (
        select sum(quantity) as quantity from line_refund back
        where back.sale_order_id = line.order_id and back.sale_line_no = line.line_no
      ) given on true
    union all
    select member_id, sku, true, order_id, line_no, (extract(epoch from placed_at) * 1000)::bigint, quantity, unit_price_minor,
      sale_order_id, names_unknown
    from returned_line
    order by 1, 2`
}

function matchGroup(group: readonly CandidateRow[], merged: MergedRefunds): LineMatch[] {
  const sold: SoldLine[] = []
  const returned: ReturnedLine[] = []
  let toMatch = 0
  for (const row of group) {
    if (!row.isRefund) sold.push({ ...row, quantityLeft: row.quantity })
    else {
      merged.lines += 1
      toMatch += 1
      if (!row.namesUnknown) returned.push(row)
    }
  }
  const matches = matchRefunds(sold, returned)
  const matched = new Map<string, number>()
  for (const match of matches) {
    const key = `${match.refundOrderId}/${match.refundLineNo}`
    matched.set(key, (matched.get(key) ?? 0) + match.quantity)
  }
  const whole = returned.filter((line) => matched.get(`${line.orderId}/${line.lineNo}`) === line.quantity).length
  merged.linesWithoutSale += toMatch - whole
  return matches
}

const COPY_MATCHES =
  'copy line_refund (refund_order_id, refund_line_no, sale_order_id, sale_line_no, quantity, amount_minor) from stdin'

function matchRow(match: LineMatch): string {
  const { refundOrderId, refundLineNo, saleOrderId, saleLineNo, quantity, amountMinor } = match
  return `${refundOrderId}\t${refundLineNo}\t${saleOrderId}\t${saleLineNo}\t${quantity}\t${amountMinor}\n`
}
