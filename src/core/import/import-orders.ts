import { type CopyTx, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import { ensureMerchant, type Merchant, readMerchant } from '../merchant'
import { refreshPopularity } from '../recommendations/popularity'
import { ensureTiers } from '../tiers/ladder'
import { reviewTiers } from '../tiers/review'
import { minorDigitsOf } from './fields'
import type { Format } from './format'
import { type HeaderRefusal, type RecognisedHeader, recogniseHeader } from './formats'
import { type ImportedPoints, recordPoints } from './import-points'
import { createIntakeTables } from './intake'
import { draftOrders, insertSales, mergeMembers } from './merge-orders'
import { mergeProducts } from './merge-products'
import { type MergedRefunds, mergeRefunds } from './merge-refunds'
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
  refunds: MergedRefunds
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
  /** `isRepeat`: this very file was imported before; nothing was changed and the result is that of then. */
  { ok: true; isRepeat: boolean; result: ImportResult } | ({ ok: false } & FileRefusal)

export type ImportPhase =
  | 'fingerprint'
  | 'waiting'
  | 'reading'
  | 'orders'
  | 'refunds'
  | 'points'
  | 'tiers'
  | 'statistics'

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
  /** Orders kept in memory while more of their lines may come; for tests. */
  openOrdersMax?: number
}

/**
 * Imports a file of orders: members, products, orders with their lines, refunds, points and tiers. It is one transaction:
 * a kill at any time leaves nothing behind and the same call does it again. Two at once take turns. The same file a
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
  const outcome = await copyTransaction(database, (tx) => importOnce(tx, { file, recognised, options }))
  if (outcome.ok && !outcome.isRepeat) {
    options.onPhase?.('statistics')
    // The import is done; that this is not makes it no failure.
    await refreshStatistics(database).catch(() => undefined)
  }
  return outcome
}

interface Import {
  file: OrderFile
  recognised: RecognisedHeader & { ok: true }
  options: ImportOptions
}

async function importOnce(tx: CopyTx, { file, recognised, options }: Import): Promise<ImportOutcome> {
  const { format } = recognised
  // Sorts and hashes of a whole file fit into this; the tables' statistics need a rough picture only.
  await tx.sql`select set_config('work_mem', '64MB', true), set_config('default_statistics_target', '20', true)`
  const [lock] = await tx.sql<{
    taken: boolean
  }>`select pg_try_advisory_xact_lock(hashtext('regulars import')) as taken`
  if (!lock?.taken) {
    options.onPhase?.('waiting')
    await tx.sql`select pg_advisory_xact_lock(hashtext('regulars import'))`
  }
  const [earlier] = await tx.sql<{ result: ImportResult }>`
    select result from import_run where file_sha256 = ${file.sha256} and format = ${format.name}`
  if (earlier) return { ok: true, isRepeat: true, result: earlier.result }
  const programme = await setUpProgramme(tx, { format, options })
  if (!programme.ok) return programme
  const result = await importFile(tx, { file, recognised, options }, programme.merchant)
  await tx.sql`
    insert into import_run (file_sha256, format, result, finished_at)
    values (${file.sha256}, ${format.name}, ${JSON.stringify(result)}, ${options.at})`
  return { ok: true, isRepeat: false, result }
}

/** The merchant and the tiers, written where there are none; refused where the programme's currency is another. */
async function setUpProgramme(
  tx: CopyTx,
  { format, options }: { format: Format; options: ImportOptions },
): Promise<{ ok: true; merchant: Merchant } | { ok: false; code: 'other-currency'; given: string; programme: string }> {
  const given = options.currency ?? format.currency
  const [known] = await tx.sql<{ currency: string }>`select currency from merchant`
  if (known && given !== undefined && known.currency !== given) {
    return { ok: false, code: 'other-currency', given, programme: known.currency }
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

async function importFile(
  tx: CopyTx,
  { file, recognised, options }: Import,
  merchant: Merchant,
): Promise<ImportResult> {
  const { at, onPhase, onBytes, openOrdersMax } = options
  const { format } = recognised
  const { currency } = merchant
  const timeZone = options.timeZone ?? format.timeZone ?? merchant.timeZone
  const merge = { source: format.source, timeZone, currency, at }
  await createIntakeTables(tx)

  onPhase?.('reading', file)
  const terms = { currency, minorDigits: minorDigitsOf(currency) ?? 2, latest: latestBelieved(at) }
  const parse = format.bind(recognised.at, terms)
  const read = await readOrders(tx, file, { source: format.source, parse, onBytes, openOrdersMax })

  onPhase?.('orders')
  const drafted = await draftOrders(tx, merge, read.tally)
  const { serviceSkus } = merchant.settings
  const products = await mergeProducts(tx, read.catalogue, { ...merge, serviceSkus, someRefused: drafted.refused > 0 })
  const members = await mergeMembers(tx, merge)
  await insertSales(tx, merge)

  onPhase?.('refunds')
  const refunds = await mergeRefunds(tx, merge)

  onPhase?.('points')
  const points = await recordPoints(tx, { merchant, source: format.source, at })

  onPhase?.('tiers')
  const tierMoves = await reviewTouched(tx, at)
  await refreshPopularity(tx, { at })
  return {
    format: format.name,
    rows: read.rows,
    orders: drafted.added + drafted.alreadyThere,
    members: drafted.members,
    refused: read.tally.rows,
    refusedByKind: read.tally.byKind,
    guestLines: read.guestLines,
    guestOrders: drafted.guestOrders,
    refunds,
    points,
    products: read.catalogue.products.size,
    alreadyThere: drafted.alreadyThere,
    added: { orders: drafted.added, members: members.added, products: products.added },
    tierMoves,
  }
}

/** Judges the tiers of those who have new orders. */
async function reviewTouched(tx: CopyTx, at: Date): Promise<number> {
  const touched = await tx.sql<{ id: string }>`
    select distinct member_id as id from order_draft where member_id is not null`
  if (touched.length === 0) return 0
  const { moves } = await reviewTiers(tx, { memberIds: touched.map(({ id }) => id), at, reason: 'import' })
  return moves.length
}

/** The server would notice within a minute by itself; until then it would plan for empty tables. A rough picture will do. */
async function refreshStatistics(database: Database): Promise<void> {
  await database.tx(async (tx) => {
    await tx.sql`select set_config('default_statistics_target', '20', true)`
    await tx.sql`analyze shop_order, order_line, product, member, member_account, transfer, entry, lot`
  })
}
