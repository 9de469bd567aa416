import { randomBytes } from 'node:crypto'
import type { Db } from '../../../src/db/sql'

/** The instant at which the tests of coupons happen. */
export const NOW = new Date('2026-11-22T10:00:00Z')

interface CouponRow {
  id: string
  costPoints?: number
  stock?: number
  perMemberLimit?: number
  startsAt?: Date
  endsAt?: Date
  minTierRank?: number
  validDays?: number
}

/** Puts a coupon up: 100 points, without limits, valid for 90 days, where nothing else is said. */
export async function addCoupon(db: Db, row: CouponRow): Promise<string> {
  await db.sql`
    insert into coupon (id, kind, name_en, name_zh, value, cost_points, stock, per_member_limit, starts_at, ends_at, min_tier_rank, valid_days)
    values (${row.id}, 'amount-off', ${`${row.id} off`}, ${`${row.id}优惠`}, 500, ${row.costPoints ?? 100}, ${row.stock}, ${row.perMemberLimit},
            ${row.startsAt ?? new Date('2026-01-01')}, ${row.endsAt}, ${row.minTierRank ?? 0}, ${row.validDays ?? 90})`
  return row.id
}

export const secretBytes = (length: number): Buffer => randomBytes(length)

/** A later instant. */
export function daysAfter(at: Date, days: number): Date {
  return new Date(at.getTime() + days * 86_400_000)
}
