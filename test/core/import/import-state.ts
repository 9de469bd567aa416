import type { Db } from '../../../src/db/sql'

/**
 * Everything an import leaves behind, in terms of the shop's own ids: surrogate ids and the hashes over them differ from
 * run to run.
 */
export async function readImportState(db: Db): Promise<Record<string, unknown[]>> {
  return {
    sources: await db.sql`select name, horizon_at from source order by name`,
    members: await db.sql`
      select id, source, display_name, email, joined_at, tier_code, tier_reviewed_at from member order by id`,
    tierChanges:
      await db.sql`select member_id, from_tier, to_tier, at, reason from tier_change order by member_id, at, id`,
    categories: await db.sql`select * from category order by code`,
    products: await db.sql`select * from product order by sku`,
    popularity: await db.sql`select * from product_popularity order by source, sku`,
    orders: await db.sql`
      select one.source, one.external_id, one.member_id, one.kind, one.status, one.placed_at, one.total_minor, one.currency,
        sale.external_id as refunds
      from shop_order one left join shop_order sale on sale.id = one.refunds_order_id
      order by one.source, one.external_id`,
    lines: await db.sql`
      select one.source, one.external_id, line.line_no, line.sku, line.quantity, line.unit_price_minor, line.amount_minor
      from order_line line left join shop_order one on one.id = line.order_id
      order by one.source, one.external_id, line.line_no`,
    refunds: await db.sql`
      select refund.external_id as refund, back.refund_line_no, sale.external_id as sale, back.sale_line_no, back.quantity,
        back.amount_minor
      from line_refund back join shop_order refund on refund.id = back.refund_order_id
        join shop_order sale on sale.id = back.sale_order_id
      order by 1, 2, 3, 4`,
    transfers: await db.sql`
      select moved.member_id, moved.kind, moved.source, moved.external_id, moved.points, moved.occurred_at, moved.shortfall,
        one.external_id as order, original.external_id as reverses
      from transfer moved left join shop_order one on one.id = moved.order_id
        left join transfer original on original.id = moved.reverses_transfer_id
      order by moved.source, moved.external_id`,
    entries: await db.sql`
      select entry.member_id, entry.seq, moved.external_id as transfer, entry.account, entry.amount
      from entry join transfer moved on moved.id = entry.transfer_id order by entry.member_id, entry.seq`,
    lots: await db.sql`
      select moved.external_id, lot.earned, lot.remaining, lot.available_at, lot.expires_at
      from lot join transfer moved on moved.id = lot.transfer_id order by moved.external_id`,
    accounts: await db.sql`
      select member_id, available, pending, held, owed, entry_seq from member_account order by member_id`,
    runs: await db.sql`
      select file_sha256, format, result, points_earned, points_taken_back, tier_moves, finished_at is not null as is_finished
      from import_run order by file_sha256`,
    due: await db.sql`select count(*) as orders from import_due having count(*) > 0`,
  }
}
