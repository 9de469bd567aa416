import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BasketHistory } from './next-basket-history'
import type { RankedLists } from './rank-metrics'
import { type Examples, learnRanking, type RankOptions, type UserRange } from './rank-model'
import { doRankTask, type RankTask } from './rank-task'

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
  const ranges = dealUsers(history.users, threads)
  const pool = openPool(ranges.length)
  try {
    const examples = await pool.run<Examples>(
      ranges.map((range): RankTask => ({ kind: 'collect', history, options, range })),
    )
    const boosting = learnRanking(examples, options)
    learnt?.()
    const lists = await pool.run<RankedLists>(
      ranges.map((range): RankTask => ({ kind: 'rank', history, options, range, boosting, width })),
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

function dealUsers(users: number, threads: number): UserRange[] {
  const parts = Math.max(1, Math.min(threads, users))
  return Array.from({ length: parts }, (_, k) => ({
    from: Math.floor((k * users) / parts),
    to: Math.floor(((k + 1) * users) / parts),
  }))
}

interface Pool {
  /** Results in the order of the tasks, of which there are as many as workers. */
  run<Result>(tasks: readonly RankTask[]): Promise<Result[]>
  close(): Promise<void>
}

function openPool(size: number): Pool {
  if (size < 2 || !__filename.endsWith('.js')) {
    return {
      run: async <Result>(tasks: readonly RankTask[]) => tasks.map((task) => doRankTask(task) as Result),
      close: () => Promise.resolve(),
    }
  }
  const workers = Array.from({ length: size }, () => new Worker(path.join(__dirname, 'rank-worker.js')))
  return {
    run: <Result>(tasks: readonly RankTask[]) =>
      Promise.all(tasks.map((task, k) => ask<Result>(workers[k] as Worker, task))),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function ask<Result>(worker: Worker, task: RankTask): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onMessage = (result: Result) => settle(() => resolve(result))
    const onError = (error: Error) => settle(() => reject(error))
    const onExit = (code: number) => settle(() => reject(new Error(`a ranking worker ended with code ${code}`)))
    // One by one: taking all listeners off would take those of the worker itself with them.
    const settle = (done: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      done()
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(task)
  })
}
