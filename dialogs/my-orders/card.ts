import type { Card } from '../../src/bot/contract'
import { button, card, facts, item, paragraph } from '../../src/bot/kit/card'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import type { Words } from './replies.en'

/** A page of orders, each with a button for more. */
export function ordersCard(
  words: Words,
  orders: readonly { id: string; date: string; total: string; status: string }[],
): Card {
  return card({
    title: words.cardTitle,
    body: orders.map(({ id, date, total, status }) =>
      item({
        title: escapeMarkdown(id),
        lines: [`${date} · ${total} · ${status}`],
        actions: [button(words.detailsButton, { verb: 'my-orders', args: { orderId: id } })],
      }),
    ),
  })
}

/** One order with its lines. */
export function orderCard(
  words: Words,
  order: {
    id: string
    date: string
    status: string
    total: string
    tracking?: string
    expected?: string
    lines: readonly string[]
  },
): Card {
  const { id, date, status, total, tracking, expected, lines } = order
  return card({
    title: words.orderTitle({ id: escapeMarkdown(id) }),
    body: [
      facts([
        [words.dateTitle, date],
        [words.statusTitle, status],
        [words.totalTitle, total],
        expected === undefined ? undefined : [words.expectedTitle, expected],
        tracking === undefined ? undefined : [words.trackingTitle, escapeMarkdown(tracking)],
      ]),
      paragraph(lines.join('\n')),
    ],
  })
}
