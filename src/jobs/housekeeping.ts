import type { Job } from '../core/jobs/job'
import { forgetOldData } from '../core/old-data/forget'

/** What is only of use for a while goes; core/old-data says what is kept how long. */
export const housekeeping: Job = {
  name: 'housekeeping',
  says: 'forget what is only of use for a while: notes of job runs, replaced models, where messages went, exposures',
  cron: '30 4 * * *',
  timeZone: 'merchant',
  missed: 'skip',
  timeoutMs: 600_000,
  run: ({ database, at }) => forgetOldData(database, { at }),
}
