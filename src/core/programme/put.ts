import type { Db } from '../../db/sql'
import type { CouponDefinition, ProgrammeFile } from './file'

export type PutProgrammeResult =
  | { readonly ok: true; readonly merchant: boolean; readonly tiers: number; readonly coupons: number }
  | {
      readonly ok: false
      readonly code: 'stock-below-issued' | 'unknown-tier-left' | 'merchant-fixed'
      readonly detail: string
    }

/**
 * Writes a merchant's programme: what is there under the same code or id is changed, the rest is added, nothing is removed.
 * Call it in a transaction. Refusals, after which nothing may be committed: `stock-below-issued` (more of a coupon are out
 * than its new stock), `unknown-tier-left` (a rank of the file is taken by a tier that is not in it), `merchant-fixed` (the
 * currency cannot change once there are orders in another).
 */
export async function putProgramme(
  db: Db,
  { programme, at }: { programme: ProgrammeFile; at: Date },
): Promise<PutProgrammeResult> {
  const { merchant, tiers = [], coupons = [] } = programme
  if (merchant) {
    const [other] = await db.sql<{ currency: string }>`
      select currency from shop_order where currency <> ${merchant.currency} limit 1`
    if (other) return { ok: false, code: 'merchant-fixed', detail: `there are orders in ${other.currency}` }
    const settings = merchant.settings === undefined ? null : JSON.stringify(merchant.settings)
    await db.sql`
      insert into merchant (id, name_en, name_zh, time_zone, currency, settings, created_at)
      values (1, ${merchant.name.en}, ${merchant.name.zh}, ${merchant.timeZone}, ${merchant.currency},
        coalesce(${settings}::jsonb, '{}'), ${at})
      on conflict (id) do update set name_en = excluded.name_en, name_zh = excluded.name_zh,
        time_zone = excluded.time_zone, currency = excluded.currency,
        settings = coalesce(${settings}::jsonb, merchant.settings)`
  }
  const clash = await putTiers(db, tiers)
  if (clash) return { ok: false, code: 'unknown-tier-left', detail: clash }
  const short = await putCoupons(db, { coupons, at })
  if (short) return { ok: false, code: 'stock-below-issued', detail: short }
  return { ok: true, merchant: merchant !== undefined, tiers: tiers.length, coupons: coupons.length }
}

async function putTiers(db: Db, tiers: NonNullable<ProgrammeFile['tiers']>): Promise<string | undefined> {
  if (tiers.length === 0) return undefined
  const codes = tiers.map(({ code }) => code)
  const ranks = tiers.map(({ rank }) => rank)
  const [clash] = await db.sql<{ code: string; rank: number }>`
    select code, rank from tier where rank = any(${ranks}::int[]) and code <> all(${codes}::text[]) limit 1`
  if (clash) return `rank ${clash.rank} is taken by the tier "${clash.code}", which the file does not name`
  // Ranks may swap: out of the way first, since each is unique at every moment.
  await db.sql`update tier set rank = -1 - rank where code = any(${codes}::text[])`
  await db.sql`
    insert into tier (code, rank, name_en, name_zh, threshold_minor)
    select * from unnest(
      ${codes}::text[], ${ranks}::int[], ${tiers.map(({ name }) => name.en)}::text[], ${tiers.map(({ name }) => name.zh)}::text[],
      ${tiers.map(({ thresholdMinor }) => thresholdMinor)}::bigint[]
    )
    on conflict (code) do update set rank = excluded.rank, name_en = excluded.name_en, name_zh = excluded.name_zh,
      threshold_minor = excluded.threshold_minor`
  return undefined
}

async function putCoupons(
  db: Db,
  { coupons, at }: { coupons: readonly CouponDefinition[]; at: Date },
): Promise<string | undefined> {
  for (const coupon of coupons) {
    const { id, kind, name, value, sku, costPoints, stock, perMemberLimit, minTierRank, validDays } = coupon
    // Redemptions take the coupon's row too: from here on none can slip in between the look and the change.
    const [out] = await db.sql<{ issued: number }>`
      select (select count(*)::int from issued_coupon where coupon_id = coupon.id and status <> 'void') as issued
      from coupon where id = ${id} for update`
    if (out && stock !== undefined && stock < out.issued)
      return `${out.issued} of "${id}" are out, more than the stock of ${stock}`
    await db.sql`
      insert into coupon (id, kind, name_en, name_zh, value, sku, cost_points, stock, per_member_limit, starts_at, ends_at,
        min_tier_rank, valid_days)
      values (${id}, ${kind}, ${name.en}, ${name.zh}, ${value}, ${sku ?? null}, ${costPoints}, ${stock ?? null},
        ${perMemberLimit ?? null}, ${coupon.startsAt ?? at}, ${coupon.endsAt ?? null}, ${minTierRank}, ${validDays})
      on conflict (id) do update set kind = excluded.kind, name_en = excluded.name_en, name_zh = excluded.name_zh,
        value = excluded.value, sku = excluded.sku, cost_points = excluded.cost_points, stock = excluded.stock,
        per_member_limit = excluded.per_member_limit, ends_at = excluded.ends_at, min_tier_rank = excluded.min_tier_rank,
        valid_days = excluded.valid_days,
        starts_at = case when ${coupon.startsAt !== undefined} then excluded.starts_at else coupon.starts_at end`
  }
  return undefined
}
