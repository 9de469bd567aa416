import pino from 'pino'
import type { Job } from '../../src/core/jobs/job'
import { findRun, listRuns } from '../../src/core/jobs/runs'
import { createJobWorker } from '../../src/jobs/worker'
import { useDatabase } from '../support/database'

const SLOT = new Date('2026-11-22T02:00:00Z')

const database = useDatabase()

test('two processes on one database do a slot once', async () => {
  let runs = 0
  const nightly: Job = {
    name: 'nightly',
    says: { en: 'what a test does at night', zh: '测试在夜里做的事' },
    cron: '0 2 * * *',
    timeZone: 'UTC',
    missed: 'catch-up',
    timeoutMs: 60_000,
    async run({ slot }) {
      runs += 1
      return { slot }
    },
  }
  // The job was there the night before, so that tonight's slot is due.
  await database.current().sql`
    insert into job_run (name, slot, status, trigger, started_at) values
      ('nightly', ${new Date('2026-11-21T02:00:00Z')}, 'skipped', 'schedule', ${new Date('2026-11-21T02:00:00Z')})`
  const setting = {
    database: database.current(),
    jobs: [nightly],
    clock: () => new Date(SLOT.getTime() + 1_000),
    logger: pino({ level: 'silent' }),
    pollEverySeconds: 0.5,
  }
  const workers = [createJobWorker(setting), createJobWorker(setting)]
  for (const worker of workers) worker.start()
  const deadline = performance.now() + 20_000
  const ended = async () => (await findRun(database.current(), { name: 'nightly', slot: SLOT }))?.status === 'done'
  while (!(await ended()) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100))
  // Whoever comes late would come within a poll.
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  await Promise.all(workers.map((worker) => worker.stop()))
  expect(runs).toBe(1)
  expect(await listRuns(database.current(), { limit: 9 })).toMatchObject([
    { slot: SLOT, status: 'done', trigger: 'schedule', attempts: 1 },
    { status: 'skipped' },
  ])
}, 40_000)
