import type { Job } from '../core/jobs/job'
import { gatherOutcomes } from '../core/retention/outcomes'

/** Counts what came of every campaign so far. */
export const outcomeGathering: Job = {
  name: 'outcome-gathering',
  says: {
    en: 'count what came of every campaign so far, for its results over time',
    zh: '统计每个活动至今的效果，供结果走势使用',
  },
  cron: '50 23 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  run: ({ database, at }) => gatherOutcomes(database, { at }),
}
