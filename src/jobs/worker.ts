import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import cron, { type ScheduledTask } from 'node-cron'
import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Clock } from '../core/clock'
import { findDue } from '../core/jobs/due'
import { listLeft } from '../core/jobs/hold'
import type { Job } from '../core/jobs/job'
import { runJob } from '../core/jobs/run-job'
import type { JobTrigger } from '../core/jobs/runs'
import type { Database } from '../db/open'

/** Triggers the jobs and does them. Any number of processes may run one; each slot is done once. */
export interface JobWorker {
  /** Begins in the background: the process serves before the queue is ready. */
  start(): void
  /** Takes no new work, and gives what runs some time; what does not end is taken over by another process. */
  stop(): Promise<void>
}

export interface JobWorkerOptions {
  readonly database: Database
  readonly jobs: readonly Job[]
  readonly clock: Clock
  readonly logger: Logger
  /** How often the queue is asked for work; for tests. */
  readonly pollEverySeconds?: number
}

interface Order {
  readonly name: string
  readonly slot: string
  readonly trigger: JobTrigger
}

const QUEUE = 'regulars-jobs'
const SCHEMA = 'pgboss'
const STOP_MS = 10_000
const RETRIES = 2
const RETRY_AFTER_SECONDS = 60
/** Longer than any job's own limit, which ends it first. */
const EXPIRE_SECONDS = 6 * 3_600

/** Builds the worker: node-cron looks every minute at what is due, pg-boss keeps the orders until they are done. */
export function createJobWorker(options: JobWorkerOptions): JobWorker {
  const { database, logger } = options
  const boss = new PgBoss({ connectionString: database.url, schema: SCHEMA, max: 2, schedule: false })
  boss.on('error', (error: Error) => logger.warn({ err: error }, 'the queue of jobs has a problem'))
  let task: ScheduledTask | undefined
  let starting: Promise<void> = Promise.resolve()
  let stopped = false

  async function begin(): Promise<void> {
    await boss.start()
    await boss.createQueue(QUEUE, {
      retryLimit: RETRIES,
      retryDelay: RETRY_AFTER_SECONDS,
      expireInSeconds: EXPIRE_SECONDS,
    })
    if (stopped) return
    const polling = { pollingIntervalSeconds: options.pollEverySeconds ?? 5 }
    await boss.work<Order>(QUEUE, polling, async ([order]) => {
      if (order) await work(options, order.data)
    })
    await look(options, boss)
    if (stopped) return
    task = cron.schedule('* * * * *', () => look(options, boss), { noOverlap: true })
  }

  return {
    start() {
      starting = begin().catch((error) => logger.error({ err: error }, 'jobs could not be started'))
    },
    async stop() {
      stopped = true
      await starting
      await task?.destroy()
      await boss.stop({ graceful: true, timeout: STOP_MS }).catch((error: Error) => {
        logger.warn({ err: error }, 'the queue of jobs did not stop in order')
      })
    },
  }
}

/** Orders what is due. The same slot ordered twice is one order, since it has one id. */
async function look({ database, jobs, clock, logger }: JobWorkerOptions, boss: PgBoss): Promise<void> {
  try {
    for (const { job, slot, trigger } of await findDue(database, jobs, { at: clock() })) {
      const order: Order = { name: job.name, slot: slot.toISOString(), trigger }
      await boss.send(QUEUE, order, { id: orderId(order) })
    }
    // What a process that was killed has left is ordered anew; the queue itself would wait for hours.
    for (const { name, slot, attempts } of await listLeft(database)) {
      const order: Order = { name, slot: slot.toISOString(), trigger: 'catch-up' }
      await boss.send(QUEUE, order, { id: orderId(order, attempts) })
    }
  } catch (error) {
    logger.warn({ err: error }, 'what jobs are due could not be told')
  }
}

/** Does one order. A job's failure is thrown, so that the queue tries again. */
async function work(
  { database, jobs, clock, logger }: JobWorkerOptions,
  { name, slot, trigger }: Order,
): Promise<void> {
  const job = jobs.find((one) => one.name === name)
  if (!job) return
  const startedAt = performance.now()
  const threads = Math.max(1, availableParallelism() - 1)
  const outcome = await runJob(database, job, { slot: new Date(slot), trigger, clock, threads })
  const ms = Math.round(performance.now() - startedAt)
  if (outcome.ok) logger.info({ job: name, slot, trigger, ms, result: outcome.result }, 'job done')
  else if (outcome.code !== 'failed') logger.info({ job: name, slot, why: outcome.code }, 'job not run')
  else {
    logger.error({ err: outcome.cause, job: name, slot, ms }, 'job failed')
    throw outcome.cause
  }
}

/** A UUID made of the job's name, its slot and the attempt that failed (RFC 9562, version 8). */
function orderId({ name, slot }: Pick<Order, 'name' | 'slot'>, attempt = 0): string {
  const hex = createHash('sha256')
    .update([name, slot, ...(attempt > 0 ? [attempt] : [])].join('\u001f'))
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
