import type { Db } from '../../db/sql'
import { booksDate } from '../calendar/books-date'
import { type Merchant, readMerchant } from '../merchant'
import { diversify } from './diversify'
import { POPULAR_WITHIN_DAYS } from './popularity'
import type { Recommendation, Recommender, RecommendRequest } from './recommend'
import { rhythmOf } from './rhythm'

const DAY_SECONDS = 24 * 60 * 60
/** From so many purchases on the gap between them is a habit that can be told to the member. */
const HABIT_PURCHASES_MIN = 3

/**
 * The honest floor: what this member buys again and again and is about due, filled up with what other members bought
 * lately and this one never did. Bought-again items come first, with scores above 0.5.
 */
export const buyAgainRecommender: Recommender = {
  code: 'buy-again',
  async recommend(db, request) {
    const merchant = await readMerchant(db)
    const { limit, categoryCode } = request
    const perCategoryMax = categoryCode === undefined ? Math.max(2, Math.ceil(limit * 0.3)) : limit
    const again = await rankBoughtAgain(db, { ...request, merchant })
    const varied = diversify(again, { limit, perCategoryMax })
    if (varied.taken.length === limit) return varied.taken
    const fresh = await rankPopular(db, { ...request, merchant })
    const { taken, passedOver } = diversify([...again, ...fresh], { limit, perCategoryMax })
    // A shop with few categories cannot offer variety; better more of the same than an empty place.
    return [...taken, ...passedOver.slice(0, limit - taken.length)].sort((a, b) => b.score - a.score)
  },
}

interface ItemRow {
  sku: string
  nameEn: string
  nameZh: string
  categoryCode: string | null
  priceMinor: number
}

type Ranking = RecommendRequest & { merchant: Merchant }

async function rankBoughtAgain(db: Db, { memberId, at, categoryCode, merchant }: Ranking): Promise<Recommendation[]> {
  const asOf = await booksDate(db, { memberId, at })
  // Only lines that were not sent back in full count; the refunds of one member are few, so they are gathered first.
  // Times are in seconds: as plain numbers, thousands of them are read fast.
  const rows = await db.sql<ItemRow & { boughtAt: number[]; lastOrderAt: number }>`
    with returned as (
      select line_refund.sale_order_id, line_refund.sale_line_no, sum(line_refund.quantity) as quantity
      from shop_order refund join line_refund on line_refund.refund_order_id = refund.id
      where refund.member_id = ${memberId} and refund.kind = 'refund'
      group by 1, 2
    ), purchase as materialized (
      select id, date_part('epoch', placed_at) as at from shop_order
      where member_id = ${memberId} and kind = 'sale' and placed_at <= ${asOf}
        and status in ('placed', 'shipped', 'delivered')
    ), bought as (
      select line.sku, array_agg(purchase.at) as at, max(purchase.at) as last_at
      from purchase join order_line line on line.order_id = purchase.id
        left join returned on returned.sale_order_id = line.order_id and returned.sale_line_no = line.line_no
      where line.quantity > coalesce(returned.quantity, 0)
      group by line.sku
    )
    select product.sku, product.name_en as "nameEn", coalesce(product.name_zh, product.name_en) as "nameZh",
      product.category_code as "categoryCode", product.price_minor as "priceMinor", bought.at as "boughtAt",
      (select max(last_at) from bought) as "lastOrderAt"
    from bought join product on product.sku = bought.sku
    where cardinality(bought.at) > 1 and product.in_stock
      and not product.sku = any (${merchant.settings.serviceSkus}::text[])
      and (${categoryCode ?? null}::text is null or product.category_code = ${categoryCode ?? null})`
  const asOfDay = asOf.getTime() / 1000 / DAY_SECONDS
  const ranked: Recommendation[] = []
  for (const row of rows) {
    // One product on two lines of an order is one purchase.
    const times = new Set(row.boughtAt)
    const days = [...times].map((seconds) => seconds / DAY_SECONDS)
    const rhythm = rhythmOf(days, { asOfDay, lastOrderDay: row.lastOrderAt / DAY_SECONDS })
    if (!rhythm) continue
    const isHabit = rhythm.isKept && times.size >= HABIT_PURCHASES_MIN
    const habit = isHabit ? { everyDays: Math.round(rhythm.gapDays), dueInDays: rhythm.dueInDays } : {}
    const reason = {
      code: 'bought-again',
      times: times.size,
      lastAt: new Date(Math.max(...times) * 1000),
      ...habit,
    } as const
    ranked.push({ ...itemOf(row, merchant), score: 0.5 + rhythm.score / 2, reason })
  }
  return ranked.sort((a, b) => b.score - a.score || (a.sku < b.sku ? -1 : 1))
}

/** What members of the same source bought lately and this one never did; enough of it to leave room for variety. */
async function rankPopular(db: Db, { memberId, limit, categoryCode, merchant }: Ranking): Promise<Recommendation[]> {
  const rows = await db.sql<ItemRow & { buyers: number; buyersMax: number }>`
    select product.sku, product.name_en as "nameEn", coalesce(product.name_zh, product.name_en) as "nameZh",
      product.category_code as "categoryCode", product.price_minor as "priceMinor",
      popular.buyers, max(popular.buyers) over () as "buyersMax"
    from member
      join product_popularity popular on popular.source = member.source
      join product on product.sku = popular.sku
    where member.id = ${memberId} and product.in_stock
      and not product.sku = any (${merchant.settings.serviceSkus}::text[])
      and (${categoryCode ?? null}::text is null or product.category_code = ${categoryCode ?? null})
      and popular.sku not in (
        select line.sku from shop_order purchase join order_line line on line.order_id = purchase.id
        where purchase.member_id = ${memberId})
    order by popular.buyers desc, product.sku
    limit ${limit * 5 + 20}`
  return rows.map((row) => ({
    ...itemOf(row, merchant),
    score: (0.5 * row.buyers) / row.buyersMax,
    reason: { code: 'popular', buyers: row.buyers, withinDays: POPULAR_WITHIN_DAYS },
  }))
}

function itemOf({ sku, nameEn, nameZh, categoryCode, priceMinor }: ItemRow, { currency }: Merchant) {
  const item = { sku, name: { en: nameEn, zh: nameZh }, priceMinor, currency }
  return categoryCode === null ? item : { ...item, categoryCode }
}
