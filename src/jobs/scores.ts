import type { Job } from '../core/jobs/job'
import { scoreMembers } from '../core/training/score'
import { trainers } from '../core/training/trainers'

/** Where every member stands: segments, stages, churn risk, what to recommend. */
export const scores: Job = {
  name: 'scores',
  says: {
    en: 'score every member: segment, stage, churn risk, what to buy next',
    zh: '为每位会员评分：分群、阶段、流失风险、接下来会买什么',
  },
  cron: '0 2 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 2 * 3_600_000,
  async run({ database, at, threads, onProgress }) {
    const done = new Map<string, number>()
    const scored = await scoreMembers(database, trainers, {
      at,
      seed: 1,
      threads,
      onProgress({ kind, share }) {
        done.set(kind, share)
        onProgress([...done.values()].reduce((sum, value) => sum + value, 0) / trainers.length)
      },
    })
    return Object.fromEntries(scored.map(({ kind, model, result }) => [kind, { model, ...result }]))
  },
}
