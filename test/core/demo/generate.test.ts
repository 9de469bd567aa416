import { createHash } from 'node:crypto'
import { demoProducts, demoShelves } from '../../../src/core/demo/catalogue/products'
import { demoMembers } from '../../../src/core/demo/demo-members'
import { type DemoShop, generateDemoShop } from '../../../src/core/demo/generate'
import { historyOf } from '../../../src/core/demo/history'
import { DROPOUT, householdOf, ORDER_RATE, popularityDraw } from '../../../src/core/demo/household'
import { createRandom } from '../../../src/ml/random'

const DAY_MS = 24 * 60 * 60 * 1000
const AT = new Date('2026-11-22T10:00:00Z')
const timeZone = 'Europe/London'
let shop: DemoShop

beforeAll(() => {
  shop = generateDemoShop({ at: AT, timeZone })
})

const hashOf = ({ members, products, orders, refunds }: DemoShop) =>
  createHash('sha256').update(JSON.stringify({ members, products, orders, refunds })).digest('hex').slice(0, 16)

/** Days between an order and the member's next, of members with many orders. */
function gapsOf(memberId: string): number[] {
  const times = shop.orders.filter((order) => order.memberId === memberId).map((order) => order.placedAt.getTime())
  return times.slice(1).map((time, index) => (time - times[index]!) / DAY_MS)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the catalogue', () => {
  test('has 400 products in 16 categories of 25, each with a name of its own in both languages', () => {
    expect(demoShelves).toHaveLength(16)
    expect(demoProducts).toHaveLength(400)
    for (const { code } of demoShelves) {
      expect(demoProducts.filter((product) => product.categoryCode === code)).toHaveLength(25)
    }
    for (const key of ['sku', 'nameEn', 'nameZh'] as const) {
      expect(new Set(demoProducts.map((product) => product[key])).size).toBe(400)
    }
  })

  test('says everything in its language: no Chinese in English names, Chinese in Chinese ones', () => {
    for (const { nameEn, nameZh } of demoProducts) {
      expect(nameEn).toMatch(/^[A-Z0-9][\w\s,.&%-]+$/)
      expect(nameZh).toMatch(/\p{Script=Han}{2,}/u)
      expect(nameZh).not.toMatch(/ {2}|undefined/)
    }
  })

  test('prices are between 50 pence and 70 pounds', () => {
    for (const { priceMinor } of demoProducts) {
      expect(priceMinor).toBeGreaterThanOrEqual(50)
      expect(priceMinor).toBeLessThanOrEqual(70_00)
    }
  })
})

