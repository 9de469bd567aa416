import { type Gift, type GoodwillDeps, giveCoupon, givePoints } from '../../../src/core/assist/goodwill'
import { appendEntry } from '../../../src/core/handoff/messages'
import { defaultMerchant, merchantSettings } from '../../../src/core/merchant'
import { readBalance } from '../../../src/core/points/balance'
import { verifyLedger } from '../../../src/core/points/verify'
import type { Tx } from '../../../src/db/sql'
import { useDatabase } from '../../support/database'
import { addRequest, addStaff, type StaffFixture } from '../../support/desk-fixture'
import { fillFixtureShop } from '../../support/fixture-shop'
import { countedSecrets } from '../../support/turns'

const AT = new Date('2026-11-22T10:00:00Z')
const { current } = useDatabase({ connectionsMax: 20 })
const told: Gift[] = []
const deps: GoodwillDeps = {
  merchant: {
    timeZone: 'Europe/London',
    settings: merchantSettings.parse({
      desk: { goodwill: { agent: { perRequest: 500, perDay: 900 }, supervisor: { perRequest: 2_000, perDay: 5_000 } } },
    }),
  },
  secretBytes: countedSecrets('gifts'),
  async tell(tx: Tx, gift) {
    told.push(gift)
    await appendEntry(tx, {
      requestId: gift.request.id,
      author: 'desk',
      text: 'given',
      key: `goodwill|${gift.key}`,
      at: gift.at,
    })
  },
}
let agent: StaffFixture
let other: StaffFixture
let supervisor: StaffFixture
let count = 0

beforeAll(async () => {
  await fillFixtureShop(current())
  agent = await addStaff(current(), { name: 'Mia Chen' })
  other = await addStaff(current(), { name: 'Tom Reed' })
  supervisor = await addStaff(current(), { name: 'Lin Wu', role: 'supervisor' })
})
function request(changes: Partial<Parameters<typeof addRequest>[1]> = {}): Promise<number> {
  count += 1
  return addRequest(current(), { conversation: `c${count}`, staffId: agent.id, at: '2026-11-22T09:00:00Z', ...changes })
}

function points(requestId: number, amount: number, changes: { staff?: StaffFixture; key?: string; at?: Date } = {}) {
  const { staff = agent, key = 'k1', at = AT } = changes
  return current().tx((tx) =>
    givePoints(tx, { requestId, staff, key, points: amount, reason: 'late parcel', at }, deps),
  )
}

function coupon(requestId: number, couponId: string, changes: { staff?: StaffFixture; key?: string } = {}) {
  const { staff = agent, key = 'c1' } = changes
  return current().tx((tx) => giveCoupon(tx, { requestId, staff, key, couponId, reason: 'late parcel', at: AT }, deps))
}

const balanceOf = async (memberId: string) => (await readBalance(current(), { memberId, at: AT })).available

test('points are an entry of the ledger with the name of who gave them, an event, and a word to the member', async () => {
  const id = await request({ member: 'M3' })
  expect(await points(id, 200)).toEqual({ ok: true, replayed: false, points: 200, leftPoints: 300, limitPoints: 500 })
  expect(await balanceOf('M3')).toBe(200)
  const [entry] = await current().sql`select kind, source, points, note from transfer where member_id = 'M3'`
  expect(entry).toEqual({
    kind: 'adjust',
    source: 'goodwill',
    points: 200,
    note: `Mia Chen, request ${id}: late parcel`,
  })
  const [event] = await current().sql`select kind, staff_id as staff, note from handoff_event where request_id = ${id}`
  expect(event).toEqual({ kind: 'goodwill', staff: agent.id, note: '200: late parcel' })
  expect(told.at(-1)).toMatchObject({ points: 200, availableAfter: 200, staff: { displayName: 'Mia Chen' } })

  expect(await points(id, 200)).toMatchObject({ ok: true, replayed: true, leftPoints: 300 })
  expect(await points(id, 100)).toEqual({ ok: false, code: 'key-used' })
  expect(await points(id, 200, { staff: supervisor })).toEqual({ ok: false, code: 'key-used' })
  expect(await balanceOf('M3')).toBe(200)
})

