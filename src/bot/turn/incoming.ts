import type { Action } from '../contract'

/** What somebody did, whatever the channel: the only thing the turn pipeline knows about a message. */
export interface Incoming {
  readonly channel: string
  readonly conversationId: string
  /** Unique within the conversation; the same one again is a duplicate and has no second effect. */
  readonly activityId: string
  readonly tenantId: string
  readonly userId: string
  /** Set only by callers in this process that know who it is (the terminal chat); never from a request. */
  readonly asMemberId?: string
  readonly isGroup: boolean
  /** BCP 47 tag of the person's language as the channel tells it. */
  readonly locale?: string
  readonly content: Content
}

export type Content =
  | { readonly kind: 'message'; readonly text: string; readonly action?: Action; readonly files?: readonly string[] }
  /** Pictures or files without a word; their names, where they have any. */
  | { readonly kind: 'attachment'; readonly files?: readonly string[] }
  /** Somebody opened the conversation: greet, once. */
  | { readonly kind: 'welcome' }
