import type { BasketTimes } from './basket-times'
import type { Boosting } from './boosting'
import type { BasketHistory } from './next-basket-history'
import {
  type BinnedExamples,
  historiesBefore,
  joinExamples,
  sharedRuns,
  type TaughtRun,
  type UserRange,
} from './rank-examples'
import type { RankedLists } from './rank-metrics'
import { findExampleEdges, RANK_PARTS, type RankedRun, type RankOptions } from './rank-model'
import type { ItemSources, RankSources } from './rank-sources'
import { doRankTask, type RankTask } from './rank-task'
import { inSharedMemory } from './shared-memory'
import { openPool, type WorkerPool } from './worker-pool'

/** What a user takes whatever was bought, in items. */
const USER_ITEMS = 25
const RUNS_A_THREAD = 12

export interface ParallelOptions {
  width: number
  threads: number
}

/**
 * Fits the re-ranker and makes all users' lists, users dealt out to worker threads; `learnt` is called between the two.
 * The lists are those of `fitRanker`, to the bit. Needs compiled JavaScript: run from TypeScript, it uses no threads.
 */
export async function rankInParallel(
  baskets: BasketHistory,
  options: RankOptions,
  { width, threads, learnt }: ParallelOptions & { learnt?: () => void },
): Promise<RankedLists> {
  const history = inSharedMemory(baskets)
  const ranges = dealUsers(history, threads * RUNS_A_THREAD)
  const pool = openPool<RankTask>(threads, { worker: 'rank-worker', doTask: doRankTask })
  try {
    const [sources, ...before] = await fitSources(pool, [history, ...historiesBefore(history).map(inSharedMemory)])
    if (!sources) throw new Error('nothing was fitted to the history')
    // How long a user takes is not known beforehand: who is done takes the next few, so that all end at about the same time.
    const each = Array.from({ length: threads })
    const toLearn = sharedRuns(ranges, before.length)
    const found = await pool.run<TaughtRun[][]>(
      each.map((): RankTask => ({ kind: 'collect', history, before, options, runs: toLearn })),
    )
    const parts = before.flatMap((_, level) =>
      found
        .flatMap((levels) => levels[level]!)
        .sort((a, b) => a.run - b.run)
        .map(({ examples: part }) => part),
    )
    const edges = findExampleEdges(parts, options)
    const examples = joinExamples(
      await pool.run<BinnedExamples>(parts.map((part): RankTask => ({ kind: 'bin', examples: part, edges }))),
    )
    const boostings = await pool.run<Boosting>(
      Array.from({ length: RANK_PARTS }, (_, part): RankTask => ({ kind: 'learn', examples, options, part })),
    )
    learnt?.()
    const toRank = sharedRuns(ranges, 1)
    const ranked = await pool.run<RankedRun[]>(
      each.map((): RankTask => ({ kind: 'rank', history, sources, options, runs: toRank, boostings, width })),
    )
    const item = new Uint32Array(history.users * width)
    for (const { run, item: part } of ranked.flat()) item.set(part, ranges[run]!.from * width)
    return { width, item }
  } finally {
    await pool.close()
  }
}

/** Fits what threads share once for all of them: times, which take longest, first, so that all end at about the same time. */
async function fitSources(pool: WorkerPool<RankTask>, histories: readonly BasketHistory[]): Promise<RankSources[]> {
  const fitted = await pool.run<BasketTimes | ItemSources>([
    ...histories.map((history): RankTask => ({ kind: 'times', history })),
    ...histories.map((history): RankTask => ({ kind: 'items', history })),
  ])
  return histories.map((_, k) => ({
    times: fitted[k] as BasketTimes,
    items: fitted[histories.length + k] as ItemSources,
  }))
}

/** Deals all users out in runs that take about as long: as many users and items bought, taken together, in each. */
export function dealUsers({ users, userStart, basketStart }: BasketHistory, parts: number): UserRange[] {
  const runs = Math.max(1, Math.min(parts, users))
  const workBefore = (user: number) => user * USER_ITEMS + basketStart[userStart[user]!]!
  const ranges: UserRange[] = []
  let from = 0
  for (let run = 1; run <= runs; run++) {
    let to = run === runs ? users : from + 1
    while (to < users - (runs - run) && workBefore(to) < (run * workBefore(users)) / runs) to += 1
    ranges.push({ from, to })
    from = to
  }
  return ranges
}
