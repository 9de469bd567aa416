import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '积分明细',
  intro: '您最近的积分变动：',
  further: '更早的记录：',
  none: '您的积分账户还没有任何记录。第一笔订单完成后，就会显示在这里。',
  noMore: '已经没有更多记录了。',
  line: ({ points, date, what }) => `- **${points}** · ${date} · ${what}`,
  kinds: {
    earn: ({ order }) => (order === undefined ? '获得' : `订单 ${order} 获得`),
    release: () => '到账可用',
    burn: ({ coupon }) => (coupon === undefined ? '兑换' : `兑换${coupon}`),
    expire: () => '过期',
    reverse: ({ order }) => (order === undefined ? '扣回' : `订单 ${order} 扣回`),
    adjust: () => '人工调整',
    hold: () => '冻结',
    post: () => '从冻结积分中扣除',
    void: () => '退还',
  },
  reversedBurn: '退还',
  cardTitle: '积分明细',
  more: '查看更多',
  moreAliases: ['更多', '下一页', '还有吗', '继续', '往前看'],
  balance: '我的积分',
  redeem: '兑换优惠券',
}
