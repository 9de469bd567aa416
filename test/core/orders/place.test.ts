import { type NewOrder, type OrderOutcome, recordOrder } from '../../../src/core/orders/place'
import { readBalance } from '../../../src/core/points/balance'
import { verifyLedger } from '../../../src/core/points/verify'
import { findTierFaults } from '../../../src/core/tiers/faults'
import { readStanding } from '../../../src/core/tiers/standing'
import { useDatabase } from '../../support/database'
import { addMember, addProduct, setUpShop } from '../../support/shop'

const database = useDatabase()
const AT = new Date('2026-11-22T10:00:00Z')
const PLACED_AT = new Date('2026-11-22T09:55:00Z')

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  await addProduct(db, { sku: 'tea', priceMinor: 450 })
  await addProduct(db, { sku: 'mug', priceMinor: 1250 })
})

const record = (order: NewOrder): Promise<OrderOutcome> => database.current().tx((tx) => recordOrder(tx, order))

let count = 0
/** An order of a new member: two packets of tea and a mug, £21.50. */
async function newOrder(changes: Partial<NewOrder> = {}): Promise<NewOrder & { memberId: string }> {
  count += 1
  const memberId = `P${count}`
  await addMember(database.current(), { id: memberId })
  const lines = [
    { sku: 'tea', quantity: 2 },
    { sku: 'mug', quantity: 1 },
  ]
  return { source: 'web', externalId: `W${count}`, memberId, placedAt: PLACED_AT, lines, at: AT, ...changes }
}

