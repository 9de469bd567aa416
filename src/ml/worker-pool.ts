import path from 'node:path'
import { Worker } from 'node:worker_threads'

/** Workers that each do one task at a time. */
export interface WorkerPool<Task> {
  /** Results in the order of the tasks; each worker takes the next one when it is done with one. */
  run<Result>(tasks: readonly Task[]): Promise<Result[]>
  close(): Promise<void>
}

/**
 * Starts `size` workers of the file `worker` (its name in this folder, without ending), which answers each message with
 * its result. Needs compiled JavaScript: run from TypeScript, or with one worker, `doTask` does the tasks here instead.
 */
export function openPool<Task>(
  size: number,
  { worker, doTask }: { worker: string; doTask: (task: Task) => unknown },
): WorkerPool<Task> {
  if (size < 2 || !__filename.endsWith('.js')) {
    return {
      run: async <Result>(tasks: readonly Task[]) => tasks.map((task) => doTask(task) as Result),
      close: () => Promise.resolve(),
    }
  }
  const workers = Array.from({ length: size }, () => new Worker(path.join(__dirname, `${worker}.js`)))
  return {
    run: async <Result>(tasks: readonly Task[]) => {
      const results: Result[] = []
      let next = 0
      const work = async (worker: Worker) => {
        while (next < tasks.length) {
          const task = next++
          results[task] = await ask<Result>(worker, tasks[task])
        }
      }
      await Promise.all(workers.map(work))
      return results
    },
    close: async () => {
      await Promise.all(workers.map((each) => each.terminate()))
    },
  }
}

function ask<Result>(worker: Worker, task: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onMessage = (result: Result) => settle(() => resolve(result))
    const onError = (error: Error) => settle(() => reject(error))
    const onExit = (code: number) => settle(() => reject(new Error(`a worker ended with code ${code}`)))
    // One by one: taking all listeners off would take those of the worker itself with them.
    const settle = (done: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      done()
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(task)
  })
}

/** Deals `count` things out in `parts` runs of about equal length. */
export function dealRanges(count: number, parts: number): { from: number; to: number }[] {
  const runs = Math.max(1, Math.min(parts, count))
  return Array.from({ length: runs }, (_, k) => ({
    from: Math.floor((k * count) / runs),
    to: Math.floor(((k + 1) * count) / runs),
  }))
}
