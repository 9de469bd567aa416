import type { Logger } from 'pino'
import type { Clock } from '../../core/clock'
import {
  type Delivered,
  type Delivery,
  listUnwanted,
  markUnreachable,
  settle,
  type Unwanted,
} from '../../core/retention/delivery'
import { wordOf } from '../../core/retention/message-key'
import type { Placed } from '../../core/retention/places'
import type { Sendable } from '../../core/retention/queue'
import { blockBucket, giveSlotsBack } from '../../core/sending/bucket'
import { scopeOf } from '../../core/sending/limits'
import { AHEAD_MAX_MS } from '../../core/sending/slots'
import type { Database } from '../../db/open'
import { recipientOf } from '../connector/addressed'
import type { ConnectorClient, Reference, SendResult } from '../connector/client'
import { isServiceUrlAllowed, type ServiceUrlRules } from '../connector/service-url'

export interface DeliveriesOptions {
  readonly database: Database
  readonly client: ConnectorClient
  readonly serviceUrls: ServiceUrlRules
  readonly clock: Clock
  readonly logger: Logger
}

/** A message for a channel, and what is to be sent. */
export interface Letter {
  readonly message: Sendable
  readonly activity: object
}
type PlacedLetter = Placed<Letter>

/**
 * A message that is later than this does not leave: others have the slots after it, and in the window of both it would be one
 * too many. Together with what the network adds it stays below the margin of core/sending/slots.
 */
const LATE_MS = 15
/** So many may be on their way at once; a slow channel gets no more than that. */
export const IN_FLIGHT_MAX = 256
/** So many may wait for their slots. */
const WAITING_MAX = 1_024
/** When a message is tried again that came while no more could be on their way. */
const FULL_MS = 1_000
/** Outcomes that come within this time are written down together. */
const TOGETHER_MS = 20
const SETTLE_AGAIN_MS = 1_000
/** A channel that says too much but not how long to wait. */
const BLOCKED_MS = 1_000

/** What becomes of a message that is not wanted any more. */
export function deliveryOf({ reason }: Unwanted, at: Date): Delivery {
  return reason === null ? { kind: 'given-back', until: at } : { kind: 'unwanted', reason }
}

/** Sends letters, each in its slot, and writes down what became of them. */
export class Deliveries {
  private readonly waiting = new Map<NodeJS.Timeout, PlacedLetter>()
  private inFlight = 0
  private outcomes: Delivered[] = []
  private missed = new Map<string, number[]>()
  private flushTimer: NodeJS.Timeout | undefined
  private readonly blocks = new Map<string, { atMs: number; untilMs: number }>()
  private readonly working = new Set<Promise<void>>()

  constructor(private readonly options: DeliveriesOptions) {}

  /** For how many more letters there is room: none while the channel is so slow that no more can be on their way. */
  get room(): number {
    return this.inFlight >= IN_FLIGHT_MAX ? 0 : Math.max(0, WAITING_MAX - this.waiting.size)
  }

  /** Sends each in its slot. */
  schedule(letters: readonly PlacedLetter[]): void {
    const now = this.options.clock().getTime()
    for (const letter of letters) {
      const timer = setTimeout(
        () => {
          this.waiting.delete(timer)
          this.track(this.deliver(letter))
        },
        Math.max(0, letter.slotMs - now),
      )
      this.waiting.set(timer, letter)
    }
  }

  /** Takes back what was scheduled and is not wanted any more. */
  async recall(): Promise<void> {
    const waiting = [...this.waiting.values()].map(({ message }) => message)
    const unwanted = new Map((await listUnwanted(this.options.database, waiting)).map((one) => [wordOf(one), one]))
    for (const [timer, letter] of this.waiting) {
      const one = unwanted.get(wordOf(letter.message))
      if (!one) continue
      clearTimeout(timer)
      this.waiting.delete(timer)
      this.freeSlot(letter)
      this.note(letter.message, deliveryOf(one, this.options.clock()))
    }
  }

