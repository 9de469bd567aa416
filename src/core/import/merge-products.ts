import { type CopyTx, copyText } from '../../db/copy'
import type { CatalogueTally } from './catalogue-tally'

const ROWS_PER_COPY = 10_000

/**
 * Writes the articles that were seen. What is charged but is no article (postage, fees: `serviceSkus`) and what was
 * never sold for money is written too, so that orders can name it, but not as in stock, so that nobody is offered it.
 * An article that is there already takes name and price from this file only where the file knows of a later sale.
 */
export async function mergeProducts(
  tx: CopyTx,
  catalogue: CatalogueTally,
  options: { source: string; timeZone: string; serviceSkus: readonly string[]; someRefused: boolean },
): Promise<{ added: number }> {
  const { source, timeZone, serviceSkus, someRefused } = options
  await tx.sql`
    create temporary table incoming_product (
      sku text not null, name text not null, category text, price_minor int not null, last_sold_at text, in_stock boolean not null
    ) on commit drop`
  const services = new Set(serviceSkus)
  const rows: string[] = []
  for (const { sku, name, category, priceMinor, lastSoldAt } of catalogue.articles()) {
    const isOffered = priceMinor > 0 && !services.has(sku)
    const fields = [copyText(sku), copyText(name), copyText(category), priceMinor, lastSoldAt || '\\N']
    rows.push(`${fields.join('\t')}\t${isOffered}\n`)
  }
  const target = 'copy incoming_product (sku, name, category, price_minor, last_sold_at, in_stock) from stdin'
  for (let from = 0; from < rows.length; from += ROWS_PER_COPY) {
    await tx.copyIn(target, rows.slice(from, from + ROWS_PER_COPY).join(''))
  }
  if (someRefused) {
    // An article that only a refused order names is not taken either.
    await tx.sql`
      delete from incoming_product where sku not in (
        select line.sku from order_draft draft join order_line line on line.order_id = draft.order_id)`
  }
  await tx.sql`
    insert into category (code, name_en, name_zh)
    select distinct category, category, category from incoming_product where category is not null
    on conflict (code) do nothing`
  await tx.sql`
    update product set name_en = incoming.name, price_minor = incoming.price_minor, in_stock = incoming.in_stock,
      category_code = coalesce(incoming.category, product.category_code)
    from incoming_product incoming, source
    where product.sku = incoming.sku and product.source = ${source} and source.name = ${source}
      and case when incoming.last_sold_at like '%Z' then incoming.last_sold_at::timestamptz
        else incoming.last_sold_at::timestamp at time zone ${timeZone} end > source.horizon_at`
  const [row] = await tx.sql<{ added: number }>`
    with added as (
      insert into product (sku, source, name_en, category_code, price_minor, in_stock)
      select sku, ${source}, name, category, price_minor, in_stock from incoming_product order by sku
      on conflict (sku) do nothing
      returning 1
    )
    select count(*) as added from added`
  return { added: row?.added ?? 0 }
}
