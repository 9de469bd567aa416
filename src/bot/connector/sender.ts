import type { Logger } from 'pino'
import type { Clock } from '../../core/clock'
import { markUnreachable } from '../../core/retention/delivery'
import { backOffMs } from '../../core/sending/back-off'
import type { LimitsTable } from '../../core/sending/limits'
import type { Database } from '../../db/open'
import { recipientOf } from './addressed'
import { type ConnectorClient, SEND_TIMEOUT_MS } from './client'
import { markEnded, markRetry, type OutboxRow, release } from './outbox-store'
import { ReplyPace } from './reply-pace'
import { createSentMarker, type SentMarker } from './sent-marker'

export interface SenderOptions {
  readonly database: Database
  readonly client: ConnectorClient
  readonly clock: Clock
  readonly logger: Logger
  readonly limits?: LimitsTable
  /** There are replies again that nobody sends. */
  readonly onGivenBack?: () => void
}

const ATTEMPTS_MAX = 10
const DEALT_WITH_MAX = 5_000

/** Sends leased replies: a line per conversation, one after the other; the lines side by side. */
export class Sender {
  private readonly lines = new Map<string, OutboxRow[]>()
  /** Being sent or next in line here. */
  private readonly inHand = new Set<number>()
  /** The last ones that were dealt with here: a turn may have seen them waiting just before that was written down. */
  private readonly dealtWith = new Set<number>()
  private readonly working = new Set<Promise<void>>()
  private readonly marker: SentMarker
  private readonly pace: ReplyPace

  constructor(private readonly options: SenderOptions) {
    this.pace = new ReplyPace(options)
    this.marker = createSentMarker({ ...options, marked: (id) => this.dealWith(id) })
  }

  /** Takes rows of one conversation. Where an earlier one of it is in other hands, they are given back to wait for it. */
  enqueue(rows: readonly OutboxRow[], earlierIds: readonly number[]): void {
    const [first] = rows
    if (!first) return
    if (earlierIds.some((id) => !this.inHand.has(id) && !this.dealtWith.has(id))) {
      this.track(this.giveBack(rows))
      return
    }
    const key = `${first.channel}\u001f${first.conversationId}`
    for (const { id } of rows) this.inHand.add(id)
    const line = this.lines.get(key)
    if (line) {
      line.push(...rows)
      return
    }
    const started = [...rows]
    this.lines.set(key, started)
    this.track(this.work(key, started))
  }

  /** Resolves when nothing is being sent or written down. */
  async idle(): Promise<void> {
    while (this.working.size > 0 || this.marker.busy()) {
      await Promise.all(this.working)
      await this.marker.flushed()
    }
    await this.pace.flush()
  }

  private async work(key: string, line: OutboxRow[]): Promise<void> {
    try {
      for (let row = line[0]; row; row = line[0]) {
        // Past its lease the row is somebody else's.
        const late = row.leasedUntil.getTime() - this.options.clock().getTime() < SEND_TIMEOUT_MS
        const goOn = !late && (await this.deliver(row))
        if (!goOn) return await this.giveBack(this.breakUp(key, line).slice(late ? 0 : 1))
        line.shift()
      }
      this.lines.delete(key)
    } catch (error) {
      // The database went away while a result was written: the leases run out and the sweeper takes over.
      this.breakUp(key, line)
      throw error
    }
  }

  /** Forgets a line, before anything is awaited: a reply stored meanwhile must see that it has to wait for these. */
  private breakUp(key: string, line: OutboxRow[]): OutboxRow[] {
    const rest = line.splice(0)
    this.lines.delete(key)
    for (const { id } of rest) this.inHand.delete(id)
    return rest
  }

  /** Resolves to whether the next one may follow. */
  private async deliver(row: OutboxRow): Promise<boolean> {
    const { client, clock, database, logger } = this.options
    const freeAt = await this.pace.freeAt(row)
    if (freeAt) {
      await release(database, { ids: [row.id], at: freeAt })
      return false
    }
    const result = await client.send(row.reference, row.activity)
    this.pace.sent(row)
    if (result.kind === 'sent') {
      this.marker.sent(row.id)
      return true
    }
    const { channel, id } = row
    const attempts = row.attempts + 1
    logger.warn({ channel, outboxId: id, attempts, result: result.kind, reason: result.error }, 'reply not delivered')
    const at = clock()
    if (result.kind === 'retry' && result.isThrottled) await this.pace.throttled(row, result.afterMs)
    if (result.kind === 'retry' && attempts < ATTEMPTS_MAX) {
      const waitMs = Math.max(backOffMs(`outbox ${id}`, attempts), result.afterMs ?? 0)
      const nextAttemptAt = new Date(at.getTime() + waitMs)
      await markRetry(database, { id, nextAttemptAt, error: result.error })
      return false
    }
    const recipient = recipientOf(row.reference)
    if (result.kind === 'refused' && result.isUnreachable && recipient) {
      await markUnreachable(database, { ...recipient, at })
    }
    const status = result.kind === 'unknown' ? 'unknown' : 'failed'
    await markEnded(database, { ids: [id], status, at, error: result.error })
    this.dealWith(id)
    return true
  }

  private dealWith(id: number): void {
    this.inHand.delete(id)
    this.dealtWith.add(id)
    if (this.dealtWith.size <= DEALT_WITH_MAX) return
    const [oldest] = this.dealtWith
    if (oldest !== undefined) this.dealtWith.delete(oldest)
  }

  private async giveBack(rows: readonly OutboxRow[]): Promise<void> {
    const { clock, database, onGivenBack } = this.options
    if (rows.length === 0) return
    await release(database, { ids: rows.map(({ id }) => id), at: clock() })
    onGivenBack?.()
  }

  private track(promise: Promise<void>): void {
    const { logger } = this.options
    const settled = promise.catch((error) => logger.error({ err: error }, 'the outbox could not be written'))
    this.working.add(settled)
    void settled.finally(() => this.working.delete(settled))
  }
}
