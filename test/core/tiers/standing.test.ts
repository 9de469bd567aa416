import { reviewTiers } from '../../../src/core/tiers/review'
import { readStanding } from '../../../src/core/tiers/standing'
import { useDatabase } from '../../support/database'
import { addMember, addOrder, type OrderFixture, setUpShop } from '../../support/shop'

const database = useDatabase()
const NOW = '2026-06-15T12:00:00Z'

beforeAll(() => setUpShop(database.current()))

let count = 0

/** A new member with these orders, reviewed and read at `at`. */
async function standingAfter(orders: readonly Omit<OrderFixture, 'member'>[], at = NOW) {
  const db = database.current()
  count += 1
  const member = `S${count}`
  await addMember(db, { id: member })
  for (const order of orders) {
    const refundOf = order.refundOf === undefined ? {} : { refundOf: `${member}-${order.refundOf}` }
    await addOrder(db, { ...order, id: `${member}-${order.id}`, member, ...refundOf })
  }
  await db.tx((tx) => reviewTiers(tx, { memberIds: [member], at: new Date(at) }))
  const standing = await readStanding(db, { memberId: member, at: new Date(at) })
  if (!standing) throw new Error(`no standing of ${member}`)
  return standing
}

const DAY = '2026-03-01T10:00:00Z'

test.each([
  ['nothing', [], 'member', 0, 500_00],
  ['a penny short of silver', [{ id: 'a', at: DAY, total: 499_99 }], 'member', 499_99, 1],
  ['silver to the penny', [{ id: 'a', at: DAY, total: 500_00 }], 'silver', 500_00, 1_500_00],
  [
    'gold from two orders',
    [
      { id: 'a', at: DAY, total: 1_500_00 },
      { id: 'b', at: NOW, total: 500_00 },
    ],
    'gold',
    2_000_00,
    3_000_00,
  ],
  ['platinum, and nothing above', [{ id: 'a', at: DAY, total: 9_000_00 }], 'platinum', 9_000_00, undefined],
  [
    'a refund nets',
    [
      { id: 'a', at: DAY, total: 600_00 },
      { id: 'r', at: NOW, total: -200_00, refundOf: 'a' },
    ],
    'member',
    400_00,
    100_00,
  ],
  [
    'a refund of an order before the window takes nothing',
    [
      { id: 'a', at: '2025-05-01T10:00:00Z', total: 600_00 },
      { id: 'b', at: DAY, total: 550_00 },
      { id: 'r', at: NOW, total: -600_00, refundOf: 'a' },
    ],
    'silver',
    550_00,
    1_450_00,
  ],
  [
    'a refund of an unknown order counts by its own day',
    [
      { id: 'b', at: DAY, total: 550_00 },
      { id: 'r', at: NOW, total: -50_00, refundOf: 'gone' },
    ],
    'silver',
    500_00,
    1_500_00,
  ],
  ['a cancelled order counts nothing', [{ id: 'a', at: DAY, total: 600_00, status: 'cancelled' }], 'member', 0, 500_00],
  [
    'an order after now counts nothing yet',
    [{ id: 'a', at: '2026-06-15T12:00:01Z', total: 600_00 }],
    'member',
    0,
    500_00,
  ],
  ['more sent back than bought', [{ id: 'r', at: DAY, total: -100_00 }], 'member', -100_00, 500_00],
] as const)('%s', async (_name, orders, tier, spentMinor, missingMinor) => {
  const standing = await standingAfter(orders)
  expect(standing).toMatchObject({ tier: { code: tier }, currency: 'GBP' })
  expect(standing.next?.missingMinor).toBe(missingMinor)
  expect(standing.spentMinor).toBe(spentMinor)
})

describe('the window is 12 months of London time: its start does not count, its end does', () => {
  test.each([
    // Winter to winter, summer to summer.
    ['2026-01-15T12:00:00.000Z', '2025-01-15T12:00:00.000Z'],
    ['2026-06-15T12:00:00.000Z', '2025-06-15T12:00:00.000Z'],
    // 2026-03-30 is in summer time (11:00 UTC is noon), 2025-03-29 is not yet; and the other way round in autumn.
    ['2026-03-29T11:00:00.000Z', '2025-03-29T12:00:00.000Z'],
    ['2026-10-25T12:00:00.000Z', '2025-10-25T11:00:00.000Z'],
    // A leap day's anniversary is the last of February.
    ['2028-02-29T09:00:00.000Z', '2027-02-28T09:00:00.000Z'],
  ])('%s reaches back to %s', async (at, start) => {
    const justAfter = new Date(Date.parse(start) + 1).toISOString()
    const standing = await standingAfter(
      [
        { id: 'out', at: start, total: 100 },
        { id: 'in', at: justAfter, total: 10 },
        { id: 'end', at, total: 1 },
      ],
      at,
    )
    expect(standing.windowStart.toISOString()).toBe(start)
    expect(standing.windowEnd.toISOString()).toBe(at)
    expect(standing.spentMinor).toBe(11)
  })
})

test('history that ended years ago is read as of its end', async () => {
  const db = database.current()
  const horizonAt = new Date('2011-12-09T12:50:00Z')
  await setUpShop(db, { source: 'past', horizonAt })
  await addMember(db, { id: 'P1', source: 'past' })
  await addOrder(db, { id: 'P1-a', source: 'past', member: 'P1', at: '2011-02-01T10:00:00Z', total: 700_00 })
  await db.tx((tx) => reviewTiers(tx, { memberIds: ['P1'], at: new Date(NOW) }))
  const standing = await readStanding(db, { memberId: 'P1', at: new Date(NOW) })
  expect(standing).toMatchObject({
    tier: { code: 'silver', name: { zh: '银卡会员' } },
    spentMinor: 700_00,
    windowEnd: horizonAt,
  })
})

test('a stranger has no standing', async () => {
  expect(await readStanding(database.current(), { memberId: 'nobody', at: new Date(NOW) })).toBeNull()
})
