import type { Job } from '../core/jobs/job'
import { trainModels } from '../core/training/train'
import { trainers } from '../core/training/trainers'

/** Fits the models afresh; one that is worse than the one in use is not put in use. */
export const modelTraining: Job = {
  name: 'model-training',
  says: {
    en: 'fit the models to the latest data; a worse one is not put in use',
    zh: '用最新数据训练模型；效果变差的不会启用',
  },
  cron: '0 0 * * 0',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 4 * 3_600_000,
  async run({ database, at, threads, onProgress }) {
    const done = new Map<string, number>()
    const trained = await trainModels(database, trainers, {
      at,
      seed: 1,
      threads,
      onProgress({ kind, share }) {
        done.set(kind, share)
        onProgress([...done.values()].reduce((sum, value) => sum + value, 0) / trainers.length)
      },
    })
    return Object.fromEntries(
      trained.map((model) => [
        model.kind,
        model.status === 'not-enough-data'
          ? { status: model.status, missing: model.missing }
          : { status: model.status, reason: model.reason, judged: model.judged },
      ]),
    )
  },
}
