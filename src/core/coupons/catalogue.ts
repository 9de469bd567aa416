import type { Db } from '../../db/sql'
import type { Localised } from '../locale'
import { type Points, points } from '../units'
import type { RedeemRefusal } from './redeem'

export type CouponKind = 'amount-off' | 'percent-off' | 'free-item' | 'free-shipping'

export interface Coupon {
  id: string
  kind: CouponKind
  name: Localised
  /** amount-off: minor units; percent-off: percent; otherwise 0. */
  value: number
  /** What a free-item coupon is for. */
  sku?: string
  costPoints: Points
  /** Absent: without limit. */
  stockLeft?: number
  startsAt: Date
  endsAt?: Date
  minTierRank: number
  /** Pieces that one member may have. */
  perMemberLimit?: number
  validDays: number
}

export interface RedeemableCoupon extends Coupon {
  /** How many more this member may have. Absent: without limit. */
  leftForMember?: number
  /** Why not even one can be redeemed now. */
  refusal?: RedeemRefusal['code']
}

interface Row {
  id: string
  kind: CouponKind
  name_en: string
  name_zh: string
  value: number
  sku: string | null
  cost_points: number
  stock: number | null
  used: number
  starts_at: Date
  ends_at: Date | null
  min_tier_rank: number
  per_member_limit: number | null
  valid_days: number
}

/** The coupon; null when there is none. */
export async function findCoupon(db: Db, { couponId }: { couponId: string }): Promise<Coupon | null> {
  const [row] = await db.sql<Row>`select * from coupon where id = ${couponId}`
  return row ? couponOf(row) : null
}

/**
 * What there is to redeem at `at`, the cheapest first, each with the reason why this member cannot have one now, by the rules
 * and in the order of `redeemCoupon`. Coupons that have not started or have ended are left out.
 */
export async function listRedeemable(
  db: Db,
  { memberId, at }: { memberId: string; at: Date },
): Promise<RedeemableCoupon[]> {
  const rows = await db.sql<Row & { mine: number; rank: number; available: number }>`
    select coupon.*, coalesce(mine.count, 0)::int as mine, coalesce(tier.rank, 0) as rank, balance.available
    from coupon
    left join member on member.id = ${memberId}
    left join tier on tier.code = member.tier_code
    left join (
      select coupon_id, count(*) as count from issued_coupon where member_id = ${memberId} and status <> 'void' group by coupon_id
    ) mine on mine.coupon_id = coupon.id
    cross join ledger_balance(${memberId}, ${at}) balance
    where coupon.starts_at <= ${at} and (coupon.ends_at is null or coupon.ends_at > ${at})
    order by coupon.cost_points, coupon.id`
  return rows.map((row) => {
    const coupon = couponOf(row)
    const leftForMember = row.per_member_limit === null ? undefined : Math.max(0, row.per_member_limit - row.mine)
    const refusal = refusalOf(coupon, { ...row, leftForMember })
    return { ...coupon, ...(leftForMember !== undefined && { leftForMember }), ...(refusal && { refusal }) }
  })
}

function refusalOf(
  { stockLeft, costPoints, minTierRank }: Coupon,
  { rank, available, leftForMember }: { rank: number; available: number; leftForMember?: number },
): RedeemRefusal['code'] | undefined {
  if (rank < minTierRank) return 'tier-too-low'
  if (leftForMember === 0) return 'coupon-member-limit'
  if (stockLeft === 0) return 'coupon-sold-out'
  if (available < costPoints) return 'insufficient-points'
  return undefined
}

function couponOf(row: Row): Coupon {
  return {
    id: row.id,
    kind: row.kind,
    name: { en: row.name_en, zh: row.name_zh },
    value: row.value,
    ...(row.sku !== null && { sku: row.sku }),
    costPoints: points(row.cost_points),
    ...(row.stock !== null && { stockLeft: row.stock - row.used }),
    startsAt: row.starts_at,
    ...(row.ends_at && { endsAt: row.ends_at }),
    minTierRank: row.min_tier_rank,
    ...(row.per_member_limit !== null && { perMemberLimit: row.per_member_limit }),
    validDays: row.valid_days,
  }
}
