import { simplified } from '../../../src/bot/kit/simplified'
import { simplifiedPairs } from '../../../src/bot/kit/simplified-pairs'

test.each([
  ['訂單幾時到', '订单几时到'],
  ['兌換優惠券', '兑换优惠券'],
  ['客服後台', '客服后台'],
  ['回覆TD', '回复TD'],
  ['覆蓋面', '覆盖面'],
  ['可以諮詢嗎', '可以咨询吗'],
  ['已经是简体', '已经是简体'],
  ['my 訂單 KW1204', 'my 订单 KW1204'],
  ['', ''],
])('%s is %s in simplified characters', (typed, expected) => {
  expect(simplified(typed)).toBe(expected)
})

test('one character stands for one, and what is simplified stays', () => {
  const characters = simplifiedPairs.join('')
  expect(characters).toMatch(/^(?:\p{Script=Han}{2})+$/u)
  const pairs = characters.match(/../g) ?? []
  expect(new Set(pairs.map(([traditional]) => traditional)).size).toBe(pairs.length)
  for (const [traditional = '', plain = ''] of pairs) {
    expect(simplified(traditional)).toBe(plain)
    expect(simplified(plain)).toBe(plain)
  }
})
