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
  ['克'],
  ['积分'],
  ['优惠券'],
  ['龙井虾仁'],
  [''],
  ['%'],
  ['zzzz'],
  ['5'],
  ['400 5'],
  ['50 g'],
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

test('one character names what ends with it, of its kind first', () => {
  const kindOf = (sku: string) => demoProducts.find((each) => each.sku === sku)?.categoryCode
  const found = index.find(['茶'], 500)
  expect(found.length).toBeGreaterThan(20)
  expect(found.every(({ isNamed }) => isNamed)).toBe(true)
  const kinds = demoShelves.filter(({ name }) => name.zh.endsWith('茶')).map(({ code }) => code)
  expect(kinds).toContain(kindOf(found[0]?.sku ?? ''))
  expect(kinds).toContain(kindOf(found[19]?.sku ?? ''))
})

test('prepared little by little it finds the same, and others get their turn meanwhile', async () => {
  const large = Array.from({ length: 3_000 }, (_, at) => ({
    sku: `S${at}`,
    name: { en: `Tea ${at}`, zh: `茶叶 ${at}` },
  }))
  const prepared = createProductIndex({ categories: [], products: large })
  let isOthersTurn = false
  setImmediate(() => {
    isOthersTurn = true
  })
  await prepared.prepare()
  expect(isOthersTurn).toBe(true)
  const unprepared = createProductIndex({ categories: [], products: large })
  for (const words of [['tea', '7'], ['茶叶'], ['nothing']]) {
    expect(prepared.find(words, 9)).toEqual(unprepared.find(words, 9))
  }
})

test.each([[['(']], [['<b>']], [['.*']], [['شاي']], [['x']], [['好']]])(
  '%j of an empty shop, and of one with names of signs',
  (words) => {
    const names = ['(', '<b>bold</b>', '.*', 'شاي أخضر', '', 'x', '好', '𠮷', ',', '(a) b'].map((name, at) => {
      return { sku: `S${at}`, name: { en: name, zh: name } }
    })
    expect(createProductIndex({ categories: [], products: [] }).find(words, 5)).toEqual([])
    expect(createProductIndex({ categories: [], products: names }).find(words, 5).length).toBeLessThan(3)
  },
)
