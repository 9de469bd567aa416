import { type CopyTx, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import { withSessionLock } from '../../db/session-lock'
import type { Db } from '../../db/sql'
import { ensureMerchant, type Merchant, readMerchant } from '../merchant'
import { ensureTiers } from '../tiers/ladder'
import { minorDigitsOf } from './fields'
import { withoutKeys } from './first-keys'
import type { Format } from './format'
import { type HeaderRefusal, type RecognisedHeader, recogniseHeader } from './formats'
import { isAnythingDue, noteDue, settleDue } from './import-due'
import type { ImportedPoints } from './import-points'
import { createIntakeTables } from './intake'
import { draftOrders, insertOrders, mergeMembers } from './merge-orders'
import { mergeProducts } from './merge-products'
import { inspectFile, type OrderFile } from './order-file'
import { latestBelieved, readHeader, readOrders } from './read-orders'
import type { RefusalsByKind } from './refusals'

/** What an import did. */
export interface ImportResult {
  format: string
  /** Records of the file, the header aside. */
  rows: number
  /** Orders of the file that stand in the database now: those added and those already there. */
  orders: number
  /** Members who placed them. */
  members: number
  /** Records that were not taken. */
  refused: number
  refusedByKind: RefusalsByKind
  /** Records without a customer (also where they were refused for something else), and the orders that they made. */
  guestLines: number
  guestOrders: number
  /** Refunds of members, their lines, and those of the lines that give back nothing, or only in part, that was sold before. */
  refunds: { orders: number; lines: number; linesWithoutSale: number }
  points: ImportedPoints
  /** Articles of the file. */
  products: number
  alreadyThere: number
  added: { orders: number; members: number; products: number }
  tierMoves: number
}

/** Why a file as a whole is not imported. All amounts of a programme are in one currency. */
export type FileRefusal =
  | HeaderRefusal
  | { code: 'empty-file' }
  | { code: 'other-currency'; given: string; programme: string }

export type ImportOutcome =
  /**
   * `isRepeat`: this very file was imported before; nothing was changed and the result is that of then. `isResumed`: that
   * import was interrupted, and this one did the rest.
   */
  { ok: true; isRepeat: boolean; isResumed: boolean; result: ImportResult } | ({ ok: false } & FileRefusal)

export type ImportPhase = 'fingerprint' | 'waiting' | 'resuming' | 'reading' | 'orders' | 'points'

export interface ImportOptions {
  path: string
  /** Absent: told from the header. */
  format?: string
  /** ISO 4217; default that of the format, else of the merchant. Decides for a programme that has no merchant yet. */
  currency?: string
  /** IANA name: where times without an offset are; default that of the format, else of the merchant. */
  timeZone?: string
  at: Date
  onPhase?: (phase: ImportPhase, file?: OrderFile) => void
  /** How much of the file was read, in bytes of the file itself. */
  onBytes?: (bytes: number) => void
  /** How many batches of members have their points. */
  onBatch?: (done: number, batches: number) => void
  /** Orders kept in memory while more of their lines may come; for tests. */
  openOrdersMax?: number
  /** Orders whose points are recorded together; for tests. */
  ordersPerBatch?: number
}

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

interface Import {
  file: OrderFile
  recognised: RecognisedHeader & { ok: true }
  options: ImportOptions
}

async function importAlone(database: Database, { file, recognised, options }: Import): Promise<ImportOutcome> {
  const { at, onPhase, onBatch } = options
  const key = { sha256: file.sha256, format: recognised.format.name }
  const earlier = await findRun(database, key)
  if (await isAnythingDue(database)) {
    onPhase?.('resuming')
    await settleDue(database, { at, onBatch })
  }
  if (!earlier) {
    const refusal = await copyTransaction(database, (tx) => importFile(tx, { file, recognised, options }))
    if (refusal) return { ok: false, ...refusal }
    onPhase?.('points')
    await settleDue(database, { at, onBatch })
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

/** The merchant and the tiers, written where there are none; refused where the programme's currency is another. */
async function setUpProgramme(
  tx: CopyTx,
  { format, options }: { format: Format; options: ImportOptions },
): Promise<{ ok: true; merchant: Merchant } | { ok: false; refusal: FileRefusal }> {
  const given = options.currency ?? format.currency
  const [known] = await tx.sql<{ currency: string }>`select currency from merchant`
  if (known && given !== undefined && known.currency !== given) {
    return { ok: false, refusal: { code: 'other-currency', given, programme: known.currency } }
  }
  await ensureTiers(tx)
  if (!known) {
    await ensureMerchant(tx, { at: options.at })
    await tx.sql`
      update merchant set currency = coalesce(${given ?? null}, currency),
        time_zone = coalesce(${options.timeZone ?? format.timeZone ?? null}, time_zone)`
  }
  return { ok: true, merchant: await readMerchant(tx) }
}

/** Writes all but what follows from the orders. Returns why not, with nothing written. */
async function importFile(tx: CopyTx, { file, recognised, options }: Import): Promise<FileRefusal | undefined> {
  const { at, onPhase, onBytes, openOrdersMax } = options
  const { format } = recognised
  const programme = await setUpProgramme(tx, { format, options })
  if (!programme.ok) return programme.refusal
  const { merchant } = programme
  // Sorts and hashes of a whole file fit into this; the tables' statistics need a rough picture only; and until the run
  // is marked as finished, which waits for the disk, nobody was told that anything is done.
  await tx.sql`
    select set_config('work_mem', '64MB', true), set_config('default_statistics_target', '20', true),
      set_config('synchronous_commit', 'off', true)`
  await createIntakeTables(tx)
  const restoreKeys = await withoutKeys(tx)

  onPhase?.('reading', file)
  const { currency } = merchant
  const terms = { currency, minorDigits: minorDigitsOf(currency) ?? 2, latest: latestBelieved(at) }
  const parse = format.bind(recognised.at, terms)
  const read = await readOrders(tx, file, { source: format.source, parse, onBytes, openOrdersMax })

  onPhase?.('orders')
  const timeZone = options.timeZone ?? format.timeZone ?? merchant.timeZone
  const merge = { source: format.source, timeZone, currency, at }
  const drafted = await draftOrders(tx, merge, read)
  const { serviceSkus } = merchant.settings
  const products = await mergeProducts(tx, read.catalogue, { ...merge, serviceSkus, someRefused: drafted.refused > 0 })
  const members = await mergeMembers(tx, merge)
  await insertOrders(tx, merge)
  await restoreKeys()
  const { added: orders, alreadyThere } = drafted
  const runId = await noteRun(tx, file, {
    format: format.name,
    rows: read.rows,
    orders: orders + alreadyThere,
    members: drafted.members,
    refused: read.tally.rows,
    refusedByKind: read.tally.byKind,
    guestLines: read.guestLines,
    guestOrders: drafted.guestOrders,
    refunds: { orders: drafted.refunds, lines: drafted.refundLines },
    products: read.catalogue.products.size,
    alreadyThere,
    added: { orders, members: members.added, products: products.added },
  })
  await noteDue(tx, { runId, ordersPerBatch: options.ordersPerBatch })
  return undefined
}

/** What is counted while the rest is recorded. */
type Followed = Pick<ImportResult, 'refunds' | 'points' | 'tierMoves'>

async function noteRun(
  tx: CopyTx,
  file: OrderFile,
  result: Omit<ImportResult, keyof Followed> & { refunds: Omit<ImportResult['refunds'], 'linesWithoutSale'> },
): Promise<number> {
  const [run] = await tx.sql<{ id: number }>`
    insert into import_run (file_sha256, format, result)
    values (${file.sha256}, ${result.format}, ${JSON.stringify(result)}) returning id`
  if (!run) throw new Error('an insert returned no row')
  return run.id
}
