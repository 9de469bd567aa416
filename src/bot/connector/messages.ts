import type { Locale } from '../../core/locale'
import { buttonsOf, messageOf } from '../activities'
import { type Activity, parseActivity } from '../activity'
import type { Reply } from '../contract'
import type { HelpDeskReport } from '../handoff-protocol/help-desk'
import { readReport } from '../handoff-protocol/read-report'
import { readActivity } from '../reading'
import type { Incoming } from '../turn/incoming'
import type { Exit, TurnRunner } from '../turn/pipeline'
import { takenText, unavailableText } from '../turn/words'
import { addressedTo } from './addressed'
import type { ChannelAuthentication } from './authentication'
import type { Reference } from './client'
import type { Outbox } from './outbox'
import type { OutboxRow } from './outbox-store'
import { isServiceUrlAllowed, type ServiceUrlRules } from './service-url'

/** An answer to a channel's request. */
export interface ChannelResponse {
  readonly status: number
  readonly body?: object
  readonly retryAfterSeconds?: number
}

export interface MessagesDeps {
  readonly turns: TurnRunner
  readonly outbox: Outbox
  readonly authentication: ChannelAuthentication
  readonly serviceUrls: ServiceUrlRules
  readonly newId: () => string
  /** What a channel's hub reports of conversations that it was asked to take over. */
  readonly takeReport?: (report: HelpDeskReport) => Promise<unknown>
}

/** What `POST /api/messages` does with a parsed body: check the shape, prove the sender, answer the turn. */
export type HandleActivity = (request: { body: unknown; authorization: string }) => Promise<ChannelResponse>

/** Builds the bot's end of the Bot Framework protocol. */
export function createMessagesHandler(deps: MessagesDeps): HandleActivity {
  return async ({ body, authorization }) => {
    const parsed = parseActivity(body)
    if (!parsed.ok) return failure(400, parsed.code, parsed.reason)
    const { activity } = parsed
    const authenticated = await deps.authentication.authenticate(activity, authorization)
    if (!authenticated.ok) {
      return authenticated.code === 'unauthorised'
        ? failure(401, authenticated.code, authenticated.reason)
        : { ...failure(503, authenticated.code, 'the keys of the channel could not be fetched'), retryAfterSeconds: 5 }
    }
    if (!isServiceUrlAllowed(activity.serviceUrl, deps.serviceUrls)) {
      return failure(401, 'foreign-service-url', 'replies are not sent to this serviceUrl')
    }
    const report = deps.takeReport && readReport(activity, deps.newId)
    if (report) {
      await deps.takeReport?.(report)
      return { status: 200 }
    }
    const reading = readActivity(activity, deps.newId)
    if (reading.kind === 'ignore') return { status: 200 }
    if (reading.kind === 'unsupported') return { status: 501 }
    return answer(deps, { activity, incoming: reading.incoming, invoke: reading.invoke })
  }
}

async function answer(
  deps: MessagesDeps,
  { activity, incoming, invoke }: { activity: Activity; incoming: Incoming; invoke: boolean },
): Promise<ChannelResponse> {
  const outcome = await deps.turns.run(incoming, exitOf(deps, { activity, incoming, invoke }))
  switch (outcome.kind) {
    case 'answered':
      return (outcome.response as ChannelResponse | undefined) ?? { status: 200 }
    case 'duplicate':
      return (outcome.response as ChannelResponse | null) ?? { status: 200 }
    case 'unavailable':
    case 'busy':
      return { ...failure(503, outcome.kind, unavailableText(outcome.locale)), retryAfterSeconds: 5 }
  }
}

/** Replies go to the outbox, or into the answer itself when the channel expects them there. */
function exitOf(
  deps: MessagesDeps,
  { activity, incoming, invoke }: { activity: Activity; incoming: Incoming; invoke: boolean },
): Exit {
  const buttons = buttonsOf(activity.channelId, incoming)
  const reference = referenceOf(activity)
  const replyToId = incoming.content.kind === 'welcome' ? undefined : (activity.id ?? undefined)
  const address = addressedTo(reference, replyToId)
  const activitiesOf = (replies: readonly Reply[], locale: Locale) =>
    replies.map((reply) => ({ ...messageOf(reply, { locale, buttons }), ...address }))
  if (activity.deliveryMode === 'expectReplies') {
    return {
      store: (replies, locale) => ({
        reference,
        response: { status: 200, body: { activities: activitiesOf(replies, locale) } },
      }),
    }
  }
  return {
    store: (replies, locale) => ({
      reference,
      outbox: activitiesOf(replies, locale),
      ...(invoke ? { response: { status: 200, body: cardResponse(locale) } } : {}),
    }),
    committed({ outboxIds, earlierIds, leasedUntil }, { outbox = [] }) {
      const rows = outboxIds.map((id, place): OutboxRow => {
        const { channel, conversationId } = incoming
        return { id, channel, conversationId, reference, activity: outbox[place] ?? {}, attempts: 0, leasedUntil }
      })
      deps.outbox.enqueue(rows, earlierIds)
    },
  }
}

/** Of the channel's objects only what a reply needs: the rest is the channel's, of any size and depth. */
function referenceOf({ serviceUrl, channelId, conversation, recipient, from, locale }: Activity): Reference {
  const { id, isGroup, conversationType, tenantId } = conversation
  return {
    serviceUrl,
    channelId,
    conversation: {
      id,
      ...(isGroup ? { isGroup } : {}),
      ...(conversationType ? { conversationType } : {}),
      ...(tenantId ? { tenantId } : {}),
    },
    ...(recipient ? { bot: accountOf(recipient) } : {}),
    ...(from ? { user: accountOf(from) } : {}),
    ...(locale ? { locale } : {}),
  }
}

function accountOf({ id, name }: NonNullable<Activity['from']>): object {
  return { id, ...(name ? { name } : {}) }
}

/** The answer to a card's Action.Execute: taken. What there is to say comes as messages. */
function cardResponse(locale: Locale): object {
  return {
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: takenText(locale),
  }
}

function failure(status: number, code: string, message: string): ChannelResponse {
  return { status, body: { error: { code, message } } }
}
