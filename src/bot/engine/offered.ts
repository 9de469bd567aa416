import type { Reply, Turn } from '../contract'
import { bareNumber, bestName, fold, positionOf } from '../kit/choose'
import type { Offered } from './state'

/** What the replies of a turn leave to choose from: the last numbered list, and the buttons of the last reply. */
export function offeredBy(replies: readonly Reply[]): Offered[] {
  const list = replies.findLast((reply) => reply.choices !== undefined)?.choices ?? []
  const buttons = replies.at(-1)?.quickReplies ?? []
  return [
    ...list.map(({ title, action, aliases }) => ({ title, action, ...(aliases ? { aliases } : {}), numbered: true })),
    ...buttons.map(({ title, action, aliases }) => ({
      title,
      ...(action ? { action } : {}),
      ...(aliases ? { aliases } : {}),
      numbered: false,
    })),
  ]
}

/** The thing whose title or alias was typed, letter case and punctuation aside. */
export function chosenByTitle(said: string, all: readonly Offered[]): Offered | undefined {
  const offered = all.filter(({ action }) => action)
  const text = fold(said)
  if (text === '') return offered.find(({ title }) => title === said)
  return offered.find(({ title, aliases }) => [title, ...(aliases ?? [])].some((name) => fold(name) === text))
}

/** The thing that a bare number or ordinal points at; buttons count only where `buttons` says so. */
export function chosenByNumber(
  turn: Turn,
  offered: readonly Offered[],
  { buttons }: { buttons: boolean },
): Offered | undefined {
  const numbered = offered.filter((each) => each.numbered)
  const list = numbered.length > 0 ? numbered : buttons ? offered.filter(({ action }) => action) : []
  const ordinal = bareNumber(turn)?.ordinal
  const position = ordinal === undefined ? undefined : positionOf(ordinal, list.length)
  return position === undefined ? undefined : list[position]
}

/** The thing whose name is nearest to what was said, from `scoreMin` up. */
export function chosenByName(said: string, all: readonly Offered[], scoreMin: number): Offered | undefined {
  const offered = all.filter(({ action }) => action)
  const names = offered.map(({ title, aliases }) => [title, ...(aliases ?? [])])
  const best = bestName(said, names, scoreMin)
  return best ? offered[best.index] : undefined
}
