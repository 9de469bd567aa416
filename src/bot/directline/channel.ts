import type { Clock, NewId } from '../../core/clock'
import { type Locale, localeOf } from '../../core/locale'
import type { Database } from '../../db/open'
import { buttonsOf, messageOf } from '../activities'
import type { Reply } from '../contract'
import { OWN_CHANNEL } from '../reading'
import type { Content, Incoming } from '../turn/incoming'
import type { Exit, TurnRunner } from '../turn/pipeline'
import { unavailableText } from '../turn/words'
import { contentOf, loggedOf, parseClientActivity } from './client-activity'
import type { Hub } from './hub'
import {
  type ActivitySet,
  activityIdOf,
  activitySet,
  type ConversationRow,
  createConversation,
  findClientActivity,
  findConversation,
  type LoggedActivity,
  readLog,
} from './log'
import { createRateLimit, type Rate } from './rate-limit'
import { type DirectLineTokens, type Grant, TOKEN_LIFETIME_SECONDS } from './tokens'

export interface DirectLineDeps {
  readonly database: Database
  readonly turns: TurnRunner
  readonly hub: Hub
  readonly tokens: DirectLineTokens
  readonly clock: Clock
  readonly newId: NewId
  /** How the bot is called in the chat. */
  readonly botName: string
  readonly rates?: Partial<DirectLineRates>
  /** Somebody types in their web chat. */
  memberTyping?(conversationId: string): void
}

export interface DirectLineRates {
  /** Messages of one conversation. */
  readonly conversation: Rate
  /** Requests from one address. */
  readonly address: Rate
}

const DEFAULT_RATES: DirectLineRates = {
  conversation: { burst: 40, perSecond: 1 },
  address: { burst: 300, perSecond: 20 },
}

/** Signs of typing beyond these are nobody's loss. */
const TYPING_RATE: Rate = { burst: 3, perSecond: 0.5 }

export type DirectLineRefusal =
  | { readonly ok: false; readonly code: 'token-expired' | 'token-invalid' | 'foreign-conversation' }
  | { readonly ok: false; readonly code: 'unknown-conversation' }
  | { readonly ok: false; readonly code: 'malformed-activity'; readonly reason: string }
  | { readonly ok: false; readonly code: 'rate-limited'; readonly retryAfterSeconds: number }
  | { readonly ok: false; readonly code: 'unavailable'; readonly message: string }

export type DirectLineResult<T extends object> = ({ readonly ok: true } & T) | DirectLineRefusal

/** A conversation as a client needs it to go on. */
export interface OpenConversation {
  readonly conversationId: string
  readonly userId: string
  readonly token: string
  readonly expiresInSeconds: number
}

/** Direct Line 3.0 in this process: what each of its operations does, without HTTP. */
export interface DirectLine {
  /** Opens a conversation for a user; a new user gets an id of ours. */
  open(options: { userId?: string; locale?: string }): Promise<OpenConversation>
  refresh(token: string): Promise<DirectLineResult<OpenConversation>>
  /** Takes up the conversation of a token; greets where nothing was said yet. */
  start(
    token: string,
    options?: { conversationId?: string; locale?: string },
  ): Promise<DirectLineResult<OpenConversation>>
  read(token: string, conversationId: string, watermark: number): Promise<DirectLineResult<{ set: ActivitySet }>>
  post(
    token: string,
    conversationId: string,
    { body, address }: { body: unknown; address: string },
  ): Promise<DirectLineResult<{ id: string }>>
  /** Takes no files yet: says so in the chat. */
  upload(token: string, conversationId: string, address: string): Promise<DirectLineResult<{ id: string }>>
  /** Checks a websocket's token. */
  admit(token: string, conversationId: string): Promise<DirectLineResult<{ grant: Grant }>>
}

