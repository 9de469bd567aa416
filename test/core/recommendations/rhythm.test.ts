import fc from 'fast-check'
import { diversify } from '../../../src/core/recommendations/diversify'
import { rhythmOf } from '../../../src/core/recommendations/rhythm'

/** As of a day on which the member orders other things. */
const asOf = (asOfDay: number, lastOrderDay = 0) => ({ asOfDay, lastOrderDay })

describe('the rhythm of a product', () => {
  test.each([
    // Bought on days, as of day → gap, due in.
    [[0, 30, 60], 85, 30, 5],
    [[60, 0, 30], 85, 30, 5],
    [[0, 30, 60], 100, 30, -10],
    [[0, 30], 45, 30, 15],
    // An odd one out does not move the median.
    [[0, 10, 20, 120, 130], 140, 10, 0],
    [[0, 10, 40], 60, 20, 0],
    // Twice on one day is one purchase; days are whole.
    [[0, 0.4, 30, 30.9], 60.9, 30, 0],
  ])('%j as of day %d: every %d days, due in %d', (days, day, gapDays, dueInDays) => {
    expect(rhythmOf(days, asOf(day))).toMatchObject({ gapDays, dueInDays, isKept: true })
  })

  test.each([
    ['never bought', [], 50],
    ['bought once', [3], 50],
    ['bought twice on one day', [3.1, 3.9], 50],
    ['just bought and far from due', [0, 40, 80], 89],
  ])('none when %s', (_name, days, day) => {
    expect(rhythmOf(days, asOf(day))).toBeUndefined()
  })

  test('is no longer kept when overdue by more than two gaps', () => {
    expect(rhythmOf([0, 30, 60], asOf(150))?.isKept).toBe(true)
    expect(rhythmOf([0, 30, 60], asOf(151))?.isKept).toBe(false)
  })

  test('scores rise until it is due, and with the length of the habit', () => {
    const score = (day: number, days = [0, 30, 60]) => rhythmOf(days, asOf(day))?.score ?? 0
    expect(score(70)).toBeLessThan(score(80))
    expect(score(80)).toBeLessThan(score(90))
    expect(score(90, [0, 30, 60])).toBeLessThan(score(180, [0, 30, 60, 90, 120, 150]))
  })

  test('scores fade with orders that left it out, not with the member being away', () => {
    const score = (day: number, lastOrderDay: number) => rhythmOf([0, 30, 60], asOf(day, lastOrderDay))?.score ?? 0
    expect(score(300, 60)).toBe(score(90, 60))
    expect(score(300, 200)).toBeLessThan(score(300, 120))
    expect(score(300, 120)).toBeLessThan(score(300, 60))
  })

  test('scores are between 0 and 1 for any days', () => {
    const day = fc.double({ min: 0, max: 4_000, noNaN: true })
    fc.assert(
      fc.property(fc.array(day, { maxLength: 30 }), day, day, (bought, since, lastOrderDay) => {
        const rhythm = rhythmOf(bought, asOf(Math.max(0, ...bought) + since, lastOrderDay))
        if (rhythm === undefined) return
        expect(rhythm.score).toBeGreaterThanOrEqual(0)
        expect(rhythm.score).toBeLessThan(1)
        expect(rhythm.gapDays).toBeGreaterThanOrEqual(1)
      }),
    )
  })
})

test('variety: at most so many of a category, in their order; what was passed over is told', () => {
  const items = ['a1', 'a2', 'b1', 'a3', 'x1', 'a4', 'b2', 'x2', 'c1'].map((id) =>
    id.startsWith('x') ? { id } : { id, categoryCode: id[0]! },
  )
  const { taken, passedOver } = diversify(items, { limit: 7, perCategoryMax: 2 })
  expect(taken.map(({ id }) => id)).toEqual(['a1', 'a2', 'b1', 'x1', 'b2', 'x2', 'c1'])
  expect(passedOver.map(({ id }) => id)).toEqual(['a3', 'a4'])
})
