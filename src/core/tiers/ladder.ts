import type { Db } from '../../db/sql'
import type { Localised } from '../locale'

export interface Tier {
  readonly code: string
  /** 0 is where everybody starts. */
  readonly rank: number
  readonly name: Localised
  /** Net spend in 12 months from which it is reached, in minor units. */
  readonly thresholdMinor: number
}

/** The ladder of a merchant who has not set one. */
export const defaultTiers: readonly Tier[] = [
  { code: 'member', rank: 0, name: { en: 'Member', zh: '普通会员' }, thresholdMinor: 0 },
  { code: 'silver', rank: 1, name: { en: 'Silver', zh: '银卡会员' }, thresholdMinor: 500_00 },
  { code: 'gold', rank: 2, name: { en: 'Gold', zh: '金卡会员' }, thresholdMinor: 2_000_00 },
  { code: 'platinum', rank: 3, name: { en: 'Platinum', zh: '白金会员' }, thresholdMinor: 5_000_00 },
]

/** The tier of a new member. */
export const FIRST_TIER = 'member'

/** Makes sure that there is a ladder: writes `defaultTiers` where there is none at all, and changes nothing otherwise. */
export async function ensureTiers(db: Db): Promise<void> {
  await db.sql`
    insert into tier (code, rank, name_en, name_zh, threshold_minor)
    select tier.*
    from unnest(
      ${defaultTiers.map((tier) => tier.code)}::text[],
      ${defaultTiers.map((tier) => tier.rank)}::int[],
      ${defaultTiers.map((tier) => tier.name.en)}::text[],
      ${defaultTiers.map((tier) => tier.name.zh)}::text[],
      ${defaultTiers.map((tier) => tier.thresholdMinor)}::bigint[]
    ) tier
    where not exists (select from tier)
    on conflict do nothing`
}
