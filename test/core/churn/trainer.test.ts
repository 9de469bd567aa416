import { countChurn, listMembersAtRisk } from '../../../src/core/churn/read-churn'
import { churnTrainer } from '../../../src/core/churn/trainer'
import { listMembers } from '../../../src/core/members/find'
import { scoreMembers } from '../../../src/core/training/score'
import { trainModels } from '../../../src/core/training/train'
import { createRandom, exponential, gamma } from '../../../src/ml/random'
import { useDatabase } from '../../support/database'
import { setUpShop } from '../../support/shop'

const AT = new Date('2026-11-22T12:00:00Z')
const DAY_MS = 86_400_000
const options = { at: AT, seed: 1, threads: 1 }

describe('with nothing in the database', () => {
  const database = useDatabase()

  test('training says what is missing, and scoring makes nothing up', async () => {
    const [trained] = await trainModels(database.current(), [churnTrainer], options)
    expect(trained).toEqual({
      ...{ kind: 'churn', status: 'not-enough-data' },
      missing: [{ what: 'days of orders', have: 0, need: expect.any(Number) }],
    })
    const [scored] = await scoreMembers(database.current(), [churnTrainer], options)
    expect(scored).toMatchObject({ model: null, result: { scored: 0 } })
    expect(await countChurn(database.current())).toEqual({ scored: 0, noOrders: 0, tooNew: 0 })
  })
})

describe('in a shop of 500 members', () => {
  const database = useDatabase()

  beforeAll(async () => {
    await setUpShop(database.current())
    await fillShop()
  })

  test('training beats recency, and again is no worse than the model in use', async () => {
    const [first] = await trainModels(database.current(), [churnTrainer], options)
    expect(first).toMatchObject({ status: 'in-use', judged: { figure: 'AUC' } })
    if (first?.status !== 'in-use') throw new Error('not trained')
    expect(first.judged.value).toBeGreaterThan(first.judged.baseline?.value ?? 1)
    expect(first.judged.value).toBeGreaterThan(0.65)
    const [second] = await trainModels(database.current(), [churnTrainer], options)
    expect(second).toMatchObject({ status: 'in-use', judged: { value: first.judged.value, inUse: first.judged.value } })
  }, 60_000)

  test('every member gets a chance or the reason why not, and twice is the same', async () => {
    const [scored] = await scoreMembers(database.current(), [churnTrainer], options)
    expect(scored?.result).toEqual({ scored: 498, noOrders: 1, tooNew: 1 })
    const rows = () => database.current().sql`select * from member_churn order by member_id`
    const before = await rows()
    expect(before).toHaveLength(500)
    await scoreMembers(database.current(), [churnTrainer], options)
    expect(await rows()).toEqual(before)
    const unscored = before.filter((row) => 'risk' in row && row.risk === null)
    expect(unscored).toMatchObject([
      { member_id: 'N1', unscored: 'no-orders', reasons: [], value_at_stake_minor: null },
      { member_id: 'N2', unscored: 'too-new', reasons: [], value_at_stake_minor: null },
    ])
  }, 60_000)

  test('whoever fell silent is more likely to leave than whoever keeps coming, and the reason is true', async () => {
    const all = await listMembersAtRisk(database.current(), { limit: 1000, riskMin: 0 })
    const of = (id: string) => all.find(({ memberId }) => memberId === id)
    expect(of('silent')?.risk).toBeGreaterThan((of('steady')?.risk ?? 1) + 0.2)
    expect(of('silent')?.reasons[0]).toEqual({ code: 'silent', daysSinceLast: 119, usualGapDays: 20 })
    expect(of('steady')?.reasons.map(({ code }) => code)).not.toContain('silent')
    expect(of('steady')?.valueAtStakeMinor).toBeGreaterThan(of('silent')?.valueAtStakeMinor ?? 0)
    const atStake = all.map(({ risk, valueAtStakeMinor }) => risk * (valueAtStakeMinor ?? 0))
    expect(atStake).toEqual(atStake.toSorted((a, b) => b - a))
    const likely = await listMembersAtRisk(database.current(), { limit: 5, riskMin: 0.5 })
    expect(likely).toHaveLength(5)
    expect(likely.every(({ risk }) => risk >= 0.5)).toBe(true)
  })

  test('the list of members shows it', async () => {
    const [silent] = await listMembers(database.current(), { limit: 1, search: 'silent' })
    expect(silent?.churnRisk).toBeGreaterThan(0)
    const [nobody] = await listMembers(database.current(), { limit: 1, search: 'N1' })
    expect(nobody?.churnRisk).toBeNull()
  })

  test('a model that is gone takes its scores with it', async () => {
    await database.current().sql`update trained_model set status = 'replaced', bytes = null`
    await scoreMembers(database.current(), [churnTrainer], options)
    expect(await countChurn(database.current())).toEqual({ scored: 0, noOrders: 0, tooNew: 0 })
  })

  async function fillShop(): Promise<void> {
    const random = createRandom(11)
    const members: string[] = ['N1', 'N2', 'steady', 'silent']
    const orders: { member: string; at: string; total: number }[] = []
    const add = (member: string, daysAgo: number, total: number) =>
      orders.push({ member, at: new Date(AT.getTime() - daysAgo * DAY_MS - 3_600_000).toISOString(), total })
    add('N2', 3, 1000)
    for (let k = 0; k < 12; k++) {
      add('steady', 5 + 20 * k, 2500)
      add('silent', 119 + 20 * k, 2500)
    }
    for (let m = 0; m < 496; m++) {
      const member = `M${m}`
      members.push(member)
      const rate = gamma(random, 1.2, 36)
      const leaves = 0.25 * random.next()
      let daysAgo = 15 + random.next() * 385
      while (daysAgo > 0) {
        add(member, daysAgo, 500 + Math.round(4000 * random.next()))
        if (random.next() < leaves) break
        daysAgo -= Math.max(1, exponential(random, rate))
      }
    }
    await database.current().sql`
      insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
      select id, 'shop', '2020-01-01', 'member', '2020-01-01' from unnest(${members}::text[]) id`
    await database.current().sql`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      select 'shop', place::text, member, 'sale', 'delivered', at, total, 'GBP'
      from unnest(${orders.map(({ member }) => member)}::text[], ${orders.map(({ at }) => at)}::timestamptz[],
        ${orders.map(({ total }) => total)}::bigint[]) with ordinality as placed (member, at, total, place)`
  }
})
