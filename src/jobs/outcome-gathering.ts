import type { Job } from '../core/jobs/job'
import { gatherOutcomes } from '../core/retention/outcomes'

/** Counts what came of every campaign so far. */
export const outcomeGathering: Job = {
  name: 'outcome-gathering',
  says: 'count what came of every campaign so far, for its results over time',
  cron: '50 23 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  run: ({ database, at }) => gatherOutcomes(database, { at }),
}
