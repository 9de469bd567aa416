import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '我的积分',
  balance: ({ points }) => `您有 **${points}** 可用。`,
  nothing: '您目前还没有可用积分。下单后就会到账，到时我可以告诉您能换什么。',
  nothingNow: '您目前没有可用积分。',
  pending: ({ points }) => `待到账：${points}。`,
  pendingAll: ({ points, at }) => `待到账：${points}，${at}到账。`,
  pendingFirst: ({ points, first, at }) => `待到账：${points}，其中 ${first} ${at}到账。`,
  held: ({ points }) => `处理中暂时冻结：${points}。`,
  owed: ({ points }) => `因退货有 ${points} 已被提前使用，会从之后获得的积分中扣回。`,
  expiry: ({ points, at }) => `最近到期：${points}，${at}到期。`,
  cardTitle: '您的积分',
  available: '可用',
  pendingTitle: '待到账',
  heldTitle: '冻结中',
  owedTitle: '待扣回',
  expiryTitle: '最近到期',
  expiryFact: ({ points, at }) => `${points}，${at}`,
  redeem: '兑换优惠券',
  history: '积分明细',
  tier: '我的等级',
}
