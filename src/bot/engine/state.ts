import type { Locale } from '../../core/locale'
import type { About, Action } from '../contract'

/** Raise it when this shape changes: a state of another version is dropped, and the person starts with a clean slate. */
export const STATE_VERSION = 1

/** Open questions that are kept at the most; an older one is forgotten. */
export const STACK_DEPTH_MAX = 3

/** For whom something waits: a chat user, and the member they were then. It is nobody else's. */
export interface Owner {
  readonly userId: string
  /** Absent: a stranger, or somebody in a group. */
  readonly memberId?: string
}

/** Something that waits: a question for its answer, or a conversation for the person to be known. */
export type Waiting =
  | {
      readonly kind: 'question'
      readonly owner: Owner
      readonly conversation: string
      readonly version: number
      readonly question: string
      readonly data: unknown
    }
  | { readonly kind: 'wanted'; readonly owner: Owner; readonly conversation: string; readonly action?: Action }

/** What the last replies offered to choose from. Numbered ones are found by number too. */
export interface Offered {
  readonly title: string
  readonly action?: Action
  readonly aliases?: readonly string[]
  readonly numbered: boolean
}

/** What was spoken of last, when, and how many turns ago. */
export interface Spoken extends About {
  readonly owner: Owner
  readonly at: string
  readonly turnsAgo: number
}

/** What the bot remembers of a conversation: plain JSON. Nothing in it is ever taken as proof of who somebody is. */
export interface EngineState {
  readonly v: typeof STATE_VERSION
  /** The last is the one that is being asked. */
  readonly stack: readonly Waiting[]
  /** Messages in a row that were not understood. */
  readonly unsure: number
  readonly offered: { readonly owner: Owner; readonly items: readonly Offered[] }
  /** Absent: nothing, or it is too long ago. */
  readonly spoken?: Spoken
  /** The language spoken last, and whether it was asked for. */
  readonly locale?: Locale
  readonly localeChosen: boolean
  /** Whether this person gets traditional characters for simplified ones. */
  readonly traditional?: boolean
}

/** A conversation that has just begun. */
export function emptyState(): EngineState {
  return { v: STATE_VERSION, stack: [], unsure: 0, offered: { owner: { userId: '' }, items: [] }, localeChosen: false }
}

/** A state as it was stored; anything else (none yet, another version, not ours) is an empty one. */
export function readState(stored: unknown): EngineState {
  if (typeof stored !== 'object' || stored === null) return emptyState()
  const state = stored as Partial<EngineState>
  return state.v === STATE_VERSION && Array.isArray(state.stack) && Array.isArray(state.offered?.items)
    ? (state as EngineState)
    : emptyState()
}

/** Whether the person of a stored conversation reads traditional characters. */
export function traditionalIn(stored: unknown): boolean {
  return readState(stored).traditional === true
}

/** The language of a stored conversation, for the recogniser to fall back on. */
export function localeIn(stored: unknown): Locale | undefined {
  return readState(stored).locale
}
