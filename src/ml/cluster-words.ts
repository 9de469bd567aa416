/** What a cluster's centre is made of, in the units of the columns. */
export type Centre = Readonly<Record<string, number>>

/** A text in both languages. */
export interface BothLanguages {
  readonly en: string
  readonly zh: string
}

export interface ClusterWords {
  readonly name: BothLanguages
  /** Two or three figures that are typical, as sentences. */
  readonly words: BothLanguages
  /** What to do about them where nobody has decided otherwise. */
  readonly strategy: BothLanguages
}

/** One cluster: its centre in units, and how far from the mean of all members that is, on each axis. */
export interface ClusterCentre {
  readonly centre: Centre
  readonly deviations: Readonly<Record<string, number>>
}

/** So far from the middle is worth a word. */
const NOTABLE = 0.35

interface Trait {
  readonly axis: string
  readonly side: 'high' | 'low'
  readonly words: BothLanguages
}

const traits: readonly Trait[] = [
  { axis: 'recencyDays', side: 'low', words: { en: 'recent', zh: '近期有购买' } },
  { axis: 'recencyDays', side: 'high', words: { en: 'long away', zh: '久未购买' } },
  { axis: 'orders', side: 'high', words: { en: 'frequent', zh: '购买频繁' } },
  { axis: 'orders', side: 'low', words: { en: 'few orders', zh: '购买次数少' } },
  { axis: 'spend', side: 'high', words: { en: 'high spend', zh: '消费高' } },
  { axis: 'spend', side: 'low', words: { en: 'low spend', zh: '消费低' } },
  { axis: 'returnsShare', side: 'high', words: { en: 'many returns', zh: '退货多' } },
  { axis: 'pointsShare', side: 'high', words: { en: 'points spenders', zh: '常用积分' } },
  { axis: 'consultations', side: 'high', words: { en: 'many questions', zh: '咨询多' } },
  { axis: 'clicks', side: 'high', words: { en: 'browse a lot', zh: '浏览多' } },
  { axis: 'clicks', side: 'low', words: { en: 'rarely browse', zh: '浏览少' } },
  { axis: 'reviews', side: 'high', words: { en: 'write reviews', zh: '常写评价' } },
]

/**
 * Describes clusters from their centres, in English and Chinese. No two have the same name: alike ones are told apart by
 * the figure in which they differ most. `money` writes an amount of the spend column for people.
 */
export function describeClusters(
  clusters: readonly ClusterCentre[],
  money: (amount: number) => string,
): ClusterWords[] {
  const plain = clusters.map((cluster) => nameOf(cluster))
  return clusters.map((cluster, c) => {
    const alike = clusters.filter((_, other) => other !== c && plain[other]!.en === plain[c]!.en)
    return {
      name: alike.length === 0 ? plain[c]! : withDetail(plain[c]!, tellingFigure(cluster, alike, money)),
      words: sentences(cluster.centre, money),
      strategy: strategyOf(cluster),
    }
  })
}

function nameOf({ deviations }: ClusterCentre): BothLanguages {
  const notable = traits.filter(({ axis, side }) => isNotable(deviations, axis, side))
  if (notable.length === 0) return { en: 'Average in everything', zh: '各方面居中' }
  const en = notable.map(({ words }) => words.en).join(', ')
  return { en: en.charAt(0).toUpperCase() + en.slice(1), zh: notable.map(({ words }) => words.zh).join('、') }
}

function isNotable(deviations: ClusterCentre['deviations'], axis: string, side: 'high' | 'low'): boolean {
  const deviation = deviations[axis] ?? 0
  return side === 'high' ? deviation >= NOTABLE : deviation <= -NOTABLE
}

function withDetail(name: BothLanguages, detail: BothLanguages): BothLanguages {
  return { en: `${name.en} (${detail.en})`, zh: `${name.zh}（${detail.zh}）` }
}

/** The figure in which a cluster differs most from those that would have the same name. */
function tellingFigure(
  { centre, deviations }: ClusterCentre,
  alike: readonly ClusterCentre[],
  money: (amount: number) => string,
): BothLanguages {
  const difference = (axis: string) =>
    Math.min(...alike.map((other) => Math.abs((deviations[axis] ?? 0) - (other.deviations[axis] ?? 0))))
  const axis = Object.keys(centre).reduce((most, each) => (difference(each) > difference(most) ? each : most))
  return figure(axis, centre[axis] ?? 0, money)
}

