import type { Db } from '../../db/sql'
import type { Localised } from '../locale'
import { type Points, points } from '../units'

export type TransferKind = 'earn' | 'release' | 'burn' | 'expire' | 'reverse' | 'adjust' | 'hold' | 'post' | 'void'

export interface HistoryItem {
  transferId: number
  kind: TransferKind
  /** What it added to or took from the member's points. */
  points: Points
  occurredAt: Date
  orderExternalId?: string
  couponName?: Localised
  note?: string
}

interface Row {
  transferId: number
  kind: TransferKind
  points: number
  occurredAt: Date
  orderExternalId: string | null
  nameEn: string | null
  nameZh: string | null
  note: string | null
}

/**
 * What happened on a member's account, newest first. Movements between the member's own points (set aside, become available)
 * change nothing in all and are left out.
 * `before`: only what comes after this transfer of the member's in that order, for the next page. `within`: only what
 * happened from `from` on and before `to`.
 */
export async function readHistory(
  db: Db,
  {
    memberId,
    limit,
    before,
    within,
  }: { memberId: string; limit: number; before?: number; within?: { from: Date; to: Date } },
): Promise<HistoryItem[]> {
  const rows = await db.sql<Row>`
    with page as (
      select transfer.id, transfer.kind, moved.points, transfer.occurred_at, transfer.order_id, transfer.coupon_id, transfer.note
      from transfer
      cross join lateral (
        select sum(amount)::bigint as points from entry
        where entry.transfer_id = transfer.id and entry.account in ('available', 'pending', 'held', 'owed')
      ) moved
      where transfer.member_id = ${memberId} and moved.points <> 0
        and (${before ?? null}::bigint is null or (transfer.occurred_at, transfer.id) < (
          select occurred_at, id from transfer earlier where earlier.id = ${before ?? null} and earlier.member_id = ${memberId}))
        and (${within?.from ?? null}::timestamptz is null or transfer.occurred_at >= ${within?.from ?? null})
        and (${within?.to ?? null}::timestamptz is null or transfer.occurred_at < ${within?.to ?? null})
      order by transfer.occurred_at desc, transfer.id desc
      limit ${limit}
    )
    select page.id as "transferId", page.kind, page.points, page.occurred_at as "occurredAt",
      shop_order.external_id as "orderExternalId", coupon.name_en as "nameEn", coupon.name_zh as "nameZh", page.note
    from page
    left join shop_order on shop_order.id = page.order_id
    left join coupon on coupon.id = page.coupon_id
    order by page.occurred_at desc, page.id desc`
  return rows.map(itemOf)
}

function itemOf({ transferId, kind, occurredAt, orderExternalId, nameEn, nameZh, note, ...row }: Row): HistoryItem {
  return {
    transferId,
    kind,
    points: points(row.points),
    occurredAt,
    ...(orderExternalId !== null && { orderExternalId }),
    ...(nameEn !== null && nameZh !== null && { couponName: { en: nameEn, zh: nameZh } }),
    ...(note !== null && { note }),
  }
}
