import type { Card } from '../../src/bot/contract'
import { card, facts, figure } from '../../src/bot/kit/card'
import type { Words } from './replies.en'

/** The balance as a big figure, the rest as facts. All texts come formatted. */
export function balanceCard(
  words: Words,
  shown: { available: string; pending?: string; held?: string; owed?: string; expiry?: string },
): Card {
  const rows = (
    [
      [words.pendingTitle, shown.pending],
      [words.heldTitle, shown.held],
      [words.owedTitle, shown.owed],
      [words.expiryTitle, shown.expiry],
    ] as const
  ).map(([title, value]) => (value === undefined ? undefined : ([title, value] as const)))
  const known = rows.filter((row) => row !== undefined)
  return card({
    title: words.cardTitle,
    body: [figure(shown.available), ...(known.length > 0 ? [facts(known)] : [])],
  })
}
