import type { BinnedTable } from './binning'
import type { ForestSetup } from './churn-forest'
import { type ChurnModel, type ChurnScores, scoreChurn } from './churn-model'
import { growTrees } from './forest'
import type { Tree } from './histogram-tree'
import { createRandom } from './random'
import type { Table } from './table'
import { dealRanges, openPool, type WorkerPool } from './worker-pool'

interface Range {
  from: number
  to: number
}

/** What a worker is asked for: some of a forest's trees, or the scores of a range of rows. */
export type ChurnTask =
  | { kind: 'grow'; table: BinnedTable; labels: Uint8Array; setup: ForestSetup; seed: string; range: Range }
  | { kind: 'score'; model: ChurnModel; table: Table; range: Range }

/** Does one task; the worker and the single-thread path share it. */
export function doChurnTask(task: ChurnTask): Tree[] | ChurnScores {
  if (task.kind === 'score') return scoreChurn(task.model, task.table, task.range)
  const { table, labels, setup, seed, range } = task
  return growTrees(table, labels, { ...setup, random: createRandom(seed) }, range)
}

export type ChurnPool = WorkerPool<ChurnTask> & { readonly threads: number }

/** Threads for churn tasks; close it when done. */
export function openChurnPool(threads: number): ChurnPool {
  return { ...openPool<ChurnTask>(threads, { worker: 'churn-worker', doTask: doChurnTask }), threads }
}

/** Grows a forest, its trees dealt out to the threads: the same forest however many there are. */
export async function growForest(
  pool: ChurnPool,
  what: { table: BinnedTable; labels: Uint8Array; setup: ForestSetup; seed: string; trees: number },
): Promise<Tree[]> {
  const { trees, ...rest } = what
  const ranges = dealRanges(trees, pool.threads)
  return (await pool.run<Tree[]>(ranges.map((range) => ({ kind: 'grow', ...rest, range })))).flat()
}

/** Scores all rows of a table, dealt out to the threads. Its columns are best in shared memory (see `sharedNumbers`). */
export async function scoreInParallel(pool: ChurnPool, model: ChurnModel, table: Table): Promise<ChurnScores> {
  const ranges = dealRanges(table.rows, pool.threads)
  const parts = await pool.run<ChurnScores>(ranges.map((range) => ({ kind: 'score', model, table, range })))
  const width = parts[0] ? parts[0].pull.length / Math.max(1, parts[0].risk.length) : 0
  const risk = new Float64Array(table.rows)
  const pull = new Float32Array(table.rows * width)
  parts.forEach((part, k) => {
    risk.set(part.risk, ranges[k]!.from)
    pull.set(part.pull, ranges[k]!.from * width)
  })
  return { risk, pull }
}
