import { cpSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { verifyLedger } from '../../../src/core/points/verify'
import { listMessages } from '../../../src/core/retention/messages'
import { migrate } from '../../../src/db/migrate'
import { useDatabase } from '../../support/database'

const AT = new Date('2026-11-22T12:00:00Z')
const MIGRATIONS = path.join(__dirname, '../../../prisma/migrations')
const MERGE = '20261128200000_message_beside_its_dealing'
const database = useDatabase()

/** A folder with the migrations of before. */
function withoutMerge(): string {
  const folder = mkdtempSync(path.join(process.env.REGULARS_TEST_FOLDER!, 'before-'))
  for (const name of readdirSync(MIGRATIONS).filter((name) => name !== MERGE)) {
    if (!name.startsWith('2')) continue
    mkdirSync(path.join(folder, name))
    cpSync(path.join(MIGRATIONS, name, 'migration.sql'), path.join(folder, name, 'migration.sql'))
  }
  return folder
}

test('dealings and messages that were two tables become one, with all that each of them knew', async () => {
  const db = database.current()
  await db.sql`drop schema public cascade`
  await db.sql`create schema public`
  await migrate(db.url, withoutMerge())
  await db.sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at) values ('A', 'shop', ${AT}, 'none', ${AT})`
  await db.sql`
    insert into campaign (code, name, kind, status, version, definition, starts_at, created_at, updated_at)
    values ('old', 'Old', 'offers', 'running', 1, '{"offers": []}', ${AT}, ${AT}, ${AT})`
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, segment, risk, value_minor, expected_gain_minor)
    select 1, id, arm, 0.9, ${AT}, 'at-risk', 0.5, 1000, 20
    from (values ('A', 'message'), ('B', 'control'), ('C', 'message')) dealt (id, arm)`
  // Those of D and E were deleted by hand. Where all tables are published, one without a key takes no updates.
  await db.sql`create publication everything for all tables`
  await db.sql`
    insert into campaign_message (campaign_id, member_id, arm, status, due_at, next_attempt_at, channel, conversation_id, sent_at, attempts)
    values (1, 'C', 'message', 'queued', ${AT}, ${AT}, null, null, null, 0), (1, 'A', 'message', 'sent', ${AT}, ${AT}, 'msteams', 'a', ${AT}, 2),
      (1, 'D', 'message', 'sent', ${AT}, ${AT}, 'msteams', 'd', ${AT}, 1), (1, 'E', 'message', 'queued', ${AT}, ${AT}, null, null, null, 0)`
  expect(await migrate(db.url, MIGRATIONS)).toEqual([MERGE])
  expect(
    await db.sql`select member_id as id, arm, propensity, segment, risk, status, attempts from campaign_member order by 1`,
  ).toEqual([
    { id: 'A', arm: 'message', propensity: 0.9, segment: 'at-risk', risk: 0.5, status: 'sent', attempts: 2 },
    { id: 'B', arm: 'control', propensity: 0.9, segment: 'at-risk', risk: 0.5, status: null, attempts: 0 },
    { id: 'C', arm: 'message', propensity: 0.9, segment: 'at-risk', risk: 0.5, status: 'queued', attempts: 0 },
    { id: 'D', arm: 'message', propensity: 1, segment: null, risk: null, status: 'sent', attempts: 1 },
    { id: 'E', arm: 'message', propensity: 1, segment: null, risk: null, status: 'dropped', attempts: 0 },
  ])
  expect(await listMessages(db, { code: 'old', statuses: [], limit: 10 })).toMatchObject([
    { memberId: 'A', status: 'sent', sentAt: AT },
    { memberId: 'C', status: 'queued', sentAt: null },
    { memberId: 'D', status: 'sent', sentAt: AT },
    { memberId: 'E', status: 'dropped', sentAt: null },
  ])
  // What looked at the messages before does so still.
  expect(await db.sql`select conversation_id as chat from chat_of_member where member_id = 'A'`).toEqual([
    { chat: 'a' },
  ])
  await expect(db.sql`update campaign_member set arm = 'control'`).rejects.toThrow('never changed')
  expect((await verifyLedger(db, { at: AT })).filter(({ ok }) => !ok)).toEqual([])
})
