import { z } from 'zod'

/** What members do besides buying. A click leads to a product's page from anywhere, a view is the page itself. */
export const EVENT_KINDS = ['click', 'view', 'review'] as const

export interface MemberEvent {
  /** The teller's own id: the idempotency key, together with the source. */
  readonly externalId: string
  readonly memberId: string
  readonly kind: (typeof EVENT_KINDS)[number]
  readonly sku: string | null
  /** 1 to 5; of reviews only, and of each of them. */
  readonly rating: number | null
  readonly at: Date
}

/** Why an event was not taken. `changed`: its id was told before, with other content. */
export type EventRefusal =
  | 'missing-id'
  | 'id-too-long'
  | 'missing-member'
  | 'bad-kind'
  | 'bad-rating'
  | 'bad-date'
  | 'absurd-date'
  | 'unknown-member'
  | 'changed'

/** An event as a file or a program tells it: texts, empty or absent where there is nothing to say. */
export type ToldEvent = Readonly<Partial<Record<'eventId' | 'memberId' | 'kind' | 'sku' | 'rating' | 'at', string>>>

const ID_LENGTH_MAX = 200
const EARLIEST = new Date('1990-01-01T00:00:00Z')
/** Clocks of other machines may be fast. */
const AHEAD_MS = 86_400_000

const instant = z.iso.datetime({ offset: true })
const kinds = z.enum(EVENT_KINDS)

/** Reads what was told, or says what is wrong with it. `at` needs an offset or Z; `now` bounds it. */
export function readEvent(told: ToldEvent, { now }: { now: Date }): MemberEvent | EventRefusal {
  const text = (name: keyof ToldEvent) => told[name]?.trim() ?? ''
  const [externalId, memberId, sku] = [text('eventId'), text('memberId'), text('sku')]
  if (externalId === '') return 'missing-id'
  if (memberId === '') return 'missing-member'
  if ([externalId, memberId, sku].some(({ length }) => length > ID_LENGTH_MAX)) return 'id-too-long'
  const kind = kinds.safeParse(text('kind').toLowerCase())
  if (!kind.success) return 'bad-kind'
  const rating = text('rating')
  if (kind.data === 'review' ? !/^[1-5]$/.test(rating) : rating !== '') return 'bad-rating'
  if (!instant.safeParse(text('at')).success) return 'bad-date'
  const at = new Date(text('at'))
  if (at < EARLIEST || at.getTime() > now.getTime() + AHEAD_MS) return 'absurd-date'
  return { externalId, memberId, kind: kind.data, sku: sku || null, rating: rating === '' ? null : Number(rating), at }
}
