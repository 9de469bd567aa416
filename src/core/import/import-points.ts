import { type CopyTx, copyText } from '../../db/copy'
import type { Merchant } from '../merchant'
import { openBulk, recordBulk } from '../points/bulk'
import { pointsEarned, pointsTakenBack } from '../points/earn-rules'
import { pointsTerms } from '../points/terms'

const ROWS_PER_FETCH = 20_000

export interface ImportedPoints {
  earned: number
  takenBack: number
}

interface PointsOptions {
  merchant: Merchant
  source: string
  at: Date
}

/**
 * Records the points of the new orders, dated by the order: what each sale earns by the merchant's rules, and what each
 * refund takes back of the sales it gave back, never more than they earned.
 */
export async function recordPoints(tx: CopyTx, options: PointsOptions): Promise<ImportedPoints> {
  await openBulk(tx)
  const earned = await stageEarned(tx, options)
  const takenBack = await stageTakenBack(tx, options)
  const result = await recordBulk(tx, { at: options.at })
  if (result.refused > 0) {
    const [example] = await tx.sql<{ externalId: string; outcome: string }>`
      select external_id as "externalId", outcome from ledger_bulk where outcome is not null limit 1`
    throw new Error(
      `the ledger refused ${result.refused} of the file's points, such as ${example?.externalId}: ${example?.outcome}`,
    )
  }
  return { earned, takenBack }
}

async function stageEarned(tx: CopyTx, { merchant, source, at }: PointsOptions): Promise<number> {
  await tx.sql`
    declare new_sales no scroll cursor for
    select order_id as "orderId", external_id as "externalId", member_id as "memberId", placed_at as "placedAt",
      total_minor as "totalMinor"
    from order_draft where kind = 'sale' and member_id is not null and total_minor > 0
    order by member_id, placed_at, order_id`
  // Of what was placed before it is recorded, the expiry depends on the day of recording alone.
  const { expiresAt: expiresLater } = pointsTerms(merchant, { placedAt: at, recordedAt: at, live: false })
  let sum = 0
  for (;;) {
    const sales = await tx.sql<{
      orderId: number
      externalId: string
      memberId: string
      placedAt: Date
      totalMinor: number
    }>`
      fetch 20000 from new_sales`
    const rows: string[] = []
    for (const sale of sales) {
      const points = pointsEarned(merchant.settings.earnRules, { totalMinor: sale.totalMinor })
      if (points === 0) continue
      sum += points
      const terms =
        sale.placedAt <= at
          ? { availableAt: sale.placedAt, expiresAt: expiresLater }
          : pointsTerms(merchant, { placedAt: sale.placedAt, recordedAt: at, live: false })
      const placedAt = sale.placedAt.toISOString()
      const key = copyText(`${source}:${sale.externalId}`)
      rows.push(
        `earn\t${copyText(sale.memberId)}\torder\t${key}\t${sale.orderId}\t${points}\t${placedAt}\t${terms.availableAt.toISOString()}\t${terms.expiresAt.toISOString()}\n`,
      )
    }
    if (rows.length > 0) await tx.copyIn(COPY_EARNED, rows.join(''))
    if (sales.length < ROWS_PER_FETCH) break
  }
  await tx.sql`close new_sales`
  return sum
}

const COPY_EARNED = `copy ledger_bulk (kind, member_id, source, external_id, order_id, points, occurred_at, available_at, expires_at)
  from stdin`

interface TakenBackRow {
  refundId: number
  refundExternalId: string
  saleExternalId: string
  saleSource: string
  memberId: string
  placedAt: Date
  saleTotalMinor: number
  refundMinor: number
  refundedBeforeMinor: number
}

async function stageTakenBack(tx: CopyTx, { merchant, source }: PointsOptions): Promise<number> {
  await declareTakenBack(tx)
  let sum = 0
  for (;;) {
    const refunds = await tx.sql<TakenBackRow>`fetch 20000 from new_refunds`
    const rows: string[] = []
    for (const refund of refunds) {
      const { saleTotalMinor, refundedBeforeMinor, refundMinor } = refund
      const order = { totalMinor: saleTotalMinor }
      const points = pointsTakenBack(merchant.settings.earnRules, { order, refundedBeforeMinor, refundMinor })
      if (points === 0) continue
      sum += points
      const saleKey = copyText(`${refund.saleSource}:${refund.saleExternalId}`)
      const key = copyText(`${source}:${refund.refundExternalId}:${refund.saleExternalId}`)
      rows.push(
        `reverse\t${copyText(refund.memberId)}\trefund\t${key}\t${refund.refundId}\t${points}\t${refund.placedAt.toISOString()}\torder\t${saleKey}\n`,
      )
    }
    if (rows.length > 0) await tx.copyIn(COPY_TAKEN_BACK, rows.join(''))
    if (refunds.length < ROWS_PER_FETCH) break
  }
  await tx.sql`close new_refunds`
  return sum
}

/** Of each new refund and each sale it gave back: the amount, and what was refunded of that sale before it. */
async function declareTakenBack(tx: CopyTx): Promise<void> {
  await tx.sql`
    declare new_refunds no scroll cursor for
    with given_back as (
      select draft.order_id, draft.external_id, draft.member_id, draft.placed_at, back.sale_order_id, sum(back.amount_minor) as amount
      from order_draft draft join line_refund back on back.refund_order_id = draft.order_id
      group by draft.order_id, draft.external_id, draft.member_id, draft.placed_at, back.sale_order_id
    ), recorded as (
      select old.sale_order_id, sum(old.amount_minor) as amount
      from (select distinct sale_order_id from given_back) touched
        join line_refund old on old.sale_order_id = touched.sale_order_id
        left join order_draft draft on draft.order_id = old.refund_order_id
      where draft.order_id is null group by old.sale_order_id
    )
    select new.order_id as "refundId", new.external_id as "refundExternalId", sale.external_id as "saleExternalId",
      sale.source as "saleSource", new.member_id as "memberId", new.placed_at as "placedAt",
      sale.total_minor as "saleTotalMinor", new.amount::bigint as "refundMinor",
      (coalesce(recorded.amount, 0) + sum(new.amount) over earlier - new.amount)::bigint as "refundedBeforeMinor"
    from given_back new join shop_order sale on sale.id = new.sale_order_id
      left join recorded on recorded.sale_order_id = new.sale_order_id
    where sale.total_minor > 0
    window earlier as (partition by new.sale_order_id order by new.placed_at, new.order_id)
    order by new.member_id, new.placed_at, new.order_id, new.sale_order_id`
}

const COPY_TAKEN_BACK = `copy ledger_bulk (kind, member_id, source, external_id, order_id, points, occurred_at,
  reverses_source, reverses_external_id) from stdin`
