import type { Logger } from 'pino'
import type { Clock } from '../../core/clock'
import { blockBucket, chargeBucket } from '../../core/sending/bucket'
import { CHANNEL_LIMITS, type LimitsTable, limitsOf, scopeOf } from '../../core/sending/limits'
import type { SendWindow } from '../../core/sending/slots'
import { readThreadFreeAt } from '../../core/sending/threads'
import type { Database } from '../../db/open'
import { tenantOf } from './addressed'
import type { OutboxRow } from './outbox-store'

export interface ReplyPaceOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly limits?: LimitsTable
}

type Sent = Pick<OutboxRow, 'channel' | 'conversationId' | 'reference'>

const REMEMBERED_MS = 30_000
const THREADS_MAX = 1_000
/** Up to so many messages in a thread, in one second and in thirty, nobody asks what other processes sent there. */
const UNASKED = { inOneSecond: 2, inThirty: 9 }
const CHARGE_EVERY_MS = 250
/** A channel that says too much but not how long to wait. */
const BLOCKED_MS = 1_000

/**
 * Keeps replies within what a channel takes. A thread's own windows hold a reply up; the tenant's quota never does, since
 * somebody waits for it: replies are charged to it afterwards, and messages that can wait make room.
 */
export class ReplyPace {
  /** When this process sent to a thread lately. */
  private readonly threads = new Map<string, number[]>()
  private charges = new Map<string, { window: SendWindow; sentMs: number[] }>()
  private timer: NodeJS.Timeout | undefined
  private flushing: Promise<void> = Promise.resolve()

  constructor(private readonly options: ReplyPaceOptions) {}

  /** When the thread may get this reply; null: now. The database is asked where a thread is busy. */
  async freeAt({ channel, conversationId }: Sent): Promise<Date | null> {
    const limits = limitsOf(this.options.limits ?? CHANNEL_LIMITS, channel)
    if (!limits) return null
    const at = this.options.clock()
    const recent = (this.threads.get(`${channel}/${conversationId}`) ?? []).filter(
      // What lies ahead was sent before the clock was set back.
      (sent) => sent > at.getTime() - REMEMBERED_MS && sent <= at.getTime(),
    )
    const inOneSecond = recent.filter((sent) => sent > at.getTime() - 1_000).length
    if (inOneSecond <= UNASKED.inOneSecond && recent.length <= UNASKED.inThirty) return null
    const threads = [{ channel, conversationId }]
    const [freeAt = null] = await readThreadFreeAt(this.options.database, { threads, windows: limits.thread, at })
    // What this process has just sent may not be written down yet.
    const ownMs = Math.max(
      ...limits.thread.map(({ messages, windowMs }) => (recent.at(-messages) ?? Number.NEGATIVE_INFINITY) + windowMs),
    )
    if (ownMs <= at.getTime()) return freeAt
    return new Date(Math.max(ownMs, freeAt?.getTime() ?? 0))
  }

  sent({ channel, conversationId, reference }: Sent): void {
    const limits = limitsOf(this.options.limits ?? CHANNEL_LIMITS, channel)
    if (!limits) return
    const sentMs = this.options.clock().getTime()
    const thread = `${channel}/${conversationId}`
    const recent = this.threads.get(thread) ?? []
    this.threads.delete(thread)
    this.threads.set(thread, [...recent.filter((sent) => sent > sentMs - REMEMBERED_MS && sent <= sentMs), sentMs])
    // The first of a Map is the one that was written to longest ago.
    const [oldest] = this.threads.keys()
    if (this.threads.size > THREADS_MAX && oldest !== undefined) this.threads.delete(oldest)
    const scope = scopeOf(channel, tenantOf(reference))
    const charge = this.charges.get(scope) ?? { window: limits.tenant, sentMs: [] }
    charge.sentMs.push(sentMs)
    this.charges.set(scope, charge)
    this.timer ??= setTimeout(() => void this.flush(), CHARGE_EVERY_MS)
  }

  /** The channel had too much: what can wait waits as long as it said. */
  async throttled({ channel, reference }: Sent, afterMs = BLOCKED_MS): Promise<void> {
    const at = this.options.clock()
    const until = new Date(at.getTime() + afterMs)
    await blockBucket(this.options.database, { scope: scopeOf(channel, tenantOf(reference)), until, at })
  }

  /** Resolves when everything that was sent is charged. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const { database, logger } = this.options
    const charges = this.charges
    this.charges = new Map()
    this.flushing = this.flushing.then(async () => {
      for (const [scope, { window, sentMs }] of charges) {
        await chargeBucket(database, { scope, window, sentMs }).catch((error) =>
          logger.warn({ err: error, scope }, 'replies could not be charged to their channel'),
        )
      }
    })
    return this.flushing
  }
}
