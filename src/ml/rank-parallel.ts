import type { BasketTimes } from './basket-times'
import { type BasketHistory, holdOutLast } from './next-basket-history'
import type { RankedLists } from './rank-metrics'
import { type Examples, learnRanking, type RankOptions } from './rank-model'
import { doRankTask, type RankTask } from './rank-task'
import { dealRanges, openPool } from './worker-pool'

export interface ParallelOptions {
  width: number
  threads: number
}

/**
 * Fits the re-ranker and makes all users' lists, users dealt out to worker threads; `learnt` is called between the two.
 * The lists are those of `fitRanker`, to the bit. Needs compiled JavaScript: run from TypeScript, it uses no threads.
 */
export async function rankInParallel(
  history: BasketHistory,
  options: RankOptions,
  { width, threads, learnt }: ParallelOptions & { learnt?: () => void },
): Promise<RankedLists> {
  const ranges = dealRanges(history.users, threads)
  const pool = openPool<RankTask>(ranges.length, { worker: 'rank-worker', doTask: doRankTask })
  try {
    const [before, now] = await pool.run<BasketTimes>([
      { kind: 'times', history: holdOutLast(history).history },
      { kind: 'times', history },
    ])
    if (!before || !now) throw new Error('the times of baskets were not fitted')
    const examples = await pool.run<Examples>(
      ranges.map((range): RankTask => ({ kind: 'collect', history, times: before, options, range })),
    )
    const boosting = learnRanking(examples, options)
    learnt?.()
    const lists = await pool.run<RankedLists>(
      ranges.map((range): RankTask => ({ kind: 'rank', history, times: now, options, range, boosting, width })),
    )
    const item = new Uint32Array(history.users * width)
    lists.forEach((part, k) => {
      item.set(part.item, ranges[k]!.from * width)
    })
    return { width, item }
  } finally {
    await pool.close()
  }
}
