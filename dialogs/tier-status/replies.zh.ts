import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '我的等级',
  tier: ({ tier }) => `您目前的会员等级是**${tier}**。`,
  next: ({ missing, next }) => `再消费 ${missing}，即可升级为**${next}**。`,
  nextReview: ({ next }) => `您已达到**${next}**的要求，下次评级时就会升级。`,
  top: '这是我们的最高等级，感谢您一路支持！',
  spent: ({ spent, from, to }) => `等级按${from}至${to}的消费额（已扣除退货）计算：${spent}。`,
  unknown: '我暂时找不到您的会员资料，可以请人工客服帮您核实。',
  cardTitle: '您的等级',
  spentTitle: '近 12 个月消费',
  nextTitle: '下一等级',
  missingTitle: '还差',
  points: '我的积分',
  redeem: '兑换优惠券',
  person: '转人工客服',
}
