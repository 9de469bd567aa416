import type { Logger } from 'pino'
import type { Clock, SecretBytes } from '../../core/clock'
import { appendEntry } from '../../core/handoff/messages'
import { type Locale, localeOf } from '../../core/locale'
import { merchantOfRow } from '../../core/merchant'
import type { Database } from '../../db/open'
import type { Db, Tx } from '../../db/sql'
import type { Reply, Turn, Understanding } from '../contract'
import type { Engine } from '../engine/engine'
import { localeIn, traditionalIn } from '../engine/state'
import { UNIVERSAL } from '../engine/universal'
import { answerForDesk, type DeskNews, textOf } from '../handoff/desk-turn'
import type { HandingOver } from '../handoff-protocol/handing-over'
import { withBalance } from '../kit/balance'
import { rememberMerchant } from '../kit/merchant'
import { inTraditional, isTraditional, isTraditionalTag } from '../kit/traditional'
import { rememberExperiments } from '../kit/wording'
import { type ConversationQueue, createConversationQueue } from './conversation-queue'
import { type Failure, failureOf } from './failure'
import { withinTime } from './guarded-tx'
import type { Incoming } from './incoming'
import { beginTurn, endTurn, type TurnEnd, type TurnStart, type TurnStored } from './store'
import { type Heard, hear, nothingUnderstood, type Recognise } from './understood'
import { apology } from './words'

/** Finds out what a text means. */
export interface Recogniser {
  readonly recognise: Recognise
  /** What the catalogue has under such words; absent where there is none. */
  readonly findProducts?: Turn['findProducts']
  /** Learns what the catalogue calls its things by now. Cheap where nothing has changed. */
  refresh?(db: Db): Promise<void>
}

export interface TurnDeps {
  readonly database: Database
  readonly engine: Engine
  readonly recogniser: Recogniser
  readonly clock: Clock
  readonly secretBytes: SecretBytes
  readonly logger: Logger
  /** Told of what concerns people, right after the commit. */
  readonly desk?: DeskNews
  /** Asks help desks elsewhere, in the transaction of the turn. */
  readonly handingOver?: HandingOver
  /** A dialog that takes longer is stopped and apologised for. Default 4,000. */
  readonly timeoutMs?: number
}

/** How the replies of a turn leave: what of them is stored with the turn, and what happens once it is committed. */
export interface Exit {
  store(replies: readonly Reply[], locale: Locale): Pick<TurnEnd, 'outbox' | 'log' | 'response' | 'reference'>
  /** Called in the order of the conversation's turns, right after the commit. */
  committed?(stored: TurnStored, left: ReturnType<Exit['store']>): void
}

export type TurnOutcome =
  | {
      readonly kind: 'answered'
      readonly replies: readonly Reply[]
      readonly locale: Locale
      readonly intent: string
      readonly score: number
      readonly response: object | undefined
      readonly stored: TurnStored
    }
  /** Answered before; `response` is what was answered then. */
  | { readonly kind: 'duplicate'; readonly response: unknown }
  /** Nothing happened; the channel may send it again. */
  | { readonly kind: 'unavailable' | 'busy'; readonly locale: Locale }

export interface TurnRunner {
  run(incoming: Incoming, exit: Exit): Promise<TurnOutcome>
  /** Resolves when no turn runs. */
  idle(): Promise<void>
}

const TIMEOUT_MS = 4_000
/** Rows of the outbox belong to this process for so long; then the sweeper takes them over. */
const LEASE_MS = 30_000

/** What is stored as a conversation's state: ours around the engine's. */
interface StoredState {
  readonly welcomed: boolean
  /** A member was spoken with: nobody else is to be shown the conversation, not even after they unlinked it. */
  readonly personal: boolean
  readonly engine: unknown
}

/**
 * Builds what answers a message: one database transaction that takes the conversation's lock, claims the activity, loads
 * the state, lets the engine answer, and saves state and replies. Either all of it happens or nothing.
 */
