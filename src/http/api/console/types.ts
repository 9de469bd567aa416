import type { Locale, Localised } from '../../../core/locale'
import type { Role } from '../../../core/staff/role'

/**
 * What the console's operations (`/api/console/…`) take and answer. Instants are ISO 8601 in UTC, points and money whole
 * numbers (money in minor units). The browser side imports these types and nothing else of the server.
 */

export type Presence = 'online' | 'away' | 'offline'

/** `GET /api/console/conversations`: what the bot has, the latest first. */
export interface BotConversationRow {
  readonly channel: string
  readonly conversationId: string
  readonly memberId: string | null
  readonly displayName: string | null
  readonly lastText: string
  readonly updatedAt: string
}

/** Who is signed in. */
export interface Me {
  readonly id: number
  readonly email: string
  readonly displayName: string
  readonly role: Role
  readonly locale: Locale
  readonly languages: readonly Locale[]
  readonly topics: readonly string[]
  readonly tiers: readonly string[]
  readonly team: string | null
  readonly capacity: number
  readonly autoAccept: boolean
  readonly presence: Presence
  readonly hasPassword: boolean
}

/** `GET /api/console/session` */
export type SessionView =
  | { readonly state: 'signed-in'; readonly me: Me; readonly merchant: Localised; readonly demo: boolean }
  | {
      readonly state: 'signed-out'
      readonly merchant: Localised
      /** Whether "sign in with your company's account" is offered. */
      readonly oidc: boolean
      /** In demo mode: whom one may sign in as with one press (POST /api/console/session `{ demoStaffId }`). */
      readonly demoAccounts: readonly {
        readonly id: number
        readonly displayName: string
        readonly role: Role
        readonly locale: Locale
      }[]
    }
  /** Nobody has an account yet. POST /api/console/setup makes the first administrator; the code was printed at the start. */
  | { readonly state: 'first-run'; readonly merchant: Localised; readonly needsCode: boolean }

/** A colleague in `GET /api/console/staff` (administrators see all fields of all; others of who is not disabled). */
export interface StaffRow extends Me {
  readonly disabled: boolean
  readonly lockedUntil: string | null
  /** Conversations in hand. */
  readonly load: number
}

export type RequestStatus = 'waiting' | 'agent' | 'returned' | 'closed'
export type RequestReason =
  | 'asked'
  | 'not-understood'
  | 'error'
  | 'complaint'
  | 'redemption'
  | 'low-feedback'
  | 'agent'
  | 'reopened'

/** A request for a person, as lists show it. */
export interface RequestRow {
  readonly id: number
  /** Given back with each transition; another one answers 409 `changed`. */
  readonly version: number
  readonly status: RequestStatus
  readonly channel: string
  readonly locale: Locale
  readonly reason: RequestReason
  readonly topic: string | null
  readonly priority: number
  readonly memberId: string | null
  /** The member's name; null for a stranger. */
  readonly displayName: string | null
  readonly tier: Localised | null
  readonly team: string | null
  readonly staff: { readonly id: number; readonly displayName: string } | null
  readonly externalDesk: string | null
  readonly requestedAt: string
  readonly waitingSince: string
  readonly acceptedAt: string | null
  readonly closedAt: string | null
  /** What was said last, by whom. */
  readonly last: { readonly author: DeskAuthor; readonly text: string; readonly at: string }
  readonly lastSeq: number
  /** Messages of the member that its agent has not read. */
  readonly unread: number
  /** When the silent agent loses it, if the member is the one who waits for an answer. */
  readonly silentAt: string | null
  /** When the member left it as a message: they do not wait in the chat any more. */
  readonly leftAt: string | null
}

/** `GET /api/console/desk`: everything the left side shows. */
export interface DeskView {
  readonly waiting: readonly RequestRow[]
  readonly mine: readonly RequestRow[]
  /** Of colleagues: supervisors and above; empty for agents. */
  readonly others: readonly RequestRow[]
  readonly colleagues: readonly {
    readonly id: number
    readonly displayName: string
    readonly role: Role
    readonly presence: Presence
    readonly load: number
    readonly capacity: number
    readonly languages: readonly Locale[]
    readonly team: string | null
  }[]
  readonly teams: readonly string[]
  readonly open: { readonly isOpen: boolean; readonly opensAt: string | null }
  readonly expectedWaitSeconds: number | null
}

export type DeskAuthor = 'member' | 'bot' | 'agent' | 'desk' | 'note'
/** sent: handed to the channel and taken (web chat: in the log); unknown: may or may not have arrived, not resent. */
export type Delivery = 'pending' | 'sent' | 'failed' | 'unknown'

export interface DeskMessage {
  /** Counts up by one within a request. */
  readonly seq: number
  readonly author: DeskAuthor
  readonly staff: { readonly id: number; readonly displayName: string } | null
  /** Markdown from bot and desk; plain text from people. */
  readonly text: string
  readonly at: string
  /** The key that its writer gave it. */
  readonly key: string
  readonly delivery: Delivery | null
}

/** What was said before the request, newest last; no numbers, it does not change any more. */
export interface EarlierMessage {
  readonly author: 'member' | 'bot'
  readonly text: string
  /** Titles of cards that went with it. */
  readonly cards: readonly string[]
  readonly at: string
}

