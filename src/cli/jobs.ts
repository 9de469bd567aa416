import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError } from 'commander'
import { readJobs } from '../core/jobs/due'
import type { Job } from '../core/jobs/job'
import { runJob } from '../core/jobs/run-job'
import { findRun, type JobRun, listRuns, type SkipReason } from '../core/jobs/runs'
import { type CliContext, CommandFailure, UsageError } from './context'
import { wholeNumber } from './program'

/** What a job does for a time to come, such as expiring points, is done for good: a slip of the pen shall not reach it. */
const AHEAD_MAX_MS = 366 * 24 * 3_600_000

/** `jobs list`, `jobs run NAME`, `jobs runs`: what comes round by the clock. */
export function registerJobs(jobs: readonly Job[]) {
  return (program: Command, context: CliContext): void => {
    const names = jobs.map(({ name, says }) => `  ${name.padEnd(16)} ${says.en}`).join('\n')
    const group = program
      .command('jobs')
      .description('what comes round by the clock: list it, run it now, see its runs')
    group
      .command('list')
      .description('every job with its schedule, its next slot and how its last run ended')
      .action(() => list(context, jobs))
    group
      .command('run')
      .description('run a job now, in this process; the same job for the same instant runs once')
      .argument('<name>', 'the job')
      .option('--at <instant>', 'the slot to run it for, such as 2026-11-22T02:00:00Z; default now', instant)
      .addHelpText('after', `\nJobs:\n${names}`)
      .action((name: string, flags: { at?: Date }) => run(context, jobOf(jobs, name), flags))
    group
      .command('runs')
      .description('the last runs, newest first')
      .argument('[name]', 'only of this job')
      .option('--limit <n>', 'how many of each job', wholeNumber({ min: 1, max: 1_000 }), 10)
      .action((name: string | undefined, { limit }: { limit: number }) =>
        runs(context, { limit, ...(name === undefined ? {} : { name: jobOf(jobs, name).name }) }),
      )
  }
}

function jobOf(jobs: readonly Job[], name: string): Job {
  const job = jobs.find((one) => one.name === name)
  if (job) return job
  throw new UsageError(`there is no job "${name}"; allowed: ${jobs.map((one) => one.name).join(', ')}`)
}

function instant(text: string): Date {
  const at = new Date(text)
  if (/^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(at.getTime())) return at
  throw new InvalidArgumentError('Needed: an instant such as 2026-11-22T02:00:00Z.')
}

async function list(context: CliContext, jobs: readonly Job[]): Promise<void> {
  const db = await context.database()
  const overview = await readJobs(db, jobs, { at: context.clock(), runs: 1 })
  context.table(
    [
      { title: 'job', value: (row) => row.name },
      { title: 'does', value: (row) => row.says.en },
      { title: 'schedule', value: (row) => `${row.cron} (${row.timeZone})` },
      { title: 'next', value: (row) => row.nextSlot.toISOString() },
      { title: 'last run', value: (row) => lastRun(row.runs[0]) },
    ],
    overview,
  )
  context.json({
    jobs: overview.map(({ runs: [last], says, ...job }) => ({ ...job, says: says.en, lastRun: last ?? null })),
  })
}

function lastRun(run: JobRun | undefined): string {
  return run ? `${run.status} ${run.startedAt.toISOString().slice(0, 16)}` : 'never'
}

async function run(context: CliContext, job: Job, { at }: { at?: Date }): Promise<void> {
  const now = context.clock()
  if (at && at.getTime() - now.getTime() > AHEAD_MAX_MS) {
    throw new UsageError(`--at ${at.toISOString()} is more than a year ahead; allowed: up to a year from now`)
  }
  const database = await context.database()
  const slot = at ?? now
  const bar = context.progress({ label: job.name, total: 100, show: (value) => `${value} %` })
  const outcome = await runJob(database, job, {
    slot,
    trigger: 'command',
    clock: at ? () => at : context.clock,
    threads: Math.min(8, availableParallelism()),
    onProgress: (share) => bar.update(Math.round(100 * share)),
  }).finally(() => bar.stop())
  if (outcome.ok) {
    context.say(`${job.name}: done; ${JSON.stringify(outcome.result)}`)
    context.json({ job: job.name, slot, status: 'done', ranBefore: false, result: outcome.result })
    return
  }
  if (outcome.code === 'failed')
    throw new CommandFailure(
      `${job.name} failed: ${outcome.error}`,
      { code: 'job-failed', job: job.name, slot },
      { cause: outcome.cause },
    )
  const earlier = await findRun(database, { name: job.name, slot })
  context.say(`${job.name} was not run: ${notRun[outcome.code]}`)
  context.json({
    job: job.name,
    slot,
    status: earlier?.status ?? 'skipped',
    ranBefore: outcome.code === 'ran',
    result: earlier?.result ?? null,
  })
}

const notRun = {
  ran: 'it ran for this slot already',
  running: 'it is running for this slot right now',
  overlap: 'it is running for another slot right now',
  'tried-enough': 'it failed three times for this slot',
} as const

async function runs(context: CliContext, options: { name?: string; limit: number }): Promise<void> {
  const db = await context.database()
  const listed = await listRuns(db, options)
  if (listed.length === 0) context.say('no job has run yet')
  else {
    context.table(
      [
        { title: 'job', value: (row) => row.name },
        { title: 'slot', value: (row) => row.slot.toISOString() },
        { title: 'by', value: (row) => row.trigger },
        { title: 'status', value: (row) => row.status },
        { title: 'started', value: (row) => row.startedAt.toISOString() },
        { title: 'seconds', value: (row) => seconds(row) },
        { title: 'why', value: (row) => (row.status === 'skipped' ? skipped(row.error) : (row.error ?? '')) },
      ],
      listed,
    )
  }
  context.json({ runs: listed })
}

const whySkipped: Readonly<Record<SkipReason, string>> = {
  'first-seen': 'the job was new: it starts with its next slot',
  'nobody-there': 'no process ran at its time',
  'still-running': 'the run before was not over yet',
}

/** In words; runs noted by earlier releases have words already. */
function skipped(why: string | null): string {
  return whySkipped[why as SkipReason] ?? why ?? ''
}

function seconds({ startedAt, endedAt }: JobRun): string {
  return endedAt ? ((endedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1) : ''
}
