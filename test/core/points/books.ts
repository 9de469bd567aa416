import type { Db } from '../../../src/db/sql'

/** Adds a member without points (of a higher tier: with an order that reaches it), and the tiers when they are missing. Returns the id. */
export async function addMember(db: Db, id: string, tierCode = 'member'): Promise<string> {
  await db.sql`
    insert into tier (code, rank, name_en, name_zh, threshold_minor)
    values ('member', 0, 'Member', '普通会员', 0), ('silver', 1, 'Silver', '银卡', 50000), ('gold', 2, 'Gold', '金卡', 200000)
    on conflict do nothing`
  await db.sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    values (${id}, 'test', '2025-01-01', ${tierCode}, '2025-01-01')`
  if (tierCode !== 'member') await haveReached(db, id, tierCode)
  return id
}

/** A tier follows from orders: one that suffices, and the change it made. */
async function haveReached(db: Db, id: string, tierCode: string): Promise<void> {
  await db.sql`
    insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
    select 'test', ${id}, ${id}, 'sale', 'delivered', '2024-12-01', threshold_minor, 'GBP' from tier where code = ${tierCode}`
  await db.sql`
    insert into tier_change (member_id, from_tier, to_tier, at, reason) values (${id}, 'member', ${tierCode}, '2025-01-01', 'review')`
}
