import type { BasketTimes } from './basket-times'
import type { Boosting } from './boosting'
import type { BasketHistory } from './next-basket-history'
import type { RankedLists } from './rank-metrics'
import { type Examples, historiesBefore, joinExamples, RANK_PARTS, type RankOptions } from './rank-model'
import type { ItemSources, RankSources } from './rank-sources'
import { doRankTask, type RankTask } from './rank-task'
import { dealRanges, openPool, type WorkerPool } from './worker-pool'

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
  // Some tasks come in pairs, whatever the number of users.
  const pool = openPool<RankTask>(threads < 2 ? 1 : Math.max(RANK_PARTS, ranges.length), {
    worker: 'rank-worker',
    doTask: doRankTask,
  })
  try {
    const before = await fitSources(pool, historiesBefore(history))
    const found = await pool.run<Examples[]>(
      ranges.map((range): RankTask => ({ kind: 'collect', history, before, options, range })),
    )
    const examples = joinExamples(before.flatMap((_, level) => found.map((levels) => levels[level]!)))
    const boostings = await pool.run<Boosting>(
      Array.from({ length: RANK_PARTS }, (_, part): RankTask => ({ kind: 'learn', examples, options, part })),
    )
    learnt?.()
    const [sources] = await fitSources(pool, [history])
    if (!sources) throw new Error('nothing was fitted to the history')
    const lists = await pool.run<RankedLists>(
      ranges.map((range): RankTask => ({ kind: 'rank', history, sources, options, range, boostings, width })),
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

/** Fits what threads share once for all of them: times and items of each history beside one another. */
async function fitSources(pool: WorkerPool<RankTask>, histories: readonly BasketHistory[]): Promise<RankSources[]> {
  const fitted: RankSources[] = []
  for (const history of histories) {
    const [times, items] = await pool.run<BasketTimes | ItemSources>([
      { kind: 'times', history },
      { kind: 'items', history },
    ])
    fitted.push({ times: times as BasketTimes, items: items as ItemSources })
  }
  return fitted
}
