import { readSegments } from '../../../src/core/segments/read'
import { setStrategy } from '../../../src/core/segments/strategy'
import { segmentsTrainer } from '../../../src/core/segments/trainer'
import { scoreMembers } from '../../../src/core/training/score'
import { trainModels } from '../../../src/core/training/train'
import { packModel } from '../../../src/ml/model-file'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, setUpShop } from '../../support/shop'
import { drawFourKinds } from './drawn-shop'

const AT = new Date('2026-11-01T23:00:00Z')
const run = { at: AT, seed: 1, threads: 1 }
const trainers = [segmentsTrainer]

interface Row {
  asOf: Date
  recencyDays: number | null
  orderDays: number
  spendMinor: number
  scores: string
  rfmGroup: string
  value: string | null
  cluster: string | null
  stage: string | null
}

describe('segments of a small shop', () => {
  const database = useDatabase()

  beforeAll(async () => {
    const db = database.current()
    await setUpShop(db)
    await setUpShop(db, { source: 'past', horizonAt: new Date('2011-12-09T12:00:00Z') })
    for (const id of ['ann', 'bob', 'cid', 'dee', 'gone']) await addMember(db, { id })
    await addMember(db, { id: 'old', source: 'past' })
    await addOrder(db, { id: 'A1', member: 'ann', at: '2026-10-01', total: 9_000 })
    await addOrder(db, { id: 'A2', member: 'ann', at: '2026-10-30T08:00:00Z', total: 5_000 })
    await addOrder(db, { id: 'A3', member: 'ann', at: '2026-10-30T18:00:00Z', total: 1_000 })
    await addOrder(db, { id: 'AR', member: 'ann', at: '2026-10-31', total: -2_000, refundOf: 'A2' })
    await addOrder(db, { id: 'B1', member: 'bob', at: '2026-10-31T23:30:00Z', total: 700 })
    await addOrder(db, { id: 'C1', member: 'cid', at: '2026-10-30', total: 700, status: 'cancelled' })
    await addOrder(db, { id: 'G1', member: 'gone', at: '2026-10-30', total: 700 })
    await addOrder(db, { id: 'GUEST', at: '2026-10-30', total: 99_000 })
    await addOrder(db, { id: 'O1', member: 'old', source: 'past', at: '2011-12-01T12:00:00Z', total: 300 })
    await db.sql`update member set erased_at = ${AT} where id = 'gone'`
  })

  const read = async (memberId: string) => {
    const [row] = await database.current().sql<Row>`
      select as_of as "asOf", recency_days as "recencyDays", order_days as "orderDays", spend_minor as "spendMinor",
        concat(recency_score, frequency_score, monetary_score) as scores, rfm_group as "rfmGroup", value, cluster, stage
      from member_segment where member_id = ${memberId}`
    return row
  }

  test('nothing was scored yet: everything is there, and nobody in it', async () => {
    const segments = await readSegments(database.current())
    expect(segments).toMatchObject({ members: 0, clusters: [] })
    expect(segments.groups).toHaveLength(11)
    expect(segments.stages.every(({ members, share }) => members === 0 && share === 0)).toBe(true)
  })

  test('training says what is missing, and keeps no model', async () => {
    const [trained] = await trainModels(database.current(), trainers, run)
    expect(trained).toEqual({
      kind: 'segments',
      status: 'not-enough-data',
      missing: [{ what: 'members with an order', have: 3, need: 100 }],
    })
    expect(await database.current().sql`select id from trained_model`).toEqual([])
  })

  test('what rules can say is said without a model', async () => {
    const [scored] = await scoreMembers(database.current(), trainers, run)
    expect(scored).toMatchObject({ model: null, result: { members: 5, withOrders: 3, clusters: 0 } })
    expect(await read('ann')).toEqual({
      asOf: AT,
      // Of three purchases, two were on one day, and one was sent back in part.
      ...{ recencyDays: 2, orderDays: 2, spendMinor: 13_000, scores: '355' },
      ...{ rfmGroup: 'loyal', value: 'high', cluster: null, stage: 'active' },
    })
    expect(await read('bob')).toMatchObject({ recencyDays: 0, orderDays: 1, rfmGroup: 'new', stage: 'new' })
  })

  test('a member without an order (or with a cancelled one only) is a prospect in no stage; an erased one is nowhere', async () => {
    for (const memberId of ['cid', 'dee']) {
      expect(await read(memberId)).toMatchObject({
        ...{ recencyDays: null, orderDays: 0, spendMinor: 0, scores: '000' },
        ...{ rfmGroup: 'prospects', value: null, cluster: null, stage: null },
      })
    }
    expect(await read('gone')).toBeUndefined()
  })

  test('history that ended long ago is read as of its end', async () => {
    expect(await read('old')).toMatchObject({
      asOf: new Date('2011-12-09T12:00:00Z'),
      ...{ recencyDays: 8, rfmGroup: 'dormant', stage: 'new' },
    })
  })

  test('scoring twice, at once even, gives the same', async () => {
    const rows = () => database.current().sql`select * from member_segment order by member_id`
    const before = await rows()
    const once = () => scoreMembers(database.current(), trainers, run)
    await Promise.all([once(), once(), once()])
    expect(await rows()).toEqual(before)
  })

  test('sizes and spend add up', async () => {
    const { members, groups, stages } = await readSegments(database.current())
    expect(members).toBe(5)
    expect(groups.reduce((sum, group) => sum + group.members, 0)).toBe(5)
    expect(groups.reduce((sum, group) => sum + group.spendMinor, 0)).toBe(14_000)
    expect(groups.reduce((sum, group) => sum + group.spendShare, 0)).toBeCloseTo(1, 10)
    expect(stages.reduce((sum, stage) => sum + stage.members, 0)).toBe(3)
  })

  test('the manager writes down a strategy; nonsense is refused', async () => {
    const db = database.current()
    const texts = { en: ' Call them. ', zh: '致电。' }
    expect(await setStrategy(db, { code: 'dormant', texts, at: AT })).toEqual({ ok: true })
    expect(await setStrategy(db, { code: 'c1', texts, at: AT })).toMatchObject({ ok: false, code: 'unknown-segment' })
    expect(await setStrategy(db, { code: 'new', texts: { en: ' ', zh: '好' }, at: AT })).toEqual({
      ...{ ok: false, code: 'text-empty' },
    })
    expect(await setStrategy(db, { code: 'new', texts: { en: 'x'.repeat(1_001), zh: '好' }, at: AT })).toEqual({
      ...{ ok: false, code: 'text-too-long' },
    })
    const { groups } = await readSegments(db)
    const of = (code: string) => groups.find((group) => group.code === code)
    expect(of('dormant')).toMatchObject({ strategy: { en: 'Call them.', zh: '致电。' }, editedAt: AT })
    expect(of('new')).toMatchObject({ strategy: { en: expect.stringContaining('Welcome') }, editedAt: null })
  })
})

