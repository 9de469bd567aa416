import type { CopyTx } from '../../db/copy'
import { defaultMerchant, type Merchant, readMerchant } from '../merchant'
import { ensureTiers, FIRST_TIER } from '../tiers/ladder'
import { demoShelves } from './catalogue/products'
import { rowsOf } from './copy-rows'
import { demoCoupons } from './coupons'
import type { DemoShop } from './generate'

/** The source of everything the demo shop brings. */
export const DEMO_SOURCE = 'demo'

/** Points live for the demo's 18 months, so that some expire at the end of this month. */
const EXPIRY_MONTHS = 18

/** The merchant (unless somebody set one up before), the tiers and the source. */
export async function setUpDemo(tx: CopyTx, at: Date): Promise<Merchant> {
  const { name, timeZone, currency } = defaultMerchant
  await tx.sql`
    insert into merchant (id, name_en, name_zh, time_zone, currency, settings, created_at)
    values (1, ${name.en}, ${name.zh}, ${timeZone}, ${currency}, ${{ expiryMonths: EXPIRY_MONTHS }}, ${at})
    on conflict (id) do nothing`
  await ensureTiers(tx)
  // Left alone for months, the demo is read as of the day it was made, not as a shop whose members all went away.
  await tx.sql`
    insert into source (name, horizon_at, imported_at) values (${DEMO_SOURCE}, ${at}, ${at})
    on conflict (name) do update set horizon_at = excluded.horizon_at, imported_at = excluded.imported_at`
  return readMerchant(tx)
}

/** The catalogue, the members and the coupons. */
export async function copyShop(tx: CopyTx, { calendar, members, products }: DemoShop): Promise<void> {
  await tx.sql`
    insert into category (code, name_en, name_zh)
    select * from unnest(
      ${demoShelves.map(({ code }) => code)}::text[],
      ${demoShelves.map(({ name }) => name.en)}::text[],
      ${demoShelves.map(({ name }) => name.zh)}::text[])
    on conflict (code) do nothing`
  await tx.copyIn(
    'copy product (sku, source, name_en, name_zh, category_code, price_minor, in_stock) from stdin',
    rowsOf(products, ({ sku, nameEn, nameZh, categoryCode, priceMinor, inStock }) => {
      return [sku, DEMO_SOURCE, nameEn, nameZh, categoryCode, priceMinor, inStock]
    }),
  )
  await tx.copyIn(
    'copy member (id, source, display_name, email, locale, time_zone, joined_at, tier_code, tier_reviewed_at) from stdin',
    rowsOf(members, ({ id, displayName, email, locale, timeZone, joinedAt }) => {
      return [id, DEMO_SOURCE, displayName, email, locale, timeZone, joinedAt, FIRST_TIER, joinedAt]
    }),
  )
  await tx.copyIn(
    `copy coupon (id, kind, name_en, name_zh, value, sku, cost_points, stock, per_member_limit, starts_at, ends_at,
      min_tier_rank, valid_days) from stdin`,
    rowsOf(demoCoupons(calendar), (coupon) => {
      const {
        id,
        kind,
        name,
        value = 0,
        sku,
        costPoints,
        stock,
        perMemberLimit,
        minTierRank = 0,
        validDays = 90,
      } = coupon
      const startsAt = calendar.at(coupon.startDay ?? 0, 0)
      const endsAt = coupon.endDay === undefined ? undefined : calendar.at(coupon.endDay, 0)
      return [
        id,
        kind,
        name.en,
        name.zh,
        value,
        sku,
        costPoints,
        stock,
        perMemberLimit,
        startsAt,
        endsAt,
        minTierRank,
        validDays,
      ]
    }),
  )
}
