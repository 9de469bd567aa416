import type { Db } from '../../db/sql'
import { LIVE_WITHIN_DAYS } from '../calendar/books-date'
import { defaultMerchant } from '../merchant'
import type { RecommendRequest } from './recommend'

/** Categories that the member buys from most often, of which something untried may be shown. */
const FAVOURITES = 3
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
  /** Nobody bought it yet, as far as is known, and it is from a favourite category. */
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

/** Reads everything that recommending to a member takes, in one statement. Undefined for an unknown member. */
export async function readShelf(
  db: Db,
  { memberId, at, limit, categoryCode }: RecommendRequest,
): Promise<Shelf | undefined> {
  const { currency, settings } = defaultMerchant
  const [shelf] = await db.sql<Omit<Shelf, 'items'> & { items: ShelfItem[] | null }>`
    with who as materialized (
      select member.source,
        case when source.horizon_at < ${at}::timestamptz - make_interval(days => ${LIVE_WITHIN_DAYS})
          then source.horizon_at else ${at}::timestamptz end as as_of
      from member left join source on source.name = member.source
      where member.id = ${memberId} and member.erased_at is null
    ), returned as (
      -- The refunds of one member are few, so they are gathered first.
      select line_refund.sale_order_id, line_refund.sale_line_no, sum(line_refund.quantity) as quantity
      from shop_order refund join line_refund on line_refund.refund_order_id = refund.id
      where refund.member_id = ${memberId} and refund.kind = 'refund'
      group by 1, 2
    ), known as materialized (
      -- Times are in seconds: as plain numbers, thousands of them are read fast.
      select line.sku, array_agg(distinct date_part('epoch', purchase.placed_at)) filter (
          where purchase.kind = 'sale' and purchase.status in ('placed', 'shipped', 'delivered')
            and purchase.placed_at <= who.as_of and line.quantity > coalesce(returned.quantity, 0)
        ) as bought_at
      from who
        join shop_order purchase on purchase.member_id = ${memberId}
        join order_line line on line.order_id = purchase.id
        left join returned on returned.sale_order_id = line.order_id and returned.sale_line_no = line.line_no
      group by line.sku
    ), sellable as (
      select product.* from product
      where product.in_stock
        and not coalesce((select settings -> 'serviceSkus' from merchant where id = 1),
          ${JSON.stringify(settings.serviceSkus)}::jsonb) ? product.sku
        and (${categoryCode ?? null}::text is null or product.category_code = ${categoryCode ?? null})
    ), favourite as materialized (
      select product.category_code, count(distinct bought.at)::int as times
      from known join product on product.sku = known.sku cross join unnest(known.bought_at) as bought (at)
      where product.category_code is not null
      group by product.category_code
    ), untried as (
      select sellable.sku
      from who
        join (select * from favourite where times > 1 order by times desc, category_code limit ${FAVOURITES}) liked on true
        join sellable on sellable.category_code = liked.category_code and sellable.source = who.source
      where not exists (select from product_habit habit where habit.sku = sellable.sku)
        and exists (select from product_habit habit where habit.source = who.source)
        and not exists (select from product_popularity popular where popular.sku = sellable.sku)
        and not exists (select from known where known.sku = sellable.sku)
      -- Another one each day, the same all day.
      order by md5(sellable.sku || ${memberId} || (who.as_of at time zone 'UTC')::date) limit ${UNTRIED}
    ), made as materialized (
      select * from member_item where member_id = ${memberId}
    ), wanted as materialized (
      select sku from known where cardinality(bought_at) > 1
      union select sku from made
      union select sku from untried
      union (
        select popular.sku
        from who join product_popularity popular on popular.source = who.source join sellable on sellable.sku = popular.sku
        where not exists (select from known where known.sku = popular.sku)
        order by popular.buyers desc, popular.sku limit ${limit * 5 + 20}
      )
    )
    select who.as_of as "asOf", (select max(bought.at) from known, unnest(known.bought_at) as bought (at)) as "lastOrderAt",
      coalesce((select currency from merchant where id = 1), ${currency}) as currency,
      coalesce(scoring.due_curve, '{}') as "dueCurve", scoring.scored_at as "scoredAt",
      (select json_agg(json_build_object(
          'sku', sellable.sku, 'nameEn', sellable.name_en, 'nameZh', coalesce(sellable.name_zh, sellable.name_en),
          'priceMinor', sellable.price_minor, 'categoryCode', sellable.category_code,
          'categoryEn', category.name_en, 'categoryZh', category.name_zh,
          'boughtAt', known.bought_at, 'isKnown', known.sku is not null, 'categoryTimes', coalesce(favourite.times, 0),
          'buyers', coalesce(popular.buyers, 0),
          'everBuyers', coalesce(habit.buyers, 0), 'againBuyers', coalesce(habit.again_buyers, 0),
          'isUntried', untried.sku is not null,
          'next', case when next.sku is not null then json_build_object('score', next.score, 'gapDays', next.gap_days,
            'dueWeight', next.due_weight, 'nearBuyers', next.near_buyers, 'withBuyers', next.with_buyers) end,
          'new', case when new.sku is not null then json_build_object('score', new.score, 'gapDays', new.gap_days,
            'dueWeight', new.due_weight, 'nearBuyers', new.near_buyers, 'withBuyers', new.with_buyers) end,
          'companion', case when companion.sku is not null then json_build_object('sku', companion.sku,
            'nameEn', companion.name_en, 'nameZh', coalesce(companion.name_zh, companion.name_en)) end))
        from wanted
          join sellable on sellable.sku = wanted.sku
          left join known on known.sku = wanted.sku
          left join category on category.code = sellable.category_code
          left join favourite on favourite.category_code = sellable.category_code
          left join product_popularity popular on popular.sku = wanted.sku and popular.source = who.source
          left join product_habit habit on habit.sku = wanted.sku and habit.source = who.source
          left join untried on untried.sku = wanted.sku
          left join made next on next.sku = wanted.sku and next.kind = 'next'
          left join made new on new.sku = wanted.sku and new.kind = 'new'
          left join known beside on beside.sku = coalesce(next.with_sku, new.with_sku) and beside.bought_at is not null
          left join product companion on companion.sku = beside.sku
      ) as items
    from who left join member_item_scoring scoring on scoring.kind = 'next'`
  return shelf && { ...shelf, items: shelf.items ?? [] }
}