export function createTurnRunner(deps: TurnDeps): TurnRunner {
  const queue = createConversationQueue()
  return {
    run: (incoming, exit) => runInOrder(deps, queue, incoming, exit),
    idle: () => queue.idle(),
  }
}

function runInOrder(deps: TurnDeps, queue: ConversationQueue, incoming: Incoming, exit: Exit): Promise<TurnOutcome> {
  return queue.run(`${incoming.channel}\u001f${incoming.conversationId}`, async () => {
    const startedAt = performance.now()
    const outcome = await attempt(deps, incoming, exit)
    deps.logger.info(
      {
        turn: outcome.kind,
        channel: incoming.channel,
        did: incoming.content.kind,
        ...(outcome.kind === 'answered' ? { intent: outcome.intent, replies: outcome.replies.length } : {}),
        ms: Math.round(performance.now() - startedAt),
      },
      'turn',
    )
    return outcome
  })
}

async function attempt(deps: TurnDeps, incoming: Incoming, exit: Exit): Promise<TurnOutcome> {
  // Known once the state is loaded, so that an apology speaks the member's language.
  const spoken: Spoken = { locale: localeOf(incoming.locale) ?? 'en', isTraditional: false }
  const heard = hear(incoming, deps.recogniser.recognise)
  const withBalance = asksBalance(deps, incoming, heard, spoken.locale)
  let failure: Failure | undefined
  let cause: unknown
  for (let tries = 0; tries < 2; tries++) {
    try {
      const answer = (tx: Tx, start: TurnStart) => converse(deps, { incoming, heard, tx, start, spoken })
      return await transact(deps, incoming, exit, answer, { withBalance })
    } catch (error) {
      cause = error
      failure = failureOf(error)
      if (failure !== 'conflict') break
    }
  }
  const { channel, activityId, content } = incoming
  deps.logger.error({ err: cause, failure, channel, activityId, did: content.kind }, 'turn failed')
  if (failure === 'unavailable' || failure === 'busy') return { kind: failure, locale: spoken.locale }
  return apologise(deps, { incoming, exit, spoken, about: failure === 'slow' ? 'slow' : 'failed' })
}

interface Spoken {
  locale: Locale
  isTraditional: boolean
}

/** What the engine has not said, in the characters that the person reads; what it says is in them. */
function inScript({ locale, isTraditional }: Spoken, replies: readonly Reply[]): readonly Reply[] {
  return locale === 'zh' && isTraditional ? replies.map((reply) => inTraditional(reply, [])) : replies
}

/** In a transaction of its own: the failed one was rolled back, and with it the claim. */
async function apologise(
  deps: TurnDeps,
  { incoming, exit, spoken, about }: { incoming: Incoming; exit: Exit; spoken: Spoken; about: 'failed' | 'slow' },
): Promise<TurnOutcome> {
  const { locale } = spoken
  try {
    const replies = incoming.content.kind === 'welcome' ? [] : inScript(spoken, [apology(locale, about)])
    return await transact(deps, incoming, exit, async (tx, { requestId, state }) => {
      if (requestId === null) return { replies, locale, intent: 'none', score: 0 }
      // A person has the conversation: they are to have the words, and nobody else speaks.
      const text = textOf(incoming.content, readState(state).engine)
      const entry = { requestId, author: 'member' as const, text, key: keyOf(incoming), at: deps.clock() }
      if (text !== '') await appendEntry(tx, entry)
      return { replies: [], locale, intent: 'none', score: 0 }
    })
  } catch (error) {
    deps.logger.error({ err: error, channel: incoming.channel, activityId: incoming.activityId }, 'apology failed')
    return { kind: 'unavailable', locale }
  }
}

interface Answer {
  readonly replies: readonly Reply[]
  readonly locale: Locale
  readonly intent: string
  readonly score: number
  /** Absent: the stored state stays. */
  readonly state?: StoredState
}

