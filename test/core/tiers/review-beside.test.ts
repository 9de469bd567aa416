import { setTimeout as sleep } from 'node:timers/promises'
import { findTierFaults } from '../../../src/core/tiers/faults'
import { reviewTiers } from '../../../src/core/tiers/review'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, setUpShop } from '../../support/shop'

const AT = new Date('2026-03-31T12:00:00Z')
const database = useDatabase()

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  for (const id of ['twice', 'climber']) await addMember(db, { id })
  await addOrder(db, { id: 't1', member: 'twice', at: '2026-01-10T10:00:00Z', total: 600_00 })
})

test('a review beside another judges by what that one saw and wrote', async () => {
  const db = database.current()
  let beside: Promise<unknown> = Promise.resolve()
  await db.tx(async (tx) => {
    await addOrder(tx, { id: 'c1', member: 'climber', at: '2026-01-10T10:00:00Z', total: 600_00 })
    await reviewTiers(tx, { at: AT, reason: 'order' })
    // It begins when the order cannot be seen yet, and ends afterwards.
    beside = db.tx((other) => reviewTiers(other, { at: AT }))
    const waiting = () => tx.sql`select from pg_locks where not granted and locktype in ('transactionid', 'tuple')`
    while ((await waiting()).length === 0) await sleep(10)
  })
  expect(await beside).toEqual({ reviewed: 2, moves: [] })
  expect(await db.sql`select member_id, from_tier, to_tier, reason from tier_change order by member_id`).toEqual([
    { member_id: 'climber', from_tier: 'member', to_tier: 'silver', reason: 'order' },
    { member_id: 'twice', from_tier: 'member', to_tier: 'silver', reason: 'order' },
  ])
  expect(await findTierFaults(db)).toEqual([])
})
