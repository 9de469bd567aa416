import path from 'node:path'
import { moveCampaign, putCampaign } from '../../src/core/retention/campaigns'
import { campaign } from '../core/retention/fixtures'
import { type Child, startChild } from '../support/child-process'
import { useDatabase } from '../support/database'
import { setUpShop } from '../support/shop'
import { type Answer, type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'

const NOON = new Date('2026-11-22T12:00:00Z')
const MEMBERS = 200
/** A process takes messages a second ahead, which are in doubt when it dies: so many, at the pace of the child. */
const IN_DOUBT_MAX = 40

const { current } = useDatabase()
let connector: LoopbackConnector

beforeAll(async () => {
  connector = await startLoopbackConnector()
})
afterAll(() => connector.close())

/** Members who agreed to offers in Teams, each with a message of a running campaign in the queue. */
async function fill(): Promise<void> {
  const db = current()
  await setUpShop(db)
  await db.sql`update merchant set settings = '{"globalHoldoutShare": 0}'`
  await db.tx((tx) => putCampaign(tx, { definition: campaign(), at: NOON }))
  for (const to of ['review', 'running'] as const)
    await db.tx((tx) => moveCampaign(tx, { code: 'come-back', to, at: NOON }))
  await db.sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    select 'M' || n, 'shop', ${NOON}, (select code from tier order by rank limit 1), ${NOON}
    from generate_series(1, ${MEMBERS}::int) n`
  await db.sql`
    insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
    select 'msteams', '', 'u' || id, id, ${NOON}, 'code' from member`
  await db.sql`
    insert into conversation_state (channel, conversation_id, version, state, reference, updated_at)
    select 'msteams', 'c' || id, 1, '{}', jsonb_build_object('serviceUrl', ${connector.serviceUrl}::text,
      'channelId', 'msteams', 'conversation', jsonb_build_object('id', 'c' || id), 'user', jsonb_build_object('id', 'u' || id)),
      ${NOON} from member`
  await db.sql`
    insert into message_consent (member_id, kind, channel, status, at, source)
    select id, 'offers', 'msteams', 'granted', ${NOON}, 'chat' from member`
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
    select campaign.id, member.id, 'small', 0.4, ${NOON}, 'queued', ${NOON}, ${NOON} from campaign, member`
}

test('killed at any point of sending, with a channel that fails in every way, each member gets the message once at the most', async () => {
  await fill()
  const troubles: Answer[] = ['slow', 503, 'reset', 200, 'hang', 200, 429, 'slow']
  connector.answerNext(...Array.from({ length: 8 }, () => troubles).flat())
  const aheadMs = NOON.getTime() - Date.now()
  const start = () => startChild(path.join(__dirname, 'support/sender-child.ts'), [current().url, String(aheadMs)])
  const counts = async () => {
    const rows = await current().sql<{ status: string; count: number }>`
      select status, count(*)::int as count from campaign_message group by status`
    return new Map(rows.map(({ status, count }) => [status, count]))
  }
  let senders: Child[] = [start(), start()]
  for (const [turn, arrived] of [10, 30, 50].entries()) {
    // One of the two goes in the middle of what it does, as soon as so much has arrived.
    await connector.has(arrived, { withinMs: 40_000 })
    const [victim, other] = turn % 2 === 0 ? senders : [...senders].reverse()
    await victim?.kill('SIGKILL')
    senders = [...(other ? [other] : []), start()]
  }
  await allSettled(counts)
  await Promise.all(senders.map((sender) => sender.kill('SIGKILL')))
  const by = await counts()
  const arrived = connector.received.map((one) => one.path)
  expect(new Set(arrived).size).toBe(arrived.length)
  // Whatever is written down as sent did arrive; what is in doubt is no more than what was on its way at the kills.
  expect(arrived.length).toBeGreaterThanOrEqual(by.get('sent') ?? 0)
  expect((by.get('sent') ?? 0) + (by.get('unknown') ?? 0)).toBe(MEMBERS)
  const troubled = 8 * troubles.filter((trouble) => trouble === 'reset' || trouble === 'hang').length
  expect(by.get('unknown')).toBeLessThanOrEqual(3 * IN_DOUBT_MAX + troubled)
  const given = await current().sql`
    select member_id from transfer where source = 'campaign' group by member_id having count(*) > 1 or sum(points) <> 100`
  expect(given).toEqual([])
}, 90_000)

/** Resolves when nothing is queued or being sent any more. */
async function allSettled(counts: () => Promise<Map<string, number>>): Promise<void> {
  let quietMs = 0
  for (;;) {
    const by = await counts()
    if (!by.has('queued') && !by.has('sending')) return
    await new Promise((resolve) => setTimeout(resolve, 100))
    quietMs = by.has('queued') ? 0 : quietMs + 100
    if (quietMs < 2_000) continue
    // The living have settled theirs. What a killed process was sending is given up when its lease runs out: that is now.
    await current().sql`update campaign_message set leased_until = ${NOON} where status = 'sending'`
  }
}
