import type { Card } from '../../src/bot/contract'
import { card, facts } from '../../src/bot/kit/card'
import type { Words } from './replies.en'

/** A page of movements: the points in front, when and what for beside. */
export function historyCard(words: Words, rows: readonly { points: string; date: string; what: string }[]): Card {
  return card({
    title: words.cardTitle,
    body: [facts(rows.map(({ points, date, what }) => [points, `${date} · ${what}`] as const))],
  })
}
