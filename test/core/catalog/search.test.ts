import { searchProducts } from '../../../src/core/catalog/search'
import { useDatabase } from '../../support/database'

const database = useDatabase()

beforeAll(async () => {
  const { sql } = database.current()
  await sql`insert into category (code, name_en, name_zh) values ('green', 'Green & oolong tea', '绿茶与乌龙'), ('home', 'Home', '家居')`
  await sql`
    insert into product (sku, source, name_en, name_zh, category_code, price_minor, in_stock) values
      ('S', 'test', 'Soap, Green Tea', '绿茶香皂', 'home', 300, true),
      ('L', 'test', 'Longjing, 50 g', '西湖龙井', 'green', 1290, true),
      ('P', 'test', 'Teapot stand', '茶壶垫', 'home', 900, true),
      ('T', 'test', 'Teapot', '茶壶', 'home', 2400, true),
      ('O', 'test', 'Old teapot', '旧茶壶', 'home', 2400, false),
      ('X', 'test', '100% cotton towel', null, null, 800, true)`
})

const skus = async (...words: string[]) =>
  (await searchProducts(database.current(), { words, limit: 5 })).map(({ sku }) => sku)

describe('a search of the catalogue', () => {
  it.each([
    ['a category before a scent of that name', ['green', 'tea'], ['L', 'S']],
    ['Chinese', ['茶壶'], ['T', 'P']],
    ['the thing before what goes with it, and nothing out of stock', ['TEAPOT'], ['T', 'P']],
    ['every word must be there', ['teapot', 'towel'], []],
    ['signs of a pattern are letters like others', ['100%'], ['X']],
    ['signs of a pattern find nothing else', ['%_'], []],
  ])('%s', async (_what, words, found) => {
    expect(await skus(...words)).toEqual(found)
  })

  it('gives a product without a Chinese name its English one', async () => {
    const [towel] = await searchProducts(database.current(), { words: ['towel'], limit: 1 })
    expect(towel).toEqual({ sku: 'X', name: { en: '100% cotton towel', zh: '100% cotton towel' }, priceMinor: 800 })
  })
})
