import type { Db } from '../../db/sql'
import type { Points } from '../units'

/** What was redeemed with one key. */
export interface RedemptionRecord {
  readonly couponId: string
  readonly transferId: number
  readonly points: Points
  readonly quantity: number
  readonly codes: readonly string[]
  readonly expiresAt: Date
}

/** What this member redeemed under `key`; null when nothing was, and just the same when it was somebody else. */
export async function findRedemption(
  db: Db,
  { memberId, key }: { memberId: string; key: string },
): Promise<RedemptionRecord | null> {
  const [row] = await db.sql<RedemptionRecord>`
    select transfer.coupon_id as "couponId", transfer.id as "transferId", transfer.points,
      count(*)::int as quantity, array_agg(issued.code order by issued.id) as codes, max(issued.expires_at) as "expiresAt"
    from transfer join issued_coupon issued on issued.transfer_id = transfer.id
    where transfer.source = 'redeem' and transfer.external_id = ${key} and transfer.member_id = ${memberId}
    group by transfer.id`
  return row ?? null
}
