import type { Database } from '../../db/open'
import type { Clock } from '../clock'
import { holdJob } from './hold'
import type { Job } from './job'
import { type Claim, claimSlot, endRun, type JobTrigger, refuseSlot } from './runs'

export type JobOutcome =
  | { readonly ok: true; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly code: 'failed'; readonly error: string; readonly cause: unknown }
  | Extract<Claim, { ok: false }>

export interface RunJobOptions {
  readonly slot: Date
  readonly trigger: JobTrigger
  readonly clock: Clock
  readonly threads: number
  readonly onProgress?: (share: number) => void
}

/** Runs a job for a slot, once with any number of callers, and writes down how it ended. Never throws for the job's own failure. */
export async function runJob(database: Database, job: Job, options: RunJobOptions): Promise<JobOutcome> {
  const { slot, trigger, clock } = options
  const { name } = job
  const at = clock()
  const hold = await holdJob(database, { name })
  if (!hold) return refuseSlot(database, { name, slot, trigger, at })
  try {
    const claim = await claimSlot(database, { name, slot, trigger, at })
    return claim.ok ? await runClaimed(database, job, { ...options, at, attempt: claim.attempt }) : claim
  } finally {
    await hold.letGo()
  }
}

async function runClaimed(
  database: Database,
  job: Job,
  { slot, at, attempt, clock, threads, onProgress = () => undefined }: RunJobOptions & { at: Date; attempt: number },
): Promise<JobOutcome> {
  const { name } = job
  try {
    const result = await withinTime(job.timeoutMs, job.run({ database, at, slot, threads, onProgress }))
    await endRun(database, { name, slot, attempt, at: clock(), ended: { ok: true, result } })
    return { ok: true, result }
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause)
    await endRun(database, { name, slot, attempt, at: clock(), ended: { ok: false, error } })
    return { ok: false, code: 'failed', error, cause }
  }
}

/** Rejects when the time is up; what was begun then ends by itself and changes nothing that the next run would not. */
async function withinTime<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${Math.round(timeoutMs / 1000)} s`)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
