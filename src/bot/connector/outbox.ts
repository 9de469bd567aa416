import type { Logger } from 'pino'
import type { Clock } from '../../core/clock'
import type { Database } from '../../db/open'
import { type ConnectorClient, SEND_TIMEOUT_MS } from './client'
import { forgetOld, leaseDue, markEnded, markRetry, type OutboxRow, release } from './outbox-store'

/** Sends stored replies, in order within a conversation, until the channel has taken each or refused it. */
export interface Outbox {
  /** Sends rows that this process has just stored and leased. `earlierIds` are rows of the conversation that must go first. */
  enqueue(rows: readonly OutboxRow[], earlierIds: readonly number[]): void
  /** Takes over what nobody sends: retries, and what a process left behind that died. Resolves to how many it took. */
  sweep(): Promise<number>
  /** Sweeps every second from now on. */
  start(): void
  /** Stops sweeping and resolves when nothing is being sent. What still waits stays stored. */
  stop(): Promise<void>
}

export interface OutboxOptions {
  database: Database
  client: ConnectorClient
  clock: Clock
  logger: Logger
  sweepEveryMs?: number
}

const ATTEMPTS_MAX = 10
const RETRY_FIRST_MS = 1_000
const RETRY_LONGEST_MS = 5 * 60_000
const LEASE_MS = 30_000
const SWEEP_LIMIT = 50
const FORGET_EVERY_MS = 3_600_000

/** Builds the sender over the stored outbox. */
export function createOutbox(options: OutboxOptions): Outbox {
  const sender = createSender(options)
  const { database, clock, logger, sweepEveryMs = 1_000 } = options
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<unknown> = Promise.resolve()
  let forgotAt = 0
  const sweep = async () => {
    const at = clock()
    const rows = await leaseDue(database, { at, leasedUntil: new Date(at.getTime() + LEASE_MS), limit: SWEEP_LIMIT })
    for (const row of rows) sender.enqueue([row], [])
    if (at.getTime() - forgotAt > FORGET_EVERY_MS) {
      forgotAt = at.getTime()
      await forgetOld(database, { at })
    }
    return rows.length
  }
  const loop = () => {
    sweeping = sweep()
      .catch((error) => {
        logger.warn({ err: error }, 'sweeping the outbox failed')
        return 0
      })
      .then(async (taken) => {
        // With a backlog the next in line goes as soon as these are sent.
        if (taken > 0) await sender.idle()
        if (timer) timer = setTimeout(loop, taken > 0 ? 0 : sweepEveryMs)
      })
  }
  return {
    enqueue: sender.enqueue,
    sweep,
    start() {
      timer ??= setTimeout(loop, sweepEveryMs)
    },
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await sweeping
      await sender.idle()
    },
  }
}

interface Sender {
  enqueue: Outbox['enqueue']
  idle(): Promise<void>
}

function createSender({ database, client, clock, logger }: OutboxOptions): Sender {
  const lines = new Map<string, OutboxRow[]>()
  const inHand = new Set<number>()
  const working = new Set<Promise<void>>()
  const marker = createSentMarker({ database, clock, logger, marked: (id) => inHand.delete(id) })

  async function work(key: string, line: OutboxRow[]): Promise<void> {
    for (let row = line[0]; row; row = line[0]) {
      // Past its lease the row is somebody else's.
      const late = row.leasedUntil.getTime() - clock().getTime() < SEND_TIMEOUT_MS
      const goOn = !late && (await deliver(row))
      if (!goOn) {
        const rest = line.splice(0)
        lines.delete(key)
        // Forgotten before anything is awaited: a reply stored meanwhile must see that it has to wait for these.
        for (const { id } of rest) inHand.delete(id)
        return giveBack(rest.slice(late ? 0 : 1))
      }
      line.shift()
    }
    lines.delete(key)
  }

  /** Resolves to whether the next one may follow. */
  async function deliver(row: OutboxRow): Promise<boolean> {
    const result = await client.send(row.reference, row.activity)
    if (result.kind === 'sent') {
      marker.sent(row.id)
      return true
    }
    const { channel, id } = row
    const attempts = row.attempts + 1
    logger.warn({ channel, outboxId: id, attempts, result: result.kind, reason: result.error }, 'reply not delivered')
    const at = clock()
    if (result.kind === 'retry' && attempts < ATTEMPTS_MAX) {
      const backOffMs = Math.min(RETRY_FIRST_MS * 2 ** row.attempts, RETRY_LONGEST_MS)
      const nextAttemptAt = new Date(at.getTime() + Math.max(backOffMs, result.afterMs ?? 0))
      await markRetry(database, { id, nextAttemptAt, error: result.error })
      return false
    }
    const status = result.kind === 'unknown' ? 'unknown' : 'failed'
    await markEnded(database, { ids: [id], status, at, error: result.error })
    inHand.delete(id)
    return true
  }

  async function giveBack(rows: readonly OutboxRow[]): Promise<void> {
    if (rows.length > 0) await release(database, { ids: rows.map(({ id }) => id), at: clock() })
  }

  function track(promise: Promise<void>): void {
    const settled = promise.catch((error) => logger.error({ err: error }, 'the outbox could not be written'))
    working.add(settled)
    void settled.finally(() => working.delete(settled))
  }

  return {
    enqueue(rows, earlierIds) {
      const [first] = rows
      if (!first) return
      if (earlierIds.some((id) => !inHand.has(id))) return track(giveBack(rows))
      const key = `${first.channel}\u001f${first.conversationId}`
      for (const { id } of rows) inHand.add(id)
      const line = lines.get(key)
      if (line) {
        line.push(...rows)
        return
      }
      const started = [...rows]
      lines.set(key, started)
      track(
        work(key, started).catch((error) => {
          // The database went away while writing a result: the leases run out and the sweeper takes over.
          lines.delete(key)
          for (const { id } of started) inHand.delete(id)
          throw error
        }),
      )
    },
    async idle() {
      while (working.size > 0 || marker.busy()) {
        await Promise.all(working)
        await marker.flushed()
      }
    },
  }
}

interface SentMarker {
  sent(id: number): void
  busy(): boolean
  flushed(): Promise<void>
}

/** Writes down which were sent: one statement for all that came together while the last one was on its way. */
function createSentMarker({
  database,
  clock,
  logger,
  marked,
}: Pick<OutboxOptions, 'database' | 'clock' | 'logger'> & { marked: (id: number) => void }): SentMarker {
  let waiting: number[] = []
  let flushing: Promise<void> | undefined

  async function flush(): Promise<void> {
    // Lets the answers that arrive in the same moment share the statement.
    await new Promise((resolve) => setTimeout(resolve, 5))
    while (waiting.length > 0) {
      const ids = waiting
      waiting = []
      try {
        await markEnded(database, { ids, status: 'sent', at: clock() })
      } catch (error) {
        logger.error({ err: error, count: ids.length }, 'sent replies could not be marked; they may be sent again')
      }
      for (const id of ids) marked(id)
    }
    flushing = undefined
  }

  return {
    sent(id) {
      waiting.push(id)
      flushing ??= flush()
    },
    busy: () => flushing !== undefined,
    flushed: async () => flushing,
  }
}
