import { earn } from '../../../src/core/points/earn'
import { runningCampaigns } from '../../../src/core/retention/campaigns'
import { setConsent } from '../../../src/core/retention/consent'
import { queueExpiryNotices } from '../../../src/core/retention/expiry-notice'
import { planCampaign } from '../../../src/core/retention/plan'
import { useDatabase } from '../../support/database'
import { addMember, setUpShop } from '../../support/shop'

const AT = new Date('2026-11-22T12:00:00Z')
const daysLater = (days: number) => new Date(AT.getTime() + days * 86_400_000)

const database = useDatabase()

async function addPoints(memberId: string, { days, agreed = true }: { days: number; agreed?: boolean }) {
  const db = database.current()
  await addMember(db, { id: memberId })
  const at = daysLater(-100)
  await earn(db, {
    memberId,
    points: 50,
    source: 'test',
    externalId: memberId,
    availableAt: at,
    expiresAt: daysLater(days),
    occurredAt: at,
    at,
  })
  if (!agreed) return
  await setConsent(db, { memberId, kinds: ['reminders'], channel: 'msteams', status: 'granted', at, source: 'chat' })
}

test('who agreed to reminders hears of points before they expire, once a month, and nobody else', async () => {
  const db = database.current()
  await setUpShop(db)
  await addPoints('Soon', { days: 20 })
  await addPoints('Late', { days: 60 })
  await addPoints('Silent', { days: 20, agreed: false })
  const queue = (at: Date) => queueExpiryNotices(db, { at })
  expect(await queue(AT)).toEqual({ messages: 1 })
  expect(await queue(daysLater(1))).toEqual({ messages: 0 })
  expect(await db.sql`select member_id as id, arm, status from campaign_message`).toEqual([
    { id: 'Soon', arm: 'message', status: 'queued' },
  ])
  // It runs, but is nothing that is planned for an audience.
  expect(await runningCampaigns(db, { at: AT })).toEqual([])
  expect(await planCampaign(db, { code: 'points-expiry-2026-11', at: AT })).toEqual({ ok: false, code: 'not-running' })
  // Who got another message lately is taken when that is long enough ago.
  await addPoints('Busy', { days: 20 })
  await db.sql`
    insert into campaign (code, name, kind, status, version, definition, starts_at, created_at, updated_at)
    values ('other', 'Other', 'offers', 'running', 1, '{"notice": "none"}', ${AT}, ${AT}, ${AT})`
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at, sent_at)
    select id, 'Busy', 'message', 1, ${AT}, 'sent', ${AT}, ${AT}, ${daysLater(-1)} from campaign where code = 'other'`
  await db.sql`update merchant set settings = '{"messageEveryDays": 3}'`
  expect(await queue(AT)).toEqual({ messages: 0 })
  expect(await queue(daysLater(3))).toEqual({ messages: 1 })
  // What the manager ended stays so.
  await db.sql`update campaign set status = 'ended'`
  await addPoints('Another', { days: 10 })
  expect(await queue(AT)).toEqual({ messages: 0 })
})

test('of many notices the server knows at once how many wait', async () => {
  const db = database.current()
  const notices = 10_000
  await db.tx(async (tx) => {
    await tx.sql`select set_config('session_replication_role', 'replica', true)`
    const ids = Array.from({ length: notices }, (_, n) => `Many-${n}`)
    await tx.sql`
      insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
      select id, 'shop', ${AT}, 'none', ${AT} from unnest(${ids}::text[]) id`
    await tx.sql`
      insert into message_consent (member_id, kind, channel, status, at, source)
      select id, 'reminders', 'msteams', 'granted', ${AT}, 'api' from unnest(${ids}::text[]) id`
    await tx.sql`
      insert into lot (member_id, transfer_id, earned, remaining, available_at, expires_at)
      select id, -place, 50, 50, ${daysLater(-100)}, ${daysLater(150)} from unnest(${ids}::text[]) with ordinality made (id, place)`
  })
  expect(await queueExpiryNotices(db, { at: daysLater(140) })).toEqual({ messages: notices })
  expect(
    await db.sql`
      select most_common_vals::text::text[] @> '{queued}' as "isKnown" from pg_stats
      where tablename = 'campaign_member' and attname = 'status'`,
  ).toEqual([{ isKnown: true }])
})
