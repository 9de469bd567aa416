import { adjust } from '../../../src/core/points/adjust'
import { POINTS_MAX } from '../../../src/core/points/amount'
import { readBalance } from '../../../src/core/points/balance'
import { burn } from '../../../src/core/points/burn'
import { earn } from '../../../src/core/points/earn'
import { settleAll } from '../../../src/core/points/expire'
import { readHistory } from '../../../src/core/points/history'
import { hold, postHold, voidHold } from '../../../src/core/points/hold'
import { reverse } from '../../../src/core/points/reverse'
import { readStateHash, verifyLedger } from '../../../src/core/points/verify'
import { useDatabase } from '../../support/database'
import { daysAfter, NOW } from '../coupons/shelf'
import { addMember } from './books'

describe('writes of the ledger', () => {
  const database = useDatabase({ connectionsMax: 40 })
  const db = () => database.current()
  const key = (externalId: string) => ({ source: 'test', externalId })
  const balanceOf = (memberId: string, at = NOW) => readBalance(db(), { memberId, at })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -0, POINTS_MAX + 1, Number.MAX_VALUE, 2 ** 53])(
    'refuse %d points',
    async (points) => {
      const memberId = 'absurd'
      if ((await balanceOf(memberId)).available === 0) {
        await addMember(db(), memberId).catch(() => undefined)
        await earn(db(), { memberId, points: 10, at: NOW, ...key('absurd 0') })
      }
      const of = key('absurd 0')
      const again = { at: NOW, ...key(`absurd ${points}`) }
      const refused = { ok: false, code: 'invalid-amount' }
      expect(await earn(db(), { memberId, points, ...again })).toMatchObject(refused)
      expect(await burn(db(), { memberId, points, ...again })).toMatchObject(refused)
      expect(await hold(db(), { memberId, points, expiresAt: daysAfter(NOW, 1), ...again })).toMatchObject(refused)
      expect(await reverse(db(), { of, points, ...again })).toMatchObject(refused)
      if (points !== -1) expect(await adjust(db(), { memberId, points, note: 'x', ...again })).toMatchObject(refused)
      expect(await balanceOf(memberId)).toMatchObject({ available: 10 })
    },
  )

  test('the functions refuse absurd amounts themselves, whoever calls them', async () => {
    await addMember(db(), 'direct')
    for (const points of [0, -5, null, 10 ** 13]) {
      const [row] = await db().sql<{ codes: string[] }>`
        select array[
          (ledger_earn('direct', ${points}, 'x', ${`e${points}`}, null, null, now(), now(), null, now())).code,
          (ledger_burn('direct', ${points}, 'x', ${`b${points}`}, null, null, now())).code,
          (ledger_hold('direct', ${points}, 'x', ${`h${points}`}, null, now() + interval '1 day', now())).code
        ] as codes`
      expect(row?.codes).toEqual(['invalid-amount', 'invalid-amount', 'invalid-amount'])
    }
  })

  test('a balance does not grow beyond what every client can count', async () => {
    const memberId = await addMember(db(), 'rich')
    for (let number = 0; number < 1000; number += 100) {
      await db().sql`
        select ledger_earn(${memberId}, ${POINTS_MAX}, 'rich', 'r' || i, null, null, ${NOW}, ${NOW}, null, ${NOW})
        from generate_series(${number}::int, ${number + 99}::int) i`
    }
    expect((await balanceOf(memberId)).available).toBe(1000 * POINTS_MAX)
    expect(await earn(db(), { memberId, points: 1, at: NOW, ...key('rich +1') })).toMatchObject({
      ok: false,
      code: 'invalid-amount',
    })
  })

  test('refuse members, transfers and holds that are not there', async () => {
    const memberId = 'nobody'
    const at = NOW
    const unknownMember = { ok: false, code: 'unknown-member' }
    expect(await earn(db(), { memberId, points: 1, at, ...key('n1') })).toMatchObject(unknownMember)
    expect(await burn(db(), { memberId, points: 1, at, ...key('n2') })).toMatchObject(unknownMember)
    expect(await adjust(db(), { memberId, points: 1, note: 'x', at, ...key('n3') })).toMatchObject(unknownMember)
    expect(await hold(db(), { memberId, points: 1, expiresAt: daysAfter(at, 1), at, ...key('n4') })).toMatchObject(
      unknownMember,
    )
    expect(await reverse(db(), { of: key('n5'), at, ...key('n6') })).toEqual({ ok: false, code: 'unknown-transfer' })
    expect(await postHold(db(), { hold: key('n5'), at, ...key('n7') })).toEqual({ ok: false, code: 'unknown-hold' })
    expect(await voidHold(db(), { hold: key('n5'), at, ...key('n8') })).toEqual({ ok: false, code: 'unknown-hold' })
    expect(await balanceOf(memberId)).toEqual({ available: 0, pending: 0, held: 0, owed: 0 })
  })

  test('one key means one thing: other input, another kind or another member is refused', async () => {
    await addMember(db(), 'K1')
    await addMember(db(), 'K2')
    const first = await earn(db(), { memberId: 'K1', points: 10, at: NOW, ...key('k') })
    const refused = { ok: false, code: 'key-reused' }
    expect(await earn(db(), { memberId: 'K1', points: 11, at: NOW, ...key('k') })).toMatchObject(refused)
    expect(await earn(db(), { memberId: 'K1', points: 10, orderId: 7, at: NOW, ...key('k') })).toMatchObject(refused)
    expect(await earn(db(), { memberId: 'K2', points: 10, at: NOW, ...key('k') })).toMatchObject(refused)
    expect(await burn(db(), { memberId: 'K1', points: 10, at: NOW, ...key('k') })).toMatchObject(refused)
    expect(await reverse(db(), { of: key('k'), at: NOW, ...key('k') })).toMatchObject(refused)
    const later = { at: daysAfter(NOW, 3), expiresAt: daysAfter(NOW, 99) }
    expect(await earn(db(), { memberId: 'K1', points: 10, ...later, ...key('k') })).toEqual(
      first.ok && { ok: true, receipt: { ...first.receipt, replayed: true } },
    )
    expect(await balanceOf('K1')).toMatchObject({ available: 10 })
    expect(await balanceOf('K2')).toMatchObject({ available: 0 })
  })

  test('one key 50 times at once, on an account that is not there yet: one effect, one receipt', async () => {
    const memberId = await addMember(db(), 'race')
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => earn(db(), { memberId, points: 7, at: NOW, ...key('race') })),
    )
    const receipts = outcomes.map((outcome) => outcome.ok && { ...outcome.receipt, replayed: false })
    for (const receipt of receipts) expect(receipt).toEqual(receipts[0])
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.receipt.replayed)).toHaveLength(1)
    expect(await balanceOf(memberId)).toMatchObject({ available: 7 })
  })

  test('one key of two members at once: one of them has it', async () => {
    for (let round = 0; round < 20; round++) {
      await addMember(db(), `left${round}`)
      await addMember(db(), `right${round}`)
      const outcomes = await Promise.all(
        [`left${round}`, `right${round}`].map((memberId) =>
          earn(db(), { memberId, points: 7, at: NOW, ...key(`two ${round}`) }),
        ),
      )
      expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)).toSorted()).toEqual(['key-reused', 'ok'])
    }
  })

  test('reversals of one earn at once never exceed it', async () => {
    const memberId = await addMember(db(), 'back')
    await earn(db(), { memberId, points: 100, at: NOW, ...key('back') })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        reverse(db(), { of: key('back'), points: 30, at: NOW, ...key(`back ${index}`) }),
      ),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3)
    expect(outcomes.find(({ ok }) => !ok)).toEqual({ ok: false, code: 'exceeds-original', left: 10 })
    expect(await balanceOf(memberId)).toMatchObject({ available: 10, owed: 0 })
  })

  test('burns, earns and reversals of one member all at once leave the books in order', async () => {
    const memberId = await addMember(db(), 'busy')
    const works = Array.from({ length: 120 }, (_, index) => {
      const common = { memberId, points: 1 + (index % 7), at: NOW, ...key(`busy ${index}`) }
      if (index % 3 === 0) return earn(db(), { ...common, points: 10 })
      if (index % 3 === 1) return burn(db(), common)
      return reverse(db(), { of: key(`busy ${index - 2}`), points: 2, at: NOW, ...key(`busy ${index}`) })
    })
    await Promise.all(works)
    expect((await verifyLedger(db(), { at: NOW })).filter(({ ok }) => !ok)).toEqual([])
  })

  test('what was spent before its earn was reversed is owed, and the next earnings pay it', async () => {
    const memberId = await addMember(db(), 'debtor')
    await earn(db(), { memberId, points: 100, at: NOW, ...key('d1') })
    await burn(db(), { memberId, points: 80, at: NOW, ...key('d2') })
    expect(await reverse(db(), { of: key('d1'), at: NOW, ...key('d3') })).toMatchObject({
      ok: true,
      receipt: { shortfall: 80, owedAfter: 80 },
    })
    expect(await burn(db(), { memberId, points: 1, at: NOW, ...key('d4') })).toEqual({
      ok: false,
      code: 'insufficient-points',
      available: 0,
    })
    await earn(db(), { memberId, points: 50, at: NOW, availableAt: daysAfter(NOW, 14), ...key('d5') })
    expect(await balanceOf(memberId)).toEqual({ available: 0, pending: 0, held: 0, owed: 30 })
    await earn(db(), { memberId, points: 50, at: NOW, ...key('d6') })
    expect(await balanceOf(memberId)).toEqual({ available: 20, pending: 0, held: 0, owed: 0 })
  })

  test('a read is right to the millisecond at which points come and go, settled or not', async () => {
    const memberId = await addMember(db(), 'time')
    await earn(db(), {
      memberId,
      points: 60,
      at: NOW,
      availableAt: daysAfter(NOW, 14),
      expiresAt: daysAfter(NOW, 40),
      ...key('t1'),
    })
    await earn(db(), { memberId, points: 5, at: NOW, ...key('t2') })
    const justBefore = (days: number) => new Date(daysAfter(NOW, days).getTime() - 1)
    for (const settled of [false, true]) {
      if (settled) await settleAll(db(), { at: daysAfter(NOW, 0) })
      expect(await balanceOf(memberId, justBefore(14))).toEqual({
        ...{ available: 5, pending: 60, held: 0, owed: 0 },
        nextAvailable: { points: 60, at: daysAfter(NOW, 14) },
      })
      expect(await balanceOf(memberId, daysAfter(NOW, 14))).toEqual({
        ...{ available: 65, pending: 0, held: 0, owed: 0 },
        nextExpiry: { points: 60, at: daysAfter(NOW, 40) },
      })
      expect(await balanceOf(memberId, justBefore(40))).toMatchObject({ available: 65 })
      expect(await balanceOf(memberId, daysAfter(NOW, 40))).toEqual({ available: 5, pending: 0, held: 0, owed: 0 })
    }
    await settleAll(db(), { at: daysAfter(NOW, 41) })
    expect(await balanceOf(memberId, daysAfter(NOW, 41))).toMatchObject({ available: 5, pending: 0 })
  })

  test('settling everybody twice does nothing the second time, by several at once neither', async () => {
    for (let number = 0; number < 60; number++) {
      const memberId = await addMember(db(), `away${number}`)
      await earn(db(), { memberId, points: 9, at: NOW, expiresAt: daysAfter(NOW, 50), ...key(`away ${number}`) })
    }
    await Promise.all([1, 2, 3].map(() => settleAll(db(), { at: daysAfter(NOW, 51) })))
    const hash = await readStateHash(db())
    expect(await settleAll(db(), { at: daysAfter(NOW, 51) })).toEqual({ accounts: 0, coupons: 0 })
    expect(await readStateHash(db())).toBe(hash)
    expect(await readHistory(db(), { memberId: 'away7', limit: 5 })).toMatchObject([
      { kind: 'expire', points: -9 },
      { kind: 'earn', points: 9 },
    ])
  })

  test('a write inside a transaction that is rolled back leaves nothing', async () => {
    const memberId = await addMember(db(), 'undone')
    const attempt = db().tx(async (tx) => {
      await earn(tx, { memberId, points: 5, at: NOW, ...key('undone') })
      throw new Error('later on')
    })
    await expect(attempt).rejects.toThrow('later on')
    expect(await balanceOf(memberId)).toMatchObject({ available: 0 })
    expect(await earn(db(), { memberId, points: 6, at: NOW, ...key('undone') })).toMatchObject({
      ok: true,
      receipt: { replayed: false },
    })
  })

  test('the history comes newest first, page by page, with what moved and why', async () => {
    const memberId = await addMember(db(), 'story')
    const [order] = await db().sql<{ id: number }>`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      values ('shop', 'A1001', ${memberId}, 'sale', 'delivered', ${NOW}, 10000, 'GBP') returning id`
    await earn(db(), { memberId, points: 100, orderId: order?.id ?? 0, at: NOW, ...key('s1') })
    await hold(db(), { memberId, points: 10, expiresAt: daysAfter(NOW, 2), at: daysAfter(NOW, 1), ...key('s2') })
    await adjust(db(), { memberId, points: -5, note: 'lost card', at: daysAfter(NOW, 3), ...key('s3') })
    await burn(db(), { memberId, points: 20, at: daysAfter(NOW, 4), ...key('s4') })
    await reverse(db(), { of: key('s1'), points: 30, at: daysAfter(NOW, 5), ...key('s5') })
    const all = await readHistory(db(), { memberId, limit: 10 })
    expect(all.map(({ kind, points }) => [kind, points])).toEqual([
      ['reverse', -30],
      ['burn', -20],
      ['adjust', -5],
      ['earn', 100],
    ])
    expect(all[3]).toMatchObject({ orderExternalId: 'A1001', occurredAt: NOW })
    expect(all[2]).toMatchObject({ note: 'lost card' })
    const first = await readHistory(db(), { memberId, limit: 3 })
    const last = first.at(-1)
    expect(first).toEqual(all.slice(0, 3))
    expect(await readHistory(db(), { memberId, limit: 3, before: last?.transferId ?? 0 })).toEqual(all.slice(3))
    expect(await readHistory(db(), { memberId, limit: 3, before: all[3]?.transferId ?? 0 })).toEqual([])
    // Somebody else's transfer is no place in this history.
    expect(await readHistory(db(), { memberId: 'rich', limit: 3, before: last?.transferId ?? 0 })).toEqual([])
  })

  test('and after all that the books are in order', async () => {
    expect((await verifyLedger(db(), { at: NOW })).filter(({ ok }) => !ok)).toEqual([])
  })
})
