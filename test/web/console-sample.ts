import type {
  Assist,
  CannedReply,
  DeskMessage,
  DeskReport,
  EarlierMessage,
  Me,
  MemberPicture,
  RequestRow,
} from '../../src/http/api/console/types'

const hourMs = 3_600_000
export const ago = (ms: number): string => new Date(performance.timeOrigin + performance.now() - ms).toISOString()

export const people: readonly Me[] = (
  [
    [1, 'Maya Lindqvist', 'administrator', 'en', null],
    [2, 'Ben Okafor', 'agent', 'en', 'Orders'],
    [3, '陈思远', 'agent', 'zh', 'Points'],
    [4, 'Priya Raman', 'supervisor', 'en', null],
  ] as const
).map(([id, displayName, role, locale, team]) => ({
  id,
  email: `staff${id}@kettlewick.example`,
  displayName,
  role,
  locale,
  languages: locale === 'zh' ? ['zh', 'en'] : ['en'],
  topics: id === 3 ? ['points'] : [],
  tiers: [],
  team,
  capacity: 4,
  autoAccept: true,
  presence: 'online',
  hasPassword: true,
}))

export const earlier: readonly EarlierMessage[] = [
  { author: 'member', text: 'Hello', cards: [], at: ago(9 * 60_000) },
  {
    author: 'bot',
    text: 'Hello **Olivia**! Ask me for your points, your orders or a coupon.',
    cards: [],
    at: ago(8.9 * 60_000),
  },
  { author: 'member', text: 'my points for the order last week are missing', cards: [], at: ago(8 * 60_000) },
  {
    author: 'bot',
    text: 'You have **1,284 points**.\n\n- 40 are pending\n- 200 expire on 31 December',
    cards: ['Your last points'],
    at: ago(7.9 * 60_000),
  },
  { author: 'member', text: 'no, the ones for K-10442. this does not help', cards: [], at: ago(7 * 60_000) },
  {
    author: 'bot',
    text: 'I’m sorry, I did not get that. Shall I get a person?',
    cards: [],
    at: ago(6.9 * 60_000),
  },
]

const row = (part: Partial<RequestRow> & { id: number }): RequestRow => ({
  version: 1,
  status: 'waiting',
  channel: 'directline',
  locale: 'en',
  reason: 'asked',
  topic: null,
  priority: 0,
  memberId: `M000${part.id}`,
  displayName: 'Olivia Bennett',
  tier: { en: 'Gold', zh: '金卡' },
  team: null,
  staff: null,
  externalDesk: null,
  requestedAt: ago(4 * 60_000),
  waitingSince: ago(4 * 60_000),
  acceptedAt: null,
  closedAt: null,
  last: { author: 'member', text: 'I want to talk to a person please', at: ago(60_000) },
  lastSeq: 0,
  unread: 0,
  silentAt: null,
  leftAt: null,
  ...part,
})

export const said = (
  seq: number,
  author: DeskMessage['author'],
  text: string,
  part: Partial<DeskMessage> = {},
): DeskMessage => ({
  seq,
  author,
  staff: null,
  text,
  at: ago(5 * 60_000 - seq * 20_000),
  key: `k${seq}`,
  delivery: author === 'agent' ? 'sent' : null,
  ...part,
})

