import type { DeskView, RequestRow } from '../../../http/api/console/types'

/** Something that an agent should hear of although they look elsewhere. */
export interface News {
  readonly kind: 'waiting' | 'message' | 'assigned'
  readonly row: RequestRow
}

/** What is new between two looks at the desk: somebody waits, was given to me, or wrote to me. */
export function newsBetween(before: DeskView, after: DeskView): readonly News[] {
  const known = new Set([...before.waiting, ...before.mine, ...before.others].map(({ id }) => id))
  const mineBefore = new Map(before.mine.map((row) => [row.id, row]))
  const waiting = after.waiting.filter(({ id }) => !known.has(id)).map((row) => ({ kind: 'waiting' as const, row }))
  const mine = after.mine.flatMap((row): News[] => {
    const earlier = mineBefore.get(row.id)
    if (!earlier) return [{ kind: 'assigned', row }]
    return row.unread > earlier.unread ? [{ kind: 'message', row }] : []
  })
  return [...mine, ...waiting]
}

/** Messages that wait to be read in one's own conversations. */
export function unreadOf(desk: DeskView | undefined): number {
  return desk?.mine.reduce((sum, { unread }) => sum + unread, 0) ?? 0
}

/** The page's title: how much is unread, then what it is. */
export function titleOf(unread: number, name: string, shop: string): string {
  return `${unread > 0 ? `(${unread}) ` : ''}${name} · ${shop}`
}
