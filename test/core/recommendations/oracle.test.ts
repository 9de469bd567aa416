import fc from 'fast-check'
import { refreshPopularity } from '../../../src/core/recommendations/popularity'
import { recommend } from '../../../src/core/recommendations/recommend'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../../support/shop'

const database = useDatabase()
const AT = new Date('2026-06-15T12:00:00Z')
const DAY_MS = 86_400_000
const SKUS = ['a', 'b', 'c', 'd', 'e', 'f', 'POST']
const MEMBERS = ['me', 'you', 'they']

/** A small shop by chance. Days are before `AT`; below 0 lies the future. */
const shops = fc.record({
  outOfStock: fc.subarray(SKUS),
  orders: fc.array(
    fc.record({
      member: fc.constantFrom(...MEMBERS),
      daysAgo: fc.integer({ min: -20, max: 200 }),
      status: fc.constantFrom('delivered', 'delivered', 'placed', 'cancelled', 'refunded'),
      skus: fc.subarray(SKUS, { minLength: 1 }),
      returned: fc.option(fc.constantFrom(...SKUS), { nil: undefined }),
    }),
    { maxLength: 25 },
  ),
  limit: fc.integer({ min: 1, max: 8 }),
})
type Shop = typeof shops extends fc.Arbitrary<infer Value> ? Value : never

async function build({ outOfStock, orders }: Shop): Promise<void> {
  const db = database.current()
  await db.sql`
    with lines as (delete from order_line), returns as (delete from line_refund), orders as (delete from shop_order),
      products as (delete from product)
    delete from member`
  await setUpShop(db)
  for (const sku of SKUS)
    await addProduct(db, { sku, category: sku < 'd' ? 'x' : 'y', inStock: !outOfStock.includes(sku) })
  for (const id of MEMBERS) await addMember(db, { id })
  for (const [index, { member, daysAgo, status, skus, returned }] of orders.entries()) {
    const at = new Date(AT.getTime() - daysAgo * DAY_MS).toISOString()
    await addOrder(db, { id: `o${index}`, member, at, status, lines: skus.map((sku) => [sku, 1] as const) })
    if (returned === undefined || !skus.includes(returned)) continue
    await addOrder(db, {
      id: `r${index}`,
      member,
      at,
      status: 'refunded',
      refundOf: `o${index}`,
      lines: [[returned, -1]],
    })
  }
  await refreshPopularity(db, { at: AT })
}

/** Counted the plain way: when a member bought and kept a product, and who bought it lately. */
function truthOf({ orders }: Shop) {
  const counted = orders.filter(
    ({ status, daysAgo }) => status !== 'cancelled' && status !== 'refunded' && daysAgo >= 0,
  )
  const keptDays = (member: string, sku: string) => [
    ...new Set(
      counted
        .filter((order) => order.member === member && order.skus.includes(sku) && order.returned !== sku)
        .map(({ daysAgo }) => daysAgo),
    ),
  ]
  const buyers = (sku: string) =>
    new Set(counted.filter(({ daysAgo, skus }) => daysAgo < 90 && skus.includes(sku)).map(({ member }) => member)).size
  const ever = (member: string, sku: string) =>
    orders.some((order) => order.member === member && order.skus.includes(sku))
  return { keptDays, buyers, ever }
}

test('whatever was bought: every item is to be had, every reason is true, and nothing due is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(shops, async (shop) => {
      await build(shop)
      const { keptDays, buyers, ever } = truthOf(shop)
      const items = await recommend(database.current(), { memberId: 'me', at: AT, limit: shop.limit })
      const skus = items.map(({ sku }) => sku)
      expect(new Set(skus).size).toBe(skus.length)
      expect(items.length).toBeLessThanOrEqual(shop.limit)
      expect(items.map(({ score }) => score)).toEqual(items.map(({ score }) => score).sort((x, y) => y - x))
      for (const { sku, reason } of items) {
        expect(shop.outOfStock).not.toContain(sku)
        expect(sku).not.toBe('POST')
        if (reason.code === 'popular') {
          expect(ever('me', sku)).toBe(false)
          expect(reason.buyers).toBe(buyers(sku))
          continue
        }
        if (reason.code !== 'bought-again') throw new Error(`no model was trained, and yet: ${reason.code}`)
        const days = keptDays('me', sku)
        expect(reason.times).toBe(days.length)
        expect(reason.times).toBeGreaterThanOrEqual(2)
        expect(reason.lastAt).toEqual(new Date(AT.getTime() - Math.min(...days) * DAY_MS))
      }
      if (items.length === shop.limit) return
      // With places left empty, nothing that could be recommended was left out.
      const sellable = SKUS.filter((sku) => sku !== 'POST' && !shop.outOfStock.includes(sku))
      for (const sku of sellable.filter((candidate) => !skus.includes(candidate))) {
        const days = keptDays('me', sku).sort((x, y) => x - y)
        const isNew = !ever('me', sku) && buyers(sku) > 0
        const span = (days.at(-1) ?? 0) - (days[0] ?? 0)
        const isOverdue = days.length >= 2 && (days[0] ?? 0) >= span
        expect([sku, isNew, isOverdue]).toEqual([sku, false, false])
      }
    }),
    { numRuns: 40 },
  )
}, 120_000)
