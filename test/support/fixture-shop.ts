import { useCode, voidCode } from '../../src/core/coupons/issued'
import { redeemCoupon } from '../../src/core/coupons/redeem'
import { openBulk, recordBulk } from '../../src/core/points/bulk'
import { earn } from '../../src/core/points/earn'
import { refreshPopularity } from '../../src/core/recommendations/popularity'
import { ensureTiers } from '../../src/core/tiers/ladder'
import { reviewTiers } from '../../src/core/tiers/review'
import type { Database } from '../../src/db/open'
import type { Tx } from '../../src/db/sql'
import type { ScenarioDatabase } from './rolled-back'

// A tiny shop on a fixed day (22 November 2026), for conversations. M1 has something of everything; M2 is the neighbour
// whose things nobody else may see; M3 is new and has nothing.

/** Whatever of these shows up in somebody else's conversation is a leak. */
export const NEIGHBOUR_SECRETS = ['Ben', '77,777', '77777', 'B2001', 'TRK9999', 'ben@example.com'] as const

const members = [
  { id: 'M1', name: 'Ada', email: 'ada@example.com' },
  { id: 'M2', name: 'Ben', email: 'ben@example.com' },
  { id: 'M3', name: null, email: null },
] as const

const categories = [
  { code: 'tea', en: 'Tea', zh: '茶叶' },
  { code: 'biscuits', en: 'Biscuits', zh: '饼干' },
  { code: 'home', en: 'Home', zh: '家居' },
] as const

const products = [
  { sku: 'T1', en: 'Green tea', zh: '绿茶', category: 'tea', price: 850 },
  { sku: 'T2', en: 'Earl Grey', zh: '伯爵红茶', category: 'tea', price: 700 },
  { sku: 'T3', en: 'Assam', zh: '阿萨姆红茶', category: 'tea', price: 650 },
  { sku: 'B1', en: 'Oat biscuits', zh: '燕麦饼干', category: 'biscuits', price: 320 },
  { sku: 'B2', en: 'Ginger snaps', zh: '姜饼', category: 'biscuits', price: 290 },
  { sku: 'H1', en: 'Teapot', zh: '茶壶', category: 'home', price: 2400 },
  { sku: 'H2', en: 'Mug [blue]', zh: '马克杯[蓝]', category: 'home', price: 900 },
  { sku: 'H3', en: 'Tea towel', zh: '茶巾', category: 'home', price: 450 },
] as const

interface OrderRow {
  id: string
  member: string
  at: string
  status: string
  lines: readonly (readonly [sku: string, quantity: number])[]
  tracking?: string
  expected?: string
  refunds?: string
}

const orders: readonly OrderRow[] = [
  { id: 'A0900', member: 'M1', at: '2026-03-01', status: 'delivered', lines: [['H1', 25]] },
  {
    id: 'A1001',
    member: 'M1',
    at: '2026-08-20',
    status: 'delivered',
    lines: [
      ['T1', 2],
      ['B1', 1],
    ],
  },
  { id: 'A1002', member: 'M1', at: '2026-09-21', status: 'delivered', lines: [['T1', 2]] },
  {
    id: 'A1003',
    member: 'M1',
    at: '2026-10-22',
    status: 'delivered',
    lines: [
      ['T1', 2],
      ['H1', 1],
    ],
  },
  { id: 'R1003', member: 'M1', at: '2026-10-28', status: 'refunded', lines: [['H1', -1]], refunds: 'A1003' },
  {
    ...{ id: 'A1004', member: 'M1', at: '2026-11-18', status: 'shipped', tracking: 'TRK4471', expected: '2026-11-25' },
    lines: [
      ['B1', 2],
      ['H2', 1],
    ],
  },
  {
    id: 'A1005',
    member: 'M1',
    at: '2026-11-21',
    status: 'placed',
    expected: '2026-11-21T20:00:00Z',
    lines: [['T2', 1]],
  },
  {
    ...{ id: 'B2001', member: 'M2', at: '2026-11-10', status: 'shipped', tracking: 'TRK9999', expected: '2026-11-24' },
    lines: [
      ['T3', 1],
      ['B2', 2],
      ['H3', 1],
    ],
  },
]

interface CouponRow {
  id: string
  kind: string
  en: string
  zh: string
  cost: number
  value?: number
  sku?: string
  stock?: number
  limit?: number
  tierRank?: number
}

const coupons: readonly CouponRow[] = [
  { id: 'delivery', kind: 'free-shipping', en: 'Free delivery', zh: '免运费券', cost: 150, stock: 1 },
  { id: 'biscuits', kind: 'free-item', en: 'Free biscuits', zh: '免费饼干券', cost: 400, sku: 'B1' },
  { id: 'five-off', kind: 'amount-off', en: '£5 off', zh: '5英镑抵用券', cost: 500, value: 500, limit: 2 },
  { id: 'ten-percent', kind: 'percent-off', en: '10% off', zh: '九折券', cost: 1000, value: 10, tierRank: 2 },
  { id: 'teapot', kind: 'free-item', en: 'Free teapot', zh: '茶壶兑换券', cost: 3000, sku: 'H1' },
]

