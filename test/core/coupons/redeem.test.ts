import { findCoupon, listRedeemable } from '../../../src/core/coupons/catalogue'
import { voidCode } from '../../../src/core/coupons/issued'
import { redeemCoupon } from '../../../src/core/coupons/redeem'
import { readBalance } from '../../../src/core/points/balance'
import { earn } from '../../../src/core/points/earn'
import { readHistory } from '../../../src/core/points/history'
import { reverse } from '../../../src/core/points/reverse'
import { verifyLedger } from '../../../src/core/points/verify'
import { useDatabase } from '../../support/database'
import { addMember } from '../points/books'
import { addCoupon, daysAfter, NOW, secretBytes } from './shelf'

describe('redeeming a coupon', () => {
  const database = useDatabase({ connectionsMax: 40 })
  const db = () => database.current()

  async function memberWith(id: string, points: number, tierCode = 'member'): Promise<string> {
    await addMember(db(), id, tierCode)
    if (points > 0) await earn(db(), { memberId: id, points, source: 'order', externalId: `earn ${id}`, at: NOW })
    return id
  }
  const redeem = (memberId: string, couponId: string, more: { quantity?: number; key?: string; at?: Date } = {}) =>
    redeemCoupon(db(), {
      memberId,
      couponId,
      quantity: 1,
      key: `${memberId} ${couponId}`,
      at: NOW,
      secretBytes,
      ...more,
    })
  const availableOf = async (memberId: string) => (await readBalance(db(), { memberId, at: NOW })).available

  beforeAll(async () => {
    await addMember(db(), 'nobody in particular')
    await addCoupon(db(), { id: 'plain' })
  })
  test('spends the points and gives a code for each piece', async () => {
    const memberId = await memberWith('A', 350)
    const outcome = await redeem(memberId, 'plain', { quantity: 3 })
    expect(outcome).toMatchObject({
      ok: true,
      receipt: { points: 300, quantity: 3, availableAfter: 50, expiresAt: daysAfter(NOW, 90), replayed: false },
    })
    if (!outcome.ok) return
    expect(new Set(outcome.receipt.codes).size).toBe(3)
    for (const code of outcome.receipt.codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
    expect(await availableOf(memberId)).toBe(50)
    expect(await readHistory(db(), { memberId, limit: 1 })).toMatchObject([
      { kind: 'burn', points: -300, couponName: { en: 'plain off', zh: 'plain优惠' } },
    ])
  })

  test('the same key gives the same receipt, however much has happened since', async () => {
    const memberId = await memberWith('B', 500)
    const first = await redeem(memberId, 'plain', { quantity: 2 })
    await earn(db(), { memberId, points: 1000, source: 'order', externalId: 'later', at: NOW })
    await db().sql`update coupon set cost_points = 150 where id = 'plain'`
    const again = await redeem(memberId, 'plain', { quantity: 2, at: daysAfter(NOW, 1) })
    await db().sql`update coupon set cost_points = 100 where id = 'plain'`
    if (!first.ok) throw new Error(first.code)
    expect(again).toEqual({ ok: true, receipt: { ...first.receipt, replayed: true } })
    expect(await availableOf(memberId)).toBe(1300)
  })

  test.each([
    ['another quantity', { quantity: 1 }, 'plain'],
    ['another coupon', { quantity: 2 }, 'other'],
  ])('the same key with %s is refused', async (_, more, couponId) => {
    const memberId = await memberWith(`C ${couponId}${more.quantity}`, 500)
    await db().sql`insert into coupon (id, kind, name_en, name_zh, value, cost_points, starts_at)
      values ('other', 'percent-off', 'o', 'o', 10, 100, '2026-01-01') on conflict do nothing`
    await redeem(memberId, 'plain', { quantity: 2, key: `key ${memberId}` })
    expect(await redeem(memberId, couponId, { ...more, key: `key ${memberId}` })).toEqual({
      ok: false,
      code: 'key-reused',
    })
    expect(await availableOf(memberId)).toBe(300)
  })

  test("another member's key is refused, and neither the points nor the stock are touched", async () => {
    await addCoupon(db(), { id: 'few', stock: 5 })
    await memberWith('D1', 500)
    await memberWith('D2', 500)
    await redeem('D1', 'few', { key: 'shared' })
    expect(await redeem('D2', 'few', { key: 'shared' })).toEqual({ ok: false, code: 'key-reused' })
    expect(await availableOf('D2')).toBe(500)
    expect(await findCoupon(db(), { couponId: 'few' })).toMatchObject({ stockLeft: 4 })
  })

  test.each([
    ['insufficient-points', { costPoints: 151 }, { needed: 151, available: 150, missing: 1 }],
    ['coupon-sold-out', { stock: 0 }, { left: 0 }],
    ['coupon-not-started', { startsAt: daysAfter(NOW, 1) }, { startsAt: daysAfter(NOW, 1) }],
    ['coupon-ended', { endsAt: NOW }, { endsAt: NOW }],
    ['tier-too-low', { minTierRank: 2 }, { minTierRank: 2 }],
  ])('refuses: %s', async (code, coupon, numbers) => {
    const memberId = await memberWith(`E ${code}`, 150, 'silver')
    await addCoupon(db(), { id: `for ${code}`, ...coupon })
    expect(await redeem(memberId, `for ${code}`)).toEqual({ ok: false, code, ...numbers })
    expect(await availableOf(memberId)).toBe(150)
    const [row] = await db().sql<{ count: number }>`select count(*) from issued_coupon where member_id = ${memberId}`
    expect(row?.count).toBe(0)
  })

  test('refuses members and coupons that are not there, and quantities that make no sense', async () => {
    const memberId = await memberWith('F', 100_000)
    expect(await redeem('nobody', 'plain')).toEqual({ ok: false, code: 'unknown-member' })
    expect(await redeem(memberId, 'nothing')).toEqual({ ok: false, code: 'unknown-coupon' })
    for (const quantity of [0, -1, 1.5, 11, Number.NaN, 1e12, Number.POSITIVE_INFINITY]) {
      expect(await redeem(memberId, 'plain', { quantity })).toEqual({ ok: false, code: 'invalid-quantity' })
    }
    expect(await availableOf(memberId)).toBe(100_000)
  })

  test('a coupon of a higher tier is for who has reached it', async () => {
    await addCoupon(db(), { id: 'gold', minTierRank: 2 })
    await memberWith('G', 500, 'gold')
    expect(await redeem('G', 'gold')).toMatchObject({ ok: true })
  })

  test("a member's limit counts all pieces, less those that were voided", async () => {
    await addCoupon(db(), { id: 'two each', perMemberLimit: 2, stock: 10 })
    const memberId = await memberWith('H', 1000)
    const first = await redeem(memberId, 'two each', { key: 'h1' })
    expect(await redeem(memberId, 'two each', { key: 'h2', quantity: 2 })).toEqual({
      ok: false,
      code: 'coupon-member-limit',
      left: 1,
    })
    expect(await redeem(memberId, 'two each', { key: 'h3' })).toMatchObject({ ok: true })
    expect(await redeem(memberId, 'two each', { key: 'h4' })).toEqual({
      ok: false,
      code: 'coupon-member-limit',
      left: 0,
    })
    if (first.ok) await voidCode(db(), { code: first.receipt.codes[0] ?? '', at: NOW })
    expect(await redeem(memberId, 'two each', { key: 'h5' })).toMatchObject({ ok: true })
  })

  test('what was spent on a coupon is not reversed behind its code', async () => {
    const memberId = await memberWith('I', 100)
    await redeem(memberId, 'plain', { key: 'i1' })
    const of = { source: 'redeem', externalId: 'i1' }
    expect(await reverse(db(), { of, source: 'test', externalId: 'i2', at: NOW })).toEqual({
      ok: false,
      code: 'not-reversible',
    })
  })

  test('the list says for each why not, by the rules of redeeming', async () => {
    await addCoupon(db(), { id: 'z dear', costPoints: 900_000 })
    await addCoupon(db(), { id: 'z later', startsAt: daysAfter(NOW, 1) })
    const memberId = await memberWith('J', 150)
    await addCoupon(db(), { id: 'z once', perMemberLimit: 1, costPoints: 1 })
    await redeem(memberId, 'z once')
    const list = await listRedeemable(db(), { memberId, at: NOW })
    const reasonOf = (id: string) => list.find((coupon) => coupon.id === id)
    expect(reasonOf('plain')).not.toHaveProperty('refusal')
    expect(reasonOf('z dear')).toMatchObject({ refusal: 'insufficient-points' })
    expect(reasonOf('gold')).toMatchObject({ refusal: 'tier-too-low' })
    expect(reasonOf('for coupon-sold-out')).toMatchObject({ refusal: 'coupon-sold-out', stockLeft: 0 })
    expect(reasonOf('z once')).toMatchObject({ refusal: 'coupon-member-limit', leftForMember: 0 })
    expect(reasonOf('z later')).toBeUndefined()
    for (const { id, refusal } of list.filter((coupon) => coupon.id.startsWith('z') || coupon.id === 'gold')) {
      const outcome = await redeem(memberId, id, { key: `j ${id}` })
      expect(outcome.ok ? undefined : outcome.code).toBe(refusal)
    }
  })

  test('200 at once for the last one: exactly one gets it', async () => {
    await addCoupon(db(), { id: 'last', stock: 1 })
    const members = Array.from({ length: 200 }, (_, index) => `rush${index}`)
    for (const id of members) await memberWith(id, 100)
    const outcomes = await Promise.all(members.map((id) => redeem(id, 'last')))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(new Set(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)))).toEqual(
      new Set(['ok', 'coupon-sold-out']),
    )
    const balances = await Promise.all(members.map(availableOf))
    expect(balances.filter((points) => points === 0)).toHaveLength(1)
    expect(balances.filter((points) => points === 100)).toHaveLength(199)
  })

  test('one member 40 times at once, with points for ten: ten are had', async () => {
    const memberId = await memberWith('hasty', 1000)
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => redeem(memberId, 'plain', { key: `hasty ${index}` })),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10)
    expect(await availableOf(memberId)).toBe(0)
  })

  test('one key 50 times at once: one effect, one receipt for all', async () => {
    const memberId = await addMember(db(), 'twice')
    await earn(db(), { memberId, points: 100_000, source: 'order', externalId: 'twice', at: NOW })
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => redeem(memberId, 'plain', { key: 'pressed' })))
    const receipts = outcomes.map((outcome) => (outcome.ok ? { ...outcome.receipt, replayed: false } : outcome))
    for (const receipt of receipts) expect(receipt).toEqual(receipts[0])
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.receipt.replayed)).toHaveLength(1)
    expect(await availableOf(memberId)).toBe(99_900)
  })

  test('a stock that appears while others redeem counts them all', async () => {
    await addCoupon(db(), { id: 'then counted' })
    const members = Array.from({ length: 60 }, (_, index) => `count${index}`)
    for (const id of members) await memberWith(id, 100)
    const redeeming = Promise.all(members.map((id) => redeem(id, 'then counted')))
    await db().sql`update coupon set stock = 1000 where id = 'then counted'`
    await redeeming
    const [coupon] = await db().sql<{ used: number }>`select used from coupon where id = 'then counted'`
    expect(coupon?.used).toBe(60)
  })

  test('and after all that the books are in order', async () => {
    const results = await verifyLedger(db(), { at: daysAfter(NOW, 4000) })
    expect(results.filter(({ ok }) => !ok)).toEqual([])
  })
})