async function transact(
  deps: TurnDeps,
  incoming: Incoming,
  exit: Exit,
  answerWith: (tx: Tx, start: TurnStart) => Promise<Answer>,
  wanted: { withBalance?: boolean } = {},
): Promise<TurnOutcome> {
  const timeoutMs = deps.timeoutMs ?? TIMEOUT_MS
  let left: ReturnType<Exit['store']> = {}
  let requestId: number | undefined
  const outcome = await deps.database.tx<TurnOutcome>(async (tx) => {
    const balanceAt = wanted.withBalance ? deps.clock() : undefined
    const start = await beginTurn(tx, incoming, { timeoutMs, balanceAt })
    if (start.answered) return { kind: 'duplicate', response: start.response }
    const { state, ...answer } = await withinTime(tx, timeoutMs, (timed) => answerWith(timed, start))
    left = await withHandover(deps, tx, incoming, exit.store(answer.replies, answer.locale))
    const at = deps.clock()
    const leasedUntil = new Date(at.getTime() + LEASE_MS)
    const spoken = left.log ? undefined : spokenIn(incoming, answer.replies)
    const end = { ...left, state, expectedVersion: start.version, at, leasedUntil, spoken }
    requestId = start.requestId ?? undefined
    const stored = await endTurn({ sql: tx.lastSql }, incoming, end)
    return { kind: 'answered', ...answer, response: left.response, stored }
  })
  if (outcome.kind === 'answered') exit.committed?.(outcome.stored, left)
  const asked = outcome.kind === 'answered' && outcome.intent === UNIVERSAL.talkToPerson
  if (requestId !== undefined || asked) deps.desk?.turnEnded(incoming, requestId)
  return outcome
}

/** Nobody takes more to ask for a balance, and to recognise a long text is dear where nobody may need it: a duplicate, an agent's. */
const GUESSED_CHARACTERS_MAX = 100

/** Whether the member's balance is likely to be asked for. A wrong guess costs a read, no more. */
function asksBalance(
  { engine, logger }: TurnDeps,
  { content, isGroup }: Incoming,
  heard: Heard,
  locale: Locale,
): boolean {
  // (Nothing personal is said in a group.)
  if (content.kind !== 'message' || isGroup) return false
  if (content.action) return engine.readsBalance(content.action.verb)
  if (heard.said === '' || heard.said.length > GUESSED_CHARACTERS_MAX) return false
  try {
    return engine.readsBalance(heard.understand(locale).intent)
  } catch (error) {
    // Where a person has the conversation nobody needs it; where the bot has it, the turn itself comes to it.
    logger.warn({ err: error }, 'could not guess whether the balance is asked for')
    return false
  }
}

/** What is to leave after the replies where a help desk elsewhere has to hear of the turn. */
async function withHandover(
  { handingOver }: TurnDeps,
  tx: Tx,
  incoming: Incoming,
  left: ReturnType<Exit['store']>,
): Promise<ReturnType<Exit['store']>> {
  const activities = (await handingOver?.activitiesAfter(tx, incoming, left.reference)) ?? []
  return activities.length === 0 ? left : { ...left, outbox: [...(left.outbox ?? []), ...activities] }
}

const SAID_KEPT_MAX = 4_000

/** What whoever takes over can read where the channel keeps no log: words, and what cards were called. */
function spokenIn({ content }: Incoming, replies: readonly Reply[]): TurnEnd['spoken'] {
  return {
    said: textOf(content, undefined).slice(0, SAID_KEPT_MAX),
    replies: replies.map(({ text, card }) => ({ text, cards: card ? [card.title] : [] })),
  }
}

