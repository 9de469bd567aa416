import type { Localised } from '../locale'
import type { DemoCalendar } from './demo-calendar'

export interface DemoCoupon {
  readonly id: string
  readonly kind: 'amount-off' | 'percent-off' | 'free-item' | 'free-shipping'
  readonly name: Localised
  /** Minor units or percent, by kind. */
  readonly value?: number
  readonly sku?: string
  readonly costPoints: number
  readonly stock?: number
  readonly perMemberLimit?: number
  /** Days of the calendar; absent: since the first day, without end. */
  readonly startDay?: number
  readonly endDay?: number
  readonly minTierRank?: number
  readonly validDays?: number
}

const lasting: readonly DemoCoupon[] = [
  {
    id: 'off-5',
    kind: 'amount-off',
    name: { en: '£5 off your order', zh: '订单立减 £5' },
    value: 500,
    costPoints: 250,
  },
  {
    id: 'off-10',
    kind: 'amount-off',
    name: { en: '£10 off your order', zh: '订单立减 £10' },
    value: 1000,
    costPoints: 480,
  },
  {
    id: 'off-50-platinum',
    kind: 'amount-off',
    name: { en: '£50 off, for Platinum', zh: '白金会员专享 立减 £50' },
    value: 5000,
    costPoints: 2200,
    minTierRank: 3,
  },
  {
    id: 'percent-10',
    kind: 'percent-off',
    name: { en: '10% off everything', zh: '全场九折' },
    value: 10,
    costPoints: 400,
    perMemberLimit: 3,
  },
  {
    id: 'percent-20-gold',
    kind: 'percent-off',
    name: { en: '20% off, for Gold and Platinum', zh: '金卡及白金会员专享 全场八折' },
    value: 20,
    costPoints: 900,
    perMemberLimit: 1,
    minTierRank: 2,
  },
  {
    id: 'free-delivery',
    kind: 'free-shipping',
    name: { en: 'Free standard delivery', zh: '免标准配送费' },
    costPoints: 120,
    validDays: 60,
  },
  {
    id: 'free-express',
    kind: 'free-shipping',
    name: { en: 'Free express delivery, from Silver', zh: '银卡以上会员 免特快配送费' },
    costPoints: 240,
    minTierRank: 1,
    perMemberLimit: 2,
    validDays: 60,
  },
  {
    id: 'jasmine-pearls',
    kind: 'free-item',
    name: { en: 'A tin of Jasmine Pearls', zh: '茉莉龙珠一罐' },
    sku: 'GRN-005',
    costPoints: 520,
    stock: 150,
    perMemberLimit: 2,
  },
  {
    id: 'house-blend',
    kind: 'free-item',
    name: { en: 'A bag of House Blend coffee', zh: '招牌拼配咖啡一袋' },
    sku: 'COF-001',
    costPoints: 390,
  },
  {
    id: 'white-tea-candle',
    kind: 'free-item',
    name: { en: 'White Tea candle', zh: '白茶香薰蜡烛' },
    sku: 'FRA-001',
    costPoints: 550,
    stock: 25,
  },
]

/** One of everything a coupon can be: all kinds, sold out, scarce, limited, for high tiers, not yet, no longer. */
export function demoCoupons({ days }: Pick<DemoCalendar, 'days'>): DemoCoupon[] {
  return [
    ...lasting,
    {
      id: 'percent-15-new-year',
      kind: 'percent-off',
      name: { en: 'New Year: 15% off', zh: '迎新年 八五折' },
      value: 15,
      costPoints: 300,
      startDay: days + 12,
      endDay: days + 52,
    },
    {
      id: 'spring-off-3',
      kind: 'amount-off',
      name: { en: 'Spring: £3 off', zh: '春季 立减 £3' },
      value: 300,
      costPoints: 150,
      endDay: days - 100,
    },
  ]
}
