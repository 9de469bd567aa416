import { findTierFaults } from '../../../src/core/tiers/faults'
import { reviewTiers } from '../../../src/core/tiers/review'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, setUpShop } from '../../support/shop'

const database = useDatabase()
const faultyIds = async () => (await findTierFaults(database.current())).map((fault) => fault.memberId)

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  for (const id of ['steady', 'climber', 'faller', 'forged', 'broken']) await addMember(db, { id })
  await addOrder(db, { id: 'c1', member: 'climber', at: '2026-01-10T10:00:00Z', total: 600_00 })
  await addOrder(db, { id: 'c2', member: 'climber', at: '2026-02-10T10:00:00Z', total: 5_000_00 })
  await addOrder(db, { id: 'f1', member: 'faller', at: '2025-02-10T10:00:00Z', total: 2_500_00 })
  for (const at of ['2026-01-31', '2026-02-28', '2026-03-31'])
    await db.tx((tx) => reviewTiers(tx, { at: new Date(`${at}T12:00:00Z`) }))
})

test('reviews write the history of who moved when, and nothing about who did not', async () => {
  const history = await database.current().sql`
    select member_id, from_tier, to_tier, at::date::text as day, reason from tier_change order by member_id, id`
  expect(history).toEqual([
    { member_id: 'climber', from_tier: 'member', to_tier: 'silver', day: '2026-01-31', reason: 'review' },
    { member_id: 'climber', from_tier: 'silver', to_tier: 'platinum', day: '2026-02-28', reason: 'review' },
    { member_id: 'faller', from_tier: 'member', to_tier: 'gold', day: '2026-01-31', reason: 'review' },
    { member_id: 'faller', from_tier: 'gold', to_tier: 'member', day: '2026-02-28', reason: 'review' },
  ])
})

test('what reviews wrote has no faults, and a second review of the same day moves nobody', async () => {
  expect(await faultyIds()).toEqual([])
  const again = await database.current().tx((tx) => reviewTiers(tx, { at: new Date('2026-03-31T12:00:00Z') }))
  expect(again).toEqual({ reviewed: 5, moves: [] })
})

test('an order that came in for a time already reviewed is a fault until the next review', async () => {
  const db = database.current()
  await addOrder(db, { id: 's1', member: 'steady', at: '2026-03-01T10:00:00Z', total: 501_00 })
  expect(await findTierFaults(db)).toEqual([
    expect.objectContaining({ memberId: 'steady', storedTier: 'member', earnedTier: 'silver', historyUnbroken: true }),
  ])
  const { moves } = await db.tx((tx) =>
    reviewTiers(tx, {
      memberIds: ['steady'],
      at: new Date('2026-03-31T13:00:00Z'),
      reason: 'order',
    }),
  )
  expect(moves).toEqual([{ memberId: 'steady', fromTier: 'member', toTier: 'silver' }])
  expect(await faultyIds()).toEqual([])
})

test('a tier written past the history, and a history with a gap, are found', async () => {
  const db = database.current()
  await db.sql`update member set tier_code = 'gold' where id = 'forged'`
  await db.sql`
    insert into tier_change (member_id, from_tier, to_tier, at, reason)
    values ('broken', 'member', 'silver', '2026-04-01', 'review'), ('broken', 'gold', 'member', '2026-04-02', 'review')`
  expect(await findTierFaults(db)).toEqual([
    expect.objectContaining({
      memberId: 'broken',
      storedTier: 'member',
      replayedTier: 'member',
      historyUnbroken: false,
    }),
    expect.objectContaining({ memberId: 'forged', storedTier: 'gold', earnedTier: 'member', replayedTier: 'member' }),
  ])
})
