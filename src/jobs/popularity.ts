import type { Job } from '../core/jobs/job'
import { refreshPopularity } from '../core/recommendations/popularity'

/** What is popular lately fills up everybody's recommendations. */
export const popularity: Job = {
  name: 'popularity',
  says: {
    en: 'count afresh what members bought lately',
    zh: '重新统计会员最近买了什么',
  },
  cron: '45 1 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 1_800_000,
  run: async ({ database, at }) => ({ products: await refreshPopularity(database, { at }) }),
}
