import type { Database } from '../../db/open'
import { DamagedModelError, keepModel, readModelInUse, type Verdict } from './model-store'
import type { Judged, Missing, StoredModel, Trainer } from './trainer'

export interface RunOptions {
  readonly at: Date
  readonly seed: number
  /** Worker threads at the most. */
  readonly threads: number
  readonly onProgress?: (progress: { readonly kind: string; readonly share: number }) => void
}

/** How the training of one kind went. `not-enough-data` and a refused verdict leave the model in use as it was. */
export type Trained =
  | {
      readonly kind: string
      readonly status: 'in-use' | 'rejected'
      readonly reason?: Extract<Verdict, { ok: false }>['code']
      readonly dataFrom: Date
      readonly dataTo: Date
      readonly split: string
      readonly judged: Judged
      readonly figures: Readonly<Record<string, unknown>>
      readonly bytes: number
    }
  | { readonly kind: string; readonly status: 'not-enough-data'; readonly missing: readonly Missing[] }

/** Fits each model to what is in the database, one after the other, and puts in use those that are good enough. */
export async function trainModels(
  database: Database,
  trainers: readonly Trainer[],
  options: RunOptions,
): Promise<Trained[]> {
  const trained: Trained[] = []
  for (const trainer of trainers) trained.push(await trainOne(database, trainer, options))
  return trained
}

async function trainOne(database: Database, trainer: Trainer, options: RunOptions): Promise<Trained> {
  const { at, seed, threads, onProgress } = options
  const { kind } = trainer
  const inUse = await readUndamaged(database, kind)
  const result = await trainer.train(database, {
    at,
    seed,
    threads,
    onProgress: (share) => onProgress?.({ kind, share }),
    ...(inUse ? { inUse } : {}),
  })
  if (!result.ok) return { kind, status: 'not-enough-data', missing: result.missing }
  const { verdict } = await keepModel(database, { kind, seed, at, result })
  const { bytes, ok: _ok, ...rest } = result
  const status = verdict.ok ? { status: 'in-use' as const } : { status: 'rejected' as const, reason: verdict.code }
  return { kind, ...status, ...rest, bytes: bytes.length }
}

/** A damaged model is no reason not to train a sound one; it is simply not compared with. */
async function readUndamaged(database: Database, kind: string): Promise<StoredModel | undefined> {
  try {
    return await readModelInUse(database, { kind })
  } catch (error) {
    if (error instanceof DamagedModelError) return undefined
    throw error
  }
}
