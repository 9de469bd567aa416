import type { Db } from '../../db/sql'

/**
 * Counts afresh how many members of each source ever bought each product, and how many of them on more than one day:
 * what practically nobody buys twice is not offered to somebody who has it. Products that nobody bought yet are kept with 0.
 * One statement.
 * @returns how many products were bought at all
 */
export async function refreshProductHabits(db: Db): Promise<number> {
  const [row] = await db.sql<{ products: number }>`
    with counted as (
      select source, sku, count(*)::int as buyers, (count(*) filter (where last_at > first_at + interval '1 day'))::int as again
      from (
        select member.source, line.sku, min(purchase.placed_at) as first_at, max(purchase.placed_at) as last_at
        from member
          join shop_order purchase on purchase.member_id = member.id and purchase.kind = 'sale'
            and purchase.status in ('placed', 'shipped', 'delivered')
          join order_line line on line.order_id = purchase.id
        group by member.source, member.id, line.sku
      ) pair
      group by source, sku
      union all
      select product.source, product.sku, 0, 0 from product
      where exists (select from member where member.source = product.source) and not exists (
        select from order_line line join shop_order sale on sale.id = line.order_id and sale.kind = 'sale'
          join member on member.id = sale.member_id
        where line.sku = product.sku and member.source = product.source)
    ), dropped as (
      delete from product_habit old
      where not exists (select from counted where (counted.source, counted.sku) = (old.source, old.sku))
    ), kept as (
      insert into product_habit (source, sku, buyers, again_buyers) select source, sku, buyers, again from counted
      on conflict (source, sku) do update set buyers = excluded.buyers, again_buyers = excluded.again_buyers
      where (product_habit.buyers, product_habit.again_buyers) <> (excluded.buyers, excluded.again_buyers)
    )
    select count(*)::int as products from counted where buyers > 0`
  return row?.products ?? 0
}
