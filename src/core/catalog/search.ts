import type { Db } from '../../db/sql'
import type { Localised } from '../locale'

export interface FoundProduct {
  readonly sku: string
  readonly name: Localised
  readonly priceMinor: number
}

/**
 * Products in stock whose name, in one language or the other, holds every one of `words` (letters and digits), the shortest
 * names first: of "teapot" rather the teapot than what goes with it.
 */
export async function searchProducts(
  db: Db,
  { words, limit }: { words: readonly string[]; limit: number },
): Promise<FoundProduct[]> {
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const rows = await db.sql<{ sku: string; en: string; zh: string; priceMinor: number }>`
    select sku, name_en as en, coalesce(name_zh, name_en) as zh, price_minor as "priceMinor" from product
    where in_stock and (name_en ilike all(${patterns}::text[]) or name_zh ilike all(${patterns}::text[]))
    order by length(name_en), sku limit ${limit}`
  return rows.map(({ en, zh, ...rest }) => ({ ...rest, name: { en, zh } }))
}