const receiptOf = (outcome: OrderOutcome) => {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code}`)
  return outcome.receipt
}

const rowsOf = async (externalId: string) =>
  (
    await database.current().sql<{ orders: number; lines: number; transfers: number }>`
      select count(distinct shop_order.id)::int as orders, count(distinct line_no)::int as lines,
        count(distinct transfer.id)::int as transfers
      from shop_order left join order_line on order_id = shop_order.id left join transfer on transfer.order_id = shop_order.id
      where shop_order.external_id = ${externalId}`
  )[0]

test('an order is stored with its lines and earns a point for each whole pound, pending for two weeks', async () => {
  const order = await newOrder()
  const receipt = receiptOf(await record(order))
  expect(receipt).toEqual({
    orderId: expect.any(Number),
    totalMinor: 2150,
    points: 21,
    availableAt: new Date('2026-12-06T09:55:00Z'),
    replayed: false,
  })
  expect(await readBalance(database.current(), { memberId: order.memberId, at: AT })).toMatchObject({
    available: 0,
    pending: 21,
  })
  const later = new Date('2026-12-06T10:00:00Z')
  const balance = await readBalance(database.current(), { memberId: order.memberId, at: later })
  // The end of the month 24 months later, by London's calendar.
  expect(balance).toMatchObject({ available: 21, nextExpiry: { points: 21, at: new Date('2028-12-01T00:00:00Z') } })
})

test('the same order again answers alike and does nothing', async () => {
  const order = await newOrder()
  const first = receiptOf(await record(order))
  const again = receiptOf(await record({ ...order, at: new Date('2026-11-23T10:00:00Z') }))
  expect(again).toEqual({ ...first, replayed: true })
  expect(await rowsOf(order.externalId)).toEqual({ orders: 1, lines: 2, transfers: 1 })
})

test('the same order many times at once is recorded once', async () => {
  const order = await newOrder()
  const receipts = (await Promise.all(Array.from({ length: 8 }, () => record(order)))).map(receiptOf)
  expect(receipts.filter(({ replayed }) => !replayed)).toHaveLength(1)
  expect(new Set(receipts.map(({ orderId }) => orderId)).size).toBe(1)
  expect(await rowsOf(order.externalId)).toEqual({ orders: 1, lines: 2, transfers: 1 })
})

test('a price that changed since is no other input; the order keeps the price of its day', async () => {
  const db = database.current()
  await addProduct(db, { sku: 'moving', priceMinor: 100 })
  const order = await newOrder({ lines: [{ sku: 'moving', quantity: 3 }] })
  expect(receiptOf(await record(order)).totalMinor).toBe(300)
  await db.sql`update product set price_minor = 999 where sku = 'moving'`
  expect(receiptOf(await record(order))).toMatchObject({ totalMinor: 300, replayed: true })
})

describe('the same number with other input is refused, and changes nothing', () => {
  test.each<[string, (order: NewOrder) => Partial<NewOrder>]>([
    ['another member', () => ({ memberId: 'P1' })],
    ['a guest', () => ({ memberId: undefined })],
    ['another day', () => ({ placedAt: new Date('2026-11-22T09:56:00Z') })],
    ['another total', () => ({ totalMinor: 2151 })],
    ['another quantity', ({ lines }) => ({ lines: [{ ...lines[0]!, quantity: 3 }, lines[1]!] })],
    ['another product', ({ lines }) => ({ lines: [{ sku: 'mug', quantity: 2 }, lines[1]!] })],
    ['another price', ({ lines }) => ({ lines: [{ ...lines[0]!, unitPriceMinor: 449 }, lines[1]!] })],
    ['another amount', ({ lines }) => ({ lines: [{ ...lines[0]!, amountMinor: 899 }, lines[1]!] })],
    ['a line less', ({ lines }) => ({ lines: lines.slice(1) })],
    ['a line more', ({ lines }) => ({ lines: [...lines, { sku: 'tea', quantity: 1 }] })],
  ])('%s', async (_name, change) => {
    const order = await newOrder()
    const first = receiptOf(await record(order))
    expect(await record({ ...order, ...change(order) })).toEqual({ ok: false, code: 'key-reused' })
    expect(receiptOf(await record(order))).toEqual({ ...first, replayed: true })
  })

  test('but the same number from another system is another order', async () => {
    const order = await newOrder()
    await record(order)
    expect(receiptOf(await record({ ...order, source: 'till' })).replayed).toBe(false)
  })
})

describe('refused, with nothing stored', () => {
  const one = (change: object) => ({ lines: [{ sku: 'tea', quantity: 1, ...change }] })
  test.each<[string, Partial<NewOrder>, object]>([
    ['no lines', { lines: [] }, { code: 'no-lines' }],
    ['nothing of it', one({ quantity: 0 }), { code: 'invalid-quantity' }],
    ['less than nothing', one({ quantity: -1 }), { code: 'invalid-quantity' }],
    ['half a packet', one({ quantity: 0.5 }), { code: 'invalid-quantity' }],
    ['an absurd number', one({ quantity: 1e9 }), { code: 'invalid-quantity' }],
    ['a negative price', one({ unitPriceMinor: -5 }), { code: 'invalid-amount' }],
    ['half a penny', one({ unitPriceMinor: 0.5 }), { code: 'invalid-amount' }],
    ['an absurd price', one({ unitPriceMinor: 3e9 }), { code: 'invalid-amount' }],
    ['more than price times quantity', one({ amountMinor: 451 }), { code: 'invalid-amount' }],
    ['a negative amount', one({ amountMinor: -1 }), { code: 'invalid-amount' }],
    ['a negative total', { totalMinor: -1 }, { code: 'invalid-amount' }],
    ['an absurd total', { totalMinor: 1e15 }, { code: 'invalid-amount' }],
    ['tomorrow', { placedAt: new Date('2026-11-23T10:00:00Z') }, { code: 'placed-in-future' }],
    ['no date', { placedAt: new Date('never') }, { code: 'placed-in-future' }],
    ['an unknown member', { memberId: 'nobody' }, { code: 'unknown-member' }],
    [
      'products that are not in the catalogue',
      {
        lines: [
          { sku: 'tea', quantity: 1 },
          { sku: 'x', quantity: 1 },
          { sku: 'y', quantity: 1 },
          { sku: 'x', quantity: 2 },
        ],
      },
      { code: 'unknown-sku', skus: ['x', 'y'] },
    ],
  ])('%s', async (_name, change, refusal) => {
    const order = await newOrder(change)
    expect(await record(order)).toEqual({ ok: false, ...refusal })
    expect(await rowsOf(order.externalId)).toEqual({ orders: 0, lines: 0, transfers: 0 })
  })
})

test.each<[string, Partial<NewOrder>, number, number]>([
  ['delivery on top earns too', { totalMinor: 2545 }, 2545, 25],
  ['a discount earns less', { totalMinor: 1999 }, 1999, 19],
  ['under a pound earns nothing', { totalMinor: 99 }, 99, 0],
  ['nothing to pay earns nothing', { totalMinor: 0 }, 0, 0],
  ['a line at a reduced amount', { lines: [{ sku: 'mug', quantity: 2, amountMinor: 2000 }] }, 2000, 20],
])('%s', async (_name, change, totalMinor, points) => {
  expect(receiptOf(await record(await newOrder(change)))).toMatchObject({ totalMinor, points })
})

test('a guest’s order is stored and earns nothing', async () => {
  const { memberId: _, ...order } = await newOrder()
  expect(receiptOf(await record(order))).toEqual({
    orderId: expect.any(Number),
    totalMinor: 2150,
    points: 0,
    replayed: false,
  })
  expect(receiptOf(await record(order)).replayed).toBe(true)
})

test('an order that reaches a threshold lifts the tier at once; the next keeps it', async () => {
  const order = await newOrder({ totalMinor: 500_00 })
  const { memberId } = order
  expect(receiptOf(await record(order)).tierMove).toEqual({ memberId, fromTier: 'member', toTier: 'silver' })
  expect(receiptOf(await record({ ...order, externalId: 'next', totalMinor: 100 })).tierMove).toBeUndefined()
  const standing = await readStanding(database.current(), { memberId, at: AT })
  expect(standing).toMatchObject({
    tier: { code: 'silver' },
    spentMinor: 501_00,
    next: { code: 'gold', missingMinor: 1_499_00 },
  })
})

test('a live order shows that an old import’s books go on', async () => {
  const db = database.current()
  await setUpShop(db, { source: 'import', horizonAt: new Date('2026-06-30T12:00:00Z') })
  await addMember(db, { id: 'imported', source: 'import' })
  const order = await newOrder({ memberId: 'imported', totalMinor: 600_00 })
  expect(receiptOf(await record(order)).tierMove).toMatchObject({ toTier: 'silver' })
  expect(await readStanding(db, { memberId: 'imported', at: AT })).toMatchObject({ windowEnd: AT, spentMinor: 600_00 })
})

test('the merchant’s own terms hold: other rules, other waiting time', async () => {
  const db = database.current()
  const settings = {
    earnRules: [
      { code: 'per-amount-spent', args: { points: 2, perMinor: 100 } },
      { code: 'bonus-from-amount', args: { points: 50, fromMinor: 2000 } },
    ],
    pendingDays: 0,
  }
  await db.sql`update merchant set settings = ${settings}`
  const receipt = receiptOf(await record(await newOrder()))
  await db.sql`update merchant set settings = '{}'`
  expect(receipt).toMatchObject({ points: 92, availableAt: PLACED_AT })
})

test('after all that the books are in order', async () => {
  const invariants = await verifyLedger(database.current(), { at: AT })
  expect(invariants.filter(({ ok }) => !ok)).toEqual([])
  expect(await findTierFaults(database.current())).toEqual([])
})
