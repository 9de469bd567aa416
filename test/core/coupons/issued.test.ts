import { randomBytes } from 'node:crypto'
import { findCoupon } from '../../../src/core/coupons/catalogue'
import { newCode } from '../../../src/core/coupons/code'
import { checkCode, listIssued, useCode, voidCode } from '../../../src/core/coupons/issued'
import { findRedemption } from '../../../src/core/coupons/receipt'
import { redeemCoupon } from '../../../src/core/coupons/redeem'
import { readBalance } from '../../../src/core/points/balance'
import { earn } from '../../../src/core/points/earn'
import { settleAll } from '../../../src/core/points/expire'
import { verifyLedger } from '../../../src/core/points/verify'
import { useDatabase } from '../../support/database'
import { addMember } from '../points/books'
import { addCoupon, daysAfter, NOW, secretBytes } from './shelf'

describe('issued coupons', () => {
  const database = useDatabase({ connectionsMax: 20 })
  const db = () => database.current()
  let count = 0

  /** A member with 100 points that expire in 20 days and 400 that never do, and codes that cost 50 each. */
  async function redeemed(quantity: number): Promise<{ memberId: string; codes: string[]; key: string }> {
    count += 1
    const memberId = await addMember(db(), `member ${count}`)
    const key = { source: 'order', externalId: `soon ${count}` }
    await earn(db(), { memberId, points: 100, at: NOW, expiresAt: daysAfter(NOW, 20), ...key })
    await earn(db(), { memberId, points: 400, at: NOW, source: 'order', externalId: `later ${count}` })
    const outcome = await redeemCoupon(db(), {
      memberId,
      couponId: 'cup',
      quantity,
      key: `k${count}`,
      at: NOW,
      secretBytes,
    })
    if (!outcome.ok) throw new Error(outcome.code)
    return { memberId, codes: [...outcome.receipt.codes], key: `k${count}` }
  }
  const usedOf = async () => (await findCoupon(db(), { couponId: 'cup' }))?.stockLeft
  const availableOf = async (memberId: string, at = NOW) => (await readBalance(db(), { memberId, at })).available

  beforeAll(() => addCoupon(db(), { id: 'cup', costPoints: 50, stock: 1000 }))

  test('a code is good, then used, once; the same sale again is answered alike', async () => {
    const { memberId, codes } = await redeemed(1)
    const code = codes[0] ?? ''
    const typed = code.toLowerCase().replaceAll('-', ' ')
    expect(await checkCode(db(), { memberId, code: typed, at: NOW })).toMatchObject({
      status: 'issued',
      code,
      name: { zh: 'cup优惠' },
    })
    const used = await useCode(db(), { code: typed, ref: 'sale 1', at: daysAfter(NOW, 2) })
    expect(used).toEqual({ ok: true, couponId: 'cup', memberId, usedAt: daysAfter(NOW, 2), replayed: false })
    expect(await useCode(db(), { code, ref: 'sale 1', at: daysAfter(NOW, 3) })).toEqual({ ...used, replayed: true })
    expect(await useCode(db(), { code, ref: 'sale 2', at: daysAfter(NOW, 3) })).toEqual({ ok: false, code: 'used' })
    expect(await voidCode(db(), { code, at: daysAfter(NOW, 3) })).toEqual({ ok: false, code: 'used' })
    expect(await checkCode(db(), { memberId, code, at: NOW })).toMatchObject({
      status: 'used',
      usedAt: daysAfter(NOW, 2),
    })
  })

  test('20 tills at once: one gets it', async () => {
    const { codes } = await redeemed(1)
    const tills = Array.from({ length: 20 }, (_, index) =>
      useCode(db(), { code: codes[0] ?? '', ref: `till ${index}`, at: NOW }),
    )
    const outcomes = await Promise.all(tills)
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test("somebody else's code answers exactly as one that does not exist; a misspelt one says so", async () => {
    const [mine, theirs] = [await redeemed(1), await redeemed(1)]
    const ask = (code: string) => checkCode(db(), { memberId: mine.memberId, code, at: NOW })
    const unknown = await ask(newCode(randomBytes))
    expect(unknown).toEqual({ status: 'unknown', misspelt: false })
    expect(await ask(theirs.codes[0] ?? '')).toEqual(unknown)
    const last = theirs.codes[0]?.at(-1)
    expect(await ask(`${theirs.codes[0]?.slice(0, -1)}${last === '7' ? '8' : '7'}`)).toEqual({
      status: 'unknown',
      misspelt: true,
    })
    expect(await ask('what?')).toEqual({ status: 'unknown', misspelt: false })
    expect(await useCode(db(), { code: newCode(randomBytes), ref: 'x', at: NOW })).toEqual({
      ok: false,
      code: 'unknown',
    })
    expect(await voidCode(db(), { code: newCode(randomBytes), at: NOW })).toEqual({ ok: false, code: 'unknown' })
  })

  test('a code is over at its hour, whether or not it was marked so', async () => {
    const { memberId, codes } = await redeemed(1)
    const code = codes[0] ?? ''
    const end = daysAfter(NOW, 90)
    const before = new Date(end.getTime() - 1)
    for (const round of ['unmarked', 'marked']) {
      expect(await checkCode(db(), { memberId, code, at: end })).toMatchObject({ status: 'expired' })
      expect(await listIssued(db(), { memberId, at: end })).toMatchObject([{ status: 'expired' }])
      expect(await useCode(db(), { code, ref: round, at: end })).toEqual({ ok: false, code: 'expired' })
      expect(await voidCode(db(), { code, at: end })).toEqual({ ok: false, code: 'expired' })
      if (round === 'unmarked') {
        expect(await checkCode(db(), { memberId, code, at: before })).toMatchObject({ status: 'issued' })
        expect((await settleAll(db(), { at: end })).coupons).toBeGreaterThan(0)
        expect((await settleAll(db(), { at: end })).coupons).toBe(0)
      }
    }
  })

  test('voiding gives back its share of the points and its piece of the stock, once', async () => {
    const { memberId, codes } = await redeemed(3)
    const stock = (await usedOf()) ?? 0
    const voided = await voidCode(db(), { code: codes[1] ?? '', note: 'wrong size', at: daysAfter(NOW, 1) })
    expect(voided).toMatchObject({ ok: true, receipt: { points: 50, availableAfter: 400, replayed: false } })
    expect(await usedOf()).toBe(stock + 1)
    const again = await Promise.all(
      Array.from({ length: 10 }, () => voidCode(db(), { code: codes[1] ?? '', at: daysAfter(NOW, 2) })),
    )
    for (const outcome of again)
      expect(outcome).toEqual(voided.ok && { ok: true, receipt: { ...voided.receipt, replayed: true } })
    expect(await usedOf()).toBe(stock + 1)
    expect(await availableOf(memberId, daysAfter(NOW, 2))).toBe(400)
    expect(await useCode(db(), { code: codes[1] ?? '', ref: 'sale', at: NOW })).toEqual({ ok: false, code: 'void' })
    expect(await useCode(db(), { code: codes[0] ?? '', ref: 'sale 0', at: NOW })).toMatchObject({ ok: true })
  })

  test('points of a lot that has expired meanwhile come back for 30 days', async () => {
    // 150 points: all 100 of the lot that expires, and 50 of the other.
    const { memberId, codes } = await redeemed(3)
    const later = daysAfter(NOW, 40)
    for (const code of codes) await voidCode(db(), { code, at: later })
    expect(await readBalance(db(), { memberId, at: later })).toMatchObject({
      available: 500,
      nextExpiry: { points: 100, at: daysAfter(later, 30) },
    })
    expect(await availableOf(memberId, daysAfter(later, 30))).toBe(400)
  })

  test('voiding one while using it: one of the two happens', async () => {
    for (let round = 0; round < 10; round++) {
      const { memberId, codes } = await redeemed(1)
      const code = codes[0] ?? ''
      const [used, voided] = await Promise.all([
        useCode(db(), { code, ref: `r${round}`, at: NOW }),
        voidCode(db(), { code, at: NOW }),
      ])
      expect([used.ok, voided.ok].filter(Boolean)).toHaveLength(1)
      expect(await availableOf(memberId)).toBe(voided.ok ? 500 : 450)
    }
  })

  test('are listed with the good ones first, and only the own', async () => {
    const { memberId, codes } = await redeemed(3)
    await redeemed(1)
    await useCode(db(), { code: codes[0] ?? '', ref: 'x', at: NOW })
    const list = await listIssued(db(), { memberId, at: NOW })
    expect(list.map(({ status }) => status)).toEqual(['issued', 'issued', 'used'])
    expect(new Set(list.map(({ code }) => code))).toEqual(new Set(codes))
  })

  test('a redemption is found by its key, by who made it', async () => {
    const [{ memberId, codes, key }, other] = [await redeemed(2), await redeemed(1)]
    expect(await findRedemption(db(), { memberId, key })).toMatchObject({
      couponId: 'cup',
      quantity: 2,
      codes,
      points: 100,
    })
    expect(await findRedemption(db(), { memberId: other.memberId, key })).toBeNull()
  })

  test('and after all that the books are in order', async () => {
    const results = await verifyLedger(db(), { at: daysAfter(NOW, 4000) })
    expect(results.filter(({ ok }) => !ok)).toEqual([])
  })
})
