import { fitRhythm, lifecycleStagesAt, silenceLimitDays } from '../../src/ml/lifecycle'
import type { OrderHistories } from '../../src/ml/order-features'
import { createRandom, normal } from '../../src/ml/random'

function histories(...members: readonly (readonly number[])[]): OrderHistories {
  const start = new Uint32Array(members.length + 1)
  members.forEach((days, c) => {
    start[c + 1] = start[c]! + days.length
  })
  const day = Float64Array.from(members.flat())
  return { customers: members.length, start, day, amount: day.map(() => 10) }
}

const every = (gap: number, times: number) => Array.from({ length: times }, (_, i) => i * gap)

/** A shop where some come weekly and some every other month, give or take. */
function mixedShop(): OrderHistories {
  const random = createRandom(1)
  return histories(
    ...Array.from({ length: 200 }, (_, c) => {
      const days = [0]
      for (let i = 0; i < 8; i++) {
        const gap = Math.round((c % 2 === 0 ? 7 : 60) * Math.exp(0.4 * normal(random)))
        days.push(days[i]! + Math.max(1, gap))
      }
      return days
    }),
  )
}

describe('the rhythm of a shop', () => {
  const shop = mixedShop()
  const rhythm = fitRhythm(shop)

  test('tells the spread within members from that between them', () => {
    expect(Math.exp(rhythm.logGap)).toBeGreaterThan(17)
    expect(Math.exp(rhythm.logGap)).toBeLessThan(25)
    expect(Math.sqrt(rhythm.within)).toBeCloseTo(0.4, 1)
    expect(Math.sqrt(rhythm.between)).toBeCloseTo(Math.log(60 / 7) / 2, 1)
  })

  test('so many gaps are over before a stage begins as it says', () => {
    let [gaps, lapsed, atRisk] = [0, 0, 0]
    for (let c = 0; c < shop.customers; c++) {
      const own = Array.from({ length: 8 }, (_, i) => shop.day[c * 9 + i + 1]! - shop.day[c * 9 + i]!)
      own.forEach((gap, i) => {
        const others = own.filter((_, j) => j !== i)
        const known = { count: 7, sum: others.reduce((sum, each) => sum + Math.log(each), 0) }
        gaps += 1
        if (gap > silenceLimitDays(rhythm, 'lapsed', known)) lapsed += 1
        if (gap > silenceLimitDays(rhythm, 'at-risk', known)) atRisk += 1
      })
    }
    expect(lapsed / gaps).toBeCloseTo(0.1, 1)
    expect(atRisk / gaps).toBeCloseTo(0.2, 1)
  })

  test('a weekly member is missed sooner than a seasonal one, and one of whom little is known is between them', () => {
    const limit = (gap: number, count: number) =>
      silenceLimitDays(rhythm, 'lapsed', { count, sum: count * Math.log(gap) })
    expect(limit(7, 8)).toBeLessThan(20)
    expect(limit(60, 8)).toBeGreaterThan(70)
    expect(limit(7, 1)).toBeGreaterThan(limit(7, 8))
    expect(limit(60, 0)).toBe(limit(7, 0))
  })

  test('without any gap there is a prior, and nothing is infinite', () => {
    for (const shop of [histories(), histories([5]), histories([1], [2])]) {
      const known = fitRhythm(shop)
      expect(Math.exp(known.logGap)).toBeCloseTo(60, 6)
      expect(silenceLimitDays(known, 'churned', { count: 0, sum: 0 })).toBeGreaterThan(60)
    }
  })

  test('gaps that are all alike make nobody infinitely late', () => {
    const known = fitRhythm(histories(...Array.from({ length: 50 }, () => every(10, 6))))
    const limit = silenceLimitDays(known, 'lapsed', { count: 5, sum: 5 * Math.log(10) })
    expect(limit).toBeGreaterThan(9.5)
    expect(limit).toBeLessThan(20)
  })

  test.each([
    ['two orders on one day', [3, 3]],
    ['days that run backwards', [5, 3]],
    ['a day that is none', [5, Number.NaN]],
  ])('%s are refused', (_, days) => {
    expect(() => fitRhythm(histories(days))).toThrow(RangeError)
  })
})

describe('life-cycle stages', () => {
  const rhythm = fitRhythm(mixedShop())
  const stage = (days: readonly number[], cut: number) => lifecycleStagesAt(rhythm, histories(days), [cut])[0]
  const weekly = every(7, 9) // the last on day 56

  test.each([
    ['nothing ordered yet', [], 100, null],
    ['an order that is still to come', [100], 100, null],
    ['one order, lately', [95], 100, 'new'],
    ['one order, long ago', [0], 600, 'churned'],
    ['two orders, lately', [0, 10], 15, 'active'],
    ['a weekly member after three days', weekly, 60, 'loyal'],
    ['a weekly member after two weeks', weekly, 56 + 13, 'at-risk'],
    ['a weekly member after two and a half weeks', weekly, 56 + 16, 'lapsed'],
    ['a weekly member after two months', weekly, 56 + 60, 'churned'],
    ['a member who comes every other month, after two weeks', every(60, 9), 480 + 14, 'loyal'],
    ['a weekly member who was away for three months and is back', [...weekly, 150], 152, 'won-back'],
    ['the same after the order that follows', [...weekly, 150, 157], 158, 'active'],
    ['the same when the old habit is there again', [...weekly, 150, 157, 164, 171], 172, 'loyal'],
    ['back, but gone again', [...weekly, 150], 250, 'churned'],
  ] as const)('%s: %s at day %i is %s', (_, days, cut, expected) => {
    expect(stage(days, cut)).toBe(expected)
  })

  test('each member is read at a date of their own', () => {
    const two = histories([0, 7], [0, 7])
    expect(lifecycleStagesAt(rhythm, two, [9, 500])).toEqual(['active', 'churned'])
  })
})
