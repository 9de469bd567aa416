import { createHash } from 'node:crypto'
import { refreshPopularity } from '../../../src/core/recommendations/popularity'
import { type Recommendation, recommend } from '../../../src/core/recommendations/recommend'
import { discoveryTrainer } from '../../../src/core/recommendations/score-discovery'
import { nextBasketTrainer } from '../../../src/core/recommendations/score-next-basket'
import { readNextBasketModel } from '../../../src/core/recommendations/train-next-basket'
import { readModelInUse } from '../../../src/core/training/model-store'
import { scoreMembers } from '../../../src/core/training/score'
import { trainModels } from '../../../src/core/training/train'
import type { Db } from '../../../src/db/sql'
import { packModel } from '../../../src/ml/model-file'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../../support/shop'

const database = useDatabase()
const AT = new Date('2026-06-15T12:00:00Z')
const OPTIONS = { at: AT, seed: 1, threads: 1 }
const ago = (days: number) => new Date(AT.getTime() - days * 86_400_000).toISOString()
const skus = (items: readonly Recommendation[]) => items.map(({ sku }) => sku)

/** Two crowds that never meet: those who drink tea, and those who drink coffee. Nobody buys a second pot. */
const CROWDS = { tea: ['t0', 't1', 't2', 't3', 't4'], coffee: ['c0', 'c1', 'c2', 'c3', 'c4'] } as const
const MEMBERS_EACH = 40
/** Days ago. The last one came early: a habit waits until it is due, and misses it. */
const VISITS = [40, 26, 12, 9]

async function fillShop(): Promise<void> {
  const db = database.current()
  await setUpShop(db)
  for (const [category, all] of Object.entries(CROWDS)) for (const sku of all) await addProduct(db, { sku, category })
  for (const sku of ['pot', 'untried']) await addProduct(db, { sku, category: 'tea', nameEn: `The ${sku}` })
  await addProduct(db, { sku: 'POST' })
  for (const [crowd, all] of Object.entries(CROWDS)) {
    for (let m = 0; m < MEMBERS_EACH; m++) {
      const member = `${crowd}-member-${m}`
      await addMember(db, { id: member })
      for (let visit = 0; visit < 4; visit++) {
        // Each has two things of their own that they buy every time, and a third one now and then.
        const own = [all[m % 5], all[(m + 1) % 5], ...(visit === 2 ? [all[(m + 2 + (m % 2)) % 5]] : [])]
        const lines = [...own, 'POST', ...(visit === 1 && crowd === 'tea' ? ['pot'] : [])]
        await addOrder(db, {
          id: `${member}-${visit}`,
          member,
          at: ago((VISITS[visit] ?? 0) + (m % 7)),
          lines: lines.map((sku) => [sku ?? '', 1] as const),
        })
      }
    }
  }
  await refreshPopularity(db, { at: AT })
}

const ask = (memberId: string, limit = 10, at = AT) => recommend(database.current(), { memberId, at, limit })
const stored = () => database.current().sql`select * from member_item order by member_id, kind, sku`