/** Builds the channel over the turn pipeline, the log and the hub. */
export function createDirectLine(deps: DirectLineDeps): DirectLine {
  const limited = createLimits(deps)
  const typingLimit = createRateLimit(TYPING_RATE, deps.clock)
  const typing = (conversationId: string) => typingLimit.take(conversationId) === 0

  async function admit(token: string, conversationId: string | undefined): Promise<DirectLineResult<{ grant: Grant }>> {
    const verified = await deps.tokens.verify(token)
    if (!verified.ok) return verified
    if (conversationId !== undefined && verified.grant.conversationId !== conversationId) {
      return { ok: false, code: 'foreign-conversation' }
    }
    return { ok: true, grant: verified.grant }
  }

  return {
    async open({ userId = `dl_${deps.newId()}`, locale: tag }) {
      const conversationId = deps.newId()
      await createConversation(deps.database, { id: conversationId, userId, at: deps.clock() })
      const locale = localeOf(tag)
      return grantAgain(deps, { conversationId, userId, ...(locale ? { locale } : {}) })
    },
    async refresh(token) {
      const admitted = await admit(token, undefined)
      return admitted.ok ? { ok: true, ...(await grantAgain(deps, admitted.grant)) } : admitted
    },
    async start(token, { conversationId, locale } = {}) {
      const admitted = await admit(token, conversationId)
      if (!admitted.ok) return admitted
      const grant = { ...admitted.grant, ...(localeOf(locale) ? { locale: localeOf(locale) } : {}) }
      const conversation = await findConversation(deps.database, { id: grant.conversationId })
      if (!conversation) return { ok: false, code: 'unknown-conversation' }
      if (conversation.lastSeq === 0) await welcome(deps, grant)
      return { ok: true, ...(await grantAgain(deps, grant)) }
    },
    async read(token, conversationId, watermark) {
      const admitted = await admit(token, conversationId)
      if (!admitted.ok) return admitted
      const entries = await readLog(deps.database, { conversationId, afterSeq: watermark })
      return { ok: true, set: activitySet(entries, { conversationId, afterSeq: watermark }) }
    },
    async post(token, conversationId, { body, address }) {
      const admitted = await admit(token, conversationId)
      if (!admitted.ok) return admitted
      const parsed = parseClientActivity(body)
      if (!parsed.ok) return parsed
      const content = contentOf(parsed.activity)
      if (!content) {
        if (parsed.activity.type === 'typing' && typing(conversationId)) deps.memberTyping?.(conversationId)
        return { ok: true, id: `${conversationId}|${deps.newId()}` }
      }
      const refused = limited(conversationId, address)
      if (refused) return refused
      const { clientActivityID } = parsed.activity.channelData ?? {}
      const userActivity = loggedOf(parsed.activity, { userId: admitted.grant.userId, at: deps.clock() })
      const locale = parsed.activity.locale ?? undefined
      return answer(deps, admitted.grant, { content, userActivity, locale, clientActivityId: clientActivityID })
    },
    async upload(token, conversationId, address) {
      const admitted = await admit(token, conversationId)
      if (!admitted.ok) return admitted
      const refused = limited(conversationId, address)
      if (refused) return refused
      return answer(deps, admitted.grant, { content: { kind: 'attachment' } })
    },
    admit,
  }
}

/** Refuses what comes too often, of one conversation or from one address. */
function createLimits({ rates, clock }: DirectLineDeps) {
  const { conversation, address } = { ...DEFAULT_RATES, ...rates }
  const conversations = createRateLimit(conversation, clock)
  const addresses = createRateLimit(address, clock)
  return (conversationId: string, from: string): DirectLineRefusal | undefined => {
    const retryAfterSeconds = Math.max(conversations.take(conversationId), addresses.take(from))
    return retryAfterSeconds > 0 ? { ok: false, code: 'rate-limited', retryAfterSeconds } : undefined
  }
}

async function grantAgain(deps: DirectLineDeps, grant: Grant): Promise<OpenConversation> {
  const { conversationId, userId } = grant
  return { conversationId, userId, token: await deps.tokens.sign(grant), expiresInSeconds: TOKEN_LIFETIME_SECONDS }
}

