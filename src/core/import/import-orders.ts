import { copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import { withSessionLock } from '../../db/session-lock'
import type { Db } from '../../db/sql'
import { recogniseHeader } from './formats'
import { isAnythingDue, settleDue } from './import-due'
import { type FileToImport, importFile } from './import-file'
import type { ImportOptions } from './import-options'
import type { FileRefusal, ImportResult } from './import-result'
import { LedgerBeside } from './ledger-beside'
import { inspectFile } from './order-file'
import { readHeader } from './read-orders'

export type ImportOutcome =
  /**
   * `isRepeat`: this very file was imported before; nothing was changed and the result is that of then. `isResumed`: that
   * import was interrupted, and this one did the rest.
   */
  { ok: true; isRepeat: boolean; isResumed: boolean; result: ImportResult } | ({ ok: false } & FileRefusal)

/**
 * Imports a file of orders: members, products, orders with their lines, refunds, points and tiers. The orders are one
 * transaction; points and tiers follow, a batch of members at a time. A kill at any time leaves all of the orders or
 * none, and the same call, or the import of any other file, does what is left. Two at once take turns. The same file a
 * second time changes nothing; another file with the same orders adds only what is new.
 * Throws when the file cannot be read or is damaged, or the database fails.
 */
export async function importOrders(database: Database, options: ImportOptions): Promise<ImportOutcome> {
  options.onPhase?.('fingerprint')
  const file = await inspectFile(options.path)
  const header = await readHeader(file)
  if (!header) return { ok: false, code: 'empty-file' }
  const recognised = recogniseHeader(header, options.format)
  if (!recognised.ok) return recognised
  const onWaiting = () => options.onPhase?.('waiting')
  return withSessionLock({ url: database.url, name: 'regulars import', onWaiting }, () =>
    importAlone(database, { file, recognised, options }),
  )
}

async function importAlone(
  database: Database,
  { file, recognised, options }: Omit<FileToImport, 'beside'>,
): Promise<ImportOutcome> {
  const { at, onPhase, onBatch } = options
  const key = { sha256: file.sha256, format: recognised.format.name }
  const earlier = await findRun(database, key)
  if (await isAnythingDue(database)) {
    onPhase?.('resuming')
    await settleDue(database, { at, onBatch })
  }
  if (!earlier) {
    const beside = new LedgerBeside(database)
    const written = await writeOrAbandon(beside, async () => {
      const outcome = await copyTransaction(database, (tx) => importFile(tx, { file, recognised, options, beside }))
      if (outcome.ok) onPhase?.('points')
      return outcome
    })
    if (!written.ok) return written
    const { known: found } = written
    const known = found && { ...found, settleAtOnce: () => beside.finish(found.runId) }
    await settleDue(database, { at, known, onBatch })
  }
  const run = await findRun(database, key)
  if (!run) throw new Error(`the import of ${file.path} left no note of itself`)
  return {
    ok: true,
    isRepeat: earlier?.isFinished ?? false,
    isResumed: earlier?.isFinished === false,
    result: run.result,
  }
}

/** What was begun beside the orders ends with whatever fails until somebody waits for it. */
async function writeOrAbandon<T>(beside: LedgerBeside, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    await beside.abandon(error)
    throw error
  }
}

async function findRun(
  db: Db,
  { sha256, format }: { sha256: string; format: string },
): Promise<{ isFinished: boolean; result: ImportResult } | undefined> {
  const [run] = await db.sql<{ isFinished: boolean; result: ImportResult }>`
    select finished_at is not null as "isFinished", result || jsonb_build_object(
      'refunds', (result -> 'refunds') || jsonb_build_object('linesWithoutSale', refund_lines_unmatched),
      'points', jsonb_build_object('earned', points_earned, 'takenBack', points_taken_back), 'tierMoves', tier_moves) as result
    from import_run where file_sha256 = ${sha256} and format = ${format}`
  return run
}
