import type { LifecycleStage } from '../../ml/lifecycle'
import type { RfmGroup } from '../../ml/rfm'
import type { Localised } from '../locale'

/** What a group is called, whom it holds, and what to do about them where the manager wrote nothing. */
export interface GroupTexts {
  readonly name: Localised
  readonly words: Localised
  readonly strategy: Localised
}

export const groupTexts: Readonly<Record<RfmGroup, GroupTexts>> = {
  champions: {
    name: { en: 'Champions', zh: '核心会员' },
    words: { en: 'Bought lately, often and for much.', zh: '近期有购买，频次和金额都高。' },
    strategy: {
      en: 'Thank them and give them first look at new things; ask for reviews. No discounts.',
      zh: '表达感谢，新品优先体验，邀请评价；无需打折。',
    },
  },
  loyal: {
    name: { en: 'Loyal', zh: '忠诚会员' },
    words: { en: 'Come back often and spend well.', zh: '经常回购，消费较高。' },
    strategy: {
      en: 'Show how near the next tier is, and what goes with what they buy.',
      zh: '提示离下一等级还差多少，推荐与常购商品搭配的品类。',
    },
  },
  active: {
    name: { en: 'Active', zh: '活跃会员' },
    words: { en: 'Bought lately and more than once, for less than most.', zh: '近期多次购买，金额不高。' },
    strategy: {
      en: 'Raise the basket: bundles, free delivery from an amount, double points on a new category.',
      zh: '提升客单价：组合装、满额包邮、新品类双倍积分。',
    },
  },
  new: {
    name: { en: 'New', zh: '新会员' },
    words: { en: 'Their first order was only just placed.', zh: '刚刚完成首单。' },
    strategy: {
      en: 'Welcome them, explain the points, and invite to a second order within a month.',
      zh: '欢迎加入，讲清积分玩法，一个月内促成第二单。',
    },
  },
  promising: {
    name: { en: 'Promising', zh: '潜力会员' },
    words: { en: 'One order, not long ago.', zh: '不久前下过一单。' },
    strategy: {
      en: 'Bring the second order: what others bought next, with a small coupon that ends soon.',
      zh: '促成第二单：推荐他人接着买的商品，附短期小额券。',
    },
  },
  'needs-attention': {
    name: { en: 'Needs attention', zh: '需关注会员' },
    words: { en: 'Middling in everything, and not here lately.', zh: '各项居中，近来未购买。' },
    strategy: {
      en: 'Remind them of what is due again; one offer with an end date.',
      zh: '提醒该补货的商品，给一个限时优惠。',
    },
  },
  'at-risk': {
    name: { en: 'At risk', zh: '流失风险会员' },
    words: { en: 'Used to buy often or for much, and have gone quiet.', zh: '曾常买或消费高，现已沉寂。' },
    strategy: {
      en: 'Write in person: what they used to buy, a coupon worth having, and ask whether something went wrong.',
      zh: '个性化联系：提及常购商品，送有分量的券，并询问是否有不满意之处。',
    },
  },
  'previously-loyal': {
    name: { en: 'Previously loyal', zh: '昔日忠诚会员' },
    words: { en: 'Among the best once, and away longest.', zh: '曾是优质会员，离开最久。' },
    strategy: {
      en: 'Have a person call or write; win back with the best offer you can make, once.',
      zh: '由专人联系，给出一次最有诚意的回归礼遇。',
    },
  },
  'almost-lost': {
    name: { en: 'Almost lost', zh: '濒临流失会员' },
    words: { en: 'Few orders, and long without one.', zh: '订单少，且久未购买。' },
    strategy: {
      en: 'One automatic reminder with what is popular now; no more than that.',
      zh: '自动提醒一次，推荐当前热销商品，到此为止。',
    },
  },
  dormant: {
    name: { en: 'Dormant', zh: '沉睡会员' },
    words: { en: 'Bought little, and longest ago.', zh: '购买少，且间隔最久。' },
    strategy: {
      en: 'Spend nothing on them but a seasonal greeting; ask whether they still want news.',
      zh: '仅做节日问候，并确认是否仍愿接收消息。',
    },
  },
  prospects: {
    name: { en: 'Prospects', zh: '潜在会员' },
    words: { en: 'Members who have not ordered yet.', zh: '已注册，尚未下单。' },
    strategy: {
      en: 'Make the first order easy: the best-known articles and a welcome coupon.',
      zh: '降低首单门槛：推荐口碑商品，赠送新人券。',
    },
  },
}

/** What each group is called, by its code. */
export const segmentNames: Readonly<Record<string, Localised>> = Object.fromEntries(
  Object.entries(groupTexts).map(([code, { name }]) => [code, name]),
)

export const stageNames: Readonly<Record<LifecycleStage, Localised>> = {
  new: { en: 'New', zh: '新客' },
  active: { en: 'Active', zh: '活跃' },
  loyal: { en: 'Loyal', zh: '忠诚' },
  'won-back': { en: 'Won back', zh: '已挽回' },
  'at-risk': { en: 'At risk', zh: '有流失风险' },
  lapsed: { en: 'Lapsed', zh: '已疏远' },
  churned: { en: 'Churned', zh: '已流失' },
}