/** Fills an empty, migrated database. Points are earned through the ledger, all else is what an import would write. */
export async function fillFixtureShop(database: Database): Promise<void> {
  await database.tx(async (tx) => {
    await insertShop(tx)
    await insertOrders(tx)
    await insertCoupons(tx)
    await earnPoints(tx)
    await reviewTiers(tx, { at: new Date('2026-11-22T00:00:00Z') })
    await refreshPopularity(tx, { at: new Date('2026-11-22T00:00:00Z') })
  })
}

async function insertShop(tx: Tx): Promise<void> {
  await tx.sql`insert into source (name, imported_at) values ('shop', '2026-11-01')`
  await ensureTiers(tx)
  for (const { id, name, email } of members) {
    await tx.sql`
      insert into member (id, source, display_name, email, joined_at, tier_code, tier_reviewed_at)
      values (${id}, 'shop', ${name}, ${email}, '2025-01-01', 'member', '2025-01-01')`
  }
  for (const { code, en, zh } of categories) {
    await tx.sql`insert into category (code, name_en, name_zh) values (${code}, ${en}, ${zh})`
  }
  for (const { sku, en, zh, category, price } of products) {
    await tx.sql`
      insert into product (sku, source, name_en, name_zh, category_code, price_minor)
      values (${sku}, 'shop', ${en}, ${zh}, ${category}, ${price})`
  }
}

async function insertOrders(tx: Tx): Promise<void> {
  for (const { id, member, at, status, lines, tracking, expected, refunds } of orders) {
    const priced = lines.map(([sku, quantity]) => ({ sku, quantity, price: priceOf(sku) }))
    const total = priced.reduce((sum, { quantity, price }) => sum + quantity * price, 0)
    const placedAt = new Date(`${at}T09:00:00Z`)
    const [row] = await tx.sql<{ id: number }>`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency, refunds_order_id,
        tracking_code, expected_at)
      values ('shop', ${id}, ${member}, ${refunds ? 'refund' : 'sale'}, ${status}, ${placedAt}, ${total}, 'GBP',
        (select id from shop_order where external_id = ${refunds ?? null}), ${tracking ?? null},
        ${expected === undefined ? null : new Date(expected)})
      returning id`
    for (const [index, { sku, quantity, price }] of priced.entries()) {
      await tx.sql`
        insert into order_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor)
        values (${row?.id}, ${index + 1}, ${sku}, ${quantity}, ${price}, ${quantity * price})`
    }
  }
}

function priceOf(sku: string): number {
  const product = products.find((each) => each.sku === sku)
  if (!product) throw new Error(`the fixture has no product ${sku}`)
  return product.price
}

async function insertCoupons(tx: Tx): Promise<void> {
  for (const coupon of coupons) {
    const { value = 0, sku = null, stock = null, limit = null, tierRank = 0 } = coupon
    await tx.sql`
      insert into coupon (id, kind, name_en, name_zh, value, sku, cost_points, stock, per_member_limit, starts_at, min_tier_rank)
      values (${coupon.id}, ${coupon.kind}, ${coupon.en}, ${coupon.zh}, ${value}, ${sku}, ${coupon.cost}, ${stock}, ${limit},
        '2026-01-01', ${tierRank})`
  }
}

const earned = [
  {
    member: 'M1',
    key: 'A0900',
    points: 1200,
    at: '2026-03-01',
    available: '2026-03-01',
    expires: '2028-03-31T23:00:00Z',
  },
  { member: 'M1', key: 'welcome', points: 200, at: '2026-01-10', available: '2026-01-10', expires: '2026-12-01' },
  { member: 'M1', key: 'A1004', points: 15, at: '2026-11-18', available: '2026-12-02', expires: '2028-12-01' },
  { member: 'M2', key: 'B2001', points: 77_777, at: '2026-11-10', available: '2026-11-10', expires: '2028-12-01' },
] as const

async function earnPoints(tx: Tx): Promise<void> {
  await openBulk(tx)
  for (const { member, key, points, at, available, expires } of earned) {
    await tx.sql`
      insert into ledger_bulk (kind, member_id, source, external_id, order_id, points, occurred_at, available_at, expires_at)
      values ('earn', ${member}, 'order', ${key}, (select id from shop_order where external_id = ${key}), ${points},
        ${new Date(at)}, ${new Date(available)}, ${new Date(expires)})`
  }
  const result = await recordBulk(tx, { at: new Date('2026-11-22T00:00:00Z') })
  if (result.earned !== earned.length) throw new Error(`the fixture's points were refused: ${JSON.stringify(result)}`)
}

