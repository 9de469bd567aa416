import { forgetOld, leaseDue, type OutboxRow } from './outbox-store'
import { Sender, type SenderOptions } from './sender'

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

export interface OutboxOptions extends SenderOptions {
  readonly sweepEveryMs?: number
}

const LEASE_MS = 30_000
const SWEEP_LIMIT = 50
const SOON_MS = 50
const FORGET_EVERY_MS = 3_600_000

/** Builds the sender over the stored outbox. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { database, clock, logger, sweepEveryMs = 1_000 } = options
  const sender = new Sender({ ...options, onGivenBack: () => soon() })
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<unknown> = Promise.resolve()
  let busy = false
  let forgotAt = 0

  async function sweep(): Promise<number> {
    const at = clock()
    const rows = await leaseDue(database, { at, leasedUntil: new Date(at.getTime() + LEASE_MS), limit: SWEEP_LIMIT })
    for (const row of rows) sender.enqueue([row], [])
    if (at.getTime() - forgotAt > FORGET_EVERY_MS) {
      forgotAt = at.getTime()
      await forgetOld(database, { at })
    }
    return rows.length
  }

  function loop(): void {
    busy = true
    sweeping = sweep()
      .catch((error) => {
        logger.warn({ err: error }, 'sweeping the outbox failed')
        return 0
      })
      .then((taken) => {
        busy = false
        // With a backlog the next in line goes as soon as these may have been sent.
        if (timer) later(taken > 0 ? SOON_MS : sweepEveryMs)
      })
  }

  function later(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(loop, Math.min(ms, sweepEveryMs))
  }

  function soon(): void {
    if (timer && !busy) later(SOON_MS)
  }

  return {
    enqueue: (rows, earlierIds) => sender.enqueue(rows, earlierIds),
    sweep,
    start() {
      if (!timer) later(sweepEveryMs)
    },
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await sweeping
      await sender.idle()
    },
  }
}