/** Conversations to begin with: one in hand, two that wait, one of a colleague's. */
export function sampleRequests(): { row: RequestRow; messages: DeskMessage[] }[] {
  const ben = { id: 2, displayName: 'Ben Okafor' }
  const maya = { id: 1, displayName: 'Maya Lindqvist' }
  const messages = [
    said(1, 'member', 'Finally. My points for order K-10442 never came.'),
    said(2, 'desk', 'You are talking to **Maya Lindqvist** now.'),
    said(3, 'agent', 'Hello Olivia, I’m sorry about that. Let me look at the order.', { staff: maya }),
    said(4, 'note', 'Order was split in two parcels, the second has not been booked. Ask the warehouse?', {
      staff: ben,
    }),
    said(5, 'member', 'Thanks. It was the one with the <b>green teapot</b> 🫖'),
    said(6, 'agent', 'Found it. The second parcel is booked today, your 120 points follow tonight.', { staff: maya }),
    said(7, 'member', 'Great, and can I use them for the sale on Friday?'),
  ]
  return [
    {
      row: row({
        id: 1,
        status: 'agent',
        staff: maya,
        reason: 'not-understood',
        acceptedAt: ago(4 * 60_000),
        lastSeq: 7,
        unread: 1,
        silentAt: ago(-100_000),
        last: { author: 'member', text: 'Great, and can I use them for the sale on Friday?', at: ago(60_000) },
      }),
      messages,
    },
    {
      row: row({
        id: 2,
        displayName: '王静怡',
        locale: 'zh',
        reason: 'redemption',
        lastSeq: 1,
        last: { author: 'member', text: '我兑换的优惠券在结账时用不了，提示无效', at: ago(40_000) },
      }),
      messages: [said(1, 'member', '我兑换的优惠券在结账时用不了，提示无效')],
    },
    {
      row: row({ id: 3, displayName: null, memberId: null, tier: null, waitingSince: ago(50_000), lastSeq: 1 }),
      messages: [said(1, 'member', 'I want to talk to a person please')],
    },
    {
      row: row({
        id: 4,
        displayName: 'Tom Whitfield',
        tier: { en: 'Member', zh: '普通会员' },
        status: 'agent',
        staff: ben,
        reason: 'complaint',
        lastSeq: 2,
        last: { author: 'agent', text: 'I have asked the warehouse.', at: ago(20_000) },
      }),
      messages: [
        said(1, 'member', 'The kettle came broken. Again.'),
        said(2, 'agent', 'I have asked the warehouse.', { staff: ben }),
      ],
    },
  ]
}

export const picture: MemberPicture = {
  memberId: 'M0001',
  displayName: 'Olivia Bennett',
  email: 'olivia.bennett@mail.example',
  locale: 'en',
  joinedAt: ago(900 * 24 * hourMs),
  currency: 'GBP',
  points: { available: 1284, pending: 40, held: 0, soonestExpiry: { points: 200, at: ago(-33 * 24 * hourMs) } },
  tier: { name: { en: 'Gold', zh: '金卡' }, next: { name: { en: 'Platinum', zh: '白金卡' }, missingMinor: 8_450 } },
  coupons: [
    {
      code: '7KQ4-9MXA-22TD',
      name: { en: '£5 off any order', zh: '全场立减 5 英镑' },
      status: 'issued',
      expiresAt: ago(-20 * 24 * hourMs),
    },
  ],
  orders: [
    {
      id: 'K-10442',
      placedAt: ago(7 * 24 * hourMs),
      status: 'shipped',
      totalMinor: 6_420,
      currency: 'GBP',
      items: [
        { name: { en: 'Green teapot, 0.8 l', zh: '绿色茶壶 0.8 升' }, quantity: 1 },
        { name: { en: 'Sencha, 100 g', zh: '煎茶 100 克' }, quantity: 2 },
      ],
    },
    {
      id: 'K-09871',
      placedAt: ago(40 * 24 * hourMs),
      status: 'delivered',
      totalMinor: 2_390,
      currency: 'GBP',
      items: [{ name: { en: 'Assam, 250 g', zh: '阿萨姆红茶 250 克' }, quantity: 1 }],
    },
  ],
  segment: { en: 'Loyal, high value', zh: '高价值忠诚会员' },
  cluster: null,
  stage: { en: 'Slowing down', zh: '消费放缓' },
  strategy: { en: 'Bring back before the sale', zh: '促销前唤回' },
  churn: {
    risk: 0.58,
    reasons: [
      { en: 'Bought every 3 weeks, now 6 weeks ago', zh: '通常三周一买，已六周未买' },
      { en: 'The last two messages were not opened', zh: '最近两条消息未读' },
    ],
    valueAtStakeMinor: 31_200,
  },
  consents: [
    { kind: 'marketing', channel: 'email', status: 'granted', at: ago(400 * 24 * hourMs) },
    { kind: 'profiling', channel: 'chat', status: 'withdrawn', at: ago(90 * 24 * hourMs) },
  ],
  past: [
    {
      id: 9,
      requestedAt: ago(60 * 24 * hourMs),
      closedAt: ago(60 * 24 * hourMs),
      reason: 'asked',
      said: 'Where is my parcel?',
      resolution: 'confirmed',
      csatScore: 5,
      staff: 'Ben Okafor',
    },
  ],
  likelyNext: [
    { name: { en: 'Sencha, 100 g', zh: '煎茶 100 克' }, reason: { en: 'Buys it every 3 weeks', zh: '每三周购买一次' } },
    { name: { en: 'Bamboo whisk', zh: '竹制茶筅' }, reason: { en: 'Bought with the teapot', zh: '常与茶壶一同购买' } },
  ],
}