/** Changes behind the bot's back, for the middle of a conversation. */
export const changes: Readonly<Record<string, (db: ScenarioDatabase, conversationId?: string) => Promise<unknown>>> = {
  'closed-request': ({ sql }, conversationId = 'test') => sql`
    insert into handoff_request (channel, conversation_id, member_id, locale, reason, said, status, resolution, external_id,
      requested_at, waiting_since, closed_at)
    values ('test', ${conversationId}, 'M1', 'en', 'asked', 'agent', 'closed', 'assumed', ${conversationId},
      '2026-11-22T09:30Z', '2026-11-22T09:30Z', '2026-11-22T09:58Z')`,
  'raise-price': ({ sql }) => sql`update coupon set cost_points = 450 where id = 'biscuits'`,
  'sell-out-teapot': ({ sql }) => sql`update product set in_stock = false where sku = 'H1'`,
  'sell-out-green-tea': ({ sql }) => sql`update product set in_stock = false where sku = 'T1'`,
  'sell-out': (db) => redeemForNeighbour(db, 'delivery'),
  withdraw: ({ sql }) => sql`update coupon set ends_at = '2026-11-22T09:59:00Z' where id = 'biscuits'`,
  platinum: (db) =>
    db.tx(async (tx) => {
      await tx.sql`
        insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
        values ('shop', 'A9999', 'M1', 'sale', 'delivered', '2026-11-01', 600000, 'GBP')`
      await reviewTiers(tx, { memberIds: ['M1'], at: CHANGED_AT })
    }),
  'ginger-gone': ({ sql }) => sql`delete from product where sku = 'B2'`,
  'use-coupon': async (db) => useCode(db, { code: await lastCode(db), ref: 'sale 1', at: CHANGED_AT }),
  'void-coupon': async (db) => voidCode(db, { code: await lastCode(db), at: CHANGED_AT }),
  'neighbour-coupon': (db) => redeemForNeighbour(db, 'biscuits'),
  'many-earnings': async (db) => {
    for (let day = 1; day <= 15; day++) {
      const at = new Date(Date.UTC(2026, 9, day, 12))
      const key = { source: 'test', externalId: `day ${day}` }
      await earn(db, { memberId: 'M1', points: day, ...key, occurredAt: at, at: CHANGED_AT })
    }
  },
  'many-popular': ({ sql }) => sql`
    with made as (
      insert into product (sku, source, name_en, name_zh, category_code, price_minor)
      select 'X' || n, 'shop', 'Blend ' || n, '拼配茶 ' || n, 'tea', 500 + n from generate_series(1, 9) n
      returning sku
    )
    insert into product_popularity (source, sku, buyers) select 'shop', sku, 20 from made`,
  'models-scored': ({ sql }) => sql`
    with white as (
      insert into product (sku, source, name_en, name_zh, category_code, price_minor)
      values ('T9', 'shop', 'White tea', '白茶', 'tea', 1200)
    ), habit as (
      insert into product_habit (source, sku, buyers, again_buyers) values ('shop', 'T9', 0, 0)
    ), scoring as (
      insert into member_item_scoring (kind, model_id, scored_at) values ('next', 1, '2026-11-22T03:00:00Z')
    )
    insert into member_item (member_id, kind, sku, score, gap_days, near_buyers, with_sku, with_buyers) values
      ('M1', 'next', 'T1', 1, 32, 0, null, 0), ('M1', 'next', 'T3', 0.8, null, 5, null, 0),
      ('M1', 'next', 'H2', 0.6, 60, 0, null, 0), ('M1', 'new', 'H3', 0.4, null, 0, 'H2', 12)`,
  'topics-scored': ({ sql }) => sql`
    insert into next_topic (before, topic, place, next, share) values
      ('', 'cancel-order', 1, 'get-refund', 0.4), ('', 'cancel-order', 2, 'delivery-options', 0.2),
      ('', 'cancel-order', 3, 'no-such-page', 0.1), ('', 'get-refund', 1, 'cancel-order', 0.5),
      ('', 'get-refund', 2, 'delivery-period', 0.2), ('cancel-order', 'get-refund', 1, 'check-payment-methods', 0.6)`,
}

const CHANGED_AT = new Date('2026-11-22T10:00:00Z')

export function redeemForNeighbour(db: ScenarioDatabase, couponId: string) {
  const secretBytes = (length: number) => Buffer.alloc(length, 7)
  return redeemCoupon(db, { memberId: 'M2', couponId, quantity: 1, key: 'neighbour', at: CHANGED_AT, secretBytes })
}

async function lastCode({ sql }: ScenarioDatabase): Promise<string> {
  const [row] = await sql<{
    code: string
  }>`select code from issued_coupon where member_id = 'M1' order by id desc limit 1`
  if (!row) throw new Error('M1 has no coupon yet')
  return row.code
}
