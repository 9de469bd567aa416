import type { Database } from '../../db/open'
import type { ChurnModel } from '../../ml/churn-model'
import type { OriginPlan } from '../../ml/churn-origins'
import { packChurn, unpackChurn } from '../../ml/churn-pack'
import { trainChurn } from '../../ml/churn-train'
import { ModelFileError } from '../../ml/model-file'
import type { StoredModel, TrainContext, TrainResult } from '../training/trainer'
import { readHistories } from './read-histories'

const DAY_MS = 86_400_000

/** Learns from rolling origins who leaves: see ml/churn-train. Judged by AUC on the last origin, against recency alone. */
export async function trainChurnModel(database: Database, context: TrainContext): Promise<TrainResult> {
  const { at, seed, threads, inUse, onProgress } = context
  const { histories, booksDates } = await readHistories(database, { at })
  onProgress(0.1)
  const before = inUse && unpackUsable(inUse)
  const trained = await trainChurn(histories, {
    ...{ seed, threads, onProgress },
    ...(before ? { inUse: before } : {}),
  })
  if (!trained.ok) return { ok: false, code: 'not-enough-data', missing: trained.lacks }
  const { model, plan, figures } = trained
  const { auc, inUseAuc, recencyAuc } = figures.test
  const dataTo = new Date(Math.max(...booksDates.map((date) => date.getTime())))
  return {
    ok: true,
    bytes: packChurn(model),
    dataFrom: new Date(dataTo.getTime() - plan.spanDays * DAY_MS),
    dataTo,
    split: inWords(plan),
    figures: { ...figures, plan },
    judged: {
      figure: 'AUC',
      value: auc,
      ...(inUseAuc === undefined ? {} : { inUse: inUseAuc }),
      baseline: { name: 'days since the last order', value: recencyAuc },
    },
  }
}

function inWords({ testCut, calibrationCut, trainCuts, gapDays, rhythmDaysMax }: OriginPlan): string {
  return [
    `what members did after day ${testCut} (day 0 ends the data), foretold from before it`,
    `learnt at days ${trainCuts.join(', ')}, chosen and calibrated at day ${calibrationCut} on members not learnt from`,
    `foretold: ${gapDays} days later, within each member's own rhythm of ${rhythmDaysMax} days at most`,
  ].join('; ')
}

/** A model of an older version can't be measured, and is no reason not to train a new one. */
function unpackUsable(stored: StoredModel): ChurnModel | undefined {
  try {
    return unpackChurn(stored.bytes)
  } catch (error) {
    if (error instanceof ModelFileError) return undefined
    throw error
  }
}
