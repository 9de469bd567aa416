import type { Logger } from 'pino'
import type { Clock, SecretBytes } from '../../core/clock'
import { readMerchant } from '../../core/merchant'
import {
  type Delivered,
  type Delivery,
  giveUpLeft,
  type Leaving,
  listUnwanted,
  markSending,
  markSent,
  settle,
} from '../../core/retention/delivery'
import { giveOffers } from '../../core/retention/give'
import { wordOf } from '../../core/retention/message-key'
import { takePlaces } from '../../core/retention/places'
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
import { Deliveries, deliveryOf, type Letter } from './deliveries'
import { FIRST_STRIDE, nextStride, type Stride } from './pace'

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
/** So far ahead slots are taken: longer than it takes till the next round's are. What a dying process leaves is no more. */
const HORIZON_MS = 1_000
/** After its slot a message is given up as unknown when nothing was heard of it for so long. */
const LEASE_MS = SEND_TIMEOUT_MS + 20_000

function seenIn({ sent, scheduled, dropped, deferred }: Round): number {
  return sent + scheduled + dropped + deferred
}

/** Builds the sender. In any number of processes, which together keep the channels' limits. */
export function createCampaignSender(options: ProactiveOptions): CampaignSender {
  const { logger } = options
  const deliveries = new Deliveries(options)
  let stride = FIRST_STRIDE
  const round = async () => {
    await deliveries.recall()
    const begunMs = options.clock().getTime()
    const { round: done, placingMs } = await sendDue(options, { deliveries, stride })
    const seen = seenIn(done)
    stride = nextStride(stride, { seen, tookMs: options.clock().getTime() - begunMs, placingMs })
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
  { deliveries, stride: { limit, leadMs } }: { deliveries: Deliveries; stride: Stride },
): Promise<{ round: Round; placingMs: number }> {
  const { database, clock, hub, logger, limits = CHANNEL_LIMITS } = options
  const at = clock()
  let placedAt = at
  const { round, placed, published } = await database.tx(async (tx) => {
    await giveUpLeft(tx, { at })
    const taken = await takeDue(tx, { at, limits, limit, room: deliveries.room, leadMs, horizonMs: HORIZON_MS })
    for (const { campaignId, error } of taken.failed) logger.warn({ campaignId, reason: error }, 'a message is broken')
    const { letters, posts, undone } = await wantedStill(tx, await write(tx, taken.sendable, { options, at }), at)
    const published = await append(tx, posts, at)
    const there = new Set(published.map(({ message }) => message))
    for (const { message } of posts) {
      if (!there.has(message)) undone.push({ message, at, delivery: refused('the chat is gone') })
    }
    const now = (those: readonly Omit<Leaving, 'slotMs'>[]) => those.map((one) => ({ ...one, slotMs: at.getTime() }))
    await markSent(tx, { leaving: now(published) })
    placedAt = clock()
    const placing = { letters, line: taken.line, limits, at: placedAt, leadMs, horizonMs: HORIZON_MS }
    const placed = await takePlaces(tx, placing)
    const leaving = [...placed, ...now(undone)]
    const last = Math.max(placedAt.getTime(), ...placed.map(({ slotMs }) => slotMs))
    await markSending(tx, { leaving, leasedUntil: new Date(last + LEASE_MS) })
    await settle(tx, undone)
    const dropped = Object.values(taken.dropped).reduce((sum, count) => sum + count, taken.failed.length)
    const round: Round = { sent: published.length, scheduled: placed.length, dropped, deferred: taken.deferred }
    return { round, placed, published }
  })
  deliveries.schedule(placed)
  for (const { message, seq, activity } of published) hub.published(message.conversationId, seq, [activity])
  return { round, placingMs: clock().getTime() - placedAt.getTime() }
}

/** So many messages are written before others get their turn. */
const BREATHE_EVERY = 16

function refused(error: string): Delivery {
  return { kind: 'refused', error }
}

/** A message for a web chat, and what its log is to say. */
interface Post {
  readonly message: Sendable
  readonly activity: LoggedActivity
}

interface Written {
  /** For channels. */
  readonly letters: Letter[]
  readonly posts: Post[]
  /** What does not leave, and why. */
  readonly undone: (Delivered & { readonly message: Sendable })[]
}

/** Gives what comes with each message and writes it. What is wrong with one of them keeps no other. */
async function write(
  tx: Tx,
  messages: readonly Sendable[],
  { options: { secretBytes, botName, logger }, at }: { options: ProactiveOptions; at: Date },
): Promise<Written> {
  const written: Written = { letters: [], posts: [], undone: [] }
  if (messages.length === 0) return written
  const merchant = await readMerchant(tx)
  const gifts = await giveOffers(tx, { messages, at, secretBytes })
  for (const [place, message] of messages.entries()) {
    // What was scheduled before must leave in its slot in the meantime.
    if (place % BREATHE_EVERY === BREATHE_EVERY - 1) await new Promise((resolve) => setImmediate(resolve))
    const gift = gifts[place] ?? { ok: true, given: null }
    const undone = (delivery: Delivery) => written.undone.push({ message, delivery, at })
    if (!gift.ok) {
      const error = `the offer could not be given: ${gift.error ?? gift.code}`
      logger.warn({ campaignId: message.campaignId, reason: error }, 'an offer could not be given')
      // Whoever was in the way says nothing about the message.
      undone(gift.code === 'busy' ? { kind: 'retry', isThrottled: true, error } : refused(error))
      continue
    }
    try {
      const activity = activityFor(message, { given: gift.given, merchant, botName, at })
      if (message.reference) written.letters.push({ message, activity })
      else written.posts.push({ message, activity })
    } catch (error) {
      logger.error({ err: error, campaignId: message.campaignId }, 'a message could not be written')
      undone(refused(`it could not be written: ${(error as Error).message}`))
    }
  }
  return written
}

/**
 * Looks again at who opted out while messages were written. A turn has the row of its web chat when it answers: we take it first, so
 * that it either ended before, and is heard, or answers after the message. Nobody reads one after "you will get no more".
 */
async function wantedStill(tx: Tx, { letters, posts, undone }: Written, at: Date): Promise<Written> {
  const chats = posts.map(({ message }) => message.conversationId)
  if (chats.length > 0) {
    await tx.sql`select from directline_conversation where id = any (${chats}::text[]) order by id for no key update`
  }
  const written = [...letters, ...posts].map(({ message }) => message)
  const unwanted = new Map((await listUnwanted(tx, written)).map((one) => [wordOf(one), one]))
  if (unwanted.size === 0) return { letters, posts, undone }
  for (const message of written) {
    const one = unwanted.get(wordOf(message))
    if (one) undone.push({ message, at, delivery: deliveryOf(one, at) })
  }
  const isWanted = ({ message }: { message: Sendable }) => !unwanted.has(wordOf(message))
  return { letters: letters.filter(isWanted), posts: posts.filter(isWanted), undone }
}

/** Puts messages into the logs of their web chats. @returns those whose chat is there, with their number in it */
async function append(tx: Tx, posts: readonly Post[], at: Date): Promise<(Post & { readonly seq: number })[]> {
  if (posts.length === 0) return []
  const rows = await tx.sql<{ seq: number | null }>`
    select directline_append(conversation_id, activity, ${at}) as seq
    from unnest(${posts.map(({ message }) => message.conversationId)}::text[],
      ${posts.map(({ activity }) => storableJson(activity))}::jsonb[]) with ordinality post (conversation_id, activity, place)
    order by place`
  return posts.flatMap((post, place) => {
    const seq = rows[place]?.seq ?? null
    return seq === null ? [] : [{ ...post, seq }]
  })
}
