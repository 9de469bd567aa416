import { armOf, bucketOf, isHeldOut } from '../../../src/core/experiments/assign'
import { readPolicyValues } from '../../../src/core/experiments/policy'
import { readResults } from '../../../src/core/experiments/results'
import { adjust } from '../../../src/core/points/adjust'
import { countAudience } from '../../../src/core/retention/audience'
import { moveCampaign, putCampaign } from '../../../src/core/retention/campaigns'
import { campaignChecks } from '../../../src/core/retention/checks'
import { expectedGainMinor, STATED_PRIOR } from '../../../src/core/retention/decide'
import { gatherOutcomes } from '../../../src/core/retention/outcomes'
import { planCampaign } from '../../../src/core/retention/plan'
import { useDatabase } from '../../support/database'
import { setUpShop } from '../../support/shop'
import { campaign, letBeReached } from './fixtures'

const AT = new Date('2026-11-22T12:00:00Z')
const daysLater = (days: number) => new Date(AT.getTime() + days * 86_400_000)

const database = useDatabase()
beforeAll(() => setUpShop(database.current()))
beforeEach(async () => {
  const db = database.current()
  await db.sql`truncate campaign, campaign_member, campaign_outcome, member_segment, member_churn, message_consent, channel_identity,
    directline_conversation`
  await db.sql`delete from shop_order`
  await db.sql`delete from member`
})

