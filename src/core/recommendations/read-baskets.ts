import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import type { BasketHistory } from '../../ml/next-basket-history'
import { booksDateOf } from '../calendar/books-date'
import { readMerchant } from '../merchant'
import { BasketBuilder } from './basket-builder'

/** What is older says little about the next basket. */
const WINDOW_DAYS = 730
const CHUNK_ROWS = 5_000
const DAY_MS = 24 * 60 * 60 * 1000
const SKU_SEPARATOR = '\u001f'

/** Members' baskets, and whose and of what they are. */
export interface Baskets {
  readonly history: BasketHistory
  /** By user. */
  readonly memberIds: readonly string[]
  /** By user. */
  readonly sources: readonly string[]
  /** By item. Two sources' products are different items, even with the same stock code. */
  readonly items: readonly { readonly sku: string; readonly source: string }[]
  readonly dataFrom: Date
  readonly dataTo: Date
}

export interface ReadBasketsOptions {
  readonly at: Date
  /** At most so many members: those who bought last, or drawn by a hash of their id and so always the same. */
  readonly membersMax: number
  readonly members: 'latest' | 'drawn'
}

/**
 * Reads what members bought in the two years to the books date of their source, in one pass over a cursor. A basket is
 * what a member bought on one day of the merchant's calendar. Service charges, lines sent back in full, guests and erased
 * members are left out. Days are counted back from the books date, which is 0. Undefined where nobody bought anything.
 * Memory: some 4 bytes a line and 16 a basket, beside the ids.
 */
export async function readBaskets(database: Database, options: ReadBasketsOptions): Promise<Baskets | undefined> {
  const { settings, timeZone } = await readMerchant(database)
  const sources = await database.sql<{ name: string; horizonAt: Date | null }>`
    select name, horizon_at as "horizonAt" from source order by name`
  const books = new Map(
    sources.map(({ name, horizonAt }) => [name, booksDateOf({ horizonAt, at: options.at })] as const),
  )
  const builder = new BasketBuilder()
  const span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
  await database.tx(async (tx) => {
    await openCursor(tx, { ...options, books, serviceSkus: settings.serviceSkus, timeZone })
    for (;;) {
      const rows = await tx.sql<BasketRow>`fetch 5000 from basket_cursor`
      for (const { memberId, source, boughtAt, skus } of rows) {
        span.from = Math.min(span.from, boughtAt * 1000)
        span.to = Math.max(span.to, boughtAt * 1000)
        const endsAt = books.get(source)?.getTime() ?? 0
        builder.add({ memberId, source, day: (boughtAt * 1000 - endsAt) / DAY_MS, skus: skus.split(SKU_SEPARATOR) })
      }
      if (rows.length < CHUNK_ROWS) break
    }
  })
  const built = builder.finish()
  if (built.history.users === 0) return undefined
  return { ...built, dataFrom: new Date(span.from), dataTo: new Date(span.to) }
}

interface BasketRow {
  memberId: string
  source: string
  /** Seconds; of the day's last purchase. */
  boughtAt: number
  skus: string
}

async function openCursor(
  tx: Tx,
  {
    books,
    serviceSkus,
    timeZone,
    membersMax,
    members,
  }: ReadBasketsOptions & { books: ReadonlyMap<string, Date>; serviceSkus: readonly string[]; timeZone: string },
): Promise<void> {
  await tx.sql`
    declare basket_cursor no scroll cursor for
    with books as (
      select * from unnest(
        ${[...books.keys()]}::text[], ${[...books.values()].map((date) => date.toISOString())}::timestamptz[]
      ) as books (source, ends_at)
    ), returned as (
      select sale_order_id, sale_line_no, sum(quantity) as quantity from line_refund group by 1, 2
    ), purchase as (
      select purchase.id, purchase.member_id, member.source, purchase.placed_at
      from books
        join member on member.source = books.source and member.erased_at is null
        join shop_order purchase on purchase.member_id = member.id
      where purchase.kind = 'sale' and purchase.status in ('placed', 'shipped', 'delivered')
        and purchase.placed_at <= books.ends_at
        and purchase.placed_at > books.ends_at - make_interval(days => ${WINDOW_DAYS})
    ), chosen as (
      select member_id from purchase group by member_id
      order by
        case when ${members === 'latest'} then max(placed_at) end desc,
        case when ${members === 'drawn'} then hashtext(member_id) end,
        member_id
      limit ${membersMax}
    )
    select purchase.member_id as "memberId", min(purchase.source) as source,
      date_part('epoch', max(purchase.placed_at)) as "boughtAt",
      string_agg(line.sku, ${SKU_SEPARATOR}) as skus
    from chosen
      join purchase on purchase.member_id = chosen.member_id
      join order_line line on line.order_id = purchase.id
      left join returned on returned.sale_order_id = line.order_id and returned.sale_line_no = line.line_no
    where line.quantity > coalesce(returned.quantity, 0) and not line.sku = any (${serviceSkus}::text[])
    group by purchase.member_id, (purchase.placed_at at time zone ${timeZone})::date
    order by purchase.member_id, max(purchase.placed_at)`
}
