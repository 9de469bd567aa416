import type { Card } from '../../src/bot/contract'
import { card, facts, figure } from '../../src/bot/kit/card'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import type { Words } from './replies.en'

/** The tier, what was spent for it, and the way to the next. */
export function tierCard(
  words: Words,
  shown: { tier: string; spent: string; next?: { name: string; missing: string } },
): Card {
  const { tier, spent, next } = shown
  return card({
    title: words.cardTitle,
    body: [
      figure(escapeMarkdown(tier)),
      facts([
        [words.spentTitle, spent],
        next && [words.nextTitle, escapeMarkdown(next.name)],
        next && [words.missingTitle, next.missing],
      ]),
    ],
  })
}
