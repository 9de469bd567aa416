import { readHistories } from '../../../src/core/churn/read-histories'
import type { Db } from '../../../src/db/sql'
import { valuesOf } from '../../../src/ml/churn-features'
import { featuresAt } from '../../../src/ml/churn-origins'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../../support/shop'

const AT = new Date('2026-11-22T12:00:00Z')
const database = useDatabase()
const DAYS = { gapDays: 7, rhythmDaysMin: 7, rhythmDaysMax: 90 }

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  await setUpShop(db, { source: 'old', horizonAt: new Date('2011-12-09T12:50:00Z') })
  await addProduct(db, { sku: 'T1', category: 'tea' })
  await addProduct(db, { sku: 'H1', category: 'home' })
  for (const id of ['Ada', 'Ben', 'Émile']) await addMember(db, { id })
  await addMember(db, { id: '17850', source: 'old' })
  await addMember(db, { id: 'gone' })
  await db.sql`update member set erased_at = ${AT} where id = 'gone'`
  await addOrder(db, {
    id: 'A1',
    member: 'Ada',
    at: '2026-09-01',
    lines: [
      ['T1', 2, 500],
      ['H1', 1, 900],
    ],
  })
  await addOrder(db, { id: 'A2', member: 'Ada', at: '2026-10-01T09:00:00Z', lines: [['T1', 1, 500]] })
  await addOrder(db, { id: 'A3', member: 'Ada', at: '2026-10-01T11:00:00Z', lines: [['T1', 1, 500]] })
  await addOrder(db, { id: 'R2', member: 'Ada', at: '2026-10-09', refundOf: 'A2', lines: [['T1', -1, 500]] })
  await addOrder(db, { id: 'A4', member: 'Ada', at: '2026-10-20', status: 'cancelled', lines: [['H1', 9, 900]] })
  await addOrder(db, { id: 'E1', member: 'Émile', at: '2026-11-22T11:59:00Z', lines: [['H1', 1, 900]] })
  await addOrder(db, { id: 'X1', member: 'gone', at: '2026-09-01', lines: [['H1', 1, 900]] })
  await addOrder(db, { id: 'G1', at: '2026-09-01', lines: [['H1', 1, 900]] })
  // The last instant that the old books know of is one of the orders themselves.
  await addOrder(db, { id: 'O1', member: '17850', source: 'old', at: '2011-12-09T12:50:00Z', lines: [['H1', 1, 900]] })
  await addOrder(db, {
    id: 'O2',
    member: '17850',
    source: 'old',
    at: '2011-12-09T12:50:00.001Z',
    lines: [['H1', 1, 900]],
  })
  await ask(db, 'Ada', 'complaint', '2026-11-20')
  await ask(db, 'Ada', 'track-order', '2026-11-12')
})

async function ask(db: Db, member: string, topic: string, at: string): Promise<void> {
  await db.sql`
    insert into consultation (member_id, topic, external_id, at)
    values (${member}, ${topic}, ${`${member} ${topic} ${at}`}, ${new Date(at)})`
}

async function features() {
  const { histories, members } = await readHistories(database.current(), { at: AT })
  const { table } = featuresAt(histories, 0, DAYS)
  const ids = Array.from({ length: members.size }, (_, member) => members.id(member))
  return (id: string, name: string) => valuesOf(table, name)[ids.indexOf(id)]
}

test('what members did is read as it stands in the books', async () => {
  const of = await features()
  const ada = (...names: string[]) => names.map((name) => of('Ada', name))
  expect(ada('orders', 'totalAmount', 'lastAmount', 'daysSinceLast', 'daysSinceFirst')).toEqual([2, 2900, 1000, 52, 82])
  expect(ada('refunds', 'daysSinceRefund', 'categories')).toEqual([1, 44, 2])
  expect(of('Ada', 'refundShare')).toBeCloseTo(500 / 2900)
  expect(ada('questions', 'complaints', 'daysSinceComplaint', 'daysSinceQuestion')).toEqual([2, 1, 2, 2])
  // Three orders: of two lines, one and one.
  expect(of('Ada', 'meanLines')).toBeCloseTo(4 / 3)
})

test('each member is seen at the books date of the own source', async () => {
  const of = await features()
  expect([of('17850', 'orders'), of('17850', 'daysSinceLast')]).toEqual([1, 0])
  expect([of('Émile', 'orders'), of('Émile', 'daysSinceLast')]).toEqual([1, 0])
})

test('members without an order have no figures, and erased ones are not there', async () => {
  const of = await features()
  expect(of('Ben', 'daysSinceLast')).toBeNaN()
  expect(of('gone', 'orders')).toBeUndefined()
})

test('what happens after the instant of reading changes nothing', async () => {
  const before = await readHistories(database.current(), { at: AT })
  const db = database.current()
  await addOrder(db, { id: 'F1', member: 'Ada', at: '2026-11-22T12:00:01Z', lines: [['T1', 1, 500]] })
  await addOrder(db, { id: 'F2', member: '17850', source: 'old', at: '2012-01-01', lines: [['T1', 1, 500]] })
  await ask(db, 'Ada', 'complaint', '2026-11-23')
  const after = await readHistories(db, { at: AT })
  expect(after.histories).toEqual(before.histories)
})
