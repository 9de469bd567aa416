import { findDue, readJobs } from '../../../src/core/jobs/due'
import { holdJob, listLeft } from '../../../src/core/jobs/hold'
import type { Job } from '../../../src/core/jobs/job'
import { runJob } from '../../../src/core/jobs/run-job'
import { claimSlot, findRun, forgetRuns, listRuns } from '../../../src/core/jobs/runs'
import { useDatabase } from '../../support/database'

const SLOT = new Date('2026-11-22T02:00:00Z')
const minutesLater = (minutes: number) => new Date(SLOT.getTime() + minutes * 60_000)

function job(changes: Partial<Job> = {}): Job {
  return {
    name: 'nightly',
    says: { en: 'what a test does at night', zh: '测试在夜里做的事' },
    cron: '0 2 * * *',
    timeZone: 'UTC',
    missed: 'catch-up',
    timeoutMs: 60_000,
    run: async () => ({ done: 1 }),
    ...changes,
  }
}

const database = useDatabase()
beforeEach(() => database.current().sql`truncate job_run`)

function run(one: Job, { slot = SLOT, at = SLOT }: { slot?: Date; at?: Date } = {}) {
  return runJob(database.current(), one, { slot, trigger: 'schedule', clock: () => at, threads: 1 })
}

describe('a run', () => {
  test('happens once for a slot, however many ask at the same time', async () => {
    let runs = 0
    const counted = job({
      async run() {
        runs += 1
        await new Promise((resolve) => setTimeout(resolve, 20))
        return { runs }
      },
    })
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => run(counted)))
    expect(runs).toBe(1)
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await run(counted)).toEqual({ ok: false, code: 'ran' })
    expect(await findRun(database.current(), { name: 'nightly', slot: SLOT })).toMatchObject({
      status: 'done',
      attempts: 1,
      result: { runs: 1 },
    })
  })

  test('that fails is told and may be tried again, three times in all', async () => {
    const failing = job({ run: async () => Promise.reject(new Error('the shop is shut')) })
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(await run(failing)).toMatchObject({ ok: false, code: 'failed', error: 'the shop is shut' })
    }
    expect(await run(failing)).toEqual({ ok: false, code: 'tried-enough' })
    expect(await findRun(database.current(), { name: 'nightly', slot: SLOT })).toMatchObject({
      status: 'failed',
      attempts: 3,
      error: 'the shop is shut',
    })
  })

  test('that a dead process left is taken over at once, and not while that lives; three times in all', async () => {
    const db = database.current()
    const one = job()
    const claim = () => claimSlot(db, { name: 'nightly', slot: SLOT, trigger: 'schedule', at: SLOT })
    const hold = await holdJob(db, one)
    expect(await claim()).toEqual({ ok: true, attempt: 1 })
    expect(await run(one, { at: minutesLater(300) })).toEqual({ ok: false, code: 'running' })
    expect(await listLeft(db)).toEqual([])
    await hold?.letGo()
    expect(await listLeft(db)).toEqual([{ name: 'nightly', slot: SLOT, attempts: 1 }])
    expect(await run(one)).toMatchObject({ ok: true })
    expect(await findRun(db, { name: 'nightly', slot: SLOT })).toMatchObject({ attempts: 2, status: 'done' })
    expect(await listLeft(db)).toEqual([])
    await db.sql`update job_run set status = 'running', attempts = 3, ended_at = null`
    expect(await run(one)).toEqual({ ok: false, code: 'tried-enough' })
    expect(await findRun(db, { name: 'nightly', slot: SLOT })).toMatchObject({
      status: 'failed',
      error: 'the process died',
    })
  })

  test('that takes too long counts as failed', async () => {
    const slow = job({ timeoutMs: 20, run: () => new Promise((resolve) => setTimeout(() => resolve({}), 200)) })
    expect(await run(slow)).toMatchObject({ ok: false, code: 'failed', error: 'took longer than 0 s' })
  })

  test('of another slot is skipped while one runs', async () => {
    let finish: (result: object) => void = () => undefined
    const long = job({ run: () => new Promise((resolve) => (finish = () => resolve({}))) })
    const first = run(long)
    while ((await listRuns(database.current(), { limit: 5 })).length === 0) await new Promise(setImmediate)
    const next = new Date('2026-11-23T02:00:00Z')
    expect(await run(job(), { slot: next, at: new Date(SLOT.getTime() + 1_000) })).toEqual({
      ok: false,
      code: 'overlap',
    })
    finish({})
    expect(await first).toMatchObject({ ok: true })
    expect(await findRun(database.current(), { name: 'nightly', slot: next })).toMatchObject({ status: 'skipped' })
  })
})