test('a coupon costs the member nothing and counts by its cost', async () => {
  const id = await request()
  const before = await balanceOf('M1')
  expect(await coupon(id, 'biscuits')).toEqual({
    ok: true,
    replayed: false,
    points: 400,
    leftPoints: 100,
    limitPoints: 500,
  })
  expect(await balanceOf('M1')).toBe(before)
  expect(told.at(-1)?.coupon?.code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
  expect(await coupon(id, 'biscuits')).toMatchObject({ ok: true, replayed: true, points: 400 })
  const codes = await current().sql`select code from issued_coupon where member_id = 'M1'`
  expect(codes).toEqual([{ code: told.at(-1)?.coupon?.code }])
  expect(await points(id, 101, { key: 'more' })).toEqual({
    ok: false,
    code: 'limit-reached',
    leftPoints: 100,
    limitPoints: 500,
  })
})

test('a coupon that the ledger refuses leaves nothing behind', async () => {
  const id = await request({ at: '2026-11-22T09:10:00Z' })
  const state = () => current().sql`
    select (select count(*)::int from transfer) as transfers, (select count(*)::int from goodwill) as gifts,
      (select count(*)::int from desk_message where request_id = ${id}) as messages`
  const before = await state()
  expect(await coupon(id, 'ten-percent', { staff: supervisor })).toEqual({
    ok: false,
    code: 'coupon-refused',
    why: 'tier-too-low',
  })
  expect(await coupon(id, 'nothing')).toEqual({ ok: false, code: 'unknown-coupon' })
  expect(await coupon(id, 'teapot')).toMatchObject({ ok: false, code: 'limit-reached' })
  expect(await state()).toEqual(before)
})

test('only who has the request gives, a supervisor besides, and only to a member', async () => {
  const mine = await request({ member: 'M2' })
  expect(await points(mine, 10, { staff: other })).toEqual({ ok: false, code: 'not-yours' })
  expect(await points(mine, 10, { staff: supervisor })).toMatchObject({ ok: true, limitPoints: 2_000 })
  expect(await points(await request({ status: 'waiting', staffId: null }), 10)).toEqual({
    ok: false,
    code: 'not-yours',
  })
  expect(await points(await request({ status: 'closed', closedAt: '2026-11-22T09:30:00Z' }), 10)).toEqual({
    ok: false,
    code: 'not-open',
  })
  expect(await points(await request({ member: null }), 10)).toEqual({ ok: false, code: 'not-linked' })
  expect(await points(999_999, 10)).toEqual({ ok: false, code: 'unknown-request' })
  for (const wrong of [0, -5, 1.5, Number.NaN, 1e15]) {
    expect(await points(mine, wrong, { key: 'w' })).toEqual({ ok: false, code: 'invalid-points' })
  }
})

test('however many clicks come at once, no limit is exceeded', async () => {
  const giver = await addStaff(current(), { name: 'Ivy Fox' })
  const ids = await Promise.all([1, 2, 3].map(() => request({ member: 'M3', staffId: giver.id })))
  const clicks = ids.flatMap((id) =>
    Array.from({ length: 6 }, (_, n) => points(id, 150, { staff: giver, key: `n${n}` })),
  )
  const outcomes = await Promise.all(clicks)
  const given = await current().sql<{ request: number; points: number }>`
    select request_id as request, sum(points)::int as points from goodwill where staff_id = ${giver.id} group by request_id`
  for (const row of given) expect(row.points).toBeLessThanOrEqual(500)
  // 900 a day is 6 clicks of 150, and 500 a request 3 of them: 3 requests would take 9.
  expect(given.reduce((sum, row) => sum + row.points, 0)).toBe(900)
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(6)
  expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'limit-reached')).toHaveLength(12)

  const next = { staff: giver, key: 'next day' }
  const [id] = ids
  expect(await points(id ?? 0, 50, { ...next, at: new Date('2026-11-22T23:59:00Z') })).toMatchObject({ ok: false })
  expect(
    await points(await request({ member: 'M3', staffId: giver.id }), 50, {
      ...next,
      at: new Date('2026-11-23T00:01:00Z'),
    }),
  ).toMatchObject({
    ok: true,
  })
})

test('the same click twice at once gives once', async () => {
  const id = await request({ member: 'M3', staffId: other.id })
  const before = await balanceOf('M3')
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => points(id, 30, { staff: other, key: 'same' })))
  expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1)
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
  expect(await balanceOf('M3')).toBe(before + 30)
})

test('what nobody set is limited too', () => {
  expect(defaultMerchant.settings.desk.goodwill.agent).toEqual({ perRequest: 300, perDay: 1_500 })
})

test('after all that the books are in order', async () => {
  const results = await verifyLedger(current(), { at: new Date('2026-11-24T00:00:00Z') })
  expect(results.filter(({ ok }) => !ok)).toEqual([])
})

test('nothing is given to a member who was erased while a person has their conversation', async () => {
  await current().sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at, erased_at)
    select 'gone', source, joined_at, tier_code, tier_reviewed_at, ${AT} from member limit 1`
  const id = await request({ member: 'gone' })
  expect(await points(id, 10)).toEqual({ ok: false, code: 'not-linked' })
  expect(await current().sql`select id from transfer where member_id = 'gone'`).toEqual([])
})
