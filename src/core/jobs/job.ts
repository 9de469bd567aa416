import type { Database } from '../../db/open'
import type { Localised } from '../locale'

/** Whose clock a job's schedule is written in. */
export type JobZone = 'merchant' | 'UTC'

export interface JobContext {
  readonly database: Database
  /** Now; what the job does is done as of this instant. */
  readonly at: Date
  /** The instant of the schedule that this run is for. */
  readonly slot: Date
  readonly threads: number
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress: (share: number) => void
}

/** Work that comes round by the clock, as data. A new one is a file in src/jobs and a line in src/jobs/schedule. */
export interface Job {
  readonly name: string
  /** One line for people: what it does. */
  readonly says: Localised
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string
  readonly timeZone: JobZone
  /** What becomes of a slot at whose time no process ran: the latest one is done late, or it is left out. */
  readonly missed: 'catch-up' | 'skip'
  /** A run that takes longer counts as failed. */
  readonly timeoutMs: number
  /** Resolves to counts for people. Called again for the same slot after a crash, so what it writes is idempotent. */
  run(context: JobContext): Promise<Readonly<Record<string, unknown>>>
}
