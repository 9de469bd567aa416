import type { Db } from '../../db/sql'
import type { Product } from './read'

/** A product as one member knows it. */
export interface ShelfProduct extends Product {
  /** In how many orders the member bought it, and when last; absent for who never has, and where no member is asked for. */
  readonly bought?: { readonly times: number; readonly lastAt: Date }
}

interface ShelfRow {
  sku: string
  nameEn: string
  nameZh: string
  categoryCode: string | null
  priceMinor: number
  inStock: boolean
  times: number | null
  lastAt: Date | null
}

/** These products, in this order, without those that are there no more. One round trip. */
export async function readShelf(
  db: Db,
  { skus, memberId }: { skus: readonly string[]; memberId?: string },
): Promise<ShelfProduct[]> {
  const rows = await db.sql<ShelfRow>`
    select product.sku, name_en as "nameEn", coalesce(name_zh, name_en) as "nameZh", category_code as "categoryCode",
      price_minor as "priceMinor", in_stock as "inStock", bought.times, bought.last_at as "lastAt"
    from unnest(${skus}::text[]) with ordinality wanted (sku, place)
      join product on product.sku = wanted.sku
      left join (
        select order_line.sku, count(distinct shop_order.id)::int as times, max(shop_order.placed_at) as last_at
        from shop_order join order_line on order_line.order_id = shop_order.id
        where shop_order.member_id = ${memberId ?? null} and shop_order.kind = 'sale' and shop_order.status <> 'cancelled'
          and order_line.sku = any (${skus}::text[])
        group by order_line.sku
      ) bought on bought.sku = product.sku
    order by wanted.place`
  return rows.map(({ nameEn, nameZh, categoryCode, times, lastAt, ...rest }) => ({
    ...rest,
    name: { en: nameEn, zh: nameZh },
    ...(categoryCode === null ? {} : { categoryCode }),
    ...(times === null || lastAt === null ? {} : { bought: { times, lastAt } }),
  }))
}