/** Greets in a turn of its own. A greeting that fails is no reason to refuse the conversation. */
async function welcome(deps: DirectLineDeps, grant: Grant): Promise<void> {
  const incoming = incomingOf(grant, { activityId: 'welcome', content: { kind: 'welcome' } })
  await deps.turns.run(incoming, exitOf(deps, grant, undefined))
}

interface Posted {
  content: Content
  userActivity?: LoggedActivity
  locale?: string
  clientActivityId?: string | null
}

async function answer(
  deps: DirectLineDeps,
  grant: Grant,
  { content, userActivity, locale, clientActivityId }: Posted,
): Promise<DirectLineResult<{ id: string }>> {
  const { conversationId } = grant
  const activityId = clientActivityId ? `client:${clientActivityId}` : deps.newId()
  const incoming = incomingOf(grant, { activityId, content, ...(locale ? { locale } : {}) })
  const outcome = await deps.turns.run(incoming, exitOf(deps, grant, userActivity))
  switch (outcome.kind) {
    case 'answered':
      return { ok: true, id: activityIdOf(conversationId, outcome.stored.firstSeq) }
    case 'duplicate': {
      const id = clientActivityId && (await findClientActivity(deps.database, { conversationId, clientActivityId }))
      return { ok: true, id: id || `${conversationId}|${activityId}` }
    }
    case 'unavailable':
    case 'busy': {
      const message = unavailableText(outcome.locale)
      deps.hub.whisper(conversationId, whispered(deps, { conversationId, text: message, locale: outcome.locale }))
      return { ok: false, code: 'unavailable', message }
    }
  }
}

function incomingOf(
  { conversationId, userId, locale }: Grant,
  rest: Pick<Incoming, 'activityId' | 'content' | 'locale'>,
): Incoming {
  const own = { channel: OWN_CHANNEL, conversationId, tenantId: '', userId, isGroup: false }
  return { ...own, ...(locale ? { locale } : {}), ...rest }
}

/** The client's own activity and the replies go into the log with the turn, so that either all of it shows or nothing. */
function exitOf(deps: DirectLineDeps, { conversationId }: Grant, userActivity: LoggedActivity | undefined): Exit {
  const buttons = buttonsOf('directline', { isGroup: false })
  const from = { id: 'regulars', name: deps.botName, role: 'bot' }
  return {
    store(replies: readonly Reply[], locale) {
      const timestamp = deps.clock().toISOString()
      const messages = replies.map((reply) => ({ ...messageOf(reply, { locale, buttons }), from, timestamp }))
      return { log: userActivity ? [userActivity, ...messages] : messages }
    },
    committed({ firstSeq }, { log = [] }) {
      if (log.length > 0) deps.hub.published(conversationId, firstSeq, log as readonly LoggedActivity[])
    },
  }
}

function whispered(
  deps: DirectLineDeps,
  { conversationId, text, locale }: { conversationId: string; text: string; locale: Locale },
): object {
  return {
    type: 'message',
    id: `${conversationId}|${deps.newId()}`,
    conversation: { id: conversationId },
    channelId: 'directline',
    from: { id: 'regulars', name: deps.botName, role: 'bot' },
    timestamp: deps.clock().toISOString(),
    locale,
    text,
  }
}

/** The conversation of a token that may have expired since, for taking it up again. */
export async function resumable(
  deps: Pick<DirectLineDeps, 'database' | 'tokens'>,
  token: string,
  { graceSeconds }: { graceSeconds: number },
): Promise<ConversationRow | undefined> {
  const verified = await deps.tokens.verify(token, { graceSeconds })
  if (!verified.ok) return undefined
  const conversation = await findConversation(deps.database, { id: verified.grant.conversationId })
  return conversation?.userId === verified.grant.userId ? conversation : undefined
}
