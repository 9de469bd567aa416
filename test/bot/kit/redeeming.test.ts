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
  ['换个杯子，这个裂了', undefined],
  ['换大号', undefined],
  ['換一罐，這罐漏了', undefined],
  ['swap the mug, it is chipped', undefined],
  ['exchange it for a bigger size', undefined],
  ['换一张，这个不错', 'likely'],
  ['换成英文', undefined],
  ['换个号登录', undefined],
  ['where is my order', undefined],
  ['my points', undefined],
  ['', undefined],
])('%j wishes to redeem: %s', (said, expected) => {
  expect(redeems(said)).toBe(expected)
})
