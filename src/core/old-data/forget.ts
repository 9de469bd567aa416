import type { Db } from '../../db/sql'
import { forgetRuns } from '../jobs/runs'

/** Data that is only of use for a while. */
interface Kept {
  readonly what: string
  readonly keptDays: number
  /** @returns how many rows were forgotten */
  forget(db: Db, options: { before: Date }): Promise<number>
}

const DAY_MS = 24 * 3_600_000

/** How long what is kept; a new kind of old data is an entry here. What is not named stays: the ledger, sums of outcomes. */
export const keptData: readonly Kept[] = [
  { what: 'jobRuns', keptDays: 90, forget: forgetRuns },
  {
    what: 'replacedModels',
    keptDays: 365,
    forget: async (db, { before }) =>
      (await db.sql`delete from trained_model where status <> 'in-use' and trained_at < ${before} returning id`).length,
  },
  {
    // The row stays, so that nobody is written to twice; where it went and what the channel said goes.
    what: 'messageAddresses',
    keptDays: 180,
    forget: async (db, { before }) =>
      (
        await db.sql`
          update campaign_message set conversation_id = null, activity_id = null, last_error = null
          where due_at < ${before} and status in ('sent', 'dropped', 'failed', 'unknown', 'dead')
            and (conversation_id is not null or last_error is not null) returning member_id`
      ).length,
  },
  {
    what: 'exposures',
    keptDays: 365,
    forget: async (db, { before }) =>
      (
        await db.sql`
          delete from exposure using experiment where experiment.id = exposure.experiment_id
            and experiment.ended_at < ${before} returning member_id`
      ).length,
  },
  {
    what: 'sendBuckets',
    keptDays: 7,
    forget: async (db, { before }) =>
      (
        await db.sql`
          delete from send_bucket where not exists (select from unnest(slots) slot where slot > ${before.getTime()}::float8)
            and coalesce(blocked_until, '-infinity') < ${before} and coalesce(line_until, '-infinity') < ${before}
          returning scope`
      ).length,
  },
]

/** Forgets all of it. @returns rows forgotten, by what they were */
export async function forgetOldData(db: Db, { at }: { at: Date }): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { what, keptDays, forget } of keptData) {
    counts[what] = await forget(db, { before: new Date(at.getTime() - keptDays * DAY_MS) })
  }
  return counts
}