/** So many members at risk, likely to leave and of value, unless said otherwise. */
async function addMembers(
  count: number,
  { from = 0, risk = 0.8, valueMinor = 50_000, group = 'at-risk', reached = true } = {},
) {
  const db = database.current()
  await db.sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    select 'M' || lpad(n::text, 6, '0'), 'test', ${AT}, (select code from tier order by rank limit 1), ${AT}
    from generate_series(${from}::int, ${from + count - 1}::int) n`
  await db.sql`
    insert into member_segment (member_id, as_of, recency_days, order_days, spend_minor, recency_score, frequency_score,
      monetary_score, rfm_group, stage)
    select 'M' || lpad(n::text, 6, '0'), ${AT}, 90, 4, 10000, 2, 3, 3, ${group}, 'at-risk'
    from generate_series(${from}::int, ${from + count - 1}::int) n`
  await db.sql`
    insert into member_churn (member_id, as_of, risk, reasons, value_at_stake_minor, model_id)
    select 'M' || lpad(n::text, 6, '0'), ${AT}, ${risk}, '[]', ${valueMinor}, 1
    from generate_series(${from}::int, ${from + count - 1}::int) n`
  if (reached) await letBeReached(db, { at: AT })
}

async function run(changes: Record<string, unknown> = {}) {
  const db = database.current()
  const definition = campaign(changes)
  expect(await db.tx((tx) => putCampaign(tx, { definition, at: AT }))).toMatchObject({ ok: true })
  for (const to of ['review', 'running'] as const) {
    expect(await db.tx((tx) => moveCampaign(tx, { code: definition.code, to, at: AT }))).toMatchObject({ ok: true })
  }
  return definition
}
const plan = (code = 'come-back', at = AT) => planCampaign(database.current(), { code, at })

describe('a campaign on its way', () => {
  test('is changed as a draft only, and goes where it may', async () => {
    const db = database.current()
    const definition = await run()
    expect(await db.tx((tx) => putCampaign(tx, { definition, at: AT }))).toEqual({
      ok: false,
      code: 'not-a-draft',
      status: 'running',
    })
    const move = (to: 'draft' | 'ended' | 'running') =>
      db.tx((tx) => moveCampaign(tx, { code: 'come-back', to, at: AT }))
    expect(await move('draft')).toMatchObject({ ok: false, code: 'no-way', allowed: ['paused', 'ended'] })
    expect(await move('ended')).toMatchObject({ ok: true, from: 'running' })
    expect(await move('running')).toMatchObject({ ok: false, allowed: [] })
    expect(await db.tx((tx) => moveCampaign(tx, { code: 'nothing', to: 'ended', at: AT }))).toMatchObject({
      code: 'unknown-campaign',
    })
  })

  test('takes nobody before it runs, before its time and after it', async () => {
    await addMembers(10)
    await database.current().tx((tx) => putCampaign(tx, { definition: campaign(), at: AT }))
    expect(await plan()).toEqual({ ok: false, code: 'not-running' })
    await database.current().sql`truncate campaign`
    await run({ startsAt: '2026-12-01T00:00:00Z', endsAt: '2026-12-31T00:00:00Z' })
    expect(await plan()).toEqual({ ok: false, code: 'not-running' })
    expect(await plan('come-back', new Date('2027-01-01T00:00:00Z'))).toEqual({ ok: false, code: 'not-running' })
    expect(await plan('nobody-knows')).toEqual({ ok: false, code: 'unknown-campaign' })
  })
})

describe('a plan', () => {
  test('deals the control its share and each offer alike, queues one message each, and leaves the global holdout in peace', async () => {
    await addMembers(4_000)
    await addMembers(50, { from: 9_000, group: 'champions' })
    await run()
    const planned = await plan()
    if (!planned.ok) throw new Error(planned.code)
    const { control = 0, small = 0, large = 0 } = planned.arms
    expect(planned.leftOut['held-out']).toBeGreaterThan(120)
    expect(planned.leftOut['held-out']).toBeLessThan(280)
    expect(control + small + large + planned.leftOut['held-out']).toBe(4_000)
    expect(Math.abs(control / (control + small + large) - 0.2)).toBeLessThan(0.03)
    expect(Math.abs(small / (small + large) - 0.5)).toBeLessThan(0.04)
    expect(planned.messages).toBe(small + large)
    const [sums] = await database.current().sql<{ shares: number; messages: number }>`
      select (select sum(1 / propensity) from campaign_member where arm = 'control') as shares,
        (select count(*)::int from campaign_message where status = 'queued') as messages`
    // Each of the control stands for five.
    expect(sums?.shares).toBeCloseTo(5 * control)
    expect(sums?.messages).toBe(small + large)
  })

  test('deals in the database as the program does for one: the same buckets, arms and gains', async () => {
    const db = database.current()
    await addMembers(300)
    await db.sql`
      update member_churn set risk = right(member_id, 3)::float8 / 300, value_at_stake_minor = 97 * right(member_id, 3)::int`
    // As odd as ids may be.
    await db.sql`
      insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
      select id, 'test', ${AT}, (select code from tier order by rank limit 1), ${AT} from unnest(${['会员 7', 'a\\b', "o'x\t1"]}::text[]) id`
    await letBeReached(db, { at: AT })
    const { code } = await run({ audience: {} })
    await plan()
    const members = await db.sql<{
      id: string
      arm: string
      risk: number | null
      value: number | null
      gain: number | null
    }>`
      select member_id as id, arm, risk, value_minor as value, expected_gain_minor as gain from campaign_member`
    expect(members.length).toBeGreaterThan(150)
    for (const { id, arm, risk, value, gain } of members) {
      expect(isHeldOut(id, 0.05)).toBe(false)
      expect([id, arm]).toEqual([id, ['control', 'small', 'large'][armOf(bucketOf(code, id), [0.2, 0.4, 0.4])]])
      const prospect = { valueMinor: value ?? 0, offerCostMinor: 300, messageCostMinor: 2 }
      const expected = risk === null ? null : expectedGainMinor({ ...prospect, buysAnyway: 1 - risk }, STATED_PRIOR)
      expect([id, gain]).toEqual([id, expected])
    }
    const left = await db.sql<{ id: string; risk: number | null; value: number }>`
      select id, risk, value_at_stake_minor as value from member left join member_churn churn on churn.member_id = member.id
      where id not in (select member_id from campaign_member)`
    for (const { id, risk, value } of left) {
      const prospect = { buysAnyway: 1 - (risk ?? 0), valueMinor: value, offerCostMinor: 300, messageCostMinor: 2 }
      expect(isHeldOut(id, 0.05) || expectedGainMinor(prospect, STATED_PRIOR) <= 0).toBe(true)
    }
  })

  test('made twice, or twenty times at once, takes nobody twice and never promises more than the budget', async () => {
    await addMembers(500)
    await run({ budgetMinor: 20_000 })
    const plans = await Promise.all(Array.from({ length: 20 }, () => plan()))
    const taken = plans.reduce(
      (sum, planned) => sum + (planned.ok ? Object.values(planned.arms).reduce((a, b) => a + b, 0) : 0),
      0,
    )
    const db = database.current()
    const [row] = await db.sql<{ members: number; promised: number; committed: number }>`
      select (select count(*)::int from campaign_member) as members,
        (select sum(case arm when 'small' then 100 when 'large' then 300 else 0 end)::int from campaign_member) as promised,
        committed_minor as committed from campaign`
    expect(row?.members).toBe(taken)
    expect(row?.committed).toBe(row?.promised)
    expect(row?.committed).toBeLessThanOrEqual(20_000)
    expect(row?.committed).toBeGreaterThan(19_000)
  }, 60_000)

  test('has the money again of offers whose message ended before anything was given, once, and not of those given', async () => {
    await addMembers(300)
    await run({ budgetMinor: 10_000 })
    const before = await plan()
    const db = database.current()
    await db.sql`
      update campaign_message set status = 'dropped', drop_reason = 'bought' where member_id in (select member_id from campaign_message order by 1 limit 10)`
    await db.sql`
      update campaign_message set status = 'failed', gift = 'given' where member_id in (select member_id from campaign_message order by 1 desc limit 5)`
    const [freed] = await db.sql<{ minor: number }>`
      select sum(case arm when 'small' then 100 else 300 end)::int as minor from campaign_message where status = 'dropped'`
    const again = await plan()
    if (!before.ok || !again.ok) throw new Error('planned twice')
    expect([before.leftOut.budget > 0, again.messages > 0]).toEqual([true, true])
    const cost = (arms: Readonly<Record<string, number>>) => 100 * (arms.small ?? 0) + 300 * (arms.large ?? 0)
    const [campaignRow] = await db.sql<{ committed: number }>`select committed_minor as committed from campaign`
    expect(campaignRow?.committed).toBe(cost(before.arms) - (freed?.minor ?? 0) + cost(again.arms))
    expect(campaignRow?.committed).toBeLessThanOrEqual(10_000)
    const budgets = campaignChecks.find(({ invariant }) => invariant === 'campaign-budgets-hold')
    expect(await budgets?.find(db, { at: AT })).toEqual([])
    expect(await plan()).toMatchObject({ ok: true, messages: 0 })
  })

  test('frees the same money once, whoever plans beside it, and never sends what it freed', async () => {
    await addMembers(300)
    await run({ budgetMinor: 10_000 })
    await plan()
    const db = database.current()
    await db.sql`
      update campaign_message set status = 'dropped', drop_reason = 'bought' where member_id in (select member_id from campaign_message order by 1 limit 10)`
    const planned = await Promise.all([plan(), plan(), plan()])
    expect(planned.filter((one) => one.ok && one.messages > 0)).toHaveLength(1)
    const budgets = campaignChecks.find(({ invariant }) => invariant === 'campaign-budgets-hold')
    expect(await budgets?.find(db, { at: AT })).toEqual([])
    const requeued = db.sql`update campaign_message set status = 'queued', drop_reason = null where status = 'dropped'`
    await expect(requeued).rejects.toThrow('campaign_message_not_given_check')
  })

  test('passes over those for whom a message would cost more than it brings; the unscored get one', async () => {
    await addMembers(100, { risk: 0.05, valueMinor: 1_000 })
    await run({ audience: {} })
    expect(await plan()).toMatchObject({ ok: true, messages: 0, arms: {} })
    await database.current().sql`truncate member_churn`
    const later = await plan()
    expect(later.ok && later.messages).toBeGreaterThan(50)
  })

  test('deals nothing to those who could not get it, and takes them once they can', async () => {
    const db = database.current()
    await addMembers(10)
    await addMembers(300, { from: 100, reached: false })
    await db.sql`update member_churn set risk = 0.81 where member_id >= 'M000100'`
    await db.sql`update merchant set settings = '{"globalHoldoutShare": 0}'`
    await run({ budgetMinor: 3_000 })
    const [first] = await db.sql<{ id: string }>`select min(id) as id from member`
    await db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at, sent_at)
      values (0, ${first?.id ?? ''}, 'small', 1, ${AT}, 'sent', ${AT}, ${AT}, ${daysLater(-1)})`
    const definition = campaign({ budgetMinor: 3_000 })
    expect(await countAudience(db, { definition, at: AT })).toEqual([
      { segment: 'at-risk', members: 310, outOfReach: 301 },
    ])
    const planned = await plan()
    if (!planned.ok) throw new Error(planned.code)
    expect(planned.leftOut).toMatchObject({ 'no-consent': 300, 'too-often': 1, budget: 0 })
    expect(await db.sql`select count(*)::int as members from campaign_member where campaign_id > 0`).toEqual([
      { members: 9 },
    ])
    // The control is dealt among the same.
    expect(await db.sql`select from campaign_member where member_id >= 'M000100'`).toEqual([])
    await letBeReached(db, { at: AT, idsLike: 'M00010_' })
    expect(await plan()).toMatchObject({ ok: true, leftOut: { 'no-consent': 290 } })
    await db.sql`update merchant set settings = '{}'`
  })

  test('counts as out of reach whom it then holds out', async () => {
    await addMembers(300)
    await run()
    const [counted] = await countAudience(database.current(), { definition: campaign(), at: AT })
    const planned = await plan()
    if (!planned.ok) throw new Error(planned.code)
    expect(planned.leftOut['held-out']).toBeGreaterThan(0)
    expect(counted?.outOfReach).toBe(planned.leftOut['held-out'])
  })

  test('of a campaign without offers deals its message alone', async () => {
    await addMembers(300)
    await run({ offers: [] })
    const planned = await plan()
    expect(planned.ok && Object.keys(planned.arms).sort()).toEqual(['control', 'message'])
  })

  // A hundred thousand are the benchmark's (sends); this one must not take each member in a loop, whatever the planner knows.
  test('queues ten thousand messages in seconds, though the tables were filled a moment ago', async () => {
    await addMembers(14_000)
    await run()
    const planned = await plan()
    expect(planned.ok && planned.messages).toBeGreaterThan(10_000)
  }, 20_000)
})

