import { type CopyTx, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'
import { readMerchant } from '../merchant'
import { refreshPopularity } from '../recommendations/popularity'
import { reviewTiers } from '../tiers/review'
import { recordPoints } from './import-points'
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
  // Counting up to and with the member's last order gives all orders of a member the same batch. In the order of the key,
  // which is then built from end to end.
  await tx.sql`
    insert into import_due (run_id, batch, order_id, member_id, refunds_external_id)
    select ${runId}, (count(*) over (order by member_id)) / ${ordersPerBatch}::int as batch, order_id, member_id,
      refunds_external_id
    from order_draft where member_id is not null order by batch, order_id`
}

/** Whether an import was interrupted before all that follows from it was recorded. */
export async function isAnythingDue(db: Db): Promise<boolean> {
  const [row] = await db.sql<{ due: boolean }>`select exists (select from import_run where finished_at is null) as due`
  return row?.due ?? false
}

export interface DueOptions {
  at: Date
  /** How many of the batches are done. */
  onBatch?: (done: number, batches: number) => void
}

/**
 * Matches the refunds, records the points and reviews the tiers that follow from imported orders, counts afresh what is
 * popular, and marks the runs as finished. Each batch is one transaction with its own note of being done, so nothing is
 * done twice. Only one run may be unfinished: a later one's refunds need the points of an earlier one's sales.
 */
export async function settleDue(database: Database, { at, onBatch }: DueOptions): Promise<void> {
  const batches = await database.sql<{ runId: number; batch: number }>`
    select distinct run_id as "runId", batch from import_due order by run_id, batch`
  let done = 0
  const settle = batches.map((due) => async () => {
    await copyTransaction(database, (tx) => settleBatch(tx, { ...due, at }))
    done += 1
    onBatch?.(done, batches.length)
  })
  const workers = Math.min(WORKERS, database.pool.options.max)
  await inParallel([() => refreshStatistics(database), ...settle], workers)
  // What is popular depends on what was given back, so it comes after all batches.
  await database.tx(async (tx) => {
    await tx.sql`select set_config('work_mem', '64MB', true)`
    await refreshPopularity(tx, { at })
  })
  // This commit waits for the disk, and with it all before it are there for good.
  await database.sql`update import_run set finished_at = ${at} where finished_at is null`
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

/** The server would notice within a minute by itself; until then it would plan for empty tables. A rough picture will do. */
async function refreshStatistics(database: Database): Promise<void> {
  await database.tx(async (tx) => {
    await tx.sql`select set_config('default_statistics_target', '20', true)`
    await tx.sql`analyze shop_order, order_line, product, member`
  })
}

async function settleBatch(tx: CopyTx, due: { runId: number; batch: number; at: Date }): Promise<void> {
  const { runId, batch, at } = due
  // A batch need not wait for the disk: until the run is marked as finished a crash only makes it due again.
  await tx.sql`select set_config('work_mem', '64MB', true), set_config('synchronous_commit', 'off', true)`
  const merchant = await readMerchant(tx)
  const unmatched = await settleRefunds(tx, { runId, batch })
  const points = await recordPoints(tx, { merchant, runId, batch, at })
  const members = await tx.sql<{ id: string }>`
    with settled as (delete from import_due where run_id = ${runId} and batch = ${batch} returning member_id)
    select distinct member_id as id from settled order by member_id`
  const { moves } = await reviewTiers(tx, { memberIds: members.map(({ id }) => id), at, reason: 'import' })
  // Last of all, since the batches meet at this row.
  await tx.sql`
    update import_run set points_earned = points_earned + ${points.earned},
      points_taken_back = points_taken_back + ${points.takenBack}, tier_moves = tier_moves + ${moves.length},
      refund_lines_unmatched = refund_lines_unmatched + ${unmatched}
    where id = ${runId}`
}
