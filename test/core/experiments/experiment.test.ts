import {
  endExperiment,
  listExperiments,
  meetArm,
  type RunningExperiment,
  readExperiment,
  startExperiment,
} from '../../../src/core/experiments/experiment'
import { readPolicyValues } from '../../../src/core/experiments/policy'
import { recommend } from '../../../src/core/recommendations/recommend'
import { putCampaign } from '../../../src/core/retention/campaigns'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../../support/shop'
import { campaign } from '../retention/fixtures'

const AT = new Date('2026-11-22T12:00:00Z')
const daysLater = (days: number) => new Date(AT.getTime() + days * 86_400_000)

const database = useDatabase()
beforeAll(() => setUpShop(database.current()))
beforeEach(async () => {
  const db = database.current()
  await db.sql`truncate experiment, exposure, campaign, campaign_member`
  await db.sql`delete from order_line`
  await db.sql`delete from shop_order`
})

const start = (code: string, arms = ['trained', 'popular']) =>
  database.current().tx((tx) => startExperiment(tx, { code, kind: 'recommender', arms, attributionDays: 30, at: AT }))

test('one experiment of a kind at a time; a member meets one arm, noted the first time; none without an experiment', async () => {
  const db = database.current()
  const meet = async (memberId: string, at = AT) => {
    const [running = null] =
      await db.sql<RunningExperiment>`select id, code, arms from experiment where status = 'running'`
    return meetArm(db, { running, kind: 'recommender', memberId, at })
  }
  expect(await meet('M1')).toBeUndefined()
  expect(await start('first')).toEqual({ ok: true })
  expect(await start('first')).toEqual({ ok: false, code: 'code-taken' })
  expect(await start('second')).toEqual({ ok: false, code: 'one-is-running', running: 'first' })
  const met = await Promise.all(Array.from({ length: 200 }, (_, member) => meet(`M${member}`)))
  expect(await Promise.all(Array.from({ length: 200 }, (_, member) => meet(`M${member}`, daysLater(3))))).toEqual(met)
  expect(met.filter((arm) => arm === 'popular').length).toBeGreaterThan(70)
  expect(met.filter((arm) => arm === 'trained').length).toBeGreaterThan(70)
  expect(await db.sql`select distinct exposed_at as at from exposure`).toEqual([{ at: AT }])
  expect(await listExperiments(db)).toMatchObject([{ code: 'first', members: 200, status: 'running' }])
  expect(await endExperiment(db, { code: 'first', at: AT })).toBe(true)
  expect(await endExperiment(db, { code: 'first', at: AT })).toBe(false)
  expect(await meet('M1')).toBeUndefined()
  expect(await start('second')).toEqual({ ok: true })
})

test('the arm decides what is recommended', async () => {
  const db = database.current()
  for (const id of ['A', 'B']) await addMember(db, { id })
  for (const sku of ['TEA', 'MUG']) await addProduct(db, { sku })
  for (const [place, at] of ['2026-08-20', '2026-09-20', '2026-10-20'].entries())
    await addOrder(db, { id: `O${place}`, member: 'A', at: `${at}T10:00:00Z`, lines: [['TEA', 1]] })
  await db.sql`
    insert into product_popularity (source, sku, buyers) values ('shop', 'MUG', 9) on conflict (source, sku) do update set buyers = 9`
  const skus = async () => (await recommend(db, { memberId: 'A', at: AT, limit: 5 })).map(({ sku }) => sku)
  expect(await skus()).toContain('TEA')
  await start('only-popular', ['popular', 'popular-too'])
  await db.sql`update experiment set arms = '{popular,popular}'`
  expect(await skus()).toEqual(['MUG'])
})

test('what an arm changed is told by the orders after the first exposure, within the window, by the engine of campaigns', async () => {
  const db = database.current()
  await start('test')
  await db.sql`
    insert into exposure (experiment_id, member_id, arm, propensity, exposed_at)
    select id, 'M' || n, case when n % 2 = 0 then 'trained' else 'popular' end, 0.5, ${AT} from experiment, generate_series(1, 2000) n`
  // Those of the second arm spend 10 more; what came before, and after the window, is no effect.
  await db.sql`
    insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
    select 'shop', 'A' || n, 'M' || n, 'sale', 'placed', ${daysLater(5)}::timestamptz, 1000 + n % 7 + case when n % 2 = 1 then 10 else 0 end, 'GBP'
    from generate_series(1, 2000) n
    union all select 'shop', 'B' || n, 'M' || n, 'sale', 'placed', ${daysLater(-5)}::timestamptz, 70 * (n % 7), 'GBP' from generate_series(1, 2000) n
    union all select 'shop', 'C' || n, 'M' || n, 'sale', 'placed', ${daysLater(35)}::timestamptz, 5000 * (n % 2), 'GBP' from generate_series(1, 2000) n`
  const found = await readExperiment(db, { code: 'test', at: daysLater(40) })
  expect(found?.sampleRatio.isFair).toBe(true)
  const [control, popular] = found?.outcomes ?? []
  expect(control).toMatchObject({ arm: 'trained', members: 1000, lift: null })
  if (!popular?.lift?.ok) throw new Error('no lift')
  expect(popular.lift.lift.difference).toBeCloseTo(10, 0)
  expect(popular.lift.lift.interval.low).toBeGreaterThan(9)
  expect(await readExperiment(db, { code: 'nothing', at: AT })).toBeUndefined()
})

test('the value of dealing everybody one arm: weighed by how likely each was dealt, less its cost, of windows that are over', async () => {
  const db = database.current()
  await db.tx((tx) => putCampaign(tx, { definition: campaign(), at: AT }))
  // Rich members were dealt the large offer rarely, poor ones often: a plain mean would belie it.
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at)
    select id, 'M' || n, case when n <= 100 or n > 500 and n <= 900 then 'large' else 'control' end,
      case when n <= 100 then 0.2 when n <= 500 then 0.8 when n <= 900 then 0.8 else 0.2 end, ${AT}
    from campaign, generate_series(1, 1000) n`
  await db.sql`
    insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
    select 'shop', 'P' || n, 'M' || n, 'sale', 'placed', ${daysLater(2)}, case when n <= 500 then 3000 else 1000 end, 'GBP'
    from generate_series(1, 1000) n`
  expect(await readPolicyValues(db, { code: 'come-back', at: daysLater(10) })).toEqual([])
  const values = await readPolicyValues(db, { code: 'come-back', at: daysLater(31) })
  expect(values).toMatchObject([
    { policy: 'control', members: 500 },
    { policy: 'large', members: 500 },
  ])
  // Everybody would have spent 2,000 on average either way.
  for (const { valueMinor, low, high } of values ?? []) {
    expect(valueMinor).toBeCloseTo(2_000)
    expect(low).toBeLessThan(2_000)
    expect(high).toBeGreaterThan(2_000)
  }
  expect(await readPolicyValues(db, { code: 'nothing', at: AT })).toBeUndefined()
})
