import { createHash } from 'node:crypto'
import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'
import type { Judged, StoredModel, TrainResult } from './trainer'

/** So much worse than the model in use, as a share of its figure, may chance make one that is as good. */
const CHANCE_SHARE = 0.01

/** Whether a model was put in use, and if not, why. */
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'worse-than-in-use' | 'not-better-than-baseline' | 'figure-unknown' }

/** The stored bytes are not those that were saved. */
export class DamagedModelError extends Error {}

/** The model of a kind that is in use. Throws `DamagedModelError` where its bytes do not match their checksum. */
export async function readModelInUse(db: Db, { kind }: { kind: string }): Promise<StoredModel | undefined> {
  const [row] = await db.sql<StoredModel & { checksum: string }>`
    select id, kind, bytes, checksum, trained_at as "trainedAt", data_from as "dataFrom", data_to as "dataTo", figures
    from trained_model where kind = ${kind} and status = 'in-use'`
  if (!row) return undefined
  const { checksum, ...model } = row
  if (checksumOf(model.bytes) !== checksum) {
    throw new DamagedModelError(`the stored model ${kind} (${model.id}) does not match its checksum; train it again`)
  }
  return model
}

/**
 * Judges a fitted model by its held-out figure: it must beat its baseline, and not be worse than the model in use by more
 * than chance makes it (1 % of that one's figure).
 */
export function judge({ value, inUse, baseline }: Judged): Verdict {
  if (!Number.isFinite(value)) return { ok: false, code: 'figure-unknown' }
  if (baseline && value <= baseline.value) return { ok: false, code: 'not-better-than-baseline' }
  if (inUse !== undefined && value < inUse - Math.abs(inUse) * CHANCE_SHARE) {
    return { ok: false, code: 'worse-than-in-use' }
  }
  return { ok: true }
}

/**
 * Keeps a fitted model: in use from now on where it was judged good, else as a rejected one without its bytes. The model
 * it replaces loses its bytes and stays as a record.
 * @returns the id of the model and the verdict
 */
export async function keepModel(
  database: Database,
  { kind, seed, at, result }: { kind: string; seed: number; at: Date; result: Extract<TrainResult, { ok: true }> },
): Promise<{ id: number; verdict: Verdict }> {
  const { dataFrom, dataTo, split, figures, judged } = result
  const bytes = Buffer.from(result.bytes.buffer, result.bytes.byteOffset, result.bytes.byteLength)
  const verdict = judge(judged)
  const id = await database.tx(async (tx) => {
    // Two trainings at once take turns here; the later verdict stands.
    await tx.sql`select pg_advisory_xact_lock(hashtext('regulars model'), hashtext(${kind}))`
    if (verdict.ok) {
      await tx.sql`
        update trained_model set status = 'replaced', bytes = null where kind = ${kind} and status = 'in-use'`
    }
    const [row] = await tx.sql<{ id: number }>`
      insert into trained_model (kind, status, bytes, checksum, trained_at, data_from, data_to, seed, split, figures, judged)
      values (${kind}, ${verdict.ok ? 'in-use' : 'rejected'}, ${verdict.ok ? bytes : null}, ${checksumOf(bytes)}, ${at},
        ${dataFrom}, ${dataTo}, ${seed}, ${split}, ${JSON.stringify(figures)}::jsonb, ${JSON.stringify(judged)}::jsonb)
      returning id`
    return row?.id ?? 0
  })
  return { id, verdict }
}

function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
