import { listCampaigns, readResults } from '../../../src/core/experiments/results'
import { createRandom, normal } from '../../../src/ml/random'
import { useDatabase } from '../../support/database'
import { addCampaign, addOutcome } from './campaign-rows'

const database = useDatabase()
beforeEach(() => database.current().sql`truncate campaign, campaign_outcome, campaign_member`)

/** Spend after and before, in pence, of members whose message brings `effect` each. */
function members(seed: number, count: number, effect: number) {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const before = Math.round(normal(random, 5_000, 1_000))
    return { before, after: Math.round(before / 2 + normal(random, 0, 200) + effect) }
  })
}

test('a lift, its interval, the net gain, segments and time, from sums', async () => {
  const db = database.current()
  const id = await addCampaign(db, { code: 'spring', controlShare: 0.2 })
  const [control, loyal, lapsed] = [members(1, 500, 0), members(2, 1_000, 300), members(3, 1_000, 0)]
  const day = { campaignId: id, until: '2026-11-20' }
  await addOutcome(db, { ...day, arm: 'control', segment: 'loyal', members: control.slice(0, 250) })
  await addOutcome(db, { ...day, arm: 'control', segment: 'at-risk', members: control.slice(250) })
  await addOutcome(db, { ...day, arm: 'discount', segment: 'loyal', members: loyal, offerCostMinor: 40_000 })
  await addOutcome(db, { ...day, arm: 'points', segment: 'at-risk', members: lapsed, offerCostMinor: 9_000 })
  await addOutcome(db, { ...day, until: '2026-11-19', arm: 'control', segment: 'loyal', members: control.slice(0, 60) })
  await addOutcome(db, { ...day, until: '2026-11-19', arm: 'discount', segment: 'loyal', members: loyal.slice(0, 60) })

  const results = await readResults(db, { code: 'spring' })
  expect(results).toMatchObject({ code: 'spring', currency: 'GBP', until: '2026-11-20', sampleRatio: { isFair: true } })
  if (!results?.treated.revenue.ok) throw new Error('a lift was to be told')
  const { lift } = results.treated.revenue
  expect(Math.abs(lift.difference - 150)).toBeLessThan(3 * lift.standardError)
  // Spend before explains nearly all of the spend after.
  expect(lift.varianceCut).toBeGreaterThan(0.8)
  expect(lift.isClear).toBe(true)
  const net = results.treated.netMinor
  expect(net?.estimate).toBe(Math.round(lift.difference * 2_000) - 49_000)
  expect(net && net.low < net.estimate && net.estimate < net.high).toBe(true)
  const bySegment = new Map(results.segments.map(({ segment, revenue }) => [segment, revenue]))
  expect(bySegment.get('loyal')).toMatchObject({ ok: true, lift: { isClear: true } })
  expect(bySegment.get('at-risk')).toMatchObject({ ok: true, lift: { isClear: false } })
  expect(results.arms.map(({ arm, members: count }) => [arm, count])).toEqual([
    ['discount', 1_000],
    ['points', 1_000],
  ])
  expect(results.overTime).toMatchObject([
    { until: '2026-11-19', revenue: { ok: false, code: 'not-enough-members', have: 60 } },
    { until: '2026-11-20', revenue: { ok: true } },
  ])
})

test('too few members, or none counted yet, and no number is made up', async () => {
  const db = database.current()
  const id = await addCampaign(db, { code: 'young', controlShare: 0.5 })
  expect(await readResults(db, { code: 'young' })).toMatchObject({
    until: null,
    treated: { members: 0, revenue: { ok: false, code: 'not-enough-members' }, netMinor: null },
    overTime: [],
  })
  const day = { campaignId: id, until: '2026-11-20', segment: 'new' }
  await addOutcome(db, { ...day, arm: 'control', members: members(4, 20, 0) })
  await addOutcome(db, { ...day, arm: 'message', members: members(5, 25, 0) })
  expect(await readResults(db, { code: 'young' })).toMatchObject({
    treated: { members: 25, revenue: { ok: false, have: 20, need: 100 }, netMinor: null },
  })
  expect(await readResults(db, { code: 'unknown' })).toBeUndefined()
})

test('members who were not dealt as planned are told of', async () => {
  const db = database.current()
  const id = await addCampaign(db, { code: 'crooked', controlShare: 0.5 })
  const day = { campaignId: id, until: '2026-11-20', segment: 'new' }
  await addOutcome(db, { ...day, arm: 'control', members: members(6, 1_500, 0) })
  await addOutcome(db, { ...day, arm: 'message', members: members(7, 2_500, 0) })
  expect((await readResults(db, { code: 'crooked' }))?.sampleRatio.isFair).toBe(false)
})

test('a list of campaigns counts who is in each and what was sent', async () => {
  const db = database.current()
  const id = await addCampaign(db, { code: 'spring', controlShare: 0.5 })
  await addCampaign(db, { code: 'autumn', controlShare: 0.5, startsAt: new Date('2026-12-01T00:00:00Z') })
  const at = new Date('2026-11-20T00:00:00Z')
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
    values (${id}, 'A', 'control', 0.5, ${at}, null, null, null), (${id}, 'B', 'message', 0.5, ${at}, 'sent', ${at}, ${at}),
      (${id}, 'C', 'message', 0.5, ${at}, 'queued', ${at}, ${at})`
  expect(await listCampaigns(db)).toMatchObject([
    { code: 'autumn', members: 0, sent: 0 },
    { code: 'spring', members: 3, sent: 1 },
  ])
})

test('an assignment is never changed', async () => {
  const db = database.current()
  const id = await addCampaign(db, { code: 'spring', controlShare: 0.5 })
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at)
    values (${id}, 'A', 'control', 0.5, ${new Date('2026-11-20T00:00:00Z')})`
  await expect(db.sql`update campaign_member set arm = 'message'`).rejects.toThrow('never changed')
})
