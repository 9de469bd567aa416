import type { Job } from '../core/jobs/job'
import { findResult } from '../core/jobs/runs'
import { driftBetween, readScoreSpread, type ScoreSpread } from '../core/training/drift'

const NAME = 'drift-check'

/**
 * Holds today's churn scores against those of the first check after the model was trained. Scores that lie elsewhere say
 * that the members changed, and that the model should be trained again before its time.
 */
export const driftCheck: Job = {
  name: NAME,
  says: {
    en: 'tell whether today’s churn scores lie where they lay when the model was trained',
    zh: '检查今天的流失评分是否仍与训练模型时一致',
  },
  cron: '30 3 * * *',
  timeZone: 'merchant',
  missed: 'skip',
  timeoutMs: 600_000,
  async run({ database }) {
    const now = await readScoreSpread(database)
    if (now.modelId === null) return { scored: 0, says: 'nobody is scored yet' }
    const first = await findResult<ScoreSpread>(database, { name: NAME, field: 'modelId', value: now.modelId })
    return { ...now, ...driftBetween(first ?? now, now) }
  },
}
