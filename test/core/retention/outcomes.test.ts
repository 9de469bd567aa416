import { readResults } from '../../../src/core/experiments/results'
import { gatherOutcomes } from '../../../src/core/retention/outcomes'
import { useDatabase } from '../../support/database'
import { setUpShop } from '../../support/shop'
import { addCampaign } from '../experiments/campaign-rows'

const AT = new Date('2026-11-22T12:00:00Z')
const database = useDatabase()
beforeAll(() => setUpShop(database.current()))
beforeEach(async () => {
  const db = database.current()
  await db.sql`truncate campaign, campaign_member, campaign_outcome, campaign_arm_outcome`
  await db.sql`delete from shop_order`
  await db.sql`delete from member`
})

/** A night in which so many members an arm were dealt to, of whom `buyersIn` a hundred buy whatever they get. */
async function dealNight(
  campaignId: number,
  night: {
    at: Date
    members: Record<string, number>
    propensity: Record<string, number>
    buyersIn: Record<string, number>
  },
) {
  const db = database.current()
  for (const [arm, count] of Object.entries(night.members)) {
    const prefix = `${arm}-${night.at.getTime()}-`
    await db.sql`
      insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
      select ${prefix} || n, 'test', ${AT}, (select code from tier order by rank limit 1), ${AT}
      from generate_series(1, ${count}::int) n`
    await db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at)
      select ${campaignId}, ${prefix} || n, ${arm}, ${night.propensity[arm] ?? 0}, ${night.at} from generate_series(1, ${count}::int) n`
    await db.sql`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      select 'test', ${prefix} || n, ${prefix} || n, 'sale', 'placed', ${night.at}::timestamptz + interval '1 day', 2_000 + n % 7, 'GBP'
      from generate_series(1, ${count}::int) n where n % 100 < ${night.buyersIn[arm] ?? 0}::int`
  }
}

const nightAt = (day: number) => new Date(AT.getTime() - day * 86_400_000)
const everybody = (buyersIn: number) => ({ control: buyersIn, small: buyersIn, large: buyersIn })

test('an offer that was dealt more often when members bought more is no better for it', async () => {
  const campaignId = await addCampaign(database.current(), { code: 'come-back', controlShare: 0.2 })
  await dealNight(campaignId, {
    at: nightAt(10),
    members: { control: 1_000, small: 2_000, large: 2_000 },
    propensity: { control: 0.2, small: 0.4, large: 0.4 },
    buyersIn: everybody(5),
  })
  await dealNight(campaignId, {
    at: nightAt(5),
    members: { control: 1_000, small: 300, large: 3_700 },
    propensity: { control: 0.2, small: 0.06, large: 0.74 },
    buyersIn: everybody(40),
  })
  await gatherOutcomes(database.current(), { at: AT })
  const results = await readResults(database.current(), { code: 'come-back' })
  for (const arm of results?.arms ?? []) {
    if (!arm.buying.ok || !arm.revenue.ok) throw new Error('a lift was to be told')
    expect({ [arm.arm]: arm.buying.lift }).toMatchObject({ [arm.arm]: { isClear: false } })
    expect(Math.abs(arm.buying.lift.difference)).toBeLessThan(0.001)
    expect(arm.revenue.lift.isClear).toBe(false)
  }
  expect(results?.arms.map(({ arm, members }) => [arm, members])).toEqual([
    ['large', 5_700],
    ['small', 2_300],
  ])
  expect(results?.treated.buying).toMatchObject({ ok: true, lift: { isClear: false } })
})

test('what an offer indeed changes is found, and where its chance never changed it is what all offers changed', async () => {
  const campaignId = await addCampaign(database.current(), { code: 'come-back', controlShare: 0.5 })
  await dealNight(campaignId, {
    at: nightAt(10),
    members: { control: 2_000, large: 2_000 },
    propensity: { control: 0.5, large: 0.5 },
    buyersIn: { control: 10, large: 20 },
  })
  await gatherOutcomes(database.current(), { at: AT })
  const results = await readResults(database.current(), { code: 'come-back' })
  const [large] = results?.arms ?? []
  if (!large?.buying.ok || !results?.treated.buying.ok || !large.revenue.ok || !results.treated.revenue.ok) {
    throw new Error('a lift was to be told')
  }
  expect(large.buying.lift.isClear).toBe(true)
  expect(large.buying.lift.difference).toBeCloseTo(0.1, 9)
  expect(large.buying.lift.interval.low).toBeCloseTo(results.treated.buying.lift.interval.low, 9)
  expect(large.revenue.lift.interval.low).toBeCloseTo(results.treated.revenue.lift.interval.low, 6)
  expect(large.netMinor).toEqual(results.treated.netMinor)
})

test('a campaign that was counted before its arms were weighed is counted again, though it is long over', async () => {
  const db = database.current()
  const campaignId = await addCampaign(db, { code: 'come-back', controlShare: 0.5 })
  const night = {
    members: { control: 200, large: 200 },
    propensity: { control: 0.5, large: 0.5 },
    buyersIn: everybody(9),
  }
  await dealNight(campaignId, { at: nightAt(200), ...night })
  await gatherOutcomes(db, { at: nightAt(190) })
  await db.sql`truncate campaign_arm_outcome`
  // Until then nobody is told that there were no members.
  expect((await readResults(db, { code: 'come-back' }))?.arms).toMatchObject([{ arm: 'large', buying: { ok: true } }])
  expect(await gatherOutcomes(db, { at: AT })).toEqual({ campaigns: 1 })
  expect(await gatherOutcomes(db, { at: AT })).toEqual({ campaigns: 0 })
  expect((await readResults(db, { code: 'come-back' }))?.arms).toMatchObject([{ arm: 'large', buying: { ok: true } }])
})
