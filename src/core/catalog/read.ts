import type { Db } from '../../db/sql'
import type { Localised } from '../locale'

export interface Category {
  readonly code: string
  readonly name: Localised
  /** How many of its products are in stock. */
  readonly products: number
}

export interface Product {
  readonly sku: string
  readonly name: Localised
  readonly categoryCode?: string
  readonly priceMinor: number
  readonly inStock: boolean
}

/** The names that a text may mention. */
export interface CatalogNames {
  readonly categories: readonly { code: string; name: Localised }[]
  readonly products: readonly { sku: string; name: Localised; categoryCode?: string }[]
}

/** The categories that have a product in stock, the largest first. */
export async function listCategories(db: Db): Promise<Category[]> {
  const rows = await db.sql<{ code: string; nameEn: string; nameZh: string; products: number }>`
    select category.code, category.name_en as "nameEn", category.name_zh as "nameZh", count(*)::int as products
    from category join product on product.category_code = category.code and product.in_stock
    group by category.code
    order by products desc, category.code`
  return rows.map(({ code, nameEn, nameZh, products }) => ({ code, name: { en: nameEn, zh: nameZh }, products }))
}

/** A mark of all names of the catalogue and of what is in which category, which is another one once any of them has changed. One row, whatever its size. */
export async function namesMark(db: Db): Promise<string> {
  const [row] = await db.sql<{ mark: string }>`
    select concat_ws(' ', count(*), sum(hashtextextended(name, 0)::numeric)) as mark from (
      select concat_ws(E'\\x1f', 'category', code, name_en, name_zh) as name from category
      union all
      select concat_ws(E'\\x1f', 'product', sku, name_en, name_zh, category_code) from product
    ) names`
  return row?.mark ?? ''
}

/** All names of the catalogue in one go, for matching what was typed against them. Cache it: a catalogue changes rarely. */
export async function loadNames(db: Db): Promise<CatalogNames> {
  const rows = await db.sql<{
    isProduct: boolean
    id: string
    nameEn: string
    nameZh: string
    categoryCode: string | null
  }>`
    select false as "isProduct", code as id, name_en as "nameEn", name_zh as "nameZh", null as "categoryCode" from category
    union all
    select true, sku, name_en, coalesce(name_zh, name_en), category_code from product
    order by id`
  const nameOf = ({ nameEn, nameZh }: { nameEn: string; nameZh: string }) => ({ en: nameEn, zh: nameZh })
  return {
    categories: rows.filter((row) => !row.isProduct).map((row) => ({ code: row.id, name: nameOf(row) })),
    products: rows
      .filter((row) => row.isProduct)
      .map((row) => ({
        ...{ sku: row.id, name: nameOf(row) },
        ...(row.categoryCode === null ? {} : { categoryCode: row.categoryCode }),
      })),
  }
}

/** The product of this stock-keeping unit, or null. A product without a Chinese name answers with its English one. */
export async function findProduct(db: Db, { sku }: { sku: string }): Promise<Product | null> {
  const [row] = await db.sql<{
    sku: string
    nameEn: string
    nameZh: string
    categoryCode: string | null
    priceMinor: number
    inStock: boolean
  }>`
    select sku, name_en as "nameEn", coalesce(name_zh, name_en) as "nameZh", category_code as "categoryCode",
      price_minor as "priceMinor", in_stock as "inStock"
    from product where sku = ${sku}`
  if (!row) return null
  const { nameEn, nameZh, categoryCode, ...rest } = row
  return { ...rest, name: { en: nameEn, zh: nameZh }, ...(categoryCode === null ? {} : { categoryCode }) }
}
