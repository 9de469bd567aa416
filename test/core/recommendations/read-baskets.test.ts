import { BasketBuilder } from '../../../src/core/recommendations/basket-builder'
import { type MemberBlock, memberBlocks, readBaskets } from '../../../src/core/recommendations/read-baskets'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../../support/shop'

const database = useDatabase()
const AT = new Date('2026-06-15T12:00:00Z')
const ago = (days: number) => new Date(AT.getTime() - days * 86_400_000).toISOString()

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  await setUpShop(db, { source: 'past', horizonAt: new Date('2011-12-09T12:00:00Z') })
  for (const sku of ['tea', 'milk', 'pot', 'POST']) await addProduct(db, { sku })
  for (const id of ['ann', 'bob', 'gone', 'nothing']) await addMember(db, { id })
  await addMember(db, { id: 'old', source: 'past' })
  const line = (...skus: string[]) => skus.map((sku) => [sku, 2] as const)
  await addOrder(db, { id: 'a1', member: 'ann', at: ago(30), lines: line('tea', 'milk', 'POST') })
  // Twice on a day is one basket, and its items count once.
  await addOrder(db, { id: 'a2', member: 'ann', at: '2026-06-05T09:00:00Z', lines: line('tea') })
  await addOrder(db, { id: 'a3', member: 'ann', at: '2026-06-05T17:00:00Z', lines: line('tea', 'pot') })
  // Sent back in full; sent back in part.
  await addOrder(db, { id: 'a4', member: 'ann', at: ago(5), lines: line('pot') })
  await addOrder(db, { id: 'a5', member: 'ann', at: ago(4), refundOf: 'a4', lines: [['pot', -2]] })
  await addOrder(db, { id: 'a6', member: 'ann', at: ago(3), refundOf: 'a1', lines: [['milk', -1]] })
  await addOrder(db, { id: 'a7', member: 'ann', at: ago(2), status: 'cancelled', lines: line('milk') })
  await addOrder(db, { id: 'a8', member: 'ann', at: ago(-1), lines: line('milk') })
  await addOrder(db, { id: 'a9', member: 'ann', at: ago(800), lines: line('milk') })
  await addOrder(db, { id: 'b1', member: 'bob', at: ago(1), lines: line('POST') })
  await addOrder(db, { id: 'g1', at: ago(1), lines: line('tea') })
  await addOrder(db, { id: 'e1', member: 'gone', at: ago(1), lines: line('tea') })
  await db.sql`update member set erased_at = ${AT} where id = 'gone'`
  await addOrder(db, { id: 'o1', member: 'old', source: 'past', at: '2011-12-02T12:00:00Z', lines: line('tea') })
})

const read = (block?: MemberBlock, at = AT) =>
  database.current().tx((tx) => readBaskets(tx, { at, ...(block ? { block } : {}) }))

test('baskets are days of what was bought and kept, in typed arrays; nothing else is in them', async () => {
  const baskets = await read()
  if (!baskets) throw new Error('there are baskets')
  const { history, memberIds, items } = baskets
  const names = items.map(({ sku, source }) => `${source} ${sku}`)
  const shown = memberIds.map((id, user) => {
    const days: [number, string[]][] = []
    for (let basket = history.userStart[user] ?? 0; basket < (history.userStart[user + 1] ?? 0); basket++) {
      const own = history.item.subarray(history.basketStart[basket], history.basketStart[basket + 1])
      days.push([Math.round((history.day[basket] ?? 0) * 100) / 100, [...own].map((item) => names[item] ?? '').sort()])
    }
    return [id, days]
  })
  expect(shown).toEqual([
    [
      'ann',
      [
        [-30, ['shop milk', 'shop tea']],
        [-9.79, ['shop pot', 'shop tea']],
      ],
    ],
    // Another source's tea is another item, and its days are counted from its own end.
    ['old', [[-7, ['past tea']]]],
  ])
  expect(baskets.sources).toEqual(['shop', 'past'])
  expect([baskets.dataFrom, baskets.dataTo]).toEqual([
    new Date('2011-12-02T12:00:00Z'),
    new Date('2026-06-05T17:00:00Z'),
  ])
})

test('blocks share out the members, each always to the same one', async () => {
  const blocks = await Promise.all([0, 1, 2].map((number) => read({ number, of: 3 })))
  const ids = blocks.map((baskets) => baskets?.memberIds ?? [])
  expect(ids.flat().sort()).toEqual(['ann', 'old'])
  expect(
    (await Promise.all([0, 1, 2].map((number) => read({ number, of: 3 })))).map((b) => b?.memberIds ?? []),
  ).toEqual(ids)
  expect(await memberBlocks(database.current())).toEqual([{ number: 0, of: 1 }])
})

test('before anybody bought anything there are no baskets', async () => {
  expect(await read(undefined, new Date('2001-01-01'))).toBeUndefined()
})

test('of more than a hundred baskets of a member the last hundred count; the neighbours keep theirs', () => {
  const builder = new BasketBuilder()
  const add = (memberId: string, day: number, ...skus: string[]) => builder.add({ memberId, source: 's', day, skus })
  add('a', 1, 'x')
  for (let day = 1; day <= 103; day++) add('b', day, `n${day}`, 'x')
  add('c', 5, 'x', 'y')
  const { history, memberIds } = builder.finish()
  expect(memberIds).toEqual(['a', 'b', 'c'])
  expect([...history.userStart]).toEqual([0, 1, 101, 102])
  expect([history.day[1], history.day[100], history.day[101]]).toEqual([4, 103, 5])
  expect([...history.basketStart.subarray(0, 4)]).toEqual([0, 1, 3, 5])
  expect(history.basketStart.at(-1)).toBe(history.item.length)
  expect(history.item).toHaveLength(1 + 200 + 2)
})
