import type { Db, Tx } from '../../db/sql'
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

/** Members in a block. Who is alike is looked for within it, for that takes time that grows with the square of a block. */
const BLOCK_MEMBERS = 20_000

/** A share of the members, drawn by a hash of their ids and so always the same. */
export interface MemberBlock {
  /** From 0. */
  readonly number: number
  readonly of: number
}

/** All members in blocks of about 20,000: one for most shops. Each is a fair sample of all, good enough to train on. */
export async function memberBlocks(db: Db): Promise<readonly MemberBlock[]> {
  const [row] = await db.sql<{ members: number }>`
    select count(*)::int as members from member where erased_at is null`
  const of = Math.max(1, Math.ceil((row?.members ?? 0) / BLOCK_MEMBERS))
  return Array.from({ length: of }, (_, number) => ({ number, of }))
}

export interface ReadBasketsOptions {
  readonly at: Date
  /** Default: all members. */
  readonly block?: MemberBlock
}

/**
 * Reads what members bought in the two years to the books date of their source, in one pass over a cursor. A basket is
 * what a member bought on one day of the merchant's calendar. Service charges, lines sent back in full, guests and erased
 * members are left out. Days are counted back from the books date, which is 0. Undefined where nobody bought anything.
 * Memory: some 4 bytes a line and 16 a basket, beside the ids.
 */
export async function readBaskets(tx: Tx, options: ReadBasketsOptions): Promise<Baskets | undefined> {
  const { settings, timeZone } = await readMerchant(tx)
  const sources = await tx.sql<{ name: string; horizonAt: Date | null }>`
    select name, horizon_at as "horizonAt" from source order by name`
  const books = new Map(
    sources.map(({ name, horizonAt }) => [name, booksDateOf({ horizonAt, at: options.at })] as const),
  )
  const builder = new BasketBuilder()
  const span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
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
  await tx.sql`close basket_cursor`
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
    block = { number: 0, of: 1 },
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
          -- Hashes are signed; the bit pattern without the sign is as evenly spread.
          and (hashtext(member.id) & 2147483647) % ${block.of} = ${block.number}
        join shop_order purchase on purchase.member_id = member.id
      where purchase.kind = 'sale' and purchase.status in ('placed', 'shipped', 'delivered')
        and purchase.placed_at <= books.ends_at
        and purchase.placed_at > books.ends_at - make_interval(days => ${WINDOW_DAYS})
    )
    select purchase.member_id as "memberId", min(purchase.source) as source,
      date_part('epoch', max(purchase.placed_at)) as "boughtAt",
      string_agg(line.sku, ${SKU_SEPARATOR}) as skus
    from purchase
      join order_line line on line.order_id = purchase.id
      left join returned on returned.sale_order_id = line.order_id and returned.sale_line_no = line.line_no
    where line.quantity > coalesce(returned.quantity, 0) and not line.sku = any (${serviceSkus}::text[])
    group by purchase.member_id, (purchase.placed_at at time zone ${timeZone})::date
    order by purchase.member_id, max(purchase.placed_at)`
}