  /** Gives back what has not left yet, and resolves when everything else is settled. */
  async stop(): Promise<void> {
    const at = this.options.clock()
    for (const [timer, letter] of this.waiting) {
      clearTimeout(timer)
      this.giveBack(letter, at)
    }
    this.waiting.clear()
    await this.idle()
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    while (this.waiting.size > 0 || this.working.size > 0 || this.outcomes.length > 0) {
      if (this.working.size > 0) await Promise.all(this.working)
      else if (this.outcomes.length > 0) await this.flush()
      else await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS))
    }
  }

  private async deliver(letter: PlacedLetter): Promise<void> {
    const { message, activity, slotMs } = letter
    const { client, clock, serviceUrls, logger } = this.options
    const at = clock()
    const nowMs = at.getTime()
    const scope = scopeOf(message.channel, message.tenantId)
    const blockedMs = this.blockedUntil(scope, nowMs)
    if (blockedMs > nowMs) return this.giveBack(letter, new Date(blockedMs))
    if (nowMs - slotMs > LATE_MS) return this.giveBack(letter, at)
    if (this.inFlight >= IN_FLIGHT_MAX) return this.giveBack(letter, new Date(nowMs + FULL_MS))
    const reference = message.reference as Reference
    // What is stored may be older than the rules.
    if (!isServiceUrlAllowed(reference.serviceUrl, serviceUrls)) {
      return this.note(message, { kind: 'refused', error: 'messages are not sent to this serviceUrl' })
    }
    this.inFlight += 1
    const result = await client.send(reference, activity)
    this.inFlight -= 1
    if (result.kind !== 'sent') {
      const { channel, campaignId } = message
      logger.warn({ channel, campaignId, result: result.kind, reason: result.error }, 'message not delivered')
    }
    await this.heed(message, result)
    this.note(message, result)
  }

  /** What a result says beyond its own message. */
  private async heed(message: Sendable, result: SendResult): Promise<void> {
    const { database, clock } = this.options
    const at = clock()
    if (result.kind === 'retry' && result.isThrottled) {
      const scope = scopeOf(message.channel, message.tenantId)
      const untilMs = at.getTime() + (result.afterMs ?? BLOCKED_MS)
      const atMs = at.getTime()
      this.blocks.set(scope, { atMs, untilMs: Math.max(untilMs, this.blockedUntil(scope, atMs)) })
      await blockBucket(database, { scope, until: new Date(untilMs), at })
    }
    const recipient = recipientOf(message.reference as Reference)
    if (result.kind === 'refused' && result.isUnreachable && recipient) {
      await markUnreachable(database, { ...recipient, at })
    }
  }

  /** Till when the channel told us to wait; what it said before the clock was set back does not hold, then or later. */
  private blockedUntil(scope: string, nowMs: number): number {
    const block = this.blocks.get(scope)
    if (block && block.atMs <= nowMs + AHEAD_MAX_MS) return block.untilMs
    this.blocks.delete(scope)
    return 0
  }

  private freeSlot({ message, slotMs }: PlacedLetter): void {
    const scope = scopeOf(message.channel, message.tenantId)
    this.missed.set(scope, [...(this.missed.get(scope) ?? []), slotMs])
  }

  private giveBack(letter: PlacedLetter, until: Date): void {
    this.freeSlot(letter)
    this.note(letter.message, { kind: 'given-back', until })
  }

  private note(message: Sendable, delivery: Delivery): void {
    this.outcomes.push({ message, delivery, at: this.options.clock() })
    this.flushTimer ??= setTimeout(() => this.track(this.flush()), TOGETHER_MS)
  }

  private async flush(): Promise<void> {
    clearTimeout(this.flushTimer)
    this.flushTimer = undefined
    const { database, logger } = this.options
    const [outcomes, missed] = [this.outcomes, this.missed]
    this.outcomes = []
    this.missed = new Map()
    try {
      for (const [scope, slots] of missed) await giveSlotsBack(database, { scope, slots })
      if (outcomes.length > 0) await settle(database, outcomes)
    } catch (error) {
      logger.error({ err: error, count: outcomes.length }, 'what became of messages could not be written down yet')
      // Until it can be, they count as being sent; and when this process ends first, as unknown.
      this.outcomes.unshift(...outcomes)
      this.flushTimer ??= setTimeout(() => this.track(this.flush()), SETTLE_AGAIN_MS)
      await new Promise((resolve) => setTimeout(resolve, SETTLE_AGAIN_MS))
    }
  }

  private track(promise: Promise<void>): void {
    const settled = promise.catch((error) =>
      this.options.logger.error({ err: error }, 'a message could not be delivered in order'),
    )
    this.working.add(settled)
    void settled.finally(() => this.working.delete(settled))
  }
}
