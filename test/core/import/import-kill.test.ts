import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onlineRetailLines } from '../../../bench/import-lines'
import { type ImportOutcome, importOrders } from '../../../src/core/import/import-orders'
import { verifyLedger } from '../../../src/core/points/verify'
import { startEmbeddedServer } from '../../../src/db/embedded-server'
import { migrate } from '../../../src/db/migrate'
import { type Database, openDatabase } from '../../../src/db/open'
import { startChild } from '../../support/child-process'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const CHILD = path.join(__dirname, 'import-child.ts')

const folder = useScratchFolder()
const file = path.join(folder, 'orders.csv')
const straight = useDatabase()
let expected: { state: Awaited<ReturnType<typeof readImportState>>; outcome: ImportOutcome }

beforeAll(async () => {
  writeFileSync(file, [...onlineRetailLines(12_000)].join(''))
  const outcome = await importOrders(straight.current(), { path: file, at: AT })
  expected = { outcome, state: await readImportState(straight.current()) }
})

describe('an import that is killed before its orders are written leaves nothing', () => {
  const database = useDatabase()

  test('the straight run did something worth killing', () => {
    expect(expected.outcome).toMatchObject({ ok: true, isRepeat: false, result: { rows: 12_000, refused: 0 } })
    for (const name of ['members', 'orders', 'lines', 'refunds', 'transfers', 'lots', 'accounts', 'tierChanges']) {
      expect(expected.state[name]?.length).toBeGreaterThan(0)
    }
  })

  test.each(['reading', 'half-read', 'orders'])('killed at: %s', async (phase) => {
    const before = await readImportState(database.current())
    await killAt(phase, database.current().url)
    expect(await readImportState(database.current())).toEqual(before)
  })

  test('run again after all that', async () => {
    const outcome = await importOrders(database.current(), { path: file, at: AT })
    expect(outcome).toEqual(expected.outcome)
    expect(await readImportState(database.current())).toEqual(expected.state)
    expect((await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
  })

  test('killed after the commit: it is there, and the same file changes nothing', async () => {
    const child = startChild(CHILD, [database.current().url, file, 'none'])
    while (!('ok' in (await child.next<object>())));
    await child.kill('SIGKILL')
    expect(await readImportState(database.current())).toEqual(expected.state)
  })
})

describe('an import that is killed after its orders are written', () => {
  describe.each(['points', 'half-settled'])('at: %s', (phase) => {
    const database = useDatabase()

    test('keeps them, and says what is due', async () => {
      if (phase === 'points') await killAt(phase, database.current().url)
      else await killBesideReader(phase, database.current())
      const state = await readImportState(database.current())
      expect(state.lines).toEqual(expected.state.lines)
      expect(state.runs).toMatchObject([{ is_finished: false }])
      expect(state.due).toHaveLength(1)
    })

    test('is finished by the next, of whatever file', async () => {
      const other = path.join(folder, `other-${phase}.csv`)
      writeFileSync(other, [...onlineRetailLines(0)].join(''))
      if (phase === 'points') await importOrders(database.current(), { path: other, at: AT })
      const outcome = await importOrders(database.current(), { path: file, at: AT })
      const isDone = phase === 'points'
      expect(outcome).toEqual({ ...expected.outcome, isRepeat: isDone, isResumed: !isDone })
      const { runs, ...state } = await readImportState(database.current())
      expect({ ...state, runs: runs?.filter((run) => (run as { result: { rows: number } }).result.rows > 0) }).toEqual(
        expected.state,
      )
      expect((await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
    })
  })
})

describe('two imports at once', () => {
  const database = useDatabase()

  test('of the same file: one does it, the other finds it done', async () => {
    const children = [1, 2, 3].map(() => startChild(CHILD, [database.current().url, file, 'none']))
    const outcomes = await Promise.all(
      children.map(async (child) => {
        for (;;) {
          const line = await child.next<{ phase?: string }>()
          if (line.phase === undefined) return line as ImportOutcome
        }
      }),
    )
    expect(outcomes.map((outcome) => outcome.ok && outcome.isRepeat).sort()).toEqual([false, true, true])
    expect(await readImportState(database.current())).toEqual(expected.state)
  })

  test('of files that share orders: each order is there once', async () => {
    const lines = [...onlineRetailLines(6_000)].join('').split('\n')
    const header = lines[0] ?? ''
    const halves = [lines.slice(1, 4000), lines.slice(2000)].map((part, index) => {
      const half = path.join(folder, `half-${index}.csv`)
      writeFileSync(half, [header, ...part].join('\n'))
      return half
    })
    const outcomes = await Promise.all(halves.map((half) => importOrders(database.current(), { path: half, at: AT })))
    // They are beginnings of the same made-up shop, so the first import knows nearly all of their orders already.
    for (const outcome of outcomes) expect(outcome).toMatchObject({ ok: true })
    const [twice] = await database.current().sql<{ twice: number }>`
      select count(*) as twice from (select from shop_order group by source, external_id having count(*) > 1) found`
    expect(twice).toEqual({ twice: 0 })
    expect((await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
  })
})

test('PostgreSQL crashes in the middle: all orders are there or none, and run again it ends as a straight run', async () => {
  const dataDir = path.join(folder, 'postgres')
  const server = await startEmbeddedServer({ dataDir })
  try {
    await migrate(server.url('postgres'), path.join(__dirname, '../../../prisma/migrations'))
    const database = openDatabase({ url: server.url('postgres') })
    const before = await readImportState(database)
    for (const crashAt of ['orders', 'points']) {
      const crashing = importOrders(database, {
        path: file,
        at: AT,
        onPhase(phase) {
          // Every process of the server ends on the spot, without writing anything.
          if (phase === crashAt) process.kill(postmasterOf(dataDir), 'SIGQUIT')
        },
      })
      await crashing.catch((error) => expect(error).toHaveProperty('message'))
      await untilItAnswers(database)
      const state = await readImportState(database)
      if (crashAt === 'orders') expect(state).toEqual(before)
      // Nobody was told that they are there; if they are, then all.
      else expect([before.lines, expected.state.lines]).toContainEqual(state.lines)
    }
    expect(await importOrders(database, { path: file, at: AT })).toMatchObject({
      ok: true,
      result: expected.outcome.ok && expected.outcome.result,
    })
    expect(await readImportState(database)).toEqual(expected.state)
    await database.close()
  } finally {
    await server.stop()
  }
}, 120_000)

/** Runs the import in a process of its own and kills that where it stands still. */
async function killAt(phase: string, url: string): Promise<void> {
  const child = startChild(CHILD, [url, file, phase])
  while ((await child.next<{ phase: string }>()).phase !== phase);
  await child.kill('SIGKILL')
}

/** While somebody reads orders the import is no simple first one: points are recorded a batch at a time. */
async function killBesideReader(phase: string, database: Database): Promise<void> {
  await database.tx(async (reader) => {
    await reader.sql`select count(*) from order_line`
    await killAt(phase, database.url)
  })
}

function postmasterOf(dataDir: string): number {
  return Number(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** Whoever holds the embedded server starts it again; that and its recovery take a moment. */
async function untilItAnswers(database: Database): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      await database.sql`select 1`
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error('the server did not come back')
}
