import type { Logger } from 'pino'
import type { Clock } from '../../core/clock'
import { type Delivered, type Delivery, listWithdrawn, markUnreachable, settle } from '../../core/retention/delivery'
import type { Sendable } from '../../core/retention/queue'
import { blockBucket, giveSlotsBack } from '../../core/sending/bucket'
import { scopeOf } from '../../core/sending/limits'
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

/** A message with a slot, and what is to be sent. */
export interface Letter {
  readonly message: Sendable
  readonly activity: object
}

/**
 * A message that is later than this does not leave: others have the slots after it, and in the window of both it would be one
 * too many. Together with what the network adds it stays below the margin of core/sending/slots.
 */
const LATE_MS = 15
/** Outcomes that come within this time are written down together. */
const TOGETHER_MS = 20
const SETTLE_AGAIN_MS = 1_000
/** A channel that says too much but not how long to wait. */
const BLOCKED_MS = 1_000

/** Sends letters, each in its slot, and writes down what became of them. */
export class Deliveries {
  private readonly waiting = new Map<NodeJS.Timeout, Letter>()
  private inFlight = 0
  private outcomes: Delivered[] = []
  private missed = new Map<string, number[]>()
  private flushTimer: NodeJS.Timeout | undefined
  private readonly blockedUntilMs = new Map<string, number>()
  private readonly working = new Set<Promise<void>>()

  constructor(private readonly options: DeliveriesOptions) {}

  /** Letters that are not settled yet. */
  get size(): number {
    return this.waiting.size + this.inFlight
  }

  /** Sends each in its slot. */
  schedule(letters: readonly Letter[]): void {
    const now = this.options.clock().getTime()
    for (const letter of letters) {
      const timer = setTimeout(
        () => {
          this.waiting.delete(timer)
          this.track(this.deliver(letter))
        },
        Math.max(0, (letter.message.slotMs ?? now) - now),
      )
      this.waiting.set(timer, letter)
    }
  }

  /** Takes back what was scheduled and is not wanted any more. */
  async recall(): Promise<void> {
    const ids = [...this.waiting.values()].map(({ message }) => message.id)
    const withdrawn = new Set(await listWithdrawn(this.options.database, { ids }))
    for (const [timer, { message }] of this.waiting) {
      if (!withdrawn.has(message.id)) continue
      clearTimeout(timer)
      this.waiting.delete(timer)
      this.freeSlot(message)
      this.note(message, { kind: 'withdrawn' })
    }
  }

  /** Gives back what has not left yet, and resolves when everything else is settled. */
  async stop(): Promise<void> {
    const at = this.options.clock()
    for (const [timer, { message }] of this.waiting) {
      clearTimeout(timer)
      this.giveBack(message, at)
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

  private async deliver({ message, activity }: Letter): Promise<void> {
    const { client, clock, serviceUrls, logger } = this.options
    const at = clock()
    const nowMs = at.getTime()
    const scope = scopeOf(message.channel, message.tenantId)
    const blockedMs = this.blockedUntilMs.get(scope) ?? 0
    if (blockedMs > nowMs) return this.giveBack(message, new Date(blockedMs))
    if (nowMs - (message.slotMs ?? nowMs) > LATE_MS) return this.giveBack(message, at)
    const reference = message.reference as Reference
    // What is stored may be older than the rules.
    if (!isServiceUrlAllowed(reference.serviceUrl, serviceUrls)) {
      return this.note(message, { kind: 'refused', error: 'messages are not sent to this serviceUrl' })
    }
    this.inFlight += 1
    const result = await client.send(reference, activity)
    this.inFlight -= 1
    if (result.kind !== 'sent') {
      const { channel, id } = message
      logger.warn({ channel, messageId: id, result: result.kind, reason: result.error }, 'message not delivered')
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
      this.blockedUntilMs.set(scope, Math.max(untilMs, this.blockedUntilMs.get(scope) ?? 0))
      await blockBucket(database, { scope, until: new Date(untilMs) })
    }
    const recipient = recipientOf(message.reference as Reference)
    if (result.kind === 'refused' && result.isUnreachable && recipient) {
      await markUnreachable(database, { ...recipient, at })
    }
  }

  private freeSlot({ channel, tenantId, slotMs }: Sendable): void {
    const scope = scopeOf(channel, tenantId)
    if (slotMs !== null) this.missed.set(scope, [...(this.missed.get(scope) ?? []), slotMs])
  }

  private giveBack(message: Sendable, until: Date): void {
    this.freeSlot(message)
    this.note(message, { kind: 'given-back', until })
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
