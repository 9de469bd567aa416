import type { Db } from '../../db/sql'
import type { Tier } from './ladder'

/** The merchant's tiers, from the first up. */
export async function listTiers(db: Db): Promise<Tier[]> {
  const rows = await db.sql<{ code: string; rank: number; nameEn: string; nameZh: string; thresholdMinor: number }>`
    select code, rank, name_en as "nameEn", name_zh as "nameZh", threshold_minor as "thresholdMinor" from tier order by rank`
  return rows.map(({ nameEn, nameZh, ...tier }) => ({ ...tier, name: { en: nameEn, zh: nameZh } }))
}
