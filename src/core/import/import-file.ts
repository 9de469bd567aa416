import type { CopyTx } from '../../db/copy'
import { ensureMerchant, type Merchant, readMerchant } from '../merchant'
import { ensureTiers } from '../tiers/ladder'
import { reviewTiers } from '../tiers/review'
import { minorDigitsOf } from './fields'
import { popularityOf } from './first-buyers'
import { beginFirstImport, type FirstImport } from './first-keys'
import { readPlaced } from './first-orders'
import type { Format } from './format'
import type { RecognisedHeader } from './formats'
import { type KnownDue, noteDue } from './import-due'
import type { ImportOptions } from './import-options'
import type { FileRefusal, ImportResult } from './import-result'
import { createIntakeTables } from './intake'
import type { LedgerBeside } from './ledger-beside'
import { LineMemory } from './line-memory'
import { draftOrders, insertOrders, type MergedOrders, type MergeOptions, mergeMembers } from './merge-orders'
import { mergeProducts } from './merge-products'
import type { OrderFile } from './order-file'
import { latestBelieved, type OrdersRead, readOrders } from './read-orders'
import { type FirstRefunds, type FirstSettled, settleFirst, writeFirst } from './settle-first'

/** A file of which the header is known. */
export interface FileToImport {
  file: OrderFile
  recognised: RecognisedHeader & { ok: true }
  options: ImportOptions
  /** Writes the ledger meanwhile. */
  beside: Pick<LedgerBeside, 'begin'>
}

/** Writes all but what follows from the orders, or says why not, with nothing written. */
export async function importFile(
  tx: CopyTx,
  { file, recognised, options, beside }: FileToImport,
): Promise<{ ok: true; known?: Omit<KnownDue, 'settleAtOnce'> } | ({ ok: false } & FileRefusal)> {
  const { at, onPhase, onBytes, openOrdersMax } = options
  const { format } = recognised
  const { source } = format
  const programme = await setUpProgramme(tx, { format, options })
  if (!programme.ok) return { ok: false, ...programme.refusal }
  const { merchant } = programme
  // Sorts and hashes of a whole file fit into this; the tables' statistics need a rough picture only; and until the run
  // is marked as finished, which waits for the disk, nobody was told that anything is done. Keys are built by one process, since the other
  // processor is busy here meanwhile.
  await tx.sql`
    select set_config('work_mem', '64MB', true), set_config('default_statistics_target', '20', true),
      set_config('synchronous_commit', 'off', true), set_config('max_parallel_maintenance_workers', '0', true)`
  await createIntakeTables(tx)
  const first = await beginFirstImport(tx)
  const memory = first && new LineMemory()

  onPhase?.('reading', file)
  const { currency } = merchant
  const terms = { currency, minorDigits: minorDigitsOf(currency) ?? 2, latest: latestBelieved(at) }
  const parse = format.bind(recognised.at, terms)
  const read = await readOrders(tx, file, { source, parse, onBytes, openOrdersMax, memory })

  onPhase?.('orders')
  const timeZone = options.timeZone ?? format.timeZone ?? merchant.timeZone
  const merge = { source, timeZone, currency, at }
  const drafted = await draftOrders(tx, merge, read)
  const placed = memory?.isComplete && !read.mayBeScattered ? await readPlaced(tx) : undefined
  // While the server builds the key and stores what depends on nothing else, what it was sent is gone through here.
  const [stored, settled] = await Promise.all([
    writeOthers(tx, { merchant, merge, read, drafted, first }),
    memory && placed && settleFirst({ placed, memory }, { source, merchant, at }),
  ])
  if (settled) await writeFirst(tx, settled.refunds)
  const ledger = settled?.ledger
  if (ledger) {
    await ledger.takeIds(tx)
    await beside.begin(tx, ledger)
  }
  const about = { merge, read, drafted, stored, settled, first }
  const runId = await writeOrders(tx, { file, recognised, options }, about)
  if (!settled) return { ok: true }
  const { serviceSkus } = merchant.settings
  const popularity = popularityOf(settled.buyers, { source, skus: read.catalogue.products.keys(), serviceSkus })
  return { ok: true, known: { runId, rowsOf: settled.rowsOf, popularity } }
}

interface ReadFile {
  merge: MergeOptions & { currency: string }
  read: OrdersRead
  drafted: MergedOrders
  first: FirstImport | undefined
}

/** How many articles and members are new. */
interface Stored {
  products: number
  members: number
}

/** Writes articles and members. The lines are all there, so that their key can be built. */
async function writeOthers(
  tx: CopyTx,
  { merchant, merge, read, drafted, first }: ReadFile & { merchant: Merchant },
): Promise<Stored> {
  await first?.restoreKeys('order_line')
  const { serviceSkus } = merchant.settings
  const products = await mergeProducts(tx, read.catalogue, { ...merge, serviceSkus, someRefused: drafted.refused > 0 })
  const members = await mergeMembers(tx, merge)
  return { products: products.added, members: members.added }
}

/** Writes the orders, of which all else is there already, and notes what is due. @returns the run */
async function writeOrders(
  tx: CopyTx,
  { file, recognised, options }: Omit<FileToImport, 'beside'>,
  { merge, read, drafted, stored, settled, first }: ReadFile & { stored: Stored; settled: FirstSettled | undefined },
): Promise<number> {
  await insertOrders(tx, merge)
  await first?.restoreKeys('shop_order')
  // Else the server would take these tables for small ones.
  if (first) await tx.sql`analyze shop_order, member`
  // Tiers follow from orders and refunds. Of a first import both are known, and the server has the time now.
  const memberIds = settled?.memberIds
  const tierMoves = memberIds
    ? (await reviewTiers(tx, { memberIds, at: options.at, reason: 'import' })).moves.length
    : 0
  const { added, alreadyThere } = drafted
  const runId = await noteRun(
    tx,
    { file, refunds: settled?.refunds, tierMoves },
    {
      format: recognised.format.name,
      rows: read.rows,
      orders: added + alreadyThere,
      members: drafted.members,
      refused: read.tally.rows,
      refusedByKind: read.tally.byKind,
      guestLines: read.guestLines,
      guestOrders: drafted.guestOrders,
      refunds: { orders: drafted.refunds, lines: drafted.refundLines },
      products: read.catalogue.products.size,
      alreadyThere,
      added: { orders: added, ...stored },
    },
  )
  await noteDue(tx, { runId, ordersPerBatch: options.ordersPerBatch })
  return runId
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

/** What is counted while the rest is recorded. */
type Followed = Pick<ImportResult, 'refunds' | 'points' | 'tierMoves'>

async function noteRun(
  tx: CopyTx,
  { file, refunds, tierMoves }: { file: OrderFile; refunds: FirstRefunds | undefined; tierMoves: number },
  result: Omit<ImportResult, keyof Followed> & { refunds: Omit<ImportResult['refunds'], 'linesWithoutSale'> },
): Promise<number> {
  const [run] = await tx.sql<{ id: number }>`
    insert into import_run (file_sha256, format, result, refunds_matched, refund_lines_unmatched, tier_moves)
    values (${file.sha256}, ${result.format}, ${JSON.stringify(result)}, ${refunds !== undefined}, ${refunds?.unmatched ?? 0},
      ${tierMoves})
    returning id`
  if (!run) throw new Error('an insert returned no row')
  return run.id
}
