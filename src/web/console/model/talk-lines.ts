import type { DeskMessage, RequestView } from '../../../http/api/console/types'
import type { Outgoing } from './outbox'

type AnyEvent = RequestView['events'][number]

/** What happened to a request and is worth a line in its conversation. */
export const eventKinds = [
  'accepted',
  'assigned',
  'transferred',
  'silent',
  'waits-again',
  'left-message',
  'returned',
  'closed',
] as const
export type EventKind = (typeof eventKinds)[number]
export type Happening = Omit<AnyEvent, 'kind'> & { readonly kind: EventKind }

/** The events that are told; the others are for audits. */
export function happenings(events: readonly AnyEvent[]): readonly Happening[] {
  return events.filter((event): event is Happening => (eventKinds as readonly string[]).includes(event.kind))
}

export type Line =
  | {
      readonly type: 'message'
      readonly key: string
      readonly atMs: number
      readonly by: string
      readonly message: DeskMessage
    }
  | {
      readonly type: 'event'
      readonly key: string
      readonly atMs: number
      readonly by: string
      readonly event: Happening
    }
  | {
      readonly type: 'outgoing'
      readonly key: string
      readonly atMs: number
      readonly by: string
      readonly outgoing: Outgoing
    }

/** Messages in the server's order, what happened by its time between them, and what is on its way at the end. */
export function linesOf(parts: {
  messages: readonly DeskMessage[]
  events: readonly Happening[]
  outgoing: readonly Outgoing[]
}): readonly Line[] {
  const events = parts.events.map((event, index): Line => {
    return { type: 'event', key: `event-${index}`, atMs: Date.parse(event.at), by: `event-${index}`, event }
  })
  const lines: Line[] = []
  let told = 0
  for (const message of parts.messages) {
    const atMs = Date.parse(message.at)
    while (told < events.length && (events[told]?.atMs ?? 0) <= atMs) lines.push(events[told++] as Line)
    const by = `${message.author}-${message.staff?.id ?? ''}`
    // Its key is the one it was sent under: the line stays where it is when the server has it.
    lines.push({ type: 'message', key: `said-${message.key}`, atMs, by, message })
  }
  lines.push(...events.slice(told))
  const keys = new Set(parts.messages.map(({ key }) => key))
  for (const outgoing of parts.outgoing) {
    if (keys.has(outgoing.key)) continue
    lines.push({ type: 'outgoing', key: `said-${outgoing.key}`, atMs: outgoing.atMs, by: outgoing.kind, outgoing })
  }
  return lines
}
