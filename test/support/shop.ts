import { ensureMerchant } from '../../src/core/merchant'
import { ensureTiers, FIRST_TIER } from '../../src/core/tiers/ladder'
import type { Db } from '../../src/db/sql'

/** A shop's rows written by hand, past the rules of the core: for tests of what is read from them. */

const EPOCH = new Date('2020-01-01T00:00:00Z')

/** The merchant, the tiers and one source (`shop`, without a horizon unless given). */
export async function setUpShop(
  db: Db,
  { source = 'shop', horizonAt }: { source?: string; horizonAt?: Date } = {},
): Promise<void> {
  await ensureMerchant(db, { at: EPOCH })
  await ensureTiers(db)
  await db.sql`
    insert into source (name, horizon_at, imported_at) values (${source}, ${horizonAt ?? null}, ${EPOCH})
    on conflict (name) do update set horizon_at = excluded.horizon_at`
}

export async function addMember(
  db: Db,
  { id, source = 'shop', tier = FIRST_TIER, email }: { id: string; source?: string; tier?: string; email?: string },
): Promise<void> {
  await db.sql`
    insert into member (id, source, display_name, email, joined_at, tier_code, tier_reviewed_at)
    values (${id}, ${source}, ${`Member ${id}`}, ${email ?? null}, ${EPOCH}, ${tier}, ${EPOCH})`
}

export async function addProduct(
  db: Db,
  product: { sku: string; nameEn?: string; nameZh?: string; category?: string; priceMinor?: number; inStock?: boolean },
): Promise<void> {
  const { sku, nameEn = `Item ${sku}`, nameZh, category, priceMinor = 100, inStock = true } = product
  await db.sql`
    insert into product (sku, source, name_en, name_zh, category_code, price_minor, in_stock)
    values (${sku}, 'shop', ${nameEn}, ${nameZh ?? null}, ${category ?? null}, ${priceMinor}, ${inStock})`
  if (category !== undefined) {
    await db.sql`
      insert into category (code, name_en, name_zh) values (${category}, ${category}, ${`${category}类`})
      on conflict do nothing`
  }
}

export interface OrderFixture {
  id: string
  member?: string
  source?: string
  at: string
  status?: string
  /** Minor units; default: the sum of the lines. Refunds are given and stored negative. */
  total?: number
  /** Number of the sale that this one refunds. */
  refundOf?: string
  /** `[sku, quantity, unit price]`. */
  lines?: readonly (readonly [string, number, number?])[]
}

/** One order, or a refund when `refundOf` is given; its lines then refund the sale's lines of the same products. */
export async function addOrder(db: Db, order: OrderFixture): Promise<void> {
  const { id, member, source = 'shop', at, status = 'delivered', refundOf, lines = [] } = order
  const total = order.total ?? lines.reduce((sum, [, quantity, price = 100]) => sum + quantity * price, 0)
  const kind = refundOf === undefined ? 'sale' : 'refund'
  const [row] = await db.sql<{ id: number; saleId: number | null }>`
    insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency, refunds_order_id)
    values (${source}, ${id}, ${member ?? null}, ${kind}, ${status}, ${new Date(at)}, ${total}, 'GBP',
      (select id from shop_order where external_id = ${refundOf ?? null}))
    returning id, refunds_order_id as "saleId"`
  for (const [index, [sku, quantity, price = 100]] of lines.entries()) {
    await db.sql`
      insert into order_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor)
      values (${row?.id}, ${index + 1}, ${sku}, ${quantity}, ${price}, ${quantity * price})`
    await db.sql`
      insert into line_refund (refund_order_id, refund_line_no, sale_order_id, sale_line_no, quantity, amount_minor)
      select ${row?.id}, ${index + 1}, order_id, line_no, ${-quantity}, ${-quantity * price}
      from order_line where order_id = ${row?.saleId ?? null} and sku = ${sku}`
  }
}
