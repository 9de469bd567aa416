import type { Db } from '../../db/sql'
import { LIVE_WITHIN_DAYS } from '../calendar/books-date'
import type { RunningExperiment } from '../experiments/experiment'
import { defaultMerchant } from '../merchant'
import type { RecommendRequest } from './recommend'

/** So many things that nobody tried yet are looked at, of the three categories that the member buys from most often. */
const UNTRIED = 3

/** What may be offered to a member now: in stock, no service charge, in the category asked for; and what is known of it. */
export interface Shelf {
  /** The books date. */
  readonly asOf: Date
  /** The member's last order of anything that was kept, in seconds. */
  readonly lastOrderAt: number | null
  readonly currency: string
  /** Weights of due dates that go with `ShelfItem.next`; empty where they are not to be weighed in. */
  readonly dueCurve: readonly number[]
  readonly scoredAt: Date | null
  /** The member switched personalisation off: only what everybody would be told may be recommended. */
  readonly isPlain: boolean
  /** The experiment on recommenders that runs, if one does. */
  readonly experiment: RunningExperiment | null
  readonly items: readonly ShelfItem[]
}

export interface ShelfItem {
  readonly sku: string
  readonly nameEn: string
  readonly nameZh: string
  readonly priceMinor: number
  readonly categoryCode: string | null
  readonly categoryEn: string | null
  readonly categoryZh: string | null
  /** When the member bought and kept it, in seconds; each order once. Null: never. */
  readonly boughtAt: readonly number[] | null
  /** Whether it was in any order of the member, kept or not. */
  readonly isKnown: boolean
  /** On how many occasions the member bought from its category. */
  readonly categoryTimes: number
  /** Members who bought it lately. */
  readonly buyers: number
  readonly everBuyers: number
  /** Members who bought it on more than one day. */
  readonly againBuyers: number
  /** Nobody bought it yet, and it is from a favourite category. Others each day, the same all day. */
  readonly isUntried: boolean
  /** What the models said: the next basket, and discovery. */
  readonly next: ModelItem | null
  readonly new: ModelItem | null
  /** What the member bought (and kept) that it goes with. */
  readonly companion: { readonly sku: string; readonly nameEn: string; readonly nameZh: string } | null
}

export interface ModelItem {
  readonly score: number
  readonly gapDays: number | null
  readonly dueWeight: number
  readonly nearBuyers: number
  readonly withBuyers: number
}

/**
 * Reads everything that recommending to a member takes, in one statement. Undefined for an unknown member. The refunds of one
 * member are few, so they are gathered first; times are in seconds: as plain numbers, thousands of them are read fast.
 */
