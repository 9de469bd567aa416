export const en = {
  menuTitle: 'My orders',
  intro: 'Your latest orders. Say a number or an order number to hear more:',
  older: 'Older orders:',
  none: "I don't see any orders of yours yet.",
  noMore: 'Those are all your orders.',
  line: ({ id, date, total, status }: { id: string; date: string; total: string; status: string }) =>
    `**${id}** · ${date} · ${total} · ${status}`,
  refundLine: ({ id, date, total, of }: { id: string; date: string; total: string; of?: string }) =>
    `**${id}** · ${date} · refund of ${total}${of === undefined ? '' : ` for order ${of}`}`,
  statuses: {
    placed: 'being prepared',
    shipped: 'on its way',
    delivered: 'delivered',
    cancelled: 'cancelled',
    refunded: 'refunded',
  },
  details: {
    placed: ({ id, date }: { id: string; date: string }) => `Order **${id}** of ${date} is being prepared.`,
    shipped: ({ id, date }: { id: string; date: string }) => `Order **${id}** of ${date} is on its way.`,
    delivered: ({ id, date }: { id: string; date: string }) => `Order **${id}** of ${date} has been delivered.`,
    cancelled: ({ id, date }: { id: string; date: string }) => `Order **${id}** of ${date} was cancelled.`,
    refunded: ({ id, date }: { id: string; date: string }) => `Order **${id}** of ${date} was refunded.`,
  },
  refund: ({ id, date, of }: { id: string; date: string; of?: string }) =>
    `**${id}** of ${date} is a refund${of === undefined ? '' : ` for order ${of}`}.`,
  expected: ({ at }: { at: string }) => `It should be with you by ${at}.`,
  late: ({ at }: { at: string }) => `It was due by ${at}, so it's late. I'm sorry. A person can look into it.`,
  tracking: ({ code }: { code: string }) => `Tracking number: **${code}**.`,
  total: ({ total }: { total: string }) => `Total: ${total}.`,
  item: ({ name, quantity, amount }: { name: string; quantity: string; amount: string }) =>
    `- ${quantity} × ${name}: ${amount}`,
  moreItems: ({ count }: { count: string }) => `- and ${count} more`,
  unknown: ({ id }: { id: string }) => `I can't find an order **${id}** among yours. Please check the number.`,
  unknownProduct: ({ name }: { name: string }) => `I can't find an order of yours with ${name}.`,
  cardTitle: 'Your orders',
  orderTitle: ({ id }: { id: string }) => `Order ${id}`,
  dateTitle: 'Placed on',
  statusTitle: 'Status',
  totalTitle: 'Total',
  trackingTitle: 'Tracking number',
  expectedTitle: 'Expected by',
  detailsButton: 'Details',
  all: 'All my orders',
  more: 'Older orders',
  moreAliases: ['more', 'older', 'show more', 'next', 'next page', 'earlier'],
  track: 'How tracking works',
  refundHow: 'Returns and refunds',
  person: 'Talk to a person',
  recommend: 'What should I buy?',
}

export type Words = typeof en
