import type { Logger } from 'pino'
import type { Clock } from '../../core/clock'
import { takeBackGifts } from '../../core/retention/take-back'
import type { Database } from '../../db/open'
import { type Loop, repeating } from '../loop'

const EVERY_MS = 2_000

/**
 * Takes back what was given with messages that did not arrive. Apart from the sender, which it may neither slow down nor stop;
 * any number of processes may do it.
 */
export function createTakeBack({
  database,
  clock,
  logger,
  everyMs = EVERY_MS,
}: {
  database: Pick<Database, 'sql'>
  clock: Clock
  logger: Logger
  everyMs?: number
}): Loop {
  const takeBack = async () => {
    const { failed } = await takeBackGifts(database, { at: clock() })
    for (const { campaignId, error, isFinal } of failed)
      logger.warn({ campaignId, reason: error, isFinal }, 'a gift could not be taken back')
  }
  return repeating({ firstAfterMs: everyMs, everyMs }, () =>
    takeBack().catch((error) => logger.warn({ err: error }, 'gifts could not be taken back')),
  )
}
