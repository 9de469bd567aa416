import type { Words } from './replies.en'

export const zh: Words = {
  greeting: ({ name }) => (name === undefined ? '您好！有什么可以帮您？' : `${name}，您好！有什么可以帮您？`),
  thanks: '不客气！还有其他需要吗？',
  goodbye: '再见，祝您愉快！',
  whoAreYou: ({ merchant }) =>
    `我是${merchant}的智能助手，是程序，不是真人。我能帮您查积分、换优惠券、查订单，解答店铺相关问题；帮不上忙的时候，会为您转人工客服。`,
  points: '我的积分',
  redeem: '兑换优惠券',
  orders: '我的订单',
  recommend: '推荐点什么',
  link: '关联会员账户',
  help: '你能做什么？',
  person: '转人工客服',
}
