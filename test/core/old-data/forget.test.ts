import { forgetOldData } from '../../../src/core/old-data/forget'
import { useDatabase } from '../../support/database'

const AT = new Date('2026-11-22T12:00:00Z')
const daysAgo = (days: number) => new Date(AT.getTime() - days * 86_400_000)
const database = useDatabase()

test('what is old goes and what is not stays; a message keeps its row, and what is still queued all of it', async () => {
  const db = database.current()
  for (const [member, status, days] of [
    ['old', 'sent', 200],
    ['new', 'sent', 100],
    ['waiting', 'queued', 200],
  ] as const) {
    await db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at,
        conversation_id, last_error)
      values (1, ${member}, 'message', 1, ${daysAgo(days)}, ${status}, ${daysAgo(days)}, ${daysAgo(days)}, 'c', 'busy')`
  }
  for (const [code, days] of [
    ['old', 400],
    ['new', 300],
  ] as const) {
    await db.sql`
      insert into experiment (code, kind, status, arms, attribution_days, started_at, ended_at)
      values (${code}, 'recommender', 'ended', '{trained,popular}', 30, ${daysAgo(days + 50)}, ${daysAgo(days)})`
    await db.sql`
      insert into exposure (experiment_id, member_id, arm, propensity, exposed_at)
      select id, 'M1', 'popular', 0.5, ${daysAgo(days + 20)} from experiment where code = ${code}`
    await db.sql`insert into send_bucket (scope, slots) values (${code}, ${[daysAgo(days / 50).getTime()]}::float8[])`
  }
  const first = await forgetOldData(db, { at: AT })
  expect(first).toMatchObject({ messageAddresses: 1, exposures: 1, sendBuckets: 1 })
  expect(await db.sql`select member_id as id, conversation_id as chat from campaign_message order by 1`).toEqual([
    { id: 'new', chat: 'c' },
    { id: 'old', chat: null },
    { id: 'waiting', chat: 'c' },
  ])
  expect(await db.sql`select scope from send_bucket`).toEqual([{ scope: 'new' }])
  expect(await forgetOldData(db, { at: AT })).toMatchObject({ messageAddresses: 0, exposures: 0, sendBuckets: 0 })
})
