import type { Locale, Localised } from '../locale'
import type { Household } from './household'
import type { Person } from './people'

/** A member made for showing something. The rest of the shop is drawn. */
export interface DemoMember {
  readonly id: string
  readonly displayName: string
  readonly locale: Locale
  readonly email: string
  /** Who this is, in one line, for the page where one picks whom to be. */
  readonly description: Localised
}

/** What is fixed about a designed member's history; the rest is drawn as for anybody. */
export interface Design extends DemoMember {
  readonly timeZone: string
  readonly household: Partial<Household>
  readonly stapleCount?: number
  /** Days before today of the first order; absent: since the shop's first day. */
  readonly firstDaysAgo?: number
  /** Nothing bought within so many days before today. */
  readonly lastDaysAgo?: number
  /** Orders on just these days before today, besides the others. */
  readonly alsoDaysAgo?: readonly number[]
  /** Never bought anything. */
  readonly noOrders?: boolean
  /** One line of the order of so many days before today came back, so many days before today. */
  readonly returned?: { readonly orderedDaysAgo: number; readonly returnedDaysAgo: number }
}

const london = { timeZone: 'Europe/London' }

export const designs: readonly Design[] = [
  {
    id: 'M0001',
    displayName: 'Olivia Bennett',
    locale: 'en',
    email: 'olivia@example.com',
    description: {
      en: 'Gold member with a bit of everything: points, coupons, an order on its way, a return',
      zh: '金卡会员，样样都有：积分、优惠券、运送中的订单、一次退货',
    },
    ...london,
    household: { ordersPerDay: 1 / 9, dropout: 0, curiosity: 0.6, portions: 1 },
    stapleCount: 22,
    lastDaysAgo: 5,
    alsoDaysAgo: [2, 24],
    returned: { orderedDaysAgo: 24, returnedDaysAgo: 12 },
  },
  {
    id: 'M0002',
    displayName: 'Tom Whitfield',
    locale: 'en',
    email: 'tom@example.com',
    description: { en: 'Joined yesterday and has nothing yet', zh: '昨天刚注册，什么都还没有' },
    ...london,
    household: {},
    noOrders: true,
  },
  {
    id: 'M0003',
    displayName: '王静怡',
    locale: 'zh',
    email: 'jingyi@example.com',
    description: {
      en: 'Silver member who speaks Chinese and drinks a lot of tea',
      zh: '银卡会员，讲中文，爱喝茶，有一单正在路上',
    },
    timeZone: 'Asia/Shanghai',
    household: { ordersPerDay: 1 / 11, dropout: 0, curiosity: 0.4, portions: 1 },
    stapleCount: 16,
    lastDaysAgo: 6,
    alsoDaysAgo: [3],
  },
  {
    id: 'M0004',
    displayName: 'Grace Hughes',
    locale: 'en',
    email: 'grace@example.com',
    description: {
      en: 'Used to buy often, away for seven months; the first points expire at the end of this month',
      zh: '曾经常来，已有七个月没下单；最早的积分本月底到期',
    },
    ...london,
    household: { ordersPerDay: 1 / 8, dropout: 0, curiosity: 0.5, portions: 1 },
    stapleCount: 18,
    lastDaysAgo: 212,
  },
  {
    id: 'M0005',
    displayName: '陈思远',
    locale: 'zh',
    email: 'siyuan@example.com',
    description: { en: 'Platinum member: runs a tea room and buys for it', zh: '白金会员，开了一家茶室，为店里采购' },
    timeZone: 'Asia/Shanghai',
    household: { ordersPerDay: 1 / 7, dropout: 0, curiosity: 0.5, portions: 5 },
    stapleCount: 24,
    lastDaysAgo: 2,
    alsoDaysAgo: [1],
  },
  {
    id: 'M0006',
    displayName: 'Daniel Clarke',
    locale: 'en',
    email: 'daniel@example.com',
    description: {
      en: 'Two orders so far, part of one sent back: some points were taken back',
      zh: '下过两单，其中一单退了一件：部分积分已收回',
    },
    ...london,
    household: { dropout: 1, curiosity: 2, portions: 2 },
    firstDaysAgo: 40,
    alsoDaysAgo: [18],
    returned: { orderedDaysAgo: 18, returnedDaysAgo: 7 },
  },
  {
    id: 'M0007',
    displayName: '林婉清',
    locale: 'zh',
    email: 'wanqing@example.com',
    description: { en: 'New, writes Chinese; all points are still pending', zh: '新会员，讲中文；积分都还在待生效' },
    timeZone: 'Europe/London',
    household: { dropout: 1, curiosity: 2, portions: 2 },
    firstDaysAgo: 9,
    alsoDaysAgo: [4],
  },
]

/** Whom to be on the demo page, in this order. */
export const demoMembers: readonly DemoMember[] = designs.map(({ id, displayName, locale, email, description }) => {
  return { id, displayName, locale, email, description }
})

/** A designed member's name, language and zone, as a drawn one's. */
export function personOfDesign({ displayName, locale, timeZone, email }: Design): Person {
  return { displayName, locale, timeZone, mailbox: email.slice(0, email.indexOf('@')) }
}
