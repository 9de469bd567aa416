import fc from 'fast-check'
import { defaultMerchant, ensureMerchant, readMerchant } from '../../../src/core/merchant'
import { defaultEarnRules, type EarnRuleUse, pointsEarned, pointsTakenBack } from '../../../src/core/points/earn-rules'
import { pointsTerms } from '../../../src/core/points/terms'
import { useDatabase } from '../../support/database'

const perPound: EarnRuleUse = { code: 'per-amount-spent', args: { points: 1, perMinor: 100 } }
const triple: EarnRuleUse = { code: 'per-amount-spent', args: { points: 3, perMinor: 1000 } }
const bonus: EarnRuleUse = { code: 'bonus-from-amount', args: { points: 50, fromMinor: 10_000 } }

test.each<[string, EarnRuleUse[], number, number]>([
  ['a point for each pound', [perPound], 2150, 21],
  ['not for 99 pence', [perPound], 99, 0],
  ['for a pound to the penny', [perPound], 100, 1],
  ['three for each ten pounds, whole tens only', [triple], 2999, 6],
  ['nothing for nothing', [perPound, bonus], 0, 0],
  ['nothing for what came back', [perPound, bonus], -5000, 0],
  ['no bonus a penny below', [bonus], 9_999, 0],
  ['the bonus from its amount on', [bonus], 10_000, 50],
  ['rules add up', [perPound, bonus], 12_345, 173],
  ['no rules, no points', [], 12_345, 0],
])('%s', (_name, rules, totalMinor, points) => {
  expect(pointsEarned(rules, { totalMinor })).toBe(points)
})

test('the default is a point for each whole pound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (totalMinor) => {
      expect(pointsEarned(defaultEarnRules, { totalMinor })).toBe(Math.floor(totalMinor / 100))
    }),
  )
})

test('parts given back take in the end what the whole earned, however it is cut, and never more on the way', () => {
  const rules = fc.subarray([perPound, triple, bonus])
  const parts = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(rules, parts, (rulesInUse, amounts) => {
      const order = { totalMinor: amounts.reduce((sum, amount) => sum + amount, 0) }
      const earned = pointsEarned(rulesInUse, order)
      let [refunded, taken] = [0, 0]
      for (const refundMinor of amounts) {
        taken += pointsTakenBack(rulesInUse, { order, refundedBeforeMinor: refunded, refundMinor })
        refunded += refundMinor
        expect(taken).toBeLessThanOrEqual(earned)
      }
      expect(taken).toBe(earned)
    }),
  )
})

test.each([
  // Placed, recorded, live → available, expires.
  [
    'a live order waits 14 days',
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:00:00Z',
    true,
    '2026-12-06T10:00:00.000Z',
    '2028-12-01T00:00:00.000Z',
  ],
  [
    'an imported one is available at once and lives from its recording',
    '2011-02-01T10:00:00Z',
    '2026-11-22T10:00:00Z',
    false,
    '2011-02-01T10:00:00.000Z',
    '2028-12-01T00:00:00.000Z',
  ],
  [
    'months end in the merchant’s time zone',
    '2026-06-30T23:30:00Z',
    '2026-06-30T23:30:00Z',
    false,
    '2026-06-30T23:30:00.000Z',
    '2028-07-31T23:00:00.000Z',
  ],
])('%s', (_name, placedAt, recordedAt, live, availableAt, expiresAt) => {
  const terms = pointsTerms(defaultMerchant, { placedAt: new Date(placedAt), recordedAt: new Date(recordedAt), live })
  expect([terms.availableAt.toISOString(), terms.expiresAt.toISOString()]).toEqual([availableAt, expiresAt])
})

describe('the merchant', () => {
  const database = useDatabase()
  const at = new Date('2026-11-22T10:00:00Z')

  test('of an empty database is the default one; setting it up twice changes nothing', async () => {
    const db = database.current()
    expect(await readMerchant(db)).toEqual(defaultMerchant)
    await ensureMerchant(db, { at })
    await db.sql`update merchant set name_en = 'My Shop', settings = '{"pendingDays": 3}'`
    await ensureMerchant(db, { at })
    const merchant = await readMerchant(db)
    expect(merchant.name).toEqual({ en: 'My Shop', zh: '壶光茶居' })
    // What is not set keeps its default.
    expect(merchant.settings).toEqual({ ...defaultMerchant.settings, pendingDays: 3 })
  })

  test.each([
    [
      'an unknown rule',
      { earnRules: [{ code: 'per-smile', args: {} }] },
      'no earn rule "per-smile"; there are: per-amount-spent, bonus-from-amount',
    ],
    ['a missing argument', { earnRules: [{ code: 'per-amount-spent', args: { points: 1 } }] }, 'perMinor'],
    [
      'an argument too many',
      { earnRules: [{ code: 'per-amount-spent', args: { points: 1, perMinor: 100, often: true } }] },
      'often',
    ],
    ['half a point', { earnRules: [{ code: 'per-amount-spent', args: { points: 0.5, perMinor: 100 } }] }, 'points'],
    [
      'a division by nothing',
      { earnRules: [{ code: 'per-amount-spent', args: { points: 1, perMinor: 0 } }] },
      'perMinor',
    ],
    ['time running backwards', { pendingDays: -1 }, 'pendingDays'],
  ])('whose settings hold %s is refused by name', async (_name, settings, message) => {
    await database.current().sql`update merchant set settings = ${settings}`
    await expect(readMerchant(database.current())).rejects.toThrow(message)
  })
})
