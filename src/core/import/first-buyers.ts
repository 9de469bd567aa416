import { booksDateOf } from '../calendar/books-date'
import { POPULAR_WITHIN_DAYS, type Popularity } from '../recommendations/popularity'
import type { FirstOrders } from './first-orders'
import type { RememberedOrder } from './line-memory'

const DAY_MS = 24 * 60 * 60 * 1000

/** How many members bought each article lately, by its ordinal in the catalogue; as refreshPopularity counts them, services included. */
export function countFirstBuyers(
  { byId, memory }: FirstOrders,
  { spent, horizonAt, at }: { spent: ReadonlySet<number>; horizonAt: Date | null; at: Date },
): Map<number, number> {
  const endMs = booksDateOf({ horizonAt, at }).getTime()
  const beginMs = endMs - POPULAR_WITHIN_DAYS * DAY_MS
  /** By member, the articles that were counted. */
  const bought = new Map<string, Set<number>>()
  const lately = ({ orderId, kind }: RememberedOrder) => {
    const order = kind === 'sale' && !spent.has(orderId) ? byId.get(orderId) : undefined
    if (!order || order.placedAtMs > endMs || order.placedAtMs <= beginMs) return undefined
    const articles = bought.get(order.memberId) ?? new Set<number>()
    bought.set(order.memberId, articles)
    return articles
  }
  const buyers = new Map<number, number>()
  memory.eachLine(lately, (articles, { product }) => {
    if (articles.has(product)) return
    articles.add(product)
    buyers.set(product, (buyers.get(product) ?? 0) + 1)
  })
  return buyers
}

/** The counts as they are kept. `skus` are those of the catalogue, in its order; services are not counted. */
export function popularityOf(
  buyers: ReadonlyMap<number, number>,
  { source, skus, serviceSkus }: { source: string; skus: Iterable<string>; serviceSkus: readonly string[] },
): Popularity[] {
  const bySku = [...skus]
  const services = new Set(serviceSkus)
  return [...buyers]
    .map(([article, count]) => ({ source, sku: bySku[article] ?? '', buyers: count }))
    .filter(({ sku }) => !services.has(sku))
}
