import type { Db } from '../../../src/db/sql'

/** Adds a member without points, and the tiers when they are missing. Returns the id. */
export async function addMember(db: Db, id: string, tierCode = 'member'): Promise<string> {
  await db.sql`
    insert into tier (code, rank, name_en, name_zh, threshold_minor)
    values ('member', 0, 'Member', '普通会员', 0), ('silver', 1, 'Silver', '银卡', 50000), ('gold', 2, 'Gold', '金卡', 200000)
    on conflict do nothing`
  await db.sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    values (${id}, 'test', '2025-01-01', ${tierCode}, '2025-01-01')`
  return id
}
