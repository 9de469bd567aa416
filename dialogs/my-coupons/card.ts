import type { Card } from '../../src/bot/contract'
import { button, card, item } from '../../src/bot/kit/card'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import type { Words } from './replies.en'

/** The member's coupons with their codes. */
export function couponsCard(words: Words, coupons: readonly { name: string; code: string; status: string }[]): Card {
  return card({
    title: words.cardTitle,
    body: coupons.map(({ name, code, status }) =>
      item({
        title: escapeMarkdown(name),
        lines: [`${code} · ${status}`],
        actions: [button(words.checkButton, { verb: 'my-coupons', args: { code } })],
      }),
    ),
  })
}
