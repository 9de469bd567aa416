import { createProductIndex } from '../../../src/bot/nlu/product-index'
import { demoProducts, demoShelves } from '../../../src/core/demo/catalogue/products'

const index = createProductIndex({
  categories: demoShelves.map(({ code, name }) => ({ code, name })),
  products: demoProducts.map(({ sku, nameEn, nameZh, categoryCode }) => {
    return { sku, name: { en: nameEn, zh: nameZh }, categoryCode }
  }),
})
const nameOf = (sku: string) => demoProducts.find((each) => each.sku === sku)?.nameEn ?? ''
const first = (...words: string[]) => nameOf(index.find(words, 5)[0]?.sku ?? '')

test.each([
  ['earl grey', 'Earl Grey, 50 tea bags'],
  ['earl gray', 'Earl Grey, 50 tea bags'],
  ['pistachos', 'Pistachios in the Shell, 200 g'],
  ['oolong tea', 'Dongding Oolong, 50 g tin'],
  ['sencha pouch', 'Sencha, 100 g pouch'],
  ['dishwasher tablet', 'Dishwasher Tablets, 40 pieces'],
  ['伯爵红茶', 'Earl Grey, 50 tea bags'],
  ['乌龙茶', 'Dongding Oolong, 50 g tin'],
  ['烏龍茶', 'Dongding Oolong, 50 g tin'],
  ['龙井', 'West Lake Longjing, 50 g tin'],
  ['龙井茶', 'West Lake Longjing, 50 g tin'],
  ['煎茶 袋装', 'Sencha, 100 g pouch'],
  ['开心果', 'Pistachios in the Shell, 200 g'],
])('%s is first of all %s', (said, name) => {
  expect(first(...said.split(' '))).toBe(name)
})

test.each([
  ['teapot'],
  ['blub'],
  ['gold bar'],
  ['earl blue'],
  ['earl teapot'],
  ['茶壶'],
  ['茶'],
  ['积分'],
  ['优惠券'],
  ['龙井虾仁'],
  [''],
  ['%'],
  ['zzzz'],
])('%s is nothing of the shop', (said) => {
  expect(index.find(said.split(' ').filter(Boolean), 5)).toEqual([])
})

test('a part of a name that does not say what the thing is does not name it', () => {
  expect(index.find(['kettle'], 5)).toEqual([{ sku: expect.any(String), isNamed: false, isWhole: false }])
  expect(index.find(['水壶'], 5)).toEqual([{ sku: expect.any(String), isNamed: false, isWhole: false }])
  expect(index.find(['kettle', 'descaler'], 5)[0]).toMatchObject({ isNamed: true, isWhole: true })
  expect(index.find(['gold'], 1)[0]).toMatchObject({ isWhole: false })
})

test('a kind before a scent of that name', () => {
  const named = index.find(['green', 'tea'], 50).map(({ sku }) => nameOf(sku))
  expect(named.length).toBeGreaterThan(5)
  expect(named.some((name) => name.startsWith('Washing-Up'))).toBe(false)
})

test('never more than was asked for', () => {
  expect(index.find(['tea'], 3)).toHaveLength(3)
})
