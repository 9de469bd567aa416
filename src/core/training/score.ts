import type { Database } from '../../db/open'
import { readModelInUse } from './model-store'
import type { RunOptions } from './train'
import type { ScoreResult, Trainer } from './trainer'

/** What scoring with one kind of model wrote. `model` is the id of the one in use, null where there is none. */
export interface Scored {
  readonly kind: string
  readonly model: number | null
  readonly trainedAt: Date | null
  readonly result: ScoreResult
}

/** Applies each model in use to every member and writes down what it says. */
export async function scoreMembers(
  database: Database,
  trainers: readonly Trainer[],
  { at, seed, threads, onProgress }: RunOptions,
): Promise<Scored[]> {
  const scored: Scored[] = []
  for (const { kind, score } of trainers) {
    const model = await readModelInUse(database, { kind })
    const result = await score(database, {
      at,
      seed,
      threads,
      onProgress: (share) => onProgress?.({ kind, share }),
      ...(model ? { model } : {}),
    })
    scored.push({ kind, model: model?.id ?? null, trainedAt: model?.trainedAt ?? null, result })
  }
  return scored
}
