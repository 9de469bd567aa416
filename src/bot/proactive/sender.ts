import type { Logger } from 'pino'
import type { Clock, SecretBytes } from '../../core/clock'
import { readMerchant } from '../../core/merchant'
import { type Delivered, giveUpLeft, markSending, markSent, settle } from '../../core/retention/delivery'
import { giveOffer } from '../../core/retention/give'
import { type Sendable, takeDue } from '../../core/retention/queue'
import { CHANNEL_LIMITS, type LimitsTable } from '../../core/sending/limits'
import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { type ConnectorClient, SEND_TIMEOUT_MS } from '../connector/client'
import type { ServiceUrlRules } from '../connector/service-url'
import type { Hub } from '../directline/hub'
import type { LoggedActivity } from '../directline/log'
import { type Loop, repeating } from '../loop'
import { storableJson } from '../turn/storable-json'
import { activityFor } from './activity'
import { Deliveries, type Letter } from './deliveries'

export interface ProactiveOptions {
  readonly database: Database
  readonly hub: Pick<Hub, 'published'>
  /** Sends each activity at most once; see its `purpose`. */
  readonly client: ConnectorClient
  readonly serviceUrls: ServiceUrlRules
  readonly clock: Clock
  readonly secretBytes: SecretBytes
  readonly logger: Logger
  /** How the bot is called in web chats. */
  readonly botName: string
  readonly limits?: LimitsTable
}

/** What one round did: `sent` went into web chats, `scheduled` leaves within the next moments; what is broken counts as dropped. */
export interface Round {
  readonly sent: number
  readonly scheduled: number
  readonly dropped: number
  readonly deferred: number
}

/** Sends what campaigns have queued. */
export interface CampaignSender extends Loop {
  /** One round, now. */
  round(): Promise<Round>
  /** Resolves when what was scheduled has left and its outcome is written down. */
  idle(): Promise<void>
}

const EVERY_MS = 250
/** So far ahead slots are taken: longer than a round takes on a busy machine. What a dying process leaves is no more. */
const HORIZON_MS = 1_000
/** The first slot is so far ahead: twice what the last round took, since what is handed over later than its slot does not leave. */
const LEAD = { leastMs: 50, mostMs: 700 }
/**
 * Messages looked at in one round: twice what the last one could hand over, so that few have to be put off; and twice what
 * it dropped or deferred, so that the queue of a paused campaign is soon looked past.
 */
const LOOK_AT = { least: 60, most: 500 }
/** So many may be on their way at once; a slow channel gets no more than that. */
export const IN_FLIGHT_MAX = 256
/** After its slot a message is given up as unknown when nothing was heard of it for so long. */
const LEASE_MS = SEND_TIMEOUT_MS + 20_000

function seenIn({ sent, scheduled, dropped, deferred }: Round): number {
  return sent + scheduled + dropped + deferred
}

/** Builds the sender. In any number of processes, which together keep the channels' limits. */
export function createCampaignSender(options: ProactiveOptions): CampaignSender {
  const { logger } = options
  const deliveries = new Deliveries(options)
  let limit: number = LOOK_AT.least
  let leadMs: number = LEAD.leastMs
  const round = async () => {
    await deliveries.recall()
    const begunMs = options.clock().getTime()
    const done = await sendDue(options, { deliveries, limit, leadMs })
    const tookMs = options.clock().getTime() - begunMs
    leadMs = Math.min(LEAD.mostMs, Math.max(LEAD.leastMs, 2 * tookMs))
    limit = Math.min(LOOK_AT.most, Math.max(LOOK_AT.least, 2 * seenIn(done)))
    return done
  }
  const loop = repeating({ firstAfterMs: EVERY_MS, everyMs: EVERY_MS }, () =>
    round().catch((error) => logger.warn({ err: error }, 'messages of campaigns could not be sent')),
  )
  return {
    round,
    idle: () => deliveries.idle(),
    start: loop.start,
    async stop() {
      await loop.stop()
      await deliveries.stop()
    },
  }
}

/**
 * One round: takes what is due, puts it through the gate, and hands each message over in the same transaction that marks it.
 * In the web chat's log it is there with that; for a channel it is marked as being sent before anything is, so that it leaves
 * once at the most, whenever a process dies. What comes with it is given in that transaction, too; where it
 * can't be, the message, which speaks of it, does not leave.
 */
async function sendDue(
  options: ProactiveOptions,
  { deliveries, limit, leadMs }: { deliveries: Deliveries; limit: number; leadMs: number },
): Promise<Round> {
  const { database, clock, hub, botName, secretBytes, logger, limits = CHANNEL_LIMITS } = options
  const at = clock()
  const room = Math.max(0, IN_FLIGHT_MAX - deliveries.size)
  const published: { conversationId: string; seq: number; activity: LoggedActivity }[] = []
  const letters: Letter[] = []
  const refused: (Delivered & { readonly message: Sendable })[] = []
  const round = await database.tx(async (tx): Promise<Round> => {
    await giveUpLeft(tx, { at })
    const taken = await takeDue(tx, { at, limits, limit, room, leadMs, horizonMs: HORIZON_MS })
    for (const { id, error } of taken.failed)
      logger.warn({ campaignMessageId: id, reason: error }, 'a message is broken')
    const merchant = taken.sendable.length > 0 ? await readMerchant(tx) : undefined
    for (const message of taken.sendable) {
      if (!merchant) break
      const offer = await giveOffer(tx, { ...message, at, secretBytes })
      if (!offer.ok) {
        const error = `the offer could not be given: ${offer.code}`
        refused.push({ message, delivery: { kind: 'refused', error }, at })
        continue
      }
      const activity = activityFor(message, { given: offer.given, merchant, botName, at })
      const { conversationId } = message
      const seq = message.reference ? null : await append(tx, message, activity, at)
      if (message.reference) letters.push({ message, activity })
      else if (seq !== null) published.push({ conversationId, activity, seq })
      else refused.push({ message, delivery: { kind: 'refused', error: 'the chat is gone' }, at })
    }
    const messages = [...letters, ...refused].map(({ message }) => message)
    const last = Math.max(at.getTime(), ...letters.map(({ message: { slotMs } }) => slotMs ?? 0))
    await markSending(tx, { messages, at, leasedUntil: new Date(last + LEASE_MS) })
    await settle(tx, refused)
    await markSent(tx, { messages: taken.sendable.filter(({ reference }) => !reference), at })
    return {
      sent: published.length,
      scheduled: letters.length,
      dropped: Object.values(taken.dropped).reduce((sum, count) => sum + count, taken.failed.length),
      deferred: taken.deferred,
    }
  })
  deliveries.schedule(letters)
  for (const { conversationId, seq, activity } of published) hub.published(conversationId, seq, [activity])
  return round
}

async function append(
  tx: Tx,
  { conversationId }: Sendable,
  activity: LoggedActivity,
  at: Date,
): Promise<number | null> {
  const [row] = await tx.sql<{ seq: number | null }>`
    select directline_append(${conversationId}, ${storableJson(activity)}::jsonb, ${at}) as seq`
  return row?.seq ?? null
}