describe('what came of it', () => {
  test('net orders within the window count, for each where chance put them; before, after and cancelled ones do not', async () => {
    const db = database.current()
    await addMembers(1_000)
    await run({ attributionDays: 10 })
    await plan()
    const order = (
      arm: string,
      key: string,
      day: number,
      totalMinor: number,
      { kind = 'sale', status = 'placed' } = {},
    ) => db.sql`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      select 'test', ${key} || member_id, member_id, ${kind}, ${status}, ${daysLater(day)}, ${totalMinor}, 'GBP'
      from campaign_member where arm = ${arm}`
    await order('large', 'a', 3, 5_000)
    await order('large', 'b', 4, -1_000, { kind: 'refund', status: 'refunded' })
    await order('small', 'c', 11, 7_000)
    await order('control', 'd', -1, 9_000)
    await order('control', 'e', 2, 9_000, { status: 'cancelled' })
    // Points that the ledger gave cost what they cost, though the message failed then.
    await db.sql`update campaign_message set status = 'failed' where arm = 'large'`
    const given = await db.sql<{ id: string }>`
      select member_id as id from campaign_member where arm = 'large' order by member_id limit 7`
    for (const { id } of given) {
      await adjust(db, {
        memberId: id,
        points: 300,
        source: 'campaign',
        externalId: `come-back:${id}`,
        note: '',
        at: AT,
      })
    }
    expect(await gatherOutcomes(db, { at: daysLater(12) })).toEqual({ campaigns: 1 })
    expect(await gatherOutcomes(db, { at: daysLater(12) })).toEqual({ campaigns: 1 })
    const results = await readResults(db, { code: 'come-back' })
    const large = results?.arms.find(({ arm }) => arm === 'large')
    const small = results?.arms.find(({ arm }) => arm === 'small')
    expect(large).toMatchObject({
      buyers: large?.members,
      revenueMinor: 4_000 * (large?.members ?? 0),
      offerCostMinor: 300 * 7,
    })
    expect(small).toMatchObject({ buyers: 0, revenueMinor: 0, offerCostMinor: 0 })
    expect(results?.control).toMatchObject({ buyers: 0, revenueMinor: 0 })
    expect(results?.until).toBe('2026-12-04')
    const values = await readPolicyValues(db, { code: 'come-back', at: daysLater(12) })
    expect(values?.find(({ policy }) => policy === 'large')?.valueMinor).toBeCloseTo(
      4_000 - (300 * 7) / (large?.members ?? 0),
    )
    // Long after the last window nothing is counted any more.
    expect(await gatherOutcomes(db, { at: daysLater(40) })).toEqual({ campaigns: 0 })
  })
})
