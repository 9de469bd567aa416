import type { Db } from '../../db/sql'
import type { Localised } from '../locale'

export type OrderKind = 'sale' | 'refund'
export type OrderStatus = 'placed' | 'shipped' | 'delivered' | 'cancelled' | 'refunded'

export interface OrderLine {
  readonly sku: string
  readonly name: Localised
  readonly quantity: number
  readonly amountMinor: number
}

/** A sale or a refund, as its member sees it. A refund's quantities, amounts and total are negative. */
export interface MemberOrder {
  readonly externalId: string
  readonly kind: OrderKind
  readonly placedAt: Date
  readonly status: OrderStatus
  readonly totalMinor: number
  readonly currency: string
  readonly trackingCode?: string
  /** When it should arrive; only while it is under way. */
  readonly expectedAt?: Date
  /** The number of the sale that a refund refunds. */
  readonly refundOf?: string
  readonly lines: readonly OrderLine[]
}

interface OrderRow {
  externalId: string
  kind: OrderKind
  placedAt: Date
  status: OrderStatus
  totalMinor: number
  currency: string
  trackingCode: string | null
  expectedAt: Date | null
  refundOf: string | null
  lines: { sku: string; nameEn: string; nameZh: string; quantity: number; amountMinor: number }[]
}

/**
 * A member's orders and refunds, newest first. `before` (an order's number) continues after that order; `within` leaves out
 * what was placed before `from`, or at `to` or later.
 */
export async function listOrders(
  db: Db,
  {
    memberId,
    limit,
    before,
    within,
  }: { memberId: string; limit: number; before?: string; within?: { from: Date; to: Date } },
): Promise<MemberOrder[]> {
  const rows = await db.sql<OrderRow>`
    select mine.external_id as "externalId", mine.kind, mine.placed_at as "placedAt", mine.status,
      mine.total_minor as "totalMinor", mine.currency, mine.tracking_code as "trackingCode",
      mine.expected_at as "expectedAt", sale.external_id as "refundOf", line.lines
    from (
        select * from shop_order
        where member_id = ${memberId} and (${before ?? null}::text is null or (placed_at, id) < (
          select shown.placed_at, shown.id from shop_order shown
          where shown.member_id = ${memberId} and shown.external_id = ${before ?? null}
          order by shown.placed_at desc, shown.id desc limit 1))
          and (${within?.from ?? null}::timestamptz is null or placed_at >= ${within?.from ?? null})
          and (${within?.to ?? null}::timestamptz is null or placed_at < ${within?.to ?? null})
        order by placed_at desc, id desc limit ${limit}
      ) mine
      left join shop_order sale on sale.id = mine.refunds_order_id
      cross join lateral order_lines(mine.id) line
    order by mine.placed_at desc, mine.id desc`
  return rows.map(orderOf)
}

/**
 * The member's order of this number, letter case and a leading # aside. Null when there is none, and just the same when
 * it is somebody else's.
 */
export async function findOrder(
  db: Db,
  { memberId, externalId }: { memberId: string; externalId: string },
): Promise<MemberOrder | null> {
  const number = externalId.trim().replace(/^#\s*/, '')
  const [row] = await db.sql<OrderRow>`
    select mine.external_id as "externalId", mine.kind, mine.placed_at as "placedAt", mine.status,
      mine.total_minor as "totalMinor", mine.currency, mine.tracking_code as "trackingCode",
      mine.expected_at as "expectedAt", sale.external_id as "refundOf", line.lines
    from shop_order mine
      left join shop_order sale on sale.id = mine.refunds_order_id
      cross join lateral order_lines(mine.id) line
    where mine.member_id = ${memberId} and upper(mine.external_id) = upper(${number})
    order by mine.placed_at desc, mine.id desc limit 1`
  return row ? orderOf(row) : null
}

function orderOf({ trackingCode, expectedAt, refundOf, lines, ...row }: OrderRow): MemberOrder {
  return {
    ...row,
    ...(trackingCode === null ? {} : { trackingCode }),
    ...(expectedAt === null || row.status === 'delivered' ? {} : { expectedAt }),
    ...(refundOf === null ? {} : { refundOf }),
    lines: lines.map(({ sku, nameEn, nameZh, quantity, amountMinor }) => {
      return { sku, name: { en: nameEn, zh: nameZh }, quantity, amountMinor }
    }),
  }
}
