import type { Logger } from 'pino'
import type { Clock } from '../../core/clock'
import type { Database } from '../../db/open'
import { markEnded } from './outbox-store'

/** Writes down which replies were sent: one statement for all that came together while the last one was on its way. */
export interface SentMarker {
  sent(id: number): void
  busy(): boolean
  flushed(): Promise<void>
}

const TOGETHER_MS = 25

export function createSentMarker({
  database,
  clock,
  logger,
  marked,
}: {
  database: Database
  clock: Clock
  logger: Logger
  /** Called for each when it is written down, or could not be. */
  marked(id: number): void
}): SentMarker {
  let waiting: number[] = []
  let flushing: Promise<void> | undefined

  async function flush(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS))
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
