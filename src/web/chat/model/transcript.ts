/**
 * What has been said, as a value. The server's log is the truth: an activity is shown once however often it arrives,
 * and one's own message is joined with its echo by the `clientActivityID` it was sent with.
 */
export interface Attachment {
  readonly contentType: string
  readonly content?: unknown
}

export interface SuggestedAction {
  readonly type: string
  readonly title: string
  readonly text?: string
  readonly displayText?: string
  readonly value?: unknown
}

/** The fields of a Direct Line activity that are read here. */
export interface IncomingActivity {
  readonly type: string
  readonly id?: string
  readonly timestamp?: string
  readonly from?: { readonly id?: string; readonly role?: string; readonly name?: string }
  readonly text?: string
  /** The language the bot spoke. */
  readonly locale?: string
  readonly value?: unknown
  readonly channelData?: unknown
  readonly attachments?: readonly Attachment[]
  readonly suggestedActions?: { readonly actions?: readonly SuggestedAction[] }
}

export type Delivery = 'sending' | 'sent' | 'failed'

/** What is sent: words, or a button's value with the words that are shown for it. */
export interface Outgoing {
  readonly clientId: string
  readonly text: string
  readonly value?: unknown
  readonly displayText?: string
}

export interface Entry {
  /** Stable over the entry's life, for the list and for joining with the echo. */
  readonly key: string
  readonly mine: boolean
  /** The person of the merchant's who says it; absent for the bot. */
  readonly agent?: string
  readonly text: string
  readonly atMs: number
  readonly attachments: readonly Attachment[]
  readonly delivery: Delivery
  /** Kept while it may have to be sent again. */
  readonly outgoing?: Outgoing
  readonly suggestedActions: readonly SuggestedAction[]
}

export interface Transcript {
  /** What the server has, in its order, then what is on its way to it. */
  readonly entries: readonly Entry[]
  readonly seenIds: ReadonlySet<string>
}

export const emptyTranscript: Transcript = { entries: [], seenIds: new Set() }

/** Adds an activity of the server's log. An activity that was already seen changes nothing. */
export function received(
  transcript: Transcript,
  activity: IncomingActivity,
  userId: string,
  nowMs: number,
): Transcript {
  if (activity.type !== 'message') return transcript
  if (activity.id && transcript.seenIds.has(activity.id)) return transcript
  const mine = activity.from?.id === userId || activity.from?.role === 'user'
  const channelData = recordOf(activity.channelData)
  const clientId = mine ? stringOf(channelData.clientActivityID) : undefined
  const pending = transcript.entries.find((entry) => entry.mine && entry.key === clientId)
  const arrivedMs = Date.parse(activity.timestamp ?? '')
  const entry: Entry = {
    key: clientId ?? activity.id ?? `${nowMs}-${transcript.entries.length}`,
    mine,
    ...(mine ? {} : agentOf(activity)),
    text: pending?.text ?? shownText(activity, mine, channelData),
    atMs: Number.isNaN(arrivedMs) ? (pending?.atMs ?? nowMs) : arrivedMs,
    attachments: activity.attachments ?? [],
    delivery: 'sent',
    suggestedActions: activity.suggestedActions?.actions ?? [],
  }
  const seenIds = activity.id ? new Set(transcript.seenIds).add(activity.id) : transcript.seenIds
  return { entries: place(transcript.entries, entry, pending), seenIds }
}

/** The name of the person who speaks, if it is one: the bot and the customer have none. */
export function agentOf({ from }: IncomingActivity): { agent?: string } {
  return from?.id?.startsWith('agent:') && from.name ? { agent: from.name } : {}
}

/** Whether a person has the conversation, as far as can be seen: what was said to the customer last came from one. */
export function isWithPerson({ entries }: Transcript): boolean {
  return entries.findLast(({ mine }) => !mine)?.agent !== undefined
}

/** Whether it has a place in the log, which is the end of its id; what has none is said in passing and kept nowhere. */
export function isLogged(activity: IncomingActivity): boolean {
  return /\|\d+$/.test(activity.id ?? '')
}

/** Adds one's own message before the server has it. */
export function sending(transcript: Transcript, outgoing: Outgoing, nowMs: number): Transcript {
  const entry: Entry = {
    key: outgoing.clientId,
    mine: true,
    text: outgoing.displayText ?? outgoing.text,
    atMs: nowMs,
    attachments: [],
    delivery: 'sending',
    outgoing,
    suggestedActions: [],
  }
  return { ...transcript, entries: [...transcript.entries, entry] }
}

/** Marks an own message as on its way or failed. One that the server has stays sent. */
export function delivering(transcript: Transcript, clientId: string, delivery: 'sending' | 'failed'): Transcript {
  const entries = transcript.entries.map((entry) =>
    entry.key === clientId && entry.delivery !== 'sent' ? { ...entry, delivery } : entry,
  )
  return { ...transcript, entries }
}

/** Marks an own message as accepted. Its echo may come before, after, or be replayed; it is the same entry. */
export function accepted(transcript: Transcript, clientId: string): Transcript {
  const entries = transcript.entries.map((entry) =>
    entry.key === clientId && entry.delivery !== 'sent' ? { ...entry, delivery: 'sent' as const } : entry,
  )
  return { ...transcript, entries }
}

/** The quick replies on offer: those of the last entry, if the bot said it, without what its card's buttons do. */
export function quickReplies(transcript: Transcript): readonly SuggestedAction[] {
  const last = transcript.entries.at(-1)
  if (!last || last.mine) return []
  const onCard = new Set(last.attachments.flatMap(({ content }) => meaningsIn(content)))
  return last.suggestedActions.filter(({ value }) => !onCard.has(meaningOf(value)))
}

/** What the buttons of a card mean, wherever in it they stand. */
function meaningsIn(content: unknown): string[] {
  if (Array.isArray(content)) return content.flatMap(meaningsIn)
  const { type, data, ...rest } = recordOf(content)
  const isButton = type === 'Action.Execute' || type === 'Action.Submit'
  return [...(isButton ? [meaningOf(data)] : []), ...Object.values(rest).flatMap(meaningsIn)]
}

function meaningOf(value: unknown): string {
  const { verb, args } = recordOf(value)
  return JSON.stringify([verb, Object.entries(recordOf(args)).sort()])
}

/** Puts a confirmed entry after the confirmed ones and before those still on their way. */
function place(entries: readonly Entry[], entry: Entry, pending: Entry | undefined): readonly Entry[] {
  if (pending?.delivery === 'sent') return entries.map((other) => (other === pending ? entry : other))
  const others = entries.filter((other) => other !== pending)
  const lastSent = others.findLastIndex((other) => other.delivery === 'sent')
  return [...others.slice(0, lastSent + 1), entry, ...others.slice(lastSent + 1)]
}

/** A button press has no text of its own; what it said is kept beside it. */
function shownText(activity: IncomingActivity, mine: boolean, channelData: Record<string, unknown>): string {
  if (!mine) return activity.text ?? ''
  return stringOf(recordOf(channelData.messageBack).displayText) ?? activity.text ?? ''
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