describe('the shop', () => {
  test('is the same on the same day, whatever the hour', () => {
    expect(hashOf(generateDemoShop({ at: new Date('2026-11-22T23:59:59Z'), timeZone }))).toBe(hashOf(shop))
    expect(hashOf(generateDemoShop({ at: new Date('2026-11-23T00:00:00Z'), timeZone }))).not.toBe(hashOf(shop))
  })

  test('is what it was when this was written; a change to it is a change for everybody who knows it', () => {
    expect(hashOf(shop)).toMatchInlineSnapshot(`"779627c6b4f68fec"`)
  })

  test('covers 18 months and ends before today', () => {
    expect(shop.members).toHaveLength(2_000)
    expect(shop.orders.length).toBeGreaterThan(15_000)
    const times = shop.orders.map((order) => order.placedAt.getTime())
    expect(new Date(Math.min(...times)).toISOString().slice(0, 10)).toBe('2025-05-01')
    expect(Math.max(...times)).toBeLessThan(Date.parse('2026-11-22T00:00:00Z'))
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('keeps its books: numbers are unique, totals are the sum of lines, refunds give back what was bought, later', () => {
    const numbers = [...shop.orders, ...shop.refunds].map(({ externalId }) => externalId)
    expect(new Set(numbers).size).toBe(numbers.length)
    const faulty = shop.orders.filter(({ lines, totalMinor }) => {
      const sum = lines.reduce((total, line) => total + line.quantity * line.unitPriceMinor, 0)
      return lines.length === 0 || new Set(lines.map(({ sku }) => sku)).size < lines.length || sum !== totalMinor
    })
    expect(faulty).toEqual([])
    const sales = new Map(shop.orders.map((order) => [order.externalId, order]))
    for (const refund of shop.refunds) {
      const sale = sales.get(refund.saleExternalId)!
      expect(sale.memberId).toBe(refund.memberId)
      expect(refund.placedAt.getTime()).toBeGreaterThan(sale.placedAt.getTime())
      for (const { lineIndex, quantity } of refund.returned) expect(sale.lines[lineIndex]!.quantity).toBe(quantity)
    }
    expect(shop.refunds.length / shop.orders.length).toBeCloseTo(0.02, 2)
  })

  test('has people of both languages with addresses that reach nobody', () => {
    const chinese = shop.members.filter(({ locale }) => locale === 'zh')
    expect(chinese.length / shop.members.length).toBeGreaterThan(0.2)
    for (const { displayName } of chinese) expect(displayName).toMatch(/^\p{Script=Han}{2,4}$/u)
    expect(new Set(shop.members.map(({ email }) => email)).size).toBe(2_000)
    for (const { email } of shop.members) expect(email).toMatch(/^[a-z.0-9]+@example\.com$/)
  })

  test.each([
    // Days ago, what may be: yesterday is packed, then on its way, then there.
    [1, ['placed', 'cancelled']],
    [2, ['shipped', 'cancelled']],
    [3, ['shipped', 'cancelled']],
    [4, ['delivered', 'cancelled', 'refunded']],
  ])('orders of %i days ago are %j', (daysAgo, allowed) => {
    const day = new Date(Date.parse('2026-11-22T12:00:00Z') - daysAgo * DAY_MS).toISOString().slice(0, 10)
    const orders = shop.orders.filter(({ placedAt }) => placedAt.toISOString().startsWith(day))
    expect(orders.length).toBeGreaterThan(5)
    for (const { status, trackingCode, expectedAt } of orders) {
      expect(allowed).toContain(status)
      expect(trackingCode !== null).toBe(status === 'shipped' || status === 'delivered')
      expect(expectedAt !== null && expectedAt > AT).toBe(status === 'shipped' || status === 'placed')
    }
  })
})

describe('buying follows the process that it is drawn from', () => {
  test('popularity is skewed: the best tenth of the products makes up a third of what is sold, the worst half a quarter', () => {
    const sold = new Map(demoProducts.map(({ sku }) => [sku, 0]))
    for (const { lines } of shop.orders) for (const { sku } of lines) sold.set(sku, sold.get(sku)! + 1)
    const counts = [...sold.values()].sort((a, b) => b - a)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const share = (from: number, to: number) => counts.slice(from, to).reduce((sum, count) => sum + count, 0) / total
    expect(share(0, 40)).toBeGreaterThan(0.28)
    expect(share(200, 400)).toBeLessThan(0.3)
    expect(counts.at(-1)).toBeGreaterThan(0)
  })

  test('a household without end orders at its own rate, and every gap is as likely early as late', () => {
    const gaps = gapsOf('M0005')
    expect(gaps.length).toBeGreaterThan(50)
    // M0005 was made to order every 7 days, a little faster before Christmas.
    expect(mean(gaps)).toBeGreaterThan(5.5)
    expect(mean(gaps)).toBeLessThan(9)
  })

  test('rates and dropout are drawn from their gamma and beta', () => {
    const random = createRandom('households')
    const drawProduct = popularityDraw(createRandom('p'), demoProducts)
    const households = Array.from({ length: 4_000 }, () => householdOf(random, drawProduct))
    expect(mean(households.map(({ ordersPerDay }) => ordersPerDay))).toBeCloseTo(ORDER_RATE.shape / ORDER_RATE.rate, 2)
    expect(mean(households.map(({ dropout }) => dropout))).toBeCloseTo(DROPOUT.a / (DROPOUT.a + DROPOUT.b), 2)
    for (const { staples } of households) {
      expect(staples.length).toBeGreaterThanOrEqual(5)
      expect(staples.length).toBeLessThanOrEqual(25)
    }
  })

  test('the number of orders of a household that may leave is geometric', () => {
    const drawProduct = popularityDraw(createRandom('p'), demoProducts)
    const staples = householdOf(createRandom('one'), drawProduct).staples
    // Fast enough that history does not end first.
    const household = { ordersPerDay: 1, dropout: 0.2, staples, curiosity: 0, portions: 1 }
    const counts = Array.from({ length: 1_500 }, (_, index) => {
      const options = { household, calendar: shop.calendar, firstDay: 0, drawProduct }
      return historyOf(createRandom(`life ${index}`), options).length
    })
    // At most one order a day: orders that fall on the same day become one, so the mean is a little below 1 / 0.2.
    expect(mean(counts)).toBeGreaterThan(2.6)
    expect(mean(counts)).toBeLessThan(5)
    expect(counts.filter((count) => count === 1).length / counts.length).toBeGreaterThan(0.2)
  })

  test('a staple comes back in its own rhythm', () => {
    const drawProduct = popularityDraw(createRandom('p'), demoProducts)
    const staple = { product: demoProducts[0]!, everyDays: 30 }
    const filler = { product: demoProducts[1]!, everyDays: 2 }
    const household = { ordersPerDay: 0.5, dropout: 0, staples: [staple, filler], curiosity: 0, portions: 1 }
    const baskets = historyOf(createRandom('rhythm'), { household, calendar: shop.calendar, firstDay: 0, drawProduct })
    const days = baskets
      .filter(({ lines }) => lines.some(({ product }) => product === staple.product))
      .map(({ day }) => day)
    const gaps = days.slice(1).map((day, index) => day - days[index]!)
    expect(gaps.length).toBeGreaterThan(12)
    expect(mean(gaps)).toBeGreaterThan(25)
    expect(mean(gaps)).toBeLessThan(35)
    // A Poisson of that mean would have a deviation of 30.
    expect(Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)))).toBeLessThan(18)
  })
})

