import { refreshPopularity } from '../../../src/core/recommendations/popularity'
import { type Recommendation, recommend } from '../../../src/core/recommendations/recommend'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../../support/shop'

const database = useDatabase()
const AT = new Date('2026-06-15T12:00:00Z')

/** The instant so many days before `AT`. */
const ago = (days: number) => new Date(AT.getTime() - days * 86_400_000).toISOString()
const skus = (items: readonly Recommendation[]) => items.map(({ sku }) => sku)

const catalogue = [
  ['tea', 'tea'],
  ['milk', 'dairy'],
  ['bread', 'bakery'],
  ['soap', 'home'],
  ['gone', 'tea', false],
  ['rare', 'tea'],
  ['oolong', 'tea'],
  ['sencha', 'tea'],
  ['assam', 'tea'],
  ['candle', 'home'],
] as const

let orders = 0
async function buys(
  member: string,
  days: readonly number[],
  lines: readonly (readonly [string, number])[],
  source = 'shop',
) {
  for (const day of days) {
    orders += 1
    await addOrder(database.current(), { id: `o${orders}`, member, source, at: ago(day), lines })
  }
}

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  for (const [sku, category, inStock = true] of catalogue) {
    await addProduct(db, { sku, category, inStock, nameEn: `The ${sku}`, priceMinor: 250 })
  }
  await addProduct(db, { sku: 'POST', nameEn: 'Postage' })
  await addProduct(db, { sku: 'elsewhere' })
  for (const id of ['regular', 'crowd1', 'crowd2', 'crowd3', 'fresh', 'returner']) await addMember(db, { id })
  await setUpShop(db, { source: 'other' })
  await addMember(db, { id: 'stranger', source: 'other' })

  await buys('regular', [90, 60, 30], [['tea', 1]]) // due today
  await buys('regular', [65, 35, 5], [['milk', 1]]) // just bought, due in 25 days
  await buys('regular', [300, 200, 100], [['bread', 1]]) // due today, and left out of the orders since
  await buys('regular', [80, 50, 20], [['gone', 1]]) // out of stock
  await buys('regular', [90, 60, 30], [['POST', 1]])
  await buys('regular', [40], [['soap', 1]]) // only once
  const crowds = {
    crowd1: ['candle', 'oolong', 'gone', 'POST', 'milk'],
    crowd2: ['candle', 'oolong', 'assam', 'sencha', 'soap'],
    crowd3: ['candle', 'oolong', 'assam', 'sencha'],
  }
  // However often one member buys it, it is one buyer.
  for (const [id, basket] of Object.entries(crowds))
    await buys(
      id,
      [10, 9],
      basket.map((sku) => [sku, 1] as const),
    )
  await buys('crowd3', [200], [['rare', 1]]) // not lately
  await buys('stranger', [40, 20], [['elsewhere', 1]], 'other')
  await refreshPopularity(db, { at: AT })
})

const ask = (memberId: string, limit = 10, categoryCode?: string) =>
  recommend(database.current(), { memberId, at: AT, limit, ...(categoryCode === undefined ? {} : { categoryCode }) })

test('what a member buys again comes first, with true reasons, then what is popular and new to them', async () => {
  const bread = { sku: 'bread', name: { en: 'The bread', zh: 'The bread' }, categoryCode: 'bakery' }
  expect(await ask('regular', 4)).toEqual([
    expect.objectContaining({
      sku: 'tea',
      score: expect.closeTo(0.715, 3),
      reason: { code: 'bought-again', times: 3, everyDays: 30, dueInDays: 0, lastAt: new Date(ago(30)) },
    }),
    {
      ...bread,
      priceMinor: 250,
      currency: 'GBP',
      score: expect.closeTo(0.629, 3),
      reason: { code: 'bought-again', times: 3, everyDays: 100, dueInDays: 0, lastAt: new Date(ago(100)) },
    },
    expect.objectContaining({
      sku: 'candle',
      score: 0.5,
      reason: { code: 'popular', buyers: 3, withinDays: 90 },
    }),
    expect.objectContaining({ sku: 'oolong', reason: { code: 'popular', buyers: 3, withinDays: 90 } }),
  ])
})