export async function readShelf(
  db: Db,
  { memberId, at, limit, categoryCode }: RecommendRequest,
): Promise<Shelf | undefined> {
  const { currency, settings } = defaultMerchant
  const [shelf] = await db.sql<Omit<Shelf, 'items'> & { items: ShelfItem[] | null }>`
    with who as materialized (
      select member.source, case when source.horizon_at < ${at}::timestamptz - make_interval(days => ${LIVE_WITHIN_DAYS})
        then source.horizon_at else ${at}::timestamptz end as as_of
      from member left join source on source.name = member.source where member.id = ${memberId} and erased_at is null
    ), returned as (
      select sale_order_id, sale_line_no, sum(quantity) as quantity from shop_order refund
        join line_refund on refund_order_id = refund.id where member_id = ${memberId} and kind = 'refund' group by 1, 2
    ), known as materialized (
      select line.sku, array_agg(distinct date_part('epoch', purchase.placed_at)) filter (
          where purchase.kind = 'sale' and purchase.status in ('placed', 'shipped', 'delivered')
            and purchase.placed_at <= who.as_of and line.quantity > coalesce(returned.quantity, 0)) as bought_at
      from who join shop_order purchase on purchase.member_id = ${memberId}
        join order_line line on line.order_id = purchase.id
        left join returned on returned.sale_order_id = line.order_id and returned.sale_line_no = line.line_no
      group by line.sku
    ), sellable as not materialized (
      select * from product where in_stock and (${categoryCode ?? null}::text is null or category_code = ${categoryCode ?? null})
        and not coalesce((select settings -> 'serviceSkus' from merchant where id = 1),
          ${JSON.stringify(settings.serviceSkus)}::jsonb) ? sku
    ), favourite as materialized (
      select product.category_code, count(distinct bought.at)::int as times
      from known join product on product.sku = known.sku cross join unnest(known.bought_at) as bought (at)
      where product.category_code is not null group by 1
    ), untried as materialized (
      select sellable.sku
      from who join product_habit habit on habit.source = who.source and habit.buyers = 0 join sellable using (sku)
      where sellable.category_code in (select category_code from favourite where times > 1 order by times desc, 1 limit 3)
        and not exists (select from product_popularity popular where popular.sku = habit.sku)
      order by md5(habit.sku || ${memberId} || (who.as_of at time zone 'UTC')::date) limit ${UNTRIED}
    ), made as materialized (
      select kind, sku, score, gap_days as "gapDays", due_weight as "dueWeight", near_buyers as "nearBuyers",
        with_sku as "withSku", with_buyers as "withBuyers" from member_item where member_id = ${memberId}
    ), popular as (
      select popular.sku from who join product_popularity popular on popular.source = who.source join sellable using (sku)
      where not exists (select from known where known.sku = popular.sku)
      order by popular.buyers desc, popular.sku limit ${limit * 5 + 20}
    ), item as (
      select sellable.sku, sellable.name_en as "nameEn", coalesce(sellable.name_zh, sellable.name_en) as "nameZh",
        sellable.price_minor as "priceMinor", sellable.category_code as "categoryCode",
        category.name_en as "categoryEn", category.name_zh as "categoryZh", coalesce(favourite.times, 0) as "categoryTimes",
        known.bought_at as "boughtAt", known.sku is not null as "isKnown", coalesce(popular.buyers, 0) as buyers,
        coalesce(habit.buyers, 0) as "everBuyers", coalesce(habit.again_buyers, 0) as "againBuyers",
        wanted.sku in (select sku from untried) as "isUntried", row_to_json(next) as next, row_to_json(fresh) as new,
        (select json_build_object('sku', sku, 'nameEn', name_en, 'nameZh', coalesce(name_zh, name_en)) from product where sku =
          (select sku from known where sku = coalesce(next."withSku", fresh."withSku") and bought_at is not null)) as companion
      from who cross join (select sku from known where cardinality(bought_at) > 1 union select sku from made
          union select sku from untried union select sku from popular) wanted
        join sellable using (sku) left join known using (sku)
        left join category on category.code = sellable.category_code
        left join favourite on favourite.category_code = sellable.category_code
        left join product_popularity popular on popular.sku = wanted.sku and popular.source = who.source
        left join product_habit habit on habit.sku = wanted.sku and habit.source = who.source
        left join made next on (next.kind, next.sku) = ('next', wanted.sku)
        left join made fresh on (fresh.kind, fresh.sku) = ('new', wanted.sku)
    )
    select who.as_of as "asOf", (select max(at) from known, unnest(known.bought_at) as bought (at)) as "lastOrderAt",
      coalesce((select currency from merchant where id = 1), ${currency}) as currency,
      coalesce(scoring.due_curve, '{}') as "dueCurve", scoring.scored_at as "scoredAt",
      exists (select from message_consent where member_id = ${memberId} and kind = 'personalisation' and status = 'withdrawn')
        as "isPlain", (select row_to_json(running) from (select id, code, arms from experiment
          where kind = 'recommender' and status = 'running') running) as experiment, (select json_agg(item) from item) as items from who left join member_item_scoring scoring on scoring.kind = 'next'`
  return shelf && { ...shelf, items: shelf.items ?? [] }
}
