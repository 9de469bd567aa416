import { registerJobs } from '../../src/cli/jobs'
import { runJob } from '../../src/core/jobs/run-job'
import { noteSkipped } from '../../src/core/jobs/runs'
import { earn } from '../../src/core/points/earn'
import { driftBetween, readScoreSpread } from '../../src/core/training/drift'
import { schedule } from '../../src/jobs/schedule'
import { runCommand } from '../cli/terminal'
import { useDatabase } from '../support/database'
import { addMember, setUpShop } from '../support/shop'

const AT = new Date('2026-11-22T12:00:00Z')
const database = useDatabase()
const jobs = (...line: string[]) =>
  runCommand(['jobs', ...line], { registrations: [registerJobs(schedule)], database: database.current() })

describe('the jobs of the table', () => {
  test('have names of their own, schedules that come round, and a line in each language that says what they do', () => {
    expect(new Set(schedule.map(({ name }) => name)).size).toBe(schedule.length)
    for (const { name, says } of schedule)
      expect([name, says.en.length > 10, /\p{Script=Han}{4}/u.test(says.zh)]).toEqual([
        expect.stringMatching(/^[a-z-]+$/),
        true,
        true,
      ])
  })

  test.each(schedule.map(({ name }) => [name]))(
    '%s runs on an empty database',
    async (name) => {
      const job = schedule.find((one) => one.name === name)
      if (!job) throw new Error(name)
      const outcome = await runJob(database.current(), job, {
        slot: AT,
        trigger: 'command',
        clock: () => AT,
        threads: 1,
      })
      expect(outcome).toMatchObject({ ok: true })
    },
    60_000,
  )

  test('the audit fails loudly where the books are broken', async () => {
    const db = database.current()
    await setUpShop(db)
    await addMember(db, { id: 'A' })
    await earn(db, { memberId: 'A', points: 10, source: 'test', externalId: 'a1', at: AT })
    await db.sql`update member_account set available = 11`
    const audit = await jobs('run', 'ledger-audit', '--at', '2026-11-22T04:00:00Z')
    expect(audit.code).toBe(1)
    expect(audit.stderr).toContain('ledger-audit failed: the ledger breaks balances-are-their-entries')
  })
})

describe('regulars jobs', () => {
  test('list: every job, with its next slot', async () => {
    const { json } = await jobs('list')
    const { jobs: listed } = json.at(-1) as { jobs: { name: string; nextSlot: string }[] }
    expect(listed.map(({ name }) => name)).toEqual(schedule.map(({ name }) => name))
    for (const { nextSlot } of listed) expect(Date.parse(nextSlot)).toBeGreaterThan(AT.getTime())
  })

  test('run: once for an instant, and the second time says what came of the first', async () => {
    const line = ['run', 'tier-review', '--at', '2026-11-22T02:00:00Z']
    const first = await jobs(...line)
    expect(first.json.at(-1)).toMatchObject({ status: 'done', ranBefore: false, result: { moves: 0 } })
    const second = await jobs(...line)
    expect([second.code, second.json.at(-1)]).toMatchObject([
      0,
      { status: 'done', ranBefore: true, result: { moves: 0 } },
    ])
    expect(second.stderr).toContain('it ran for this slot already')
    const { runs } = (await jobs('runs', 'tier-review')).json.at(-1) as { runs: object[] }
    expect(runs[0]).toMatchObject({ name: 'tier-review', status: 'done', trigger: 'command' })
  })

  test('runs: says in words why a slot was left out, and as a code to programs', async () => {
    await noteSkipped(database.current(), {
      ...{ name: 'scores', trigger: 'schedule', why: 'nobody-there' },
      slot: new Date('2026-11-23T02:00:00Z'),
      at: new Date('2026-11-23T08:00:00Z'),
    })
    const { stderr, json } = await jobs('runs', 'scores')
    expect(stderr).toContain('no process ran at its time')
    expect((json.at(-1) as { runs: object[] }).runs[0]).toMatchObject({ status: 'skipped', error: 'nobody-there' })
  })

  test.each([
    [['run', 'world-peace'], 'there is no job "world-peace"; allowed: points-expiry'],
    [['runs', 'world-peace'], 'there is no job "world-peace"'],
    [['run', 'tier-review', '--at', 'tomorrow'], 'Needed: an instant such as 2026-11-22T02:00:00Z.'],
    [
      ['run', 'points-expiry', '--at', '2099-11-22T02:00:00Z'],
      'is more than a year ahead; allowed: up to a year from now',
    ],
  ])('%j is called wrongly', async (line, message) => {
    const { code, stderr } = await jobs(...line)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

describe('drift', () => {
  test('none while scores lie where they lay; clear when they moved', async () => {
    const before = { counts: [50, 40, 30, 20, 10, 10, 20, 30, 40, 50] }
    expect(driftBetween(before, before)).toEqual({ stability: 0, isDrifted: false })
    expect(driftBetween(before, { counts: before.counts.map((count) => 3 * count) }).isDrifted).toBe(false)
    expect(driftBetween(before, { counts: [0, 0, 0, 0, 0, 0, 0, 0, 0, 300] }).isDrifted).toBe(true)
    expect(await readScoreSpread(database.current())).toMatchObject({ modelId: null, scored: 0 })
  })
})
