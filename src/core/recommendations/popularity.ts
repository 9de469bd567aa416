import type { Db } from '../../db/sql'
import { booksDateOf } from '../calendar/books-date'
import { readMerchant } from '../merchant'

/** What counts as lately. */
export const POPULAR_WITHIN_DAYS = 90

/** How many members of a source bought a product lately. */
export interface Popularity {
  source: string
  sku: string
  buyers: number
}

/**
 * Counts afresh how many members of each source bought each product in the 90 days to the source's books date. Call it
 * after orders came in bulk, and once a day. Readers see the old counts or the new ones.
 * @returns how many products were bought at all
 */
export async function refreshPopularity(db: Db, { at }: { at: Date }): Promise<number> {
  const { settings } = await readMerchant(db)
  const sources = await db.sql<{ name: string; horizonAt: Date | null }>`
    select name, horizon_at as "horizonAt" from source`
  const counted = await db.sql<Popularity>`
    select source, sku, count(*)::int as buyers
    from (
      -- Told apart by hashing; count(distinct) would sort all lines.
      select distinct member.source, line.sku, purchase.member_id
      from unnest(
          ${sources.map(({ name }) => name)}::text[],
          ${sources.map(({ horizonAt }) => booksDateOf({ horizonAt, at }).toISOString())}::timestamptz[]
        ) as books (source, ends_at)
        join member on member.source = books.source
        join shop_order purchase on purchase.member_id = member.id and purchase.kind = 'sale'
          and purchase.status in ('placed', 'shipped', 'delivered') and purchase.placed_at <= books.ends_at
          and purchase.placed_at > books.ends_at - make_interval(days => ${POPULAR_WITHIN_DAYS})
        join order_line line on line.order_id = purchase.id
      where not line.sku = any (${settings.serviceSkus}::text[])
    ) bought
    group by source, sku`
  await writePopularity(db, counted)
  return counted.length
}

/** Puts these counts in the place of all that were kept, in the order of their key, so that two who do it wait for each other. One statement. */
export async function writePopularity(db: Db, counted: readonly Popularity[]): Promise<void> {
  await db.sql`
    with counted as (
      select * from unnest(${counted.map(({ source }) => source)}::text[], ${counted.map(({ sku }) => sku)}::text[],
        ${counted.map(({ buyers }) => buyers)}::int[]) as counted (source, sku, buyers)
    ), dropped as (
      delete from product_popularity old
      where not exists (select from counted where (counted.source, counted.sku) = (old.source, old.sku))
    )
    insert into product_popularity (source, sku, buyers) select source, sku, buyers from counted order by source, sku
    on conflict (source, sku) do update set buyers = excluded.buyers
    where product_popularity.buyers <> excluded.buyers`
}