/** `GET /api/console/requests/:id` */
export interface RequestView {
  readonly request: RequestRow
  readonly earlier: readonly EarlierMessage[]
  /** Whether there is more before `earlier` (`?earlier=all`). */
  readonly hasEarlier: boolean
  readonly messages: readonly DeskMessage[]
  readonly events: readonly {
    readonly kind: string
    readonly staff: string | null
    readonly toStaff: string | null
    readonly toTeam: string | null
    readonly note: string | null
    readonly at: string
  }[]
}

/** What the server says on the websocket `/api/console/stream`. */
export type StreamMessage =
  /** Of a watched request, in order of seq, each once. */
  | { readonly type: 'messages'; readonly requestId: number; readonly messages: readonly DeskMessage[] }
  /** Something in lists changed: GET /api/console/desk again. Sent once right after opening, too. */
  | { readonly type: 'desk' }
  | {
      readonly type: 'typing'
      readonly requestId: number
      readonly who: 'member' | 'agent'
      readonly displayName: string | null
    }
  /** A delivery changed. */
  | { readonly type: 'delivery'; readonly requestId: number; readonly seq: number; readonly delivery: Delivery }
  /** The session has ended; the socket is closed next. */
  | { readonly type: 'signed-out' }

/** What the browser says on the websocket. */
export type StreamCommand =
  | { readonly type: 'watch'; readonly requestId: number; readonly afterSeq: number }
  | { readonly type: 'unwatch'; readonly requestId: number }
  | { readonly type: 'typing'; readonly requestId: number }
  | { readonly type: 'read'; readonly requestId: number; readonly seq: number }

/** `GET /api/console/requests/:id/member`: the whole picture. Null for a stranger. */
export interface MemberPicture {
  readonly memberId: string
  readonly displayName: string | null
  readonly email: string | null
  readonly locale: string | null
  readonly joinedAt: string
  readonly currency: string
  readonly points: {
    readonly available: number
    readonly pending: number
    readonly held: number
    readonly soonestExpiry: { readonly points: number; readonly at: string } | null
  }
  readonly tier: {
    readonly name: Localised
    readonly next: { readonly name: Localised; readonly missingMinor: number } | null
  }
  readonly coupons: readonly {
    readonly code: string
    readonly name: Localised
    readonly status: string
    readonly expiresAt: string
  }[]
  readonly orders: readonly {
    readonly id: string
    readonly placedAt: string
    readonly status: string
    readonly totalMinor: number
    readonly currency: string
    readonly items: readonly { readonly name: Localised; readonly quantity: number }[]
  }[]
  readonly segment: Localised | null
  readonly cluster: Localised | null
  readonly stage: Localised | null
  readonly strategy: Localised | null
  /** Null while not scored. */
  readonly churn: {
    readonly risk: number
    readonly reasons: readonly Localised[]
    readonly valueAtStakeMinor: number | null
  } | null
  readonly consents: readonly {
    readonly kind: string
    readonly channel: string
    readonly status: string
    readonly at: string
  }[]
  readonly past: readonly {
    readonly id: number
    readonly requestedAt: string
    readonly closedAt: string | null
    readonly reason: string
    readonly said: string
    readonly resolution: string | null
    readonly csatScore: number | null
    readonly staff: string | null
  }[]
  readonly likelyNext: readonly { readonly name: Localised; readonly reason: Localised }[]
}

/** `GET /api/console/requests/:id/assist` */
export interface Assist {
  /** One paragraph on what happened before, in the reader's language. */
  readonly summary: string
  readonly replies: readonly {
    readonly text: string
    /** Where it is from: an answer of the merchant's pages, or a conversation that was solved. */
    readonly source: 'page' | 'solved'
    readonly title: string
    readonly score: number
  }[]
  /** What the agent may give within the limit of the role. */
  readonly coupons: readonly { readonly couponId: string; readonly name: Localised; readonly why: Localised }[]
  readonly goodwill: { readonly suggestedPoints: number; readonly leftPoints: number; readonly limitPoints: number }
}

export interface CannedReply {
  readonly id: number
  readonly title: string
  readonly text: string
  readonly locale: Locale
  readonly isShared: boolean
}

/** `GET /api/console/search?q=` */
export interface SearchResult {
  readonly requestId: number
  readonly displayName: string | null
  readonly status: RequestStatus
  readonly at: string
  readonly author: DeskAuthor
  /** The text around the place, and where in it the words are. */
  readonly snippet: string
  readonly marks: readonly { readonly from: number; readonly length: number }[]
}

/** `GET /api/console/reports?days=30` */
export interface DeskReport {
  readonly from: string
  readonly to: string
  readonly requests: number
  readonly resolution: {
    readonly confirmed: number
    readonly assumed: number
    readonly reopened: number
    readonly open: number
  }
  /** Seconds; null without any. */
  readonly firstReply: { readonly medianSeconds: number | null; readonly p90Seconds: number | null }
  readonly handling: { readonly medianSeconds: number | null; readonly p90Seconds: number | null }
  readonly csat: {
    readonly answers: number
    readonly mean: number | null
    readonly byScore: readonly [number, number, number, number, number]
  }
  readonly reasons: readonly { readonly reason: string; readonly requests: number }[]
  readonly contactReasons: readonly { readonly reason: string; readonly requests: number }[]
  readonly byDay: readonly { readonly day: string; readonly requests: number; readonly closed: number }[]
  readonly staff: readonly {
    readonly id: number
    readonly displayName: string
    readonly closed: number
    readonly medianFirstReplySeconds: number | null
    readonly csatMean: number | null
  }[]
}
