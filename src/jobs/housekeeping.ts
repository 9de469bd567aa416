import type { Job } from '../core/jobs/job'
import { forgetOldData } from '../core/old-data/forget'
import { forgetErased } from '../core/privacy/erase'

/** What is only of use for a while goes; core/old-data says what is kept how long. So does what came of erased members since. */
export const housekeeping: Job = {
  name: 'housekeeping',
  says: {
    en: 'forget what is only of use for a while: notes of job runs, replaced models, where messages went, exposures, what came of members after they were erased',
    zh: '清理只需短期保留的内容：任务运行记录、被替换的模型、消息去向、实验曝光、会员信息删除后新产生的内容',
  },
  cron: '30 4 * * *',
  timeZone: 'merchant',
  missed: 'skip',
  timeoutMs: 600_000,
  run: async ({ database, at }) => ({
    ...(await forgetOldData(database, { at })),
    ofErasedMembers: await forgetErased(database),
  }),
}