describe('the next basket, on a database', () => {
  test('nothing bought yet: an honest "not enough", and scoring leaves nothing', async () => {
    await setUpShop(database.current())
    expect(await trainModels(database.current(), [nextBasketTrainer, discoveryTrainer], OPTIONS)).toEqual([
      {
        kind: 'next-basket',
        status: 'not-enough-data',
        missing: [{ what: 'members who bought on three days or more within two years', have: 0, need: 50 }],
      },
      expect.objectContaining({ kind: 'discovery', status: 'not-enough-data' }),
    ])
    const [scored] = await scoreMembers(database.current(), [nextBasketTrainer, discoveryTrainer], OPTIONS)
    expect(scored).toMatchObject({ model: null, result: { members: 0, items: 0 } })
    expect(await ask('nobody')).toEqual([])
  })

  test('training chooses a method, reports it on baskets it did not choose by, and beats the floor', async () => {
    await fillShop()
    const [trained] = await trainModels(database.current(), [nextBasketTrainer], OPTIONS)
    if (trained?.status !== 'in-use') throw new Error(`in use, not ${trained?.status}`)
    expect(trained.judged.value).toBeGreaterThan(0.6)
    expect(trained.judged.value).toBeGreaterThan(trained.judged.baseline?.value ?? 1)
    expect(trained.judged.inUse).toBeUndefined()
    const { test: figures, members } = trained.figures as { test: Record<string, { users: number }>; members: number }
    expect(members).toBe(2 * MEMBERS_EACH)
    expect(figures['buy-again']?.users).toBe(2 * MEMBERS_EACH)
    expect(Object.keys(figures)).toEqual(
      expect.arrayContaining(['user-cf', 'tifu-knn', 'personal-frequency', 'ranker']),
    )
    const model = await readModelInUse(database.current(), { kind: 'next-basket' })
    if (!model) throw new Error('there is a model')
    expect(readNextBasketModel(model)).toMatchObject(trained.figures.chosen as object)
    expect(() => readNextBasketModel({ bytes: model.bytes.slice(0, -1) })).toThrow('checksum')
  }, 60_000)

  test('the same again is as good as the one in use, measured on the same baskets', async () => {
    const [again] = await trainModels(database.current(), [nextBasketTrainer], OPTIONS)
    if (again?.status !== 'in-use') throw new Error(`in use, not ${again?.status}`)
    expect(again.judged.inUse).toBe(again.judged.value)
  }, 60_000)

  test('scoring twice gives the same rows, of each active member', async () => {
    const [first] = await scoreMembers(database.current(), [nextBasketTrainer], OPTIONS)
    expect(first?.result).toMatchObject({ members: 2 * MEMBERS_EACH })
    const rows = await stored()
    expect(rows.length).toBeGreaterThan(2 * MEMBERS_EACH * 3)
    await scoreMembers(database.current(), [nextBasketTrainer], OPTIONS)
    expect(await stored()).toEqual(rows)
  }, 60_000)

  test('a member gets what they buy, with their own facts, and what their own crowd buys', async () => {
    const items = await ask('tea-member-0')
    expect(skus(items).slice(0, 2).sort()).toEqual(['t0', 't1'])
    expect(items[0]?.reason).toMatchObject({ code: 'bought-again', times: 4, everyDays: 14, dueInDays: 5 })
    const first = items.filter(({ reason }) => reason.code === 'similar-members' || reason.code === 'goes-with')
    expect(first.length).toBeGreaterThan(0)
    expect(skus(first).every((sku) => sku.startsWith('t') || sku === 'pot')).toBe(true)
  })

  test('one round trip', async () => {
    let trips = 0
    const { sql } = database.current()
    const counting: Db = {
      sql: (...args) => {
        trips += 1
        return sql(...args)
      },
    }
    expect((await recommend(counting, { memberId: 'tea-member-0', at: AT, limit: 10 })).length).toBeGreaterThan(3)
    expect(trips).toBe(1)
  })

  test('what nobody buys twice is not offered to those who have it; postage to nobody', async () => {
    for (const member of ['tea-member-0', 'tea-member-7', 'coffee-member-3']) {
      const items = skus(await ask(member, 50))
      if (member.startsWith('tea')) expect(items).not.toContain('pot')
      expect(items).not.toContain('POST')
    }
  })

  test('something of a favourite category that nobody tried yet has a place, with its reason', async () => {
    const item = (await ask('tea-member-0')).find(({ sku }) => sku === 'untried')
    expect(item?.reason).toEqual({ code: 'favourite-category', name: { en: 'tea', zh: 'tea类' }, times: 4 })
    expect(skus(await ask('coffee-member-0'))).not.toContain('untried')
  })

  test('out of stock from one moment to the next: not offered', async () => {
    const db = database.current()
    await db.sql`update product set in_stock = false where sku = 't0'`
    expect(skus(await ask('tea-member-0', 50))).not.toContain('t0')
    await db.sql`update product set in_stock = true where sku = 't0'`
    expect(skus(await ask('tea-member-0', 50))).toContain('t0')
  })

  test('bought since the scoring: not offered until it is due again', async () => {
    const db = database.current()
    await addOrder(db, { id: 'since', member: 'tea-member-0', at: ago(-1), lines: [['t0', 1]] })
    const days = (count: number) => new Date(AT.getTime() + count * 86_400_000)
    expect(skus(await ask('tea-member-0', 50, days(3)))).not.toContain('t0')
    expect(skus(await ask('tea-member-0', 50, days(15)))).toContain('t0')
    await db.sql`delete from shop_order where external_id = 'since'`
  })

  test('what was sent back since the scoring is no reason any more', async () => {
    const db = database.current()
    const before = (await ask('tea-member-5', 50)).find(({ sku }) => sku === 't0')
    expect(before?.reason).toMatchObject({ code: 'bought-again', times: 4 })
    await addOrder(db, {
      id: 'back',
      member: 'tea-member-5',
      at: ago(1),
      refundOf: 'tea-member-5-3',
      lines: [['t0', -1]],
    })
    const after = (await ask('tea-member-5', 50)).find(({ sku }) => sku === 't0')
    expect(after?.reason).toMatchObject({ code: 'bought-again', times: 3 })
  })

  test('somebody without orders gets what is popular; after a first order, the same kind first; never nothing', async () => {
    const db = database.current()
    await addMember(db, { id: 'new' })
    const popular = await ask('new', 4)
    expect(popular).toHaveLength(4)
    expect(popular.every(({ reason }) => reason.code === 'popular')).toBe(true)
    await addOrder(db, { id: 'n1', member: 'new', at: ago(1), lines: [['c0', 1]] })
    const next = await ask('new', 3)
    expect(next.slice(0, 2).every(({ categoryCode }) => categoryCode === 'coffee')).toBe(true)
    expect(skus(next)).not.toContain('c0')
  })

  test('nothing of another member is said: no id, no name', async () => {
    for (const member of ['tea-member-1', 'coffee-member-2', 'new']) {
      const said = JSON.stringify(await ask(member, 50))
      for (const crowd of Object.keys(CROWDS)) {
        for (let m = 0; m < MEMBERS_EACH; m++) expect(said).not.toContain(`${crowd}-member-${m}`)
      }
      expect(said).not.toMatch(/Member /)
    }
  })

  test('discovery is chosen on what was new, and never offers what a member has', async () => {
    const db = database.current()
    const [trained] = await trainModels(db, [discoveryTrainer], OPTIONS)
    // Nothing is new in the last basket here, so there is nothing to measure by, and nothing comes in use.
    expect(trained?.status).not.toBe('in-use')
    await scoreMembers(db, [discoveryTrainer], OPTIONS)
    expect(await db.sql`select from member_item where kind = 'new'`).toEqual([])
  }, 60_000)

  test('a model that only an older release could read is neither compared with nor scored by', async () => {
    const db = database.current()
    const bytes = Buffer.from(packModel({ kind: 'next-basket', version: 1, meta: {}, arrays: {} }))
    const checksum = createHash('sha256').update(bytes).digest('hex')
    await db.sql`update trained_model set bytes = ${bytes}, checksum = ${checksum} where kind = 'next-basket' and status = 'in-use'`
    const [scored] = await scoreMembers(db, [nextBasketTrainer], OPTIONS)
    expect(scored?.result).toMatchObject({ members: 0, items: 0 })
    const [trained] = await trainModels(db, [nextBasketTrainer], OPTIONS)
    if (trained?.status !== 'in-use') throw new Error(`in use, not ${trained?.status}`)
    expect(trained.judged.inUse).toBeUndefined()
    const [again] = await scoreMembers(db, [nextBasketTrainer], OPTIONS)
    expect(again?.result).not.toMatchObject({ members: 0 })
  }, 60_000)

  test('without a model the floor serves again', async () => {
    const db = database.current()
    await db.sql`delete from trained_model`
    await scoreMembers(db, [nextBasketTrainer], OPTIONS)
    expect(await stored()).toEqual([])
    const items = await ask('tea-member-0')
    expect(items.length).toBeGreaterThan(2)
    expect(items.every(({ reason }) => reason.code === 'bought-again' || reason.code === 'popular')).toBe(true)
  })
})
