import type { Words } from './replies.en'

export const zh: Words = {
  sorry: '很抱歉给您带来不便。每一笔积分和每一张券都有记录，同事可以查清楚，再为您处理。',
  person: '请人工客服处理',
  personAliases: ['是', '好', '好的', '要', '可以', '嗯'],
  history: '积分明细',
  coupons: '我的优惠券',
}