export const assist: Record<'en' | 'zh', Assist> = {
  en: {
    summary:
      'Olivia Bennett (Gold, 1,284 points) asked about the points of order K-10442. The bot showed the balance and did not understand twice; then she asked for a person, 6 minutes ago.',
    replies: [
      {
        text: 'Points of an order are booked when its last parcel has left us, at the latest the next morning.',
        source: 'page',
        title: 'When do I get my points?',
        score: 0.82,
      },
      {
        text: 'I have looked it up: the second parcel was not booked. I have put that right, the points follow tonight.',
        source: 'solved',
        title: 'Missing points, split order',
        score: 0.74,
      },
    ],
    coupons: [
      {
        couponId: 'c5',
        name: { en: '£5 off any order', zh: '全场立减 5 英镑' },
        why: { en: 'Most redeemed by members like her', zh: '同类会员最常兑换' },
      },
    ],
    goodwill: { suggestedPoints: 100, leftPoints: 400, limitPoints: 500 },
  },
  zh: {
    summary:
      'Olivia Bennett（金卡，1,284 积分）询问订单 K-10442 的积分。机器人给出了余额，两次未能理解，6 分钟前顾客要求人工。',
    replies: [
      {
        text: '积分在最后一个包裹发出后入账，最迟次日上午。',
        source: 'page',
        title: '积分什么时候到账？',
        score: 0.82,
      },
      { text: '已查到：第二个包裹漏记，现已补上，积分今晚到账。', source: 'solved', title: '拆单漏积分', score: 0.74 },
    ],
    coupons: [
      {
        couponId: 'c5',
        name: { en: '£5 off any order', zh: '全场立减 5 英镑' },
        why: { en: 'Most redeemed by members like her', zh: '同类会员最常兑换' },
      },
    ],
    goodwill: { suggestedPoints: 100, leftPoints: 400, limitPoints: 500 },
  },
}

export const canned: readonly CannedReply[] = [
  {
    id: 1,
    title: 'Greeting',
    text: 'Hello {name}, thank you for waiting. How can I help?',
    locale: 'en',
    isShared: true,
  },
  {
    id: 2,
    title: 'Points balance',
    text: '{name}, you have {points} points and the tier {tier} at {shop}.',
    locale: 'en',
    isShared: true,
  },
  { id: 3, title: '问候', text: '{name}您好，让您久等了，请问有什么可以帮您？', locale: 'zh', isShared: true },
  { id: 4, title: 'Goodbye', text: 'Have a good day, {name}!', locale: 'en', isShared: false },
]

export const report: DeskReport = {
  from: ago(30 * 24 * hourMs),
  to: ago(0),
  requests: 412,
  resolution: { confirmed: 201, assumed: 124, reopened: 31, open: 9 },
  firstReply: { medianSeconds: 48, p90Seconds: 210 },
  handling: { medianSeconds: 380, p90Seconds: 1_500 },
  csat: { answers: 187, mean: 4.3, byScore: [6, 9, 19, 48, 105] },
  reasons: [
    { reason: 'asked', requests: 190 },
    { reason: 'not-understood', requests: 104 },
    { reason: 'complaint', requests: 61 },
    { reason: 'redemption', requests: 40 },
    { reason: 'low-feedback', requests: 17 },
  ],
  contactReasons: [
    { reason: 'delivery', requests: 130 },
    { reason: 'points', requests: 98 },
    { reason: 'return', requests: 70 },
    { reason: 'other', requests: 34 },
  ],
  byDay: Array.from({ length: 30 }, (_, index) => ({
    day: ago((29 - index) * 24 * hourMs).slice(0, 10),
    requests: 9 + ((index * 7) % 11),
    closed: 8 + ((index * 5) % 11),
  })),
  staff: [
    { id: 2, displayName: 'Ben Okafor', closed: 188, medianFirstReplySeconds: 41, csatMean: 4.4 },
    { id: 3, displayName: '陈思远', closed: 151, medianFirstReplySeconds: 55, csatMean: 4.2 },
  ],
}
