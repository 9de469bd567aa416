import { clausesOf } from '../../../src/bot/nlu/clauses'

test.each([
  ['en', 'what are my points and where is my order', ['what are my points', 'where is my order']],
  ['en', 'Points, please. Also where is my order?', ['Points', 'please', 'where is my order?']],
  ['en', 'where is my order', []],
  ['en', 'hi, ok, no', []],
  ['zh', '我有多少积分，还有订单到哪了', ['我有多少积分', '订单到哪了']],
  ['zh', '取消订单然后退钱给我', ['取消订单', '退钱给我']],
  ['zh', '我的订单到哪了', []],
  ['zh', '我的 points 还剩多少', []],
] as const)('%s: %s → %j', (locale, said, clauses) => {
  const found = clausesOf(said, locale)
  expect(found).toEqual(clauses)
})

test('a long message is not taken apart', () => {
  expect(clausesOf('what are my points and where is my order, '.repeat(5), 'en')).toEqual([])
})
