import path from 'node:path'
import { findRun, listRuns } from '../../src/core/jobs/runs'
import { startChild } from '../support/child-process'
import { useDatabase } from '../support/database'

const SLOT = new Date('2026-11-22T02:00:00Z')
const database = useDatabase()

test('a job whose process is killed is done by the next one at once, and only once', async () => {
  const db = database.current()
  await db.sql`
    insert into job_run (name, slot, status, trigger, started_at) values
      ('nightly', ${new Date('2026-11-21T02:00:00Z')}, 'skipped', 'schedule', ${new Date('2026-11-21T02:00:00Z')})`
  const start = (how: string) =>
    startChild(path.join(__dirname, 'killed-child.ts'), [db.url, new Date(SLOT.getTime() + 1_000).toISOString(), how])
  const first = start('hang')
  await first.next()
  await first.kill('SIGKILL')
  expect(await findRun(db, { name: 'nightly', slot: SLOT })).toMatchObject({ status: 'running', attempts: 1 })
  const second = start('finish')
  await second.next()
  while ((await findRun(db, { name: 'nightly', slot: SLOT }))?.status !== 'done') await new Promise(setImmediate)
  await second.kill('SIGKILL')
  expect(await listRuns(db, { limit: 9 })).toMatchObject([{ slot: SLOT, status: 'done', attempts: 2 }, {}])
  expect(await db.sql`select id from used_token`).toHaveLength(1)
}, 60_000)
