import fc from 'fast-check'
import { type NewOrderLine, recordOrder } from '../../../src/core/orders/place'
import { type NewRefund, type RefundOutcome, type RefundWhat, refundOrder } from '../../../src/core/orders/refund'
import { readBalance } from '../../../src/core/points/balance'
import { burn } from '../../../src/core/points/burn'
import { verifyLedger } from '../../../src/core/points/verify'
import { findTierFaults } from '../../../src/core/tiers/faults'
import { useDatabase } from '../../support/database'
import { addMember, addProduct, setUpShop } from '../../support/shop'

const database = useDatabase()
const AT = new Date('2026-11-22T10:00:00Z')
const LATER = new Date('2026-12-20T10:00:00Z')

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  await addProduct(db, { sku: 'tea', priceMinor: 450 })
  await addProduct(db, { sku: 'mug', priceMinor: 1250 })
  await addProduct(db, { sku: 'odd', priceMinor: 333 })
})

let count = 0
/** A new member's order: two packets of tea and a mug, £21.50, 21 points. */
async function sale({
  lines = [
    { sku: 'tea', quantity: 2 },
    { sku: 'mug', quantity: 1 },
  ],
  totalMinor,
  isGuest = false,
}: {
  lines?: NewOrderLine[]
  totalMinor?: number
  isGuest?: boolean
} = {}) {
  count += 1
  const memberId = `R${count}`
  await addMember(database.current(), { id: memberId })
  const externalId = `S${count}`
  const order = { source: 'web', externalId, placedAt: AT, lines, at: AT, ...(isGuest ? {} : { memberId }) }
  const outcome = await database
    .current()
    .tx((tx) => recordOrder(tx, totalMinor === undefined ? order : { ...order, totalMinor }))
  if (!outcome.ok) throw new Error(`sale refused: ${outcome.code}`)
  return { memberId, saleExternalId: externalId, earned: outcome.receipt.points }
}

const give = (saleExternalId: string, what: RefundWhat, changes: Partial<NewRefund> = {}): Promise<RefundOutcome> => {
  count += 1
  const refund = { source: 'web', externalId: `F${count}`, saleExternalId, what, at: LATER, ...changes }
  return database.current().tx((tx) => refundOrder(tx, refund))
}

const lines = (...wanted: [string, number][]): RefundWhat => ({
  kind: 'lines',
  lines: wanted.map(([sku, quantity]) => ({ sku, quantity })),
})
const amount = (amountMinor: number): RefundWhat => ({ kind: 'amount', amountMinor })
const REST: RefundWhat = { kind: 'rest' }

const statusOf = async (externalId: string) =>
  (await database.current().sql<{ status: string }>`select status from shop_order where external_id = ${externalId}`)[0]
    ?.status

test('all of it: money, points and status', async () => {
  const { memberId, saleExternalId } = await sale()
  const outcome = await give(saleExternalId, REST)
  expect(outcome).toEqual({
    ok: true,
    receipt: { orderId: expect.any(Number), refundedMinor: 2150, points: 21, owedPoints: 0, replayed: false },
  })
  expect(await statusOf(saleExternalId)).toBe('refunded')
  expect(await readBalance(database.current(), { memberId, at: LATER })).toEqual({
    available: 0,
    pending: 0,
    held: 0,
    owed: 0,
  })
})

test.each<[string, RefundWhat[], [number, number][], string]>([
  [
    'a packet of tea, then the rest',
    [lines(['tea', 1]), REST],
    [
      [450, 4],
      [1700, 17],
    ],
    'refunded',
  ],
  [
    'piece by piece',
    [lines(['tea', 1]), lines(['tea', 1]), lines(['mug', 1])],
    [
      [450, 4],
      [450, 5],
      [1250, 12],
    ],
    'refunded',
  ],
  [
    'an amount for the trouble, then the rest',
    [amount(150), REST],
    [
      [150, 1],
      [2000, 20],
    ],
    'refunded',
  ],
  [
    'pennies that cost no point until they make a pound',
    [amount(20), amount(20), amount(20)],
    [
      [20, 0],
      [20, 0],
      [20, 1],
    ],
    'placed',
  ],
])('%s', async (_name, steps, given, status) => {
  const { saleExternalId } = await sale()
  const receipts = []
  for (const what of steps) receipts.push(await give(saleExternalId, what))
  expect(receipts).toEqual(
    given.map(([refundedMinor, points]) => ({ ok: true, receipt: expect.objectContaining({ refundedMinor, points }) })),
  )
  expect(await statusOf(saleExternalId)).toBe(status)
})

