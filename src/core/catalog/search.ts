import type { Db } from '../../db/sql'
import type { Localised } from '../locale'

export interface FoundProduct {
  readonly sku: string
  readonly name: Localised
  readonly priceMinor: number
}

/**
 * Products in stock whose category or name, in one language or the other, holds every one of `words`. What belongs to such a
 * category comes first, then the shortest names: of "teapot" rather the teapot than what goes with it.
 */
export async function searchProducts(
  db: Db,
  { words, limit }: { words: readonly string[]; limit: number },
): Promise<FoundProduct[]> {
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const rows = await db.sql<{ sku: string; en: string; zh: string; priceMinor: number }>`
    select sku, product.name_en as en, coalesce(product.name_zh, product.name_en) as zh, price_minor as "priceMinor"
    from product
      left join category on category.code = product.category_code
        and (category.name_en ilike all(${patterns}::text[]) or category.name_zh ilike all(${patterns}::text[]))
    where in_stock
      and (category.code is not null
        or product.name_en ilike all(${patterns}::text[]) or product.name_zh ilike all(${patterns}::text[]))
    order by category.code is null, length(product.name_en), sku limit ${limit}`
  return rows.map(({ en, zh, ...rest }) => ({ ...rest, name: { en, zh } }))
}
