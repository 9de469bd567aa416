import { findProduct, listCategories, loadNames } from '../../../src/core/catalog/read'
import { findOrder, listOrders } from '../../../src/core/orders/read'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../../support/shop'

const database = useDatabase()

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  await addProduct(db, { sku: 'tea', nameEn: 'Tea', nameZh: '茶', category: 'drinks', priceMinor: 450 })
  await addProduct(db, { sku: 'mug', nameEn: 'MUG', category: 'home' })
  await addProduct(db, { sku: 'pot', nameEn: 'POT', category: 'home', inStock: false })
  await addProduct(db, { sku: 'cup', nameEn: 'CUP', category: 'gone', inStock: false })
  for (const id of ['a', 'b']) await addMember(db, { id })
  const lines = [
    ['tea', 2, 450],
    ['mug', 1, 300],
  ] as const
  await addOrder(db, { id: 'A1', member: 'a', at: '2026-01-01T10:00:00Z', lines })
  await addOrder(db, { id: 'a2', member: 'a', at: '2026-01-02T10:00:00Z', lines: [['no-longer-sold', 1]] })
  // In the same minute: told apart by the order in which they came.
  await addOrder(db, { id: 'A3', member: 'a', at: '2026-01-02T10:00:00Z', status: 'shipped' })
  await addOrder(db, {
    id: 'C1',
    member: 'a',
    at: '2026-01-05T10:00:00Z',
    refundOf: 'A1',
    status: 'refunded',
    lines: [['tea', -1, 450]],
  })
  await addOrder(db, { id: 'B1', member: 'b', at: '2026-01-03T10:00:00Z', lines })
  await addOrder(db, { id: 'G1', at: '2026-01-03T10:00:00Z', lines })
  await db.sql`update shop_order set tracking_code = 'T1', expected_at = '2026-01-09' where external_id in ('A1', 'A3')`
})

test('orders come newest first, with what they hold, and nobody else’s', async () => {
  const orders = await listOrders(database.current(), { memberId: 'a', limit: 10 })
  expect(orders.map(({ externalId }) => externalId)).toEqual(['C1', 'A3', 'a2', 'A1'])
  expect(orders[3]).toEqual({
    externalId: 'A1',
    kind: 'sale',
    placedAt: new Date('2026-01-01T10:00:00Z'),
    status: 'delivered',
    totalMinor: 1200,
    currency: 'GBP',
    trackingCode: 'T1',
    lines: [
      { sku: 'tea', name: { en: 'Tea', zh: '茶' }, quantity: 2, amountMinor: 900 },
      { sku: 'mug', name: { en: 'MUG', zh: 'MUG' }, quantity: 1, amountMinor: 300 },
    ],
  })
  expect(orders[0]).toMatchObject({
    kind: 'refund',
    refundOf: 'A1',
    totalMinor: -450,
    lines: [{ sku: 'tea', quantity: -1 }],
  })
  // Once delivered, nothing is expected any more.
  expect(orders[1]).toMatchObject({ trackingCode: 'T1', expectedAt: new Date('2026-01-09') })
  expect(orders[2]?.lines).toEqual([
    { sku: 'no-longer-sold', name: { en: 'no-longer-sold', zh: 'no-longer-sold' }, quantity: 1, amountMinor: 100 },
  ])
})

test('pages go on after the order shown last, orders of the same minute included', async () => {
  const numbers = async (limit: number, before?: string) =>
    (await listOrders(database.current(), { memberId: 'a', limit, ...(before ? { before } : {}) })).map(
      (order) => order.externalId,
    )
  expect(await numbers(2)).toEqual(['C1', 'A3'])
  expect(await numbers(2, 'A3')).toEqual(['a2', 'A1'])
  expect(await numbers(2, 'A1')).toEqual([])
  // Another member's order is no place in this list.
  expect(await numbers(2, 'B1')).toEqual([])
})

test.each([
  ['A1', 'A1'],
  ['a1', 'A1'],
  [' #A2 ', 'a2'],
  ['c1', 'C1'],
  ['B1', undefined],
  ['G1', undefined],
  ['', undefined],
  ["' or 1=1 --", undefined],
])('asked for %j, member a finds %s', async (typed, found) => {
  const order = await findOrder(database.current(), { memberId: 'a', externalId: typed })
  expect(order?.externalId).toBe(found)
})

test('the catalogue: categories with something in stock, names in both languages, one product', async () => {
  const db = database.current()
  expect(await listCategories(db)).toEqual([
    { code: 'drinks', name: { en: 'drinks', zh: 'drinks类' }, products: 1 },
    { code: 'home', name: { en: 'home', zh: 'home类' }, products: 1 },
  ])
  const names = await loadNames(db)
  expect(names.categories.map(({ code }) => code)).toEqual(['drinks', 'gone', 'home'])
  expect(names.products).toContainEqual({ sku: 'tea', name: { en: 'Tea', zh: '茶' }, categoryCode: 'drinks' })
  expect(names.products).toContainEqual({ sku: 'mug', name: { en: 'MUG', zh: 'MUG' }, categoryCode: 'home' })
  expect(await findProduct(db, { sku: 'tea' })).toEqual({
    sku: 'tea',
    name: { en: 'Tea', zh: '茶' },
    categoryCode: 'drinks',
    priceMinor: 450,
    inStock: true,
  })
  expect(await findProduct(db, { sku: 'TEA' })).toBeNull()
})