describe('segments of a shop of four kinds', () => {
  const database = useDatabase()

  beforeAll(async () => {
    await setUpShop(database.current())
    await drawFourKinds(database.current(), { each: 80 })
  })

  test('training finds the kinds, and says how it was judged', async () => {
    const [trained] = await trainModels(database.current(), trainers, run)
    expect(trained).toMatchObject({
      ...{ kind: 'segments', status: 'in-use', split: expect.stringContaining('80 of 320') },
      figures: { k: 4, axes: ['recencyDays', 'orders', 'spend'] },
      judged: { figure: 'silhouette of members held out', baseline: { name: 'high, mid and low value' } },
    })
    if (trained?.status !== 'in-use') throw new Error('not in use')
    expect(trained.figures.stability).toBeGreaterThan(0.95)
    expect(trained.judged.value).toBeGreaterThan(trained.judged.baseline?.value ?? 1)
    expect(trained.dataFrom.toISOString().slice(0, 10)).toBe('2025-10-02')
    expect(trained.dataTo.getTime()).toBeLessThanOrEqual(AT.getTime())
  })

  test('figures of what labels claim are of days after those that they were given on', async () => {
    const [row] = await database.current().sql<{ figures: { later: Record<string, Record<string, unknown>> } }>`
      select figures from trained_model where status = 'in-use'`
    const later = row?.figures.later
    // Ninety days ago the weekly ones and the rich were there, the gone ones gone already, and the new ones not there yet.
    expect(later?.labels?.['group at-risk']).toMatchObject({ says: 'stays-away', base: 1 / 3 })
    expect(later?.stages?.loyal).toMatchObject({ members: 80, boughtShare: 1 })
    expect(later?.labels?.['stages at-risk, lapsed, churned']).toMatchObject({ happened: 80, recall: 1 })
    expect(later?.spendExplained?.stages).toBeGreaterThan(0.9)
  })

  test('scoring puts each member into the cluster of the own kind, and describes it', async () => {
    await scoreMembers(database.current(), trainers, run)
    const rows = await database.current().sql<{ kind: string; cluster: string; members: number }>`
      select regexp_replace(member_id, '\\d', '', 'g') as kind, cluster, count(*) as members
      from member_segment group by 1, 2 order by 1`
    expect(rows.map(({ kind, members }) => [kind, members])).toEqual([
      ['gone', 80],
      ['new', 80],
      ['often', 80],
      ['rich', 80],
    ])
    expect(new Set(rows.map(({ cluster }) => cluster))).toEqual(new Set(['c1', 'c2', 'c3', 'c4']))
    const { clusters } = await readSegments(database.current())
    const often = clusters.find(({ code }) => code === rows[2]?.cluster)
    expect(often).toMatchObject({
      ...{ members: 80, share: 0.25, editedAt: null },
      name: { en: expect.stringMatching(/frequent/i), zh: expect.stringContaining('购买频繁') },
      words: { en: expect.stringContaining('30 orders'), zh: expect.stringContaining('下单 30 次') },
      centre: { orders: expect.closeTo(30, 0) },
    })
    expect(new Set(clusters.map(({ name }) => name.en)).size).toBe(4)
  })

  test('what the manager wrote of a cluster stays with it when it is trained and scored again', async () => {
    const db = database.current()
    const codeOf = async (memberId: string) => {
      const [row] = await db.sql<{ cluster: string }>`select cluster from member_segment where member_id = ${memberId}`
      return row?.cluster ?? ''
    }
    const code = await codeOf('gone7')
    await setStrategy(db, { code, texts: { en: 'Let them go.', zh: '随他们去。' }, at: AT })
    for (const seed of [2, 3]) {
      const [trained] = await trainModels(db, trainers, { ...run, seed })
      expect(trained).toMatchObject({ status: 'in-use', judged: { inUse: expect.any(Number) } })
      await scoreMembers(db, trainers, run)
      expect(await codeOf('gone7')).toBe(code)
      const { clusters } = await readSegments(db)
      expect(clusters.find((cluster) => cluster.code === code)?.strategy.en).toBe('Let them go.')
      expect(clusters.filter(({ editedAt }) => editedAt !== null)).toHaveLength(1)
    }
  })

  test('the same seed gives the same model', async () => {
    const checksums = []
    for (const _ of [1, 2]) {
      const result = await segmentsTrainer.train(database.current(), { ...run, onProgress: () => undefined })
      checksums.push(result.ok ? Buffer.from(result.bytes).toString('base64') : result)
    }
    expect(checksums[0]).toEqual(checksums[1])
  })

  test('those who browse and review are told apart from those who buy alike and do not', async () => {
    const db = database.current()
    await db.sql`
      insert into member_event (source, external_id, member_id, kind, rating, at)
      select 'test', id || ' click ' || n, id, 'click', null, timestamptz '2026-10-01' from member, generate_series(1, 200) n
      where id ~ '^often[0-9]*[02468]$'
      union all
      select 'test', id || ' review', id, 'review', 5, timestamptz '2026-10-02' from member where id ~ '^often[0-9]*[02468]$'
      union all
      -- Of the future as the books see it, and of nobody who counts.
      select 'test', id || ' late', id, 'click', null, timestamptz '2026-12-01' from member where id ~ '^rich'`
    await trainModels(db, trainers, run)
    await scoreMembers(db, trainers, run)
    const { clusters } = await readSegments(db)
    const clicks = clusters.map(({ centre }) => Math.round((centre as Record<string, number>).clicks ?? 0))
    expect(clicks.sort((a, b) => b - a).slice(0, 2)).toEqual([200, 0])
    expect(clusters.some(({ name }) => name.en.includes('rowse') && name.zh.includes('浏览'))).toBe(true)
    await db.sql`delete from member_event`
  })

  test('a model of another version is not used: rules only, and a note', async () => {
    const bytes = packModel({ kind: 'segments', version: 999, meta: {}, arrays: {} })
    const model = { id: 1, kind: 'segments', bytes, trainedAt: AT, dataFrom: AT, dataTo: AT, figures: {} }
    const context = { ...run, model, onProgress: () => undefined }
    const result = await segmentsTrainer.score(database.current(), context)
    expect(result).toMatchObject({ clusters: 0, note: expect.stringContaining('train again') })
    expect(await readSegments(database.current())).toMatchObject({ members: 320, clusters: [] })
  })

  test('members who are all alike have no clusters', async () => {
    const db = database.current()
    await db.sql`delete from shop_order where external_id not like '%-0'`
    await db.sql`update shop_order set placed_at = '2026-10-20', total_minor = 500`
    const result = await segmentsTrainer.train(db, { ...run, onProgress: () => undefined })
    expect(result).toMatchObject({ ok: false, code: 'not-enough-data', missing: [{ have: 1, need: 2 }] })
  })
})

describe('segments of a shop whose members run into each other', () => {
  const database = useDatabase()

  beforeAll(async () => {
    const db = database.current()
    await setUpShop(db)
    await drawFourKinds(db, { each: 75 })
    await db.sql`delete from shop_order`
  })

  test('the same orders again give a model that is as good', async () => {
    const db = database.current()
    await db.sql`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      select 'shop', id || '-' || nth, id, 'sale', 'delivered', ${AT}::timestamptz - make_interval(days => 1 + (drawn * nth) % 400),
        500 + (drawn * 37) % 4000, 'GBP'
      from (select id, abs(hashtext(id)) % 1009 as drawn from member) member, generate_series(1, 1 + drawn % 9) nth`
    for (const seed of [1, 2, 3]) {
      await db.sql`delete from trained_model`
      const [first] = await trainModels(db, trainers, { ...run, seed })
      const [second] = await trainModels(db, trainers, { ...run, seed })
      expect([first?.status, second?.status]).toEqual(['in-use', 'in-use'])
      if (second?.status !== 'in-use') throw new Error('it was to be put in use')
      expect(second.judged.inUse).toBeCloseTo(second.judged.value, 9)
    }
  })
})
