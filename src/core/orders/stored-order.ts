import type { Db } from '../../db/sql'
import type { OrderKind, OrderStatus } from './read'

/** An order with all that is stored of it. */
export interface StoredOrder {
  readonly id: number
  readonly kind: OrderKind
  readonly memberId: string | null
  readonly status: OrderStatus
  readonly placedAt: Date
  readonly totalMinor: number
  readonly currency: string
  readonly refundsOrderId: number | null
  readonly lines: readonly StoredLine[]
}

export interface StoredLine {
  readonly lineNo: number
  readonly sku: string
  readonly quantity: number
  readonly unitPriceMinor: number
  readonly amountMinor: number
  /** Given back of it so far. */
  readonly returnedQuantity: number
  readonly returnedMinor: number
}

/** The order of this source and number, with its lines in their order. */
export async function findStoredOrder(
  db: Db,
  { source, externalId }: { source: string; externalId: string },
): Promise<StoredOrder | undefined> {
  const [row] = await db.sql<StoredOrder>`
    select id, kind, member_id as "memberId", status, placed_at as "placedAt", total_minor as "totalMinor", currency,
      refunds_order_id as "refundsOrderId", (
        select coalesce(json_agg(json_build_object('lineNo', line.line_no, 'sku', line.sku, 'quantity', line.quantity,
          'unitPriceMinor', line.unit_price_minor, 'amountMinor', line.amount_minor,
          'returnedQuantity', coalesce(back.quantity, 0), 'returnedMinor', coalesce(back.amount, 0)
        ) order by line.line_no), '[]')
        from order_line line left join lateral (
          select sum(quantity) as quantity, sum(amount_minor) as amount from line_refund
          where sale_order_id = line.order_id and sale_line_no = line.line_no
        ) back on true
        where line.order_id = shop_order.id
      ) as lines
    from shop_order where source = ${source} and external_id = ${externalId}`
  return row
}
