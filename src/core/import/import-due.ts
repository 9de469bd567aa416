import { type CopyTx, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'
import { readMerchant } from '../merchant'
import type { BulkRow } from '../points/bulk'
import { type Popularity, refreshPopularity, writePopularity } from '../recommendations/popularity'
import { reviewTiers } from '../tiers/review'
import { type ImportedPoints, recordPoints } from './import-points'
import { settleRefunds } from './settle-refunds'

/** Orders whose points are recorded together: enough to be quick, few enough that the ledger holds them in memory. */
const ORDERS_PER_BATCH = 4_000
/** Members' accounts do not touch each other, so batches run beside each other; one waits while we compute. */
const WORKERS = 3

/** Notes that what follows from the orders of order_draft is to be recorded. */
export async function noteDue(
  tx: CopyTx,
  { runId, ordersPerBatch = ORDERS_PER_BATCH }: { runId: number; ordersPerBatch?: number },
): Promise<void> {
  // In the order of the key, which is then built from end to end.
  await tx.sql`
    insert into import_due (run_id, batch, member_id, order_ids, refunds_external_ids)
    select ${runId}, (sum(count(*)) over (order by member_id))::int / ${ordersPerBatch}::int, member_id,
      array_agg(order_id order by order_id), array_agg(refunds_external_id order by order_id)
    from order_draft where member_id is not null group by member_id order by member_id`
}

/** Whether an import was interrupted before all that follows from it was recorded. */
export async function isAnythingDue(db: Db): Promise<boolean> {
  const [row] = await db.sql<{ due: boolean }>`select exists (select from import_run where finished_at is null) as due`
  return row?.due ?? false
}

/** What follows from the orders of a first import that remembers them all. */
export interface KnownDue {
  runId: number
  /** The points of each member. */
  rowsOf: ReadonlyMap<string, readonly BulkRow[]>
  /** Writes the ledger's rows of it, all at once; false where they are left to the batches. */
  settleAtOnce: () => Promise<boolean>
  popularity: readonly Popularity[]
}

export interface DueOptions {
  at: Date
  /** What is known already of what is due; else it is worked out from the orders. */
  known?: KnownDue
  /** How many of the batches are done. */
  onBatch?: (done: number, batches: number) => void
}

/**
 * Matches the refunds, records the points and reviews the tiers that follow from imported orders, counts afresh what is
 * popular, and marks the runs as finished. Each batch is one transaction with its own note of being done, so nothing is
 * done twice. Only one run may be unfinished: a later one's refunds need the points of an earlier one's sales.
 */
export async function settleDue(database: Database, { at, known, onBatch }: DueOptions): Promise<void> {
  if (known) await settleKnown(database, known, { at, onBatch })
  else await settleBatches(database, { at, onBatch })
  // This commit waits for the disk, and with it all before it are there for good.
  await database.sql`update import_run set finished_at = ${at} where finished_at is null`
}

/** The same for an import of which everything is known: the books at once where that can be, beside them what is popular. */
async function settleKnown(
  database: Database,
  known: KnownDue,
  { at, onBatch }: Pick<DueOptions, 'at' | 'onBatch'>,
): Promise<void> {
  const settle = async () => {
    if (await known.settleAtOnce()) onBatch?.(1, 1)
    else await settleBatches(database, { at, known, onBatch })
  }
  const count = async () => {
    await database.tx((tx) => writePopularity(tx, known.popularity))
    await refreshStatistics(database, { isRest: true })
  }
  await inParallel([settle, count], 2)
}

async function settleBatches(database: Database, { at, known, onBatch }: DueOptions): Promise<void> {
  const batches = await database.sql<{ runId: number; batch: number; isMatched: boolean }>`
    select distinct run_id as "runId", batch, refunds_matched as "isMatched"
    from import_due join import_run on import_run.id = run_id order by run_id, batch`
  let done = 0
  const settle = batches.map((due) => async () => {
    const rowsOf = due.runId === known?.runId ? known.rowsOf : undefined
    await copyTransaction(database, (tx) => settleBatch(tx, { ...due, at, rowsOf }))
    done += 1
    onBatch?.(done, batches.length)
  })
  const workers = Math.min(WORKERS, database.pool.options.max)
  // What is popular depends on what was given back, so it is counted when all refunds are matched.
  const isMatched = batches.every((batch) => batch.isMatched)
  // Matching refunds looks up lines that the server has not counted yet: planned for a small table it would take minutes.
  if (!known && !isMatched) await refreshStatistics(database)
  const count = async () => {
    if (known || !isMatched) return
    await refreshStatistics(database)
    await countWhatIsPopular(database, { at })
  }
  await inParallel([count, ...settle], workers)
  if (!known && !isMatched) await countWhatIsPopular(database, { at })
}

async function countWhatIsPopular(database: Database, { at }: { at: Date }): Promise<void> {
  await database.tx(async (tx) => {
    await tx.sql`select set_config('work_mem', '64MB', true)`
    await refreshPopularity(tx, { at })
  })
}

/** Runs the tasks in their order, `workers` at a time. Waits for all that were begun, then throws the first failure. */
async function inParallel(tasks: readonly (() => Promise<unknown>)[], workers: number): Promise<void> {
  const waiting = [...tasks]
  const work = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) await task()
  }
  const ended = await Promise.allSettled(Array.from({ length: workers }, work))
  const failed = ended.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