async function converse(
  deps: TurnDeps,
  {
    incoming,
    heard,
    tx,
    start,
    spoken,
  }: { incoming: Incoming; heard: Heard; tx: Tx; start: TurnStart; spoken: Spoken },
): Promise<Answer> {
  const { said } = heard
  const before = readState(start.state)
  const locale = localeIn(before.engine) ?? localeOf(incoming.locale) ?? localeOf(start.memberLocale) ?? 'en'
  spoken.locale = locale
  spoken.isTraditional = isTraditional(said) ?? traditionalIn(before.engine)
  if (start.requestId !== null && start.requestStatus !== null) {
    const turn = turnOf(deps, { incoming, said, tx, start, locale, understood: nothingUnderstood(locale) })
    const request = { id: start.requestId, status: start.requestStatus }
    const desk = await answerForDesk({ turn, content: incoming.content, request, engineState: before.engine })
    if (desk.kind === 'heard') return { replies: inScript(spoken, desk.replies), locale, intent: 'none', score: 0 }
    return engineAnswer(deps, { ...turn, said: '', action: desk.action }, before)
  }
  if (incoming.content.kind === 'attachment') {
    return { replies: inScript(spoken, [apology(locale, 'attachment')]), locale, intent: 'none', score: 0 }
  }
  const turn = turnOf(deps, { incoming, said, tx, start, locale, understood: heard.understand(locale) })
  if (incoming.content.kind === 'welcome') {
    if (before.welcomed) return { replies: [], locale, intent: 'none', score: 0 }
    const { replies, state, intent, score } = await deps.engine.welcome({ turn, state: before.engine })
    return {
      replies,
      locale,
      intent,
      score,
      state: { welcomed: true, personal: isPersonal(turn, before), engine: state },
    }
  }
  return engineAnswer(deps, turn, before)
}

async function engineAnswer(deps: TurnDeps, turn: Turn, before: StoredState): Promise<Answer> {
  const { replies, state, intent, score } = await deps.engine.run({ turn, state: before.engine })
  const stored = { welcomed: true, personal: isPersonal(turn, before), engine: state }
  return { replies, locale: localeIn(state) ?? turn.locale, intent, score, state: stored }
}

function isPersonal({ member }: Turn, before: StoredState): boolean {
  return before.personal || member !== undefined
}

function turnOf(
  deps: TurnDeps,
  {
    incoming,
    said,
    tx,
    start,
    locale,
    understood,
  }: { incoming: Incoming; said: string; tx: Tx; start: TurnStart; locale: Locale; understood: Understanding },
): Turn {
  const { channel, conversationId, userId, tenantId, isGroup, content } = incoming
  const action = content.kind === 'message' ? content.action : undefined
  const { memberId, displayName, balance } = start
  const db = balance && memberId !== null ? withBalance(tx, { memberId, balance }) : tx
  rememberMerchant(db, merchantOfRow(start.merchant))
  // Somebody who is linked only in this turn has brought none along.
  if (memberId !== null) rememberExperiments(db, start.experiments)
  return {
    key: keyOf(incoming),
    now: deps.clock(),
    db,
    secretBytes: deps.secretBytes,
    locale,
    ...(isTraditionalTag(incoming.locale) ? { readsTraditional: true } : {}),
    channel,
    conversationId,
    userId,
    tenantId,
    isGroup,
    ...(memberId === null ? {} : { member: { id: memberId, ...(displayName === null ? {} : { displayName }) } }),
    said,
    ...(action ? { action } : {}),
    understood,
    ...(deps.recogniser.findProducts ? { findProducts: deps.recogniser.findProducts } : {}),
  }
}

/** The idempotency key of everything that a turn writes. */
function keyOf({ channel, conversationId, activityId }: Incoming): string {
  return `${channel}|${conversationId}|${activityId}`
}

function readState(stored: unknown): StoredState {
  if (typeof stored !== 'object' || stored === null) return { welcomed: false, personal: false, engine: undefined }
  const { welcomed, personal, engine } = stored as { welcomed?: unknown; personal?: unknown; engine?: unknown }
  return { welcomed: welcomed === true, personal: personal === true, engine }
}