test('points that were spent already are owed', async () => {
  const { memberId, saleExternalId } = await sale()
  const spent = await burn(database.current(), {
    memberId,
    points: 15,
    source: 'test',
    externalId: memberId,
    at: LATER,
  })
  expect(spent.ok).toBe(true)
  expect(await give(saleExternalId, REST)).toMatchObject({ ok: true, receipt: { points: 21, owedPoints: 15 } })
  expect(await readBalance(database.current(), { memberId, at: LATER })).toMatchObject({ available: 0, owed: 15 })
})

test('a refund can cost the tier', async () => {
  const { memberId, saleExternalId } = await sale({ totalMinor: 600_00 })
  const outcome = await give(saleExternalId, amount(200_00))
  expect(outcome).toMatchObject({ ok: true, receipt: { tierMove: { memberId, fromTier: 'silver', toTier: 'member' } } })
})

test('a guest’s order is refunded without points', async () => {
  const { saleExternalId } = await sale({ isGuest: true })
  expect(await give(saleExternalId, REST)).toMatchObject({ ok: true, receipt: { refundedMinor: 2150, points: 0 } })
})

test('the last refund takes all points back, even where the rules have changed since', async () => {
  const db = database.current()
  const { saleExternalId } = await sale()
  const halved = { earnRules: [{ code: 'per-amount-spent', args: { points: 1, perMinor: 200 } }] }
  await db.sql`update merchant set settings = ${halved}`
  const first = await give(saleExternalId, lines(['mug', 1]))
  const last = await give(saleExternalId, REST)
  await db.sql`update merchant set settings = '{}'`
  expect(first).toMatchObject({ ok: true, receipt: { points: 6 } })
  expect(last).toMatchObject({ ok: true, receipt: { points: 15 } })
})

test('dearer rules never take back more than was earned', async () => {
  const db = database.current()
  const { saleExternalId } = await sale()
  const tenfold = { earnRules: [{ code: 'per-amount-spent', args: { points: 10, perMinor: 100 } }] }
  await db.sql`update merchant set settings = ${tenfold}`
  const outcomes = [await give(saleExternalId, lines(['mug', 1])), await give(saleExternalId, REST)]
  await db.sql`update merchant set settings = '{}'`
  expect(outcomes).toMatchObject([
    { ok: true, receipt: { points: 21 } },
    { ok: true, receipt: { points: 0 } },
  ])
})

describe('refused, with nothing changed', () => {
  test.each<[string, RefundWhat, object]>([
    ['more tea than was bought', lines(['tea', 3]), { code: 'more-than-bought', skus: ['tea'] }],
    ['more tea, in two goes', lines(['tea', 1], ['tea', 2]), { code: 'more-than-bought', skus: ['tea'] }],
    ['what was not bought', lines(['tea', 1], ['odd', 1]), { code: 'more-than-bought', skus: ['odd'] }],
    ['nothing', lines(), { code: 'invalid-quantity' }],
    ['none of it', lines(['tea', 0]), { code: 'invalid-quantity' }],
    ['less than none', lines(['tea', -1]), { code: 'invalid-quantity' }],
    ['half of one', lines(['tea', 0.5]), { code: 'invalid-quantity' }],
    ['more than was paid', amount(2151), { code: 'more-than-paid', leftMinor: 2150 }],
    ['no amount', amount(0), { code: 'invalid-amount' }],
    ['a negative amount', amount(-1), { code: 'invalid-amount' }],
  ])('%s', async (_name, what, refusal) => {
    const { saleExternalId } = await sale()
    expect(await give(saleExternalId, what)).toEqual({ ok: false, ...refusal })
    expect(await give(saleExternalId, REST)).toMatchObject({ ok: true, receipt: { refundedMinor: 2150, points: 21 } })
  })

  test('what is gone already, what is no sale, what is unknown', async () => {
    const { saleExternalId } = await sale()
    await give(saleExternalId, REST, { externalId: 'whole' })
    for (const what of [REST, lines(['tea', 1]), amount(1)]) {
      expect(await give(saleExternalId, what)).toEqual({ ok: false, code: 'already-refunded' })
    }
    expect(await give('whole', REST)).toEqual({ ok: false, code: 'not-a-sale' })
    expect(await give('never-placed', REST)).toEqual({ ok: false, code: 'unknown-order' })
    expect(await give(saleExternalId, REST, { source: 'till' })).toEqual({ ok: false, code: 'unknown-order' })
  })
})

