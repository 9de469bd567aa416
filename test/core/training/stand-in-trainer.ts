import type { StoredModel, Trainer, TrainResult } from '../../../src/core/training/trainer'
import { packModel, unpackModel } from '../../../src/ml/model-file'

const FILE = { kind: 'stand-in', version: 1 }

/** A trainer whose figure the test says, and that tells what it was given to score with. */
export function standInTrainer(
  options: { value: number; baseline?: number } | { missing: number },
): Trainer & { seen: { inUse?: StoredModel; scored?: number } } {
  const seen: { inUse?: StoredModel; scored?: number } = {}
  return {
    kind: 'stand-in',
    says: 'a model for tests',
    seen,
    async train(_database, { inUse, onProgress }): Promise<TrainResult> {
      if (inUse) seen.inUse = inUse
      onProgress(0.5)
      if ('missing' in options) {
        return { ok: false, code: 'not-enough-data', missing: [{ what: 'orders', have: options.missing, need: 10 }] }
      }
      const { value, baseline } = options
      return {
        ok: true,
        bytes: packModel({ ...FILE, meta: {}, arrays: { value: Float64Array.of(value) } }),
        dataFrom: new Date('2026-01-01T00:00:00Z'),
        dataTo: new Date('2026-11-01T00:00:00Z'),
        split: 'nothing, as a test',
        figures: { auc: value },
        judged: {
          figure: 'auc',
          value,
          ...(inUse ? { inUse: figureIn(inUse) } : {}),
          ...(baseline === undefined ? {} : { baseline: { name: 'a guess', value: baseline } }),
        },
      }
    },
    async score(_database, { model }) {
      if (model) seen.scored = figureIn(model)
      return { members: model ? 1 : 0 }
    },
  }
}

function figureIn(model: StoredModel): number {
  return unpackModel(model.bytes, FILE).arrays.value?.[0] ?? Number.NaN
}
