import { type Check, FAULTS_SHOWN_MAX } from './check'

/** Invariants of coupons. */
export const couponChecks: readonly Check[] = [
  {
    invariant: 'coupon-uses-within-stock',
    says: 'a coupon with a stock counts what was issued and not voided, and that is not more than the stock',
    find: (db) => db.sql`
      with issued as (select coupon_id, count(*) filter (where status <> 'void') as count from issued_coupon group by coupon_id)
      select coalesce(coupon.id, issued.coupon_id) as "couponId", coupon.stock, coupon.used, coalesce(issued.count, 0) as issued
      from coupon full join issued on issued.coupon_id = coupon.id
      where coupon.id is null or coupon.used > coupon.stock
        or coupon.used <> case when coupon.stock is null then 0 else coalesce(issued.count, 0) end
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'coupon-uses-within-member-limit',
    says: 'nobody has more of a coupon than its limit for one member',
    find: (db) => db.sql`
      select issued.coupon_id as "couponId", issued.member_id as "memberId", coupon.per_member_limit as "limit", count(*) as issued
      from issued_coupon issued join coupon on coupon.id = issued.coupon_id
      where issued.status <> 'void' and coupon.per_member_limit is not null
      group by issued.coupon_id, issued.member_id, coupon.per_member_limit having count(*) > coupon.per_member_limit
      order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'redemptions-are-whole',
    says: 'each redemption has its codes and its points, and what was voided was given back',
    find: (db) => db.sql`
      with issued as (
        select transfer_id, count(*) as count, count(*) filter (where status = 'void') as voided, min(coupon_id) as coupon_id,
          bool_and(coupon_id = (select coupon_id from transfer where id = transfer_id)
            and member_id = (select member_id from transfer where id = transfer_id)) as is_its_own
        from issued_coupon group by transfer_id
      ), returned as (
        select reverses_transfer_id as transfer_id, count(*) as count, sum(points) as points
        from transfer where source = 'coupon-void' group by reverses_transfer_id
      ), redemption as (select * from transfer where kind = 'burn' and coupon_id is not null)
      select coalesce(redemption.id, issued.transfer_id) as "transferId", redemption.points, coalesce(issued.count, 0) as codes,
        coalesce(issued.voided, 0) as voided, coalesce(returned.points, 0) as "pointsReturned"
      from redemption full join issued on issued.transfer_id = redemption.id
      left join returned on returned.transfer_id = redemption.id
      where redemption.id is null or issued.count is null or not issued.is_its_own or redemption.points % issued.count <> 0
        or coalesce(returned.count, 0) <> issued.voided
        or coalesce(returned.points, 0) <> issued.voided * (redemption.points / issued.count)
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'codes-end-once',
    says: 'each code is issued, or was used, voided or expired, and says so in all its fields',
    find: (db) => db.sql`
      select code, member_id as "memberId", status, used_at as "usedAt" from issued_coupon
      where status not in ('issued', 'used', 'expired', 'void')
        or (status = 'used') <> (used_at is not null) or (status = 'used') <> (used_ref is not null)
        or used_at >= expires_at or used_at < issued_at
      union all
      select code, min(member_id), count(*) || ' times', null from issued_coupon group by code having count(*) > 1
      limit ${FAULTS_SHOWN_MAX}`,
  },
]
