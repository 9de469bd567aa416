import type { EarlierEntry } from '../../core/handoff/earlier'
import type { Locale } from '../../core/locale'
import type { Tx } from '../../db/sql'
import type { Reference } from '../connector/client'

/** What a help desk is told of a conversation that it is to take over. */
export interface Handover {
  readonly requestId: number
  readonly channel: string
  readonly conversationId: string
  /** How the conversation is reached; absent where the channel did not say. */
  readonly reference: Reference | undefined
  readonly locale: Locale
  /** Why a person was asked for. */
  readonly reason: string
  /** An intent: what it is about, as far as that is known. */
  readonly topic: string | null
  /** The code of the member's tier; null for a stranger. */
  readonly memberTier: string | null
  /** What the member said last. */
  readonly said: string
  /** What was said to the bot before, oldest first. */
  readonly transcript: readonly EarlierEntry[]
  readonly at: Date
}

/**
 * Where people answer who are asked for: our own console, or a desk elsewhere. Both calls run in the transaction of the
 * member's turn, and what they give are activities that leave in the member's own channel, after the bot's replies. A desk that is
 * reached in another way stores what it must send in the same transaction and gives none.
 */
export interface HelpDesk {
  /** As `handoff_request.external_desk` has it; null: our own console, whose queue is that table. */
  readonly name: string | null
  /** Whether the people of this channel are its to answer. */
  takes(channel: string): boolean
  /** Asks it to take a conversation over. */
  initiate(tx: Tx, handover: Handover): Promise<readonly object[]>
  /** Tells it that nobody waits any more. */
  cancel(tx: Tx, handover: Handover): Promise<readonly object[]>
}

/** What a desk elsewhere tells of a conversation. `key`: the same report again does nothing. */
export type HelpDeskReport = {
  readonly channel: string
  readonly conversationId: string
  readonly key: string
  /** Who sent it, as the channel calls them; a member's own client is not believed. */
  readonly fromId?: string
} & (
  | { readonly kind: 'accepted' | 'failed' | 'completed' }
  /** One of its people says something to the member, and can't do so in the channel itself. */
  | { readonly kind: 'message'; readonly text: string; readonly name: string }
)

/** Our own console: who waits is in the queue already, and who does not wait any more has left it. */
export const ownConsole: HelpDesk = {
  name: null,
  takes: () => true,
  initiate: async () => [],
  cancel: async () => [],
}
