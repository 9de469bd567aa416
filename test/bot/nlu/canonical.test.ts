import { mandarin } from '../../../src/bot/kit/mandarin'
import { withCanonical } from '../../../src/bot/nlu/canonical'

test.each([
  ['我仲有几多积分', '我还有多少积分'],
  ['点解冇积分', '为什么没有积分'],
  ['你系边个', '你是哪个'],
  ['联系客服', '联系客服'],
  ['几点开门', '几点开门'],
  ['点开户口', '怎么开账户'],
  ['唔该', '谢谢'],
  ['帐号登入', '账号登录'],
  ['我要退款', '我要退款'],
])('%s says %s', (said, standard) => {
  expect(mandarin(said)).toBe(standard)
})

test('English words in a Chinese text count as Chinese ones', () => {
  expect(withCanonical('我的voucher', 'zh')).toBe('我的voucher 我的优惠券')
  expect(withCanonical('shipping要多久', 'zh')).toBe('shipping要多久 配送要多久')
  expect(withCanonical('买iPhone', 'zh')).toBe('买iPhone 购买iphone')
})

test('what is written in traditional characters is read as in simplified ones', () => {
  expect(withCanonical('訂單狀態', 'zh')).toBe(withCanonical('订单状态', 'zh'))
})
