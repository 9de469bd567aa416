import { campaignPlanning } from '../../src/jobs/campaign-planning'
import { campaign } from '../core/retention/fixtures'
import { useDatabase } from '../support/database'
import { setUpShop } from '../support/shop'

const AT = new Date('2026-11-22T12:00:00Z')
const database = useDatabase()

test('a campaign that cannot be planned stops no other, and the run says which', async () => {
  const db = database.current()
  await setUpShop(db)
  for (const [code, definition] of [
    ['broken', {}],
    ['sound', campaign({ code: 'sound' })],
  ] as const) {
    await db.sql`
      insert into campaign (code, name, kind, status, version, definition, starts_at, created_at, updated_at)
      values (${code}, ${code}, 'offers', 'running', 1, ${JSON.stringify(definition)}::jsonb, ${AT}, ${AT}, ${AT})`
  }
  const progress: number[] = []
  const run = campaignPlanning.run({
    ...{ database: db, at: AT, slot: AT, threads: 1 },
    onProgress: (share: number) => progress.push(share),
  })
  await expect(run).rejects.toThrow('campaigns that could not be planned: broken: ')
  expect(progress).toEqual([0.5, 1])
})