test('never what is out of stock, no goods, just bought, bought once, out of fashion, or another shop’s', async () => {
  const items = skus(await ask('regular', 50))
  for (const sku of ['gone', 'POST', 'milk', 'soap', 'rare', 'elsewhere']) expect(items).not.toContain(sku)
  expect(items.sort()).toEqual(['assam', 'bread', 'candle', 'oolong', 'sencha', 'tea'])
})

test('a member without orders gets what is popular; one of another shop only what is popular there and new to them', async () => {
  expect(skus(await ask('fresh', 3))).toEqual(['candle', 'oolong', 'assam'])
  expect(skus(await ask('stranger', 10))).toEqual(['elsewhere'])
  expect(await ask('nobody')).toEqual([])
})

test('a category keeps to it', async () => {
  expect(skus(await ask('regular', 10, 'tea'))).toEqual(['tea', 'oolong', 'assam', 'sencha'])
  expect(await ask('regular', 10, 'no-such')).toEqual([])
})

test('without a category no more than two of one in a short list, while there is anything else', async () => {
  expect(skus(await ask('fresh', 5))).toEqual(['candle', 'oolong', 'assam', 'milk', 'soap'])
  // Three in a longer one; sencha is as popular as soap and comes before it by its name.
  expect(skus(await ask('fresh', 6))).toEqual(['candle', 'oolong', 'assam', 'milk', 'soap', 'sencha'])
  expect(skus(await ask('fresh', 8)).slice(0, 6)).toEqual(['candle', 'oolong', 'assam', 'milk', 'sencha', 'soap'])
})

test('what was sent back was not bought', async () => {
  const db = database.current()
  await addOrder(db, {
    id: 'r1',
    member: 'returner',
    at: ago(60),
    lines: [
      ['tea', 2],
      ['bread', 2],
    ],
  })
  await addOrder(db, {
    id: 'r2',
    member: 'returner',
    at: ago(30),
    lines: [
      ['tea', 2],
      ['bread', 2],
    ],
  })
  expect(skus(await ask('returner', 2))).toEqual(['bread', 'tea'])
  await addOrder(db, {
    id: 'r3',
    member: 'returner',
    at: ago(20),
    refundOf: 'r2',
    lines: [
      ['tea', -2],
      ['bread', -1],
    ],
  })
  const items = await ask('returner', 10)
  expect(skus(items)).not.toContain('tea')
  expect(items[0]).toMatchObject({ sku: 'bread', reason: { code: 'bought-again', times: 2 } })
  expect(items[0]?.reason).not.toHaveProperty('everyDays')
})

test('a history that ended years ago is due as of its end', async () => {
  const db = database.current()
  await setUpShop(db, { source: 'past', horizonAt: new Date(ago(5_000)) })
  await addMember(db, { id: 'past1', source: 'past' })
  await addMember(db, { id: 'past2', source: 'past' })
  await buys('past1', [5_060, 5_030], [['tea', 1]], 'past')
  await buys('past2', [5_010], [['soap', 1]], 'past')
  await refreshPopularity(db, { at: AT })
  const items = await ask('past1')
  expect(items.map(({ sku, reason }) => [sku, reason.code])).toEqual([
    ['tea', 'bought-again'],
    ['soap', 'popular'],
  ])
})

test('popularity is counted afresh: what nobody bought lately drops out', async () => {
  const db = database.current()
  expect(await refreshPopularity(db, { at: new Date(AT.getTime() + 365 * 86_400_000) })).toBe(2)
  expect(await ask('fresh')).toEqual([])
  await refreshPopularity(db, { at: AT })
  expect(skus(await ask('fresh', 1))).toEqual(['candle'])
})
