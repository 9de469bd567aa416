import { createNameIndex } from '../../../src/bot/nlu/names'

const names = {
  categories: [
    { code: 'tea', name: { en: 'Tea', zh: '茶' } },
    { code: 'coffee', name: { en: 'Coffee', zh: '咖啡' } },
    { code: 'pets', name: { en: 'Pet supplies', zh: '宠物用品' } },
  ],
  products: [
    { sku: 'T1', name: { en: 'Green tea, 100 bags', zh: '绿茶 100包' } },
    { sku: 'T2', name: { en: 'Earl Grey loose tea', zh: '伯爵红茶' } },
    { sku: 'C1', name: { en: 'Colombian coffee beans', zh: '哥伦比亚咖啡豆' } },
    { sku: 'P1', name: { en: 'Dog biscuits', zh: '狗饼干' } },
    { sku: 'M1', name: { en: 'Café mug', zh: 'Café mug' } },
  ],
}

describe('the names of the catalogue in a text', () => {
  const index = createNameIndex(names)

  test.each<[string, string | undefined, string | undefined]>([
    ['Colombian coffee beans', 'C1', 'coffee'],
    ['do you have colombian coffee beans?', 'C1', 'coffee'],
    ['columbian cofee beans', 'C1', undefined],
    ['DOG BISCUIT', 'P1', undefined],
    ['earl gray loose tea', 'T2', 'tea'],
    ['cafe mug', 'M1', undefined],
    ['something from tea', undefined, 'tea'],
    ['teas', undefined, 'tea'],
    ['my team is here', undefined, undefined],
    ['哥伦比亚咖啡豆还有吗', 'C1', 'coffee'],
    ['伯爵红茶', 'T2', 'tea'],
    ['看看宠物用品', undefined, 'pets'],
    ['how many points do I have', undefined, undefined],
    ['我有多少积分', undefined, undefined],
    ['', undefined, undefined],
    ['😀', undefined, undefined],
  ])('%s → %s, %s', (said, sku, code) => {
    const { products, categories } = index.find(said)
    expect([products[0]?.sku, categories[0]?.code]).toEqual([sku, code])
  })

  test('exact names score 1, near ones less, and searching leaves no trace', () => {
    const first = index.find('dog biscuits')
    index.find('green tea 100 bags and colombian coffee beans')
    expect(index.find('dog biscuits')).toEqual(first)
    expect(first.products[0]?.score).toBe(1)
    expect(index.find('dog biscits').products[0]?.score).toBeLessThan(1)
  })

  test('an empty catalogue names nothing', () => {
    expect(createNameIndex({ categories: [], products: [] }).find('tea')).toEqual({ products: [], categories: [] })
  })

  test('one among ten thousand is found', () => {
    const words = ['red', 'blue', 'small', 'large', 'wooden', 'glass', 'vintage', 'paper', 'garden', 'kitchen']
    const products = Array.from({ length: 10_000 }, (_, i) => {
      const en = [...String(i).padStart(4, '0')].map((digit) => words[Number(digit)]).join(' ')
      return { sku: String(i), name: { en: `${en} ${i}`, zh: `商品${i}号` } }
    })
    const large = createNameIndex({ categories: [], products })
    expect(large.find('red blue small large 123').products[0]?.sku).toBe('123')
    expect(large.find('x '.repeat(5_000)).products).toEqual([])
  })
})