describe('what is due', () => {
  const due = async (one: Job, at: Date) =>
    (await findDue(database.current(), [one], { at })).map(({ slot, trigger }) => [slot.toISOString(), trigger])

  test('a new job begins with its next slot; in time it is scheduled, later it is caught up, the latest only', async () => {
    expect(await due(job(), minutesLater(-60))).toEqual([])
    expect(await due(job(), minutesLater(-1))).toEqual([])
    expect(await due(job(), minutesLater(0))).toEqual([[SLOT.toISOString(), 'schedule']])
    expect(await due(job(), minutesLater(3 * 24 * 60 + 30))).toEqual([['2026-11-25T02:00:00.000Z', 'catch-up']])
    await run(job())
    expect(await due(job(), minutesLater(1))).toEqual([])
    expect(await due(job(), minutesLater(-24 * 60))).toEqual([])
  })

  test('a clock that was ahead by a year holds nothing up, and no slot runs twice', async () => {
    const ahead = minutesLater(365 * 24 * 60)
    await run(job(), { slot: ahead, at: ahead })
    for (const minutes of [-3, -2, -1]) expect(await due(job(), minutesLater(minutes))).toEqual([])
    // It is noted as new once, not every minute.
    expect(await listRuns(database.current(), { limit: 9 })).toHaveLength(2)
    expect(await due(job(), SLOT)).toEqual([[SLOT.toISOString(), 'schedule']])
    expect(await run(job())).toMatchObject({ ok: true })
    expect(await run(job(), { slot: ahead, at: ahead })).toEqual({ ok: false, code: 'ran' })
  })

  test('a job that need not be caught up notes the missed slot and goes on with the next', async () => {
    const fresh = job({ missed: 'skip' })
    await due(fresh, minutesLater(-60))
    expect(await due(fresh, minutesLater(30))).toEqual([])
    expect(await findRun(database.current(), { name: 'nightly', slot: SLOT })).toMatchObject({
      status: 'skipped',
      error: 'nobody-there',
    })
    expect(await due(fresh, minutesLater(24 * 60 + 2))).toEqual([['2026-11-23T02:00:00.000Z', 'schedule']])
  })

  test('a run by command takes nothing from the schedule, but its very slot is not run again', async () => {
    await due(job(), minutesLater(-60))
    await runJob(database.current(), job(), { slot: SLOT, trigger: 'command', clock: () => SLOT, threads: 1 })
    expect(await due(job(), minutesLater(1))).toEqual([[SLOT.toISOString(), 'schedule']])
    expect(await run(job())).toEqual({ ok: false, code: 'ran' })
  })
})

test('an overview says when each comes next and how its last runs ended; old notes go, the last slot stays', async () => {
  await run(job())
  await run(job(), { slot: new Date('2026-11-23T02:00:00Z'), at: new Date('2026-11-23T02:00:00Z') })
  const [overview] = await readJobs(database.current(), [job()], { at: minutesLater(0), runs: 1 })
  expect(overview).toMatchObject({ nextSlot: new Date('2026-11-23T02:00:00Z'), runs: [{ status: 'done' }] })
  expect(await forgetRuns(database.current(), { before: new Date('2027-11-22T02:00:00Z') })).toBe(1)
  expect(await listRuns(database.current(), { limit: 9 })).toHaveLength(1)
})
