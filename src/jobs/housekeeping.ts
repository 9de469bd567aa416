import type { Job } from '../core/jobs/job'
import { forgetRuns } from '../core/jobs/runs'

const DAY_MS = 24 * 3_600_000
const RUNS_KEPT_DAYS = 90
const MODELS_KEPT_DAYS = 365

/** What is only of use for a while goes: notes of job runs after 90 days, records of models long replaced after a year. */
export const housekeeping: Job = {
  name: 'housekeeping',
  says: 'forget notes of job runs after 90 days and records of replaced models after a year',
  cron: '30 4 * * *',
  timeZone: 'merchant',
  missed: 'skip',
  timeoutMs: 600_000,
  async run({ database, at }) {
    const runs = await forgetRuns(database, { before: new Date(at.getTime() - RUNS_KEPT_DAYS * DAY_MS) })
    const models = await database.sql`
      delete from trained_model
      where status <> 'in-use' and trained_at < ${new Date(at.getTime() - MODELS_KEPT_DAYS * DAY_MS)} returning id`
    return { runs, models: models.length }
  },
}
