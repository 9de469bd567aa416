import type { SecretBytes } from '../core/clock'
import type { ExperimentOutcome } from '../core/experiments/experiment'
import type { Locale, Localised } from '../core/locale'
import type { Tx } from '../db/sql'

/**
 * The contract between the bot and a conversation in dialogs/. Nothing here knows a channel: the bot turns activities
 * into turns and replies into activities.
 */

/** A button press or a card's submit: what to do, and with what. Never says who: that is `Turn.member`. */
export interface Action {
  readonly verb: string
  readonly args: Readonly<Record<string, unknown>>
}

/** What was understood from a text. `intent` is 'none' when unsure. Scores are calibrated, 0 to 1. */
export interface Understanding {
  readonly locale: Locale
  readonly intent: string
  readonly score: number
  readonly alternatives: readonly { intent: string; score: number }[]
  /** Where two things were clearly asked for in the same message: each with its own words. `intent` is the first's. */
  readonly parts?: readonly [AskedPart, AskedPart]
  readonly entities: Entities
}

/** One of the things that a message asks for. */
export interface AskedPart {
  readonly intent: string
  readonly said: string
  readonly entities: Entities
}

export interface Entities {
  /** Whole and decimal numbers in reading order: digits, full-width digits, words, Chinese numerals. */
  readonly numbers: readonly number[]
  /** 1 for "the first one" or 第一个, -1 for "the last one". */
  readonly ordinal?: number
  readonly couponCodes: readonly string[]
  readonly orderCodes: readonly string[]
  readonly emails: readonly string[]
  /** The first date or span of time named, as it was said; `periodOf` of kit/period.ts tells which days it means. */
  readonly date?: SaidDate
  /** Products and categories of the catalogue whose names were matched, exactly or nearly, best first. */
  readonly products: readonly { sku: string; name: string; score: number }[]
  readonly categories: readonly { code: string; name: string; score: number }[]
}

/**
 * A time in the past as people name it. `ago`: so many days, calendar weeks, months or years back (0: the present one);
 * `within`: the last so many, up to now; `calendar`: a day, month or year, of the latest year that fits where none is said;
 * `weekday`: the latest such day (1: Monday), or that of the week so many weeks back.
 */
export type SaidDate = (
  | { readonly kind: 'ago' | 'within'; readonly unit: 'day' | 'week' | 'month' | 'year'; readonly count: number }
  | {
      readonly kind: 'calendar'
      readonly year?: number
      readonly yearsAgo?: number
      readonly month?: number
      readonly day?: number
    }
  | { readonly kind: 'weekday'; readonly weekday: number; readonly weeksAgo?: number }
) & {
  /** From then until now. */
  readonly since?: true
}

/** A product that was called by some words. */
export interface NamedProduct {
  readonly sku: string
  /** They say what it is; else they are only a part of its name, as "kettle" is of a kettle descaler. */
  readonly isNamed: boolean
  /** All of its name is among them, besides how it is packed. */
  readonly isWhole: boolean
}

/** One turn of one person, inside one database transaction that commits with the replies. */
export interface Turn {
  /** The idempotency key of everything this turn writes: channel, conversation and activity id. */
  readonly key: string
  readonly now: Date
  readonly db: Tx
  readonly secretBytes: SecretBytes
  readonly locale: Locale
  /** The channel says that this person reads traditional characters; what they write counts more. */
  readonly readsTraditional?: boolean
  readonly channel: string
  readonly conversationId: string
  readonly userId: string
  readonly tenantId: string
  /** More than one person reads along: nothing personal may be said. */
  readonly isGroup: boolean
  /** The member linked to this chat user; absent for a stranger. */
  readonly member?: { readonly id: string; readonly displayName?: string }
  /** The text as typed, cleaned of control characters, full-width forms folded, at most 1,000 characters. */
  readonly said: string
  readonly action?: Action
  readonly understood: Understanding
  /** Products by what people call them, from memory: what they cost, and whether they are there, only the database knows. */
  readonly findProducts?: (words: readonly string[], limit: number) => readonly NamedProduct[]
}

export interface QuickReply {
  readonly title: string
  /** What pressing it does. Without one it says its title. */
  readonly action?: Action
  /** Other words that do the same when typed. */
  readonly aliases?: readonly string[]
}

/** An Adaptive Card 1.5 as plain data, with its title for places that show no cards. */
export interface Card {
  readonly title: string
  readonly content: Readonly<Record<string, unknown>>
}

/** One of the numbered things that a reply shows: "2", "the second one", its name or a misspelling of it chooses it. */
export interface Choice {
  readonly title: string
  readonly action: Action
  /** Other words that choose it. */
  readonly aliases?: readonly string[]
}

