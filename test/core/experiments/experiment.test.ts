import {
  type ExperimentOutcome,
  endExperiment,
  listExperiments,
  meetArm,
  type RunningExperiment,
  startExperiment,
} from '../../../src/core/experiments/experiment'
import { readExperiment } from '../../../src/core/experiments/experiment-results'
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
  database.current().tx((tx) =>
    startExperiment(tx, {
      code,
      subject: { kind: 'recommender', reply: null },
      arms,
      outcome: 'revenue',
      attributionDays: 30,
      at: AT,
    }),
  )
const startOnReply = (reply: string, outcome: ExperimentOutcome, code = reply) =>
  database.current().tx((tx) =>
    startExperiment(tx, {
      code,
      subject: { kind: 'reply', reply },
      arms: ['a', 'b'],
      outcome,
      attributionDays: 2,
      at: AT,
    }),
  )

test('one experiment of a kind at a time; a member meets one arm, noted the first time; none without an experiment', async () => {
  const db = database.current()
  const meet = async (memberId: string, at = AT) => {
    const [running = null] =
      await db.sql<RunningExperiment>`select id, code, arms from experiment where status = 'running'`
    return meetArm(db, { running, memberId, at })
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

test('each reply has an experiment of its own, beside that on recommenders', async () => {
  expect(await start('recommenders')).toEqual({ ok: true })
  expect(await startOnReply('x.one', 'resolved')).toEqual({ ok: true })
  expect(await startOnReply('x.two', 'redeemed')).toEqual({ ok: true })
  expect(await startOnReply('x.two', 'redeemed', 'again')).toEqual({
    ok: false,
    code: 'one-is-running',
    running: 'x.two',
  })
  expect(await startOnReply('x.two', 'redeemed')).toEqual({ ok: false, code: 'code-taken' })
  expect(await listExperiments(database.current())).toMatchObject([
    { code: 'x.two', kind: 'reply', reply: 'x.two', outcome: 'redeemed' },
    { code: 'x.one', kind: 'reply', reply: 'x.one', outcome: 'resolved' },
    { code: 'recommenders', kind: 'recommender', reply: null, outcome: 'revenue' },
  ])
})

describe('what the wording of a reply changed', () => {
  const hoursLater = (hours: number) => new Date(AT.getTime() + hours * 3_600_000)
  /** 400 members of each arm, met at noon. */
  async function meet(outcome: ExperimentOutcome) {
    const db = database.current()
    await db.sql`truncate handoff_request cascade`
    await startOnReply('x.reply', outcome)
    await db.sql`
      insert into exposure (experiment_id, member_id, arm, propensity, exposed_at)
      select id, 'R' || n, case when n % 2 = 0 then 'a' else 'b' end, 0.5, ${AT} from experiment, generate_series(1, 800) n`
  }
  const askForPerson = (below: number, at: Date, each = 2, score: number | null = null) => database.current().sql`
    insert into handoff_request (external_id, channel, conversation_id, locale, said, member_id, reason, status, requested_at, waiting_since, csat_score, csat_at)
    select 'k' || n || ${at.toISOString()}, 'directline', 'c' || n, 'en', '', 'R' || n, 'asked', 'closed', ${at}, ${at}, ${score}::int,
      case when ${score}::int is not null then ${at}::timestamptz end
    from generate_series(1, ${below}::int) n where n % ${each}::int = 0`
  const read = async (at: Date) => {
    const found = await readExperiment(database.current(), { code: 'x.reply', at })
    if (!found) throw new Error('the experiment is gone')
    return found
  }

  test('resolved: who needed no person in time; nobody is judged before it is over', async () => {
    await meet('resolved')
    // 200 of the first arm; others before they met it, and after the time.
    await askForPerson(400, hoursLater(5))
    await askForPerson(50, hoursLater(-5), 1)
    await askForPerson(800, hoursLater(60), 1)
    const early = await read(hoursLater(24))
    expect(early.outcomes).toMatchObject([
      { members: 400, judged: 0 },
      { members: 400, judged: 0, lift: { ok: false, code: 'not-enough-members', have: 0 } },
    ])
    const { outcomes, sampleRatio } = await read(hoursLater(49))
    expect(sampleRatio.isFair).toBe(true)
    expect(outcomes).toMatchObject([
      { arm: 'a', judged: 400, successes: 200, revenueMinor: null },
      { arm: 'b', judged: 400, successes: 400, lift: { ok: true } },
    ])
    const lift = outcomes[1]?.lift
    if (!lift?.ok) throw new Error('no lift')
    expect(lift.lift.difference).toBeCloseTo(0.5, 1)
    expect(lift.lift.isClear).toBe(true)
  })

  test('rated well: who gave 4 or 5; no difference is told as none', async () => {
    await meet('rated-well')
    await askForPerson(200, hoursLater(5), 1, 5)
    await askForPerson(300, hoursLater(6), 1, 3)
    const { outcomes } = await read(hoursLater(24))
    expect(outcomes).toMatchObject([
      { successes: 100 },
      { successes: 100, lift: { ok: true, lift: { isClear: false } } },
    ])
  })

  test('redeemed: by the member, not by a campaign for them; ordered: sales alone; not enough yet is an answer', async () => {
    const db = database.current()
    await meet('redeemed')
    await db.sql`
      insert into transfer (member_id, kind, source, external_id, input_hash, points, occurred_at, recorded_at)
      select 'R' || n, 'burn', 'redeem', case when n > 100 then 'campaign:' else 'turn ' end || n, sha256('x'), 1, ${hoursLater(3)}, ${hoursLater(3)}
      from generate_series(1, 200) n`
    expect((await read(hoursLater(24))).outcomes).toMatchObject([{ successes: 50 }, { successes: 50 }])
    await db.sql`update experiment set outcome = 'ordered'`
    await db.sql`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      select 'shop', 'R' || n, 'R' || n, case when n = 1 then 'refund' else 'sale' end, 'placed', ${hoursLater(3)}, case when n = 1 then -100 else 100 end, 'GBP'
      from generate_series(1, 6) n`
    expect((await read(hoursLater(24))).outcomes).toMatchObject([{ successes: 3 }, { successes: 2 }])
    await db.sql`delete from exposure where member_id > 'R5'`
    const { outcomes } = await read(hoursLater(24))
    expect(outcomes[1]?.lift).toMatchObject({ ok: true })
    await db.sql`delete from exposure where member_id > 'R15'`
    expect((await read(hoursLater(24))).outcomes[1]?.lift).toMatchObject({ ok: false, code: 'not-enough-members' })
  })
})
