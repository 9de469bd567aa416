import { readShelf } from '../../../src/core/catalog/shelf'
import { useDatabase } from '../../support/database'
import { fillFixtureShop } from '../../support/fixture-shop'

const database = useDatabase()
beforeAll(() => fillFixtureShop(database.current()))

test('products in the order asked for, with what a member bought and when last; a refund is no purchase', async () => {
  const found = await readShelf(database.current(), { skus: ['H1', 'gone', 'T1', 'H3'], memberId: 'M1' })
  expect(found).toEqual([
    {
      ...{ sku: 'H1', name: { en: 'Teapot', zh: '茶壶' }, categoryCode: 'home', priceMinor: 2400, inStock: true },
      bought: { times: 2, lastAt: new Date('2026-10-22T09:00:00Z') },
    },
    {
      ...{ sku: 'T1', name: { en: 'Green tea', zh: '绿茶' }, categoryCode: 'tea', priceMinor: 850, inStock: true },
      bought: { times: 3, lastAt: new Date('2026-10-22T09:00:00Z') },
    },
    { sku: 'H3', name: { en: 'Tea towel', zh: '茶巾' }, categoryCode: 'home', priceMinor: 450, inStock: true },
  ])
})

test('for nobody in particular, nothing of what anybody bought', async () => {
  const found = await readShelf(database.current(), { skus: ['H1', 'T1'] })
  expect(found.map(({ bought }) => bought)).toEqual([undefined, undefined])
})

test('none where none is asked for', async () => {
  expect(await readShelf(database.current(), { skus: [] })).toEqual([])
})