describe.each(['2026-11-22', '2026-01-31', '2027-03-01', '2028-02-29'])('the designed members on %s', (day) => {
  const at = new Date(`${day}T10:00:00Z`)
  let drawn: DemoShop
  beforeAll(() => {
    drawn = generateDemoShop({ at, timeZone })
  })
  const ordersOf = (id: string) => drawn.orders.filter((order) => order.memberId === id)
  const daysAgo = (date: Date) => Math.ceil((drawn.calendar.today.getTime() - date.getTime()) / DAY_MS)

  test('stand first, as they are described', () => {
    expect(drawn.members.slice(0, demoMembers.length)).toEqual(
      demoMembers.map(({ id, displayName, email, locale }) =>
        expect.objectContaining({ id, displayName, email, locale }),
      ),
    )
  })

  test.each([
    ['M0001', 2_000_00, 5_000_00],
    ['M0002', 0, 0],
    ['M0003', 500_00, 2_000_00],
    ['M0005', 5_000_00, Number.POSITIVE_INFINITY],
  ])('%s spends enough for the tier, and not for the next', (id, from, below) => {
    const yearAgo = at.getTime() - 365 * DAY_MS
    const spent = ordersOf(id)
      .filter(({ placedAt }) => placedAt.getTime() > yearAgo)
      .reduce((sum, order) => sum + order.totalMinor, 0)
    expect(spent).toBeGreaterThanOrEqual(from)
    if (below > 0) expect(spent).toBeLessThan(below)
    else expect(spent).toBe(0)
  })

  test('M0001 and M0003 wait for an order, M0001 and M0006 sent something back, M0004 is long gone, M0007 is new', () => {
    for (const id of ['M0001', 'M0003']) expect(ordersOf(id).at(-1)!.status).toBe('shipped')
    expect(
      drawn.refunds
        .filter(({ memberId }) => memberId <= 'M0007')
        .map(({ memberId }) => memberId)
        .sort(),
    ).toEqual(['M0001', 'M0006'])
    expect(daysAgo(ordersOf('M0004').at(-1)!.placedAt)).toBeGreaterThanOrEqual(212)
    expect(ordersOf('M0004')[0]!.placedAt.getTime()).toBeLessThan(drawn.calendar.at(28, 0).getTime())
    expect(ordersOf('M0007').map(({ placedAt }) => daysAgo(placedAt))).toEqual([9, 4])
    expect(ordersOf('M0006').map(({ placedAt }) => daysAgo(placedAt))).toEqual([40, 18])
  })
})