test.each<[string, RefundWhat, RefundWhat[]]>([
  ['the rest', REST, [amount(2150)]],
  [
    'lines',
    lines(['tea', 1]),
    [lines(['tea', 2]), lines(['mug', 1]), lines(['tea', 1], ['mug', 1]), amount(450), REST],
  ],
  ['an amount', amount(450), [amount(451), lines(['tea', 1]), REST]],
])('%s: the same again answers alike, other input under the same number is refused', async (_name, what, others) => {
  const { saleExternalId } = await sale()
  const { saleExternalId: otherSale } = await sale()
  count += 1
  const same = { externalId: `same${count}` }
  const first = await give(saleExternalId, what, same)
  const again = { ok: true, receipt: { ...(first.ok ? first.receipt : {}), replayed: true } }
  expect(await give(saleExternalId, what, same)).toEqual(again)
  for (const other of others) expect(await give(saleExternalId, other, same)).toEqual({ ok: false, code: 'key-reused' })
  expect(await give(otherSale, what, same)).toEqual({ ok: false, code: 'key-reused' })
  // A sale's number is not free for a refund either.
  expect(await give(saleExternalId, what, { externalId: otherSale })).toEqual({ ok: false, code: 'key-reused' })
  expect(await give(saleExternalId, what, same)).toEqual(again)
})

test('refunds of one sale at the same time wait for each other', async () => {
  const { saleExternalId } = await sale()
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => give(saleExternalId, lines(['tea', 1]))))
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2)
  expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'more-than-bought')).toHaveLength(4)
})

test('any refunds whatsoever: never more than was paid or earned, and in the end all of it', async () => {
  const some = fc.oneof(
    fc.record({ kind: fc.constant('amount' as const), amountMinor: fc.integer({ min: 1, max: 900 }) }),
    fc.record({
      kind: fc.constant('lines' as const),
      lines: fc.array(
        fc.record({ sku: fc.constantFrom('tea', 'odd', 'mug'), quantity: fc.integer({ min: 1, max: 3 }) }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  )
  const cases = fc.record({
    whats: fc.array(some, { maxLength: 6 }),
    odd: fc.integer({ min: 1, max: 5 }),
    off: fc.integer({ min: 0, max: 300 }),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ whats, odd, off }) => {
      const bought = [
        { sku: 'odd', quantity: odd, amountMinor: odd * 333 - 1 },
        { sku: 'tea', quantity: 2 },
      ]
      const paid = odd * 333 - 1 + 900 - off
      const { saleExternalId, earned, memberId } = await sale({ lines: bought, totalMinor: paid })
      let [money, points] = [0, 0]
      for (const what of [...whats, REST]) {
        const outcome = await give(saleExternalId, what)
        if (!outcome.ok) continue
        money += outcome.receipt.refundedMinor
        points += outcome.receipt.points
        expect(money).toBeLessThanOrEqual(paid)
        expect(points).toBeLessThanOrEqual(earned)
      }
      expect([money, points]).toEqual([paid, earned])
      const [net] = await database.current().sql<{ net: number; pieces: number }>`
        select sum(total_minor)::int as net, (select sum(quantity)::int from line_refund
          join shop_order on shop_order.id = sale_order_id where member_id = ${memberId}) as pieces
        from shop_order where member_id = ${memberId}`
      expect(net).toEqual({ net: 0, pieces: odd + 2 })
    }),
    { numRuns: 25 },
  )
})

test('after all that the books are in order', async () => {
  const invariants = await verifyLedger(database.current(), { at: LATER })
  expect(invariants.filter(({ ok }) => !ok)).toEqual([])
  expect(await findTierFaults(database.current())).toEqual([])
})
