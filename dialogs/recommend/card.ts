import type { Card } from '../../src/bot/contract'
import { button, card, item } from '../../src/bot/kit/card'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import type { Words } from './replies.en'

/** Suggested items, each with its reason and a button for others of its category. */
export function suggestionsCard(
  words: Words,
  items: readonly { name: string; price: string; why: string; categoryCode?: string }[],
): Card {
  return card({
    title: words.cardTitle,
    body: items.map(({ name, price, why, categoryCode }) =>
      item({
        title: escapeMarkdown(name),
        lines: [price, why],
        actions:
          categoryCode === undefined ? [] : [button(words.similar, { verb: 'recommend', args: { categoryCode } })],
      }),
    ),
  })
}