/**
 * The server would notice within a minute by itself; until then it would plan for empty tables. A rough picture will do. `isRest`: of
 * orders and members it has one, and what is due is being done.
 */
async function refreshStatistics(database: Database, { isRest = false } = {}): Promise<void> {
  await database.tx(async (tx) => {
    await tx.sql`select set_config('default_statistics_target', '20', true)`
    if (!isRest) await tx.sql`analyze shop_order, import_due, member`
    await tx.sql`analyze order_line, product`
  })
}

interface DueBatch {
  runId: number
  batch: number
  /** Its refunds are matched already. */
  isMatched: boolean
  at: Date
  /** The points of its members where they are known already. */
  rowsOf?: ReadonlyMap<string, readonly BulkRow[]>
}

async function settleBatch(tx: CopyTx, due: DueBatch): Promise<void> {
  const { runId, batch, isMatched, at, rowsOf } = due
  await setUpBatch(tx)
  const merchant = await readMerchant(tx)
  const members = await tx.sql<{ id: string }>`
    select member_id as id from import_due where run_id = ${runId} and batch = ${batch} order by member_id`
  const memberIds = members.map(({ id }) => id)
  const unmatched = isMatched ? 0 : await settleRefunds(tx, { runId, batch })
  const rows = rowsOf && memberIds.flatMap((id) => rowsOf.get(id) ?? [])
  const points = await recordPoints(tx, { merchant, runId, batch, at, rows })
  await tx.sql`delete from import_due where run_id = ${runId} and batch = ${batch}`
  const { moves } = await reviewTiers(tx, { memberIds, at, reason: 'import' })
  await addToRun(tx, { runId, points, tierMoves: moves.length, unmatched })
}

/** Call it first of all in a transaction that records what is due. */
export async function setUpBatch(tx: CopyTx): Promise<void> {
  // A batch need not wait for the disk: until the run is marked as finished a crash only makes it due again.
  await tx.sql`select set_config('work_mem', '64MB', true), set_config('synchronous_commit', 'off', true)`
}

/** Adds to what the run has come to. Call it last of all in a batch, since the batches meet at this row. */
export async function addToRun(
  tx: CopyTx,
  {
    runId,
    points,
    tierMoves,
    unmatched,
  }: { runId: number; points: ImportedPoints; tierMoves: number; unmatched: number },
): Promise<void> {
  await tx.sql`
    update import_run set points_earned = points_earned + ${points.earned},
      points_taken_back = points_taken_back + ${points.takenBack}, tier_moves = tier_moves + ${tierMoves},
      refund_lines_unmatched = refund_lines_unmatched + ${unmatched}
    where id = ${runId}`
}
