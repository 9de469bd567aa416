import type { Db } from '../../db/sql'
import { readMerchant } from '../merchant'
import type { ProgrammeFile } from './file'

/** The programme as it stands, in the shape in which it is put. */
export async function readProgramme(db: Db): Promise<ProgrammeFile> {
  const { settings, ...merchant } = await readMerchant(db)
  // Settings that nobody chose are not shown: put back, they would keep a later release's better defaults away.
  const [chosen] = await db.sql<{ id: number }>`select id from merchant where settings <> '{}'`
  const tiers = await db.sql<{ code: string; rank: number; en: string; zh: string; thresholdMinor: number }>`
    select code, rank, name_en as en, name_zh as zh, threshold_minor as "thresholdMinor" from tier order by rank`
  const coupons = await db.sql<CouponRow>`
    select id, kind, name_en as en, name_zh as zh, value, sku, cost_points as "costPoints", stock,
      per_member_limit as "perMemberLimit", starts_at as "startsAt", ends_at as "endsAt", min_tier_rank as "minTierRank",
      valid_days as "validDays"
    from coupon order by cost_points, id`
  return {
    merchant: { ...merchant, ...(chosen ? { settings } : {}) },
    tiers: tiers.map(({ en, zh, ...rest }) => ({ ...rest, name: { en, zh } })),
    coupons: coupons.map(couponOf),
  }
}

type Coupon = NonNullable<ProgrammeFile['coupons']>[number]

interface CouponRow {
  id: string
  kind: Coupon['kind']
  en: string
  zh: string
  value: number
  sku: string | null
  costPoints: number
  stock: number | null
  perMemberLimit: number | null
  startsAt: Date
  endsAt: Date | null
  minTierRank: number
  validDays: number
}

function couponOf({ en, zh, sku, stock, perMemberLimit, startsAt, endsAt, ...rest }: CouponRow): Coupon {
  return {
    ...rest,
    name: { en, zh },
    ...(sku === null ? {} : { sku }),
    ...(stock === null ? {} : { stock }),
    ...(perMemberLimit === null ? {} : { perMemberLimit }),
    startsAt: startsAt.toISOString(),
    ...(endsAt === null ? {} : { endsAt: endsAt.toISOString() }),
  }
}
