export const en = {
  menuTitle: 'Points history',
  intro: 'Your latest points:',
  introIn: ({ period }: { period: string }) => `Your points ${period}:`,
  further: 'Further back:',
  none: 'Nothing has happened on your points account yet. Your first order will show up here.',
  noneIn: ({ period }: { period: string }) => `Nothing happened on your points account ${period}.`,
  noMore: "That's all there is.",
  line: ({ points, date, what }: { points: string; date: string; what: string }) =>
    `- **${points}** · ${date} · ${what}`,
  kinds: {
    earn: ({ order }: { order?: string }) => (order === undefined ? 'earned' : `earned with order ${order}`),
    release: () => 'became available',
    burn: ({ coupon }: { coupon?: string }) => (coupon === undefined ? 'redeemed' : `redeemed for ${coupon}`),
    expire: () => 'expired',
    reverse: ({ order }: { order?: string }) => (order === undefined ? 'taken back' : `taken back for order ${order}`),
    adjust: () => 'corrected by us',
    hold: () => 'set aside',
    post: () => 'spent from what was set aside',
    void: () => 'returned to you',
  },
  reversedBurn: 'given back',
  cardTitle: 'Points history',
  more: 'Show more',
  moreAliases: ['more', 'next', 'next page', 'older', 'show me more', 'earlier'],
  all: 'All my points history',
  balance: 'My points',
  redeem: 'Redeem a coupon',
}

export type Words = typeof en