function sentences(centre: Centre, money: (amount: number) => string): BothLanguages {
  const figures = Object.entries(centre)
    // Of what is rare in general, nothing needs saying where it is rare here.
    .filter(([axis, value]) => ['recencyDays', 'orders', 'spend'].includes(axis) || value >= 0.01)
    .map(([axis, value]) => figure(axis, value, money))
  return {
    en: `Typically ${figures.map(({ en }) => en).join(', ')}.`,
    zh: `通常${figures.map(({ zh }) => zh).join('，')}。`,
  }
}

function figure(axis: string, value: number, money: (amount: number) => string): BothLanguages {
  const whole = Math.max(0, Math.round(value))
  const percent = Math.round(100 * value)
  switch (axis) {
    case 'recencyDays':
      return { en: `${counted(whole, 'day')} since the last order`, zh: `距上次下单 ${whole} 天` }
    case 'orders':
      return { en: `${counted(whole, 'order')}`, zh: `下单 ${whole} 次` }
    case 'spend':
      return { en: `${money(value)} spent in all`, zh: `累计消费 ${money(value)}` }
    case 'returnsShare':
      return { en: `${percent} % of it sent back`, zh: `退货占 ${percent}%` }
    case 'pointsShare':
      return { en: `${percent} % of the points spent`, zh: `积分已用 ${percent}%` }
    case 'consultations':
      return { en: `${counted(oneDecimal(value), 'question')} asked`, zh: `咨询 ${oneDecimal(value)} 次` }
    case 'clicks':
      return { en: `${counted(whole, 'click')} in the shop`, zh: `在店内点击 ${whole} 次` }
    case 'reviews':
      return { en: `${counted(oneDecimal(value), 'review')} written`, zh: `写评价 ${oneDecimal(value)} 条` }
    default:
      return { en: `${axis} ${oneDecimal(value)}`, zh: `${axis} ${oneDecimal(value)}` }
  }
}

/** The first that fits is what to do: what is lost most dearly comes first. */
const strategies: readonly { when: readonly [axis: string, side: 'high' | 'low'][]; text: BothLanguages }[] = [
  {
    when: [
      ['recencyDays', 'high'],
      ['spend', 'high'],
    ],
    text: {
      en: 'Win them back with what they used to buy, and have a person ask why they left.',
      zh: '用他们过去常买的商品争取回流，并由专人了解离开的原因。',
    },
  },
  {
    when: [['returnsShare', 'high']],
    text: {
      en: 'Find out what they send back and why; mend descriptions and sizes before offering more.',
      zh: '查明退了什么、为什么退；先改进商品描述和规格，再做推荐。',
    },
  },
  {
    when: [
      ['recencyDays', 'low'],
      ['spend', 'high'],
    ],
    text: {
      en: 'Thank them: first look at new things and a personal touch. They need no discount.',
      zh: '以感谢为主：新品抢先看、专属关怀，无需打折。',
    },
  },
  {
    when: [['recencyDays', 'high']],
    text: {
      en: 'One friendly reminder with a small coupon; if nothing comes of it, leave them in peace.',
      zh: '发一次友好的提醒并附小额优惠券；没有回应就不再打扰。',
    },
  },
  {
    when: [
      ['recencyDays', 'low'],
      ['orders', 'low'],
    ],
    text: {
      en: 'Make the next order easy: what goes with the first one, and a coupon with an end date.',
      zh: '让下一单更容易：推荐与首单搭配的商品，并附限时优惠券。',
    },
  },
  {
    when: [['pointsShare', 'high']],
    text: {
      en: 'Tell them which coupons their points are enough for, and what is in stock for them.',
      zh: '告诉他们积分够换哪些券，以及可搭配使用的在售商品。',
    },
  },
  {
    when: [['consultations', 'high']],
    text: {
      en: 'Answer before they ask: delivery news, care tips and a direct line to a person.',
      zh: '先于提问给出答案：物流动态、使用建议，并提供人工通道。',
    },
  },
  {
    when: [['orders', 'low']],
    text: {
      en: 'Automatic messages only: what is popular now, and a small coupon towards the next order.',
      zh: '只用自动消息：推荐当前热销商品，并附下一单可用的小额券。',
    },
  },
]

const KEEP_IN_TOUCH: BothLanguages = {
  en: 'Remind them when what they buy is due again, and show one thing beside it.',
  zh: '在他们常买的商品快用完时提醒，并顺带推荐一件搭配商品。',
}

function strategyOf({ deviations }: ClusterCentre): BothLanguages {
  const fits = strategies.find(({ when }) => when.every(([axis, side]) => isNotable(deviations, axis, side)))
  return fits?.text ?? KEEP_IN_TOUCH
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

function oneDecimal(value: number): number {
  return Math.round(10 * value) / 10
}
