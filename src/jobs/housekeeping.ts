import type { Job } from '../core/jobs/job'
import { forgetOldData } from '../core/old-data/forget'

/** What is only of use for a while goes; core/old-data says what is kept how long. */
export const housekeeping: Job = {
  name: 'housekeeping',
  says: {
    en: 'forget what is only of use for a while: notes of job runs, replaced models, where messages went, exposures',
    zh: '清理只需短期保留的内容：任务运行记录、被替换的模型、消息去向、实验曝光',
  },
  cron: '30 4 * * *',
  timeZone: 'merchant',
  missed: 'skip',
  timeoutMs: 600_000,
  run: ({ database, at }) => forgetOldData(database, { at }),
}