/** What a reply speaks of: members' orders by number, coupons by id, products by stock-keeping unit. */
export interface About {
  readonly kind: 'order' | 'coupon' | 'product'
  readonly ids: readonly string[]
}

/** What is asked of a thing that is not named: "where is it", "how much is it", "the same again". */
export type Pointing = 'where' | 'when' | 'cancel' | 'price' | 'contents' | 'stock' | 'again' | 'buy'

/** One message. `text` is Markdown and says everything needed even where cards are not shown. */
export interface Reply {
  readonly text: string
  readonly card?: Card
  /** At most 6. Typing the title of one does the same as pressing it. */
  readonly quickReplies?: readonly QuickReply[]
  /** What the text lists, in its order. For the engine's memory only; no channel shows it. */
  readonly choices?: readonly Choice[]
  /** What "it" means in the next messages. For the engine's memory only. */
  readonly about?: About
}

/** What a conversation does next. */
export type Next<Data> =
  | { readonly kind: 'end' }
  /** Ends like `end`, but what was being asked before stays put aside until the bot is spoken to again. */
  | { readonly kind: 'rest' }
  /** Asks a question (its own `ask` adds the words) and remembers `data` until it is answered. */
  | { readonly kind: 'ask'; readonly question: string; readonly data: Data }
  /** Hands over to another conversation, as if the person had asked for it. */
  | { readonly kind: 'start'; readonly conversation: string; readonly action?: Action }

export interface Step<Data> {
  readonly say: readonly Reply[]
  readonly next: Next<Data>
  /** The language asked for; it stays until another is asked for. */
  readonly speak?: Locale
  /** Who the chat user is from here on in this turn: just linked, or (null) just unlinked. */
  readonly member?: { readonly id: string; readonly displayName?: string } | null
}

/** Says that what was said does not answer the open question; the engine then looks for another meaning. */
export interface NotAnAnswer {
  readonly notAnAnswer: true
  /** What to say when no other meaning is found, before asking again. */
  readonly hint?: Reply
}

export interface Question<Data> {
  ask(turn: Turn, data: Data): Promise<readonly Reply[]>
  /** Comes back to it after something else was answered, in fewer words where `ask` has many; absent: `ask`. */
  remind?(turn: Turn, data: Data): Promise<readonly Reply[]>
  answer(turn: Turn, data: Data): Promise<Step<Data> | NotAnAnswer>
}

/** A reply that can be said in several ways, which an experiment can hold against each other (kit/wording.ts). */
export interface Wordings<Arm extends string = string> {
  /** The conversation and the reply, such as `redeem-coupon.confirm`. */
  readonly reply: string
  /** Keys of the conversation's texts; the first is what is said without an experiment. */
  readonly arms: readonly [Arm, Arm, ...Arm[]]
  /** What the wording is for, and within how many days: what an experiment on it is judged by unless it says otherwise. */
  readonly outcome: ExperimentOutcome
  readonly withinDays: number
}

export interface Conversation<Data = unknown> {
  readonly id: string
  /** Raise it when the shape of `Data` or a question's meaning changes: an open question of an older version is asked afresh. */
  readonly version: number
  /**
   * Intents of the recogniser and verbs of buttons that start it. Every intent is a verb too. A button whose verb is one
   * of these goes to the open question of this conversation first, and starts the conversation when that has no use for it.
   */
  readonly intents: readonly string[]
  readonly verbs: readonly string[]
  /** Whether only a linked member may have it, and never in a group. */
  readonly personal: boolean
  /** Whether it starts with the member's balance (`balanceOf` of kit/balance.ts): the turn's beginning then brings it along. */
  readonly readsBalance?: true
  /** Its entry in the help menu; absent: not listed. */
  readonly menuTitle?: Localised
  /** What to call one of its intents in a list of choices; absent: `menuTitle`. */
  titleOf?(intent: string, locale: Locale): string | undefined
  /** Those of its replies that have several wordings, for experiments on them. */
  readonly wordings?: readonly Wordings[]
  /** Whether a text whose intent is unknown is for it all the same: it holds a code or a name that it knows about. */
  claims?(turn: Turn): boolean
  /** Whether a text is for it although it was taken for something else, none too surely: it is nothing but a name that it knows. */
  insists?(turn: Turn): boolean
  /** What to do where something is asked of `about`, which was spoken of last: as if that button had been pressed. */
  followUp?(about: About, asked: Pointing): Action | undefined
  start(turn: Turn): Promise<Step<Data>>
  /** Of a personal one, what a stranger or a group may be told all the same; undefined where that is nothing. */
  forAnyone?(turn: Turn): Promise<Step<never> | undefined>
  readonly questions: Readonly<Record<string, Question<Data>>>
}
