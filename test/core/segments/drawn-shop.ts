import type { Db } from '../../../src/db/sql'

/**
 * Members of four kinds that anybody would tell apart, `each` of them a kind, drawn by the database from their numbers:
 * `often` buy each week, `rich` seldom but for much, `gone` bought a few times long ago, `new` placed one small order
 * lately. As of 1 November 2026.
 */
export async function drawFourKinds(db: Db, { each }: { each: number }): Promise<void> {
  await db.sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    select kind || number, 'shop', '2025-01-01', 'member', '2025-01-01'
    from unnest(array['often', 'rich', 'gone', 'new']) kind, generate_series(1, ${each}::int) number`
  await db.sql`
    insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
    select 'shop', kind || number || '-' || nth, kind || number, 'sale', 'delivered',
      timestamptz '2026-11-01T12:00:00Z' - make_interval(days => first + nth * gap + number % 5), amount * (80 + number % 40), 'GBP'
    from (values ('often', 30, 0, 7, 40), ('rich', 3, 20, 90, 3000), ('gone', 4, 300, 30, 20), ('new', 1, 20, 0, 5))
        as kinds (kind, orders, first, gap, amount),
      generate_series(1, ${each}::int) number, generate_series(0, orders - 1) nth`
}
