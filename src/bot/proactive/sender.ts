import type { Logger } from 'pino'
import { campaignReply } from '../../../dialogs/messages-on-off/message'
import type { Clock } from '../../core/clock'
import { localeOf } from '../../core/locale'
import { type Merchant, readMerchant } from '../../core/merchant'
import { adjust } from '../../core/points/adjust'
import { markSent, noteUndelivered, type Sendable, takeDue } from '../../core/retention/queue'
import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { messageOf } from '../activities'
import { addressedTo } from '../connector/addressed'
import type { Reference } from '../connector/client'
import type { Hub } from '../directline/hub'
import type { LoggedActivity } from '../directline/log'
import { nameIn } from '../kit/words'
import { type Loop, repeating } from '../loop'
import { storableJson } from '../turn/storable-json'

export interface ProactiveOptions {
  readonly database: Database
  readonly hub: Pick<Hub, 'published'>
  readonly clock: Clock
  readonly logger: Logger
  /** How the bot is called in web chats. */
  readonly botName: string
}

/** What one round did. */
export interface Round {
  readonly sent: number
  readonly dropped: number
  readonly deferred: number
}

const WEB_CHAT = 'directline'
/** Teams takes 30 a second for each app and tenant; this many leave a second, so that jitter does not overrun it. */
const PER_SECOND = 29
const EVERY_MS = 1_000

/** Sends what campaigns have queued, at the pace that channels take, as long as the process runs. */
export function createProactiveLoop(options: ProactiveOptions): Loop {
  const { logger } = options
  return repeating({ firstAfterMs: EVERY_MS, everyMs: EVERY_MS }, () =>
    sendDue(options).catch((error) => logger.warn({ err: error }, 'messages of campaigns could not be sent')),
  )
}

/**
 * One round: takes what is due, at most a second's worth, puts it through the gate, and hands each message over in the same
 * transaction that marks it as sent, so that it is handed over once: to the log of the web chat, or to the outbox, which
 * sees to retries, 429 and doubtful answers. Points that come with an offer are given in that transaction, too.
 */
export async function sendDue(options: ProactiveOptions): Promise<Round> {
  const { database, clock, hub } = options
  const at = clock()
  const published: { conversationId: string; seq: number; activity: LoggedActivity }[] = []
  const round = await database.tx(async (tx): Promise<Round> => {
    await noteUndelivered(tx)
    if (!(await takeSecond(tx, at))) return { sent: 0, dropped: 0, deferred: 0 }
    const { sendable, dropped, deferred } = await takeDue(tx, { at, limit: PER_SECOND })
    const merchant = await readMerchant(tx)
    const sent: { message: Sendable; outboxId: number | null }[] = []
    for (const message of sendable) {
      const activity = activityFor(message, { merchant, botName: options.botName, at })
      await giveBonus(tx, message, at)
      if (message.channel === WEB_CHAT) {
        const seq = await append(tx, { message, activity, at })
        if (seq !== null) published.push({ conversationId: message.conversationId, seq, activity })
        sent.push({ message, outboxId: null })
      } else {
        sent.push({ message, outboxId: await enqueue(tx, { message, activity, at }) })
      }
    }
    await markSent(tx, { sent, at })
    return { sent: sent.length, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0), deferred }
  })
  for (const { conversationId, seq, activity } of published) hub.published(conversationId, seq, [activity])
  return round
}

/** One second's worth belongs to whoever asks first, of all processes. */
async function takeSecond(tx: Tx, at: Date): Promise<boolean> {
  const [taken] = await tx.sql<{ scope: string }>`
    insert into send_pace (scope, granted_at) values ('campaigns', ${at})
    on conflict (scope) do update set granted_at = excluded.granted_at
    where send_pace.granted_at <= excluded.granted_at - make_interval(secs => ${EVERY_MS / 1_000}) or
      send_pace.granted_at > excluded.granted_at
    returning scope`
  return taken !== undefined
}

function activityFor(
  message: Sendable,
  { merchant: { name }, botName, at }: { merchant: Merchant; botName: string; at: Date },
): LoggedActivity {
  const { definition, arm, displayName, isFirst } = message
  const locale = localeOf(message.locale) ?? 'en'
  const shopName = nameIn(locale, name)
  const reply = campaignReply({ definition, arm, locale, shopName, displayName, isFirst })
  const activity = messageOf(reply, { locale, buttons: 'none' })
  if (message.channel !== WEB_CHAT) return { ...activity, ...addressedTo(message.reference as Reference, undefined) }
  return { ...activity, from: { id: 'regulars', name: botName, role: 'bot' }, timestamp: at.toISOString() }
}

/** The points of the offer, as an entry of the ledger. The key says of which campaign: given once, whatever happens. */
async function giveBonus(tx: Tx, { definition, arm, memberId }: Sendable, at: Date): Promise<void> {
  const offer = definition.offers.find(({ code }) => code === arm)
  if (!offer) return
  const key = { source: 'campaign', externalId: `${definition.code}:${memberId}` }
  const given = await adjust(tx, { memberId, points: offer.bonusPoints, ...key, note: definition.name, at })
  if (!given.ok) throw new Error(`the points of campaign ${definition.code} could not be given: ${given.code}`)
}

async function append(
  tx: Tx,
  { message, activity, at }: { message: Sendable; activity: LoggedActivity; at: Date },
): Promise<number | null> {
  const [row] = await tx.sql<{ seq: number | null }>`
    select directline_append(${message.conversationId}, ${storableJson(activity)}::jsonb, ${at}) as seq`
  return row?.seq ?? null
}

async function enqueue(
  tx: Tx,
  { message, activity, at }: { message: Sendable; activity: LoggedActivity; at: Date },
): Promise<number | null> {
  const { channel, conversationId, reference } = message
  const [row] = await tx.sql<{ id: number }>`
    insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
    values (${channel}, ${conversationId}, ${JSON.stringify(reference)}::jsonb, ${storableJson(activity)}::jsonb, 'pending', ${at}, ${at})
    returning id`
  return row?.id ?? null
}
