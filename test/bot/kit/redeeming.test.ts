import { redeems } from '../../../src/bot/kit/redeeming'

test.each([
  ['redeem the candle', 'surely'],
  ["I'd like to redeem two", 'surely'],
  ['兑换咖啡', 'surely'],
  ['幫我兌換蠟燭', 'surely'],
  ['swap my points for tea', 'likely'],
  ['换一罐茶', 'likely'],
  ['再换一张', 'likely'],
  ['换货', undefined],
  ['换成英文', undefined],
  ['换个号登录', undefined],
  ['where is my order', undefined],
  ['my points', undefined],
  ['', undefined],
])('%j wishes to redeem: %s', (said, expected) => {
  expect(redeems(said)).toBe(expected)
})
