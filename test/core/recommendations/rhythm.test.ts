import fc from 'fast-check'
import { diversify } from '../../../src/core/recommendations/diversify'
import { rhythmOf } from '../../../src/core/recommendations/rhythm'

describe('the rhythm of a product', () => {
  test.each([
    // Bought on days, as of day → gap, due in.
    [[0, 30, 60], 85, 30, 5],
    [[60, 0, 30], 85, 30, 5],
    [[0, 30, 60], 100, 30, -10],
    [[0, 30], 45, 30, 15],
    // An odd one out does not move the median.
    [[0, 10, 20, 120, 130], 140, 10, 0],
    [[0, 10, 40], 59.6, 20, 1],
    // Twice on one day is one purchase.
    [[0, 0.4, 30, 30.9], 60, 30, 0],
  ])('%j as of day %i: every %i days, due in %i', (days, asOf, gapDays, dueInDays) => {
    expect(rhythmOf(days, asOf)).toMatchObject({ gapDays, dueInDays })
  })

  test.each([
    ['never bought', [], 50],
    ['bought once', [3], 50],
    ['bought twice on one day', [3.1, 3.9], 50],
    ['just bought and far from due', [0, 30, 60], 74],
  ])('none when %s', (_name, days, asOf) => {
    expect(rhythmOf(days, asOf)).toBeUndefined()
  })

  test('scores rise until it is due, hold a while, then fade; a longer habit scores higher', () => {
    const score = (asOf: number, days = [0, 30, 60]) => rhythmOf(days, asOf)?.score ?? 0
    expect(score(80)).toBeLessThan(score(90))
    expect(score(105)).toBe(score(90))
    expect(score(200)).toBeLessThan(score(105))
    expect(score(90, [0, 30, 60])).toBeLessThan(score(180, [0, 30, 60, 90, 120, 150]))
  })

  test('scores are between 0 and 1 for any days', () => {
    const days = fc.array(fc.double({ min: 0, max: 4_000, noNaN: true }), { maxLength: 30 })
    fc.assert(
      fc.property(days, fc.double({ min: 0, max: 1_000, noNaN: true }), (bought, since) => {
        const rhythm = rhythmOf(bought, Math.max(0, ...bought) + since)
        if (rhythm === undefined) return
        expect(rhythm.score).toBeGreaterThanOrEqual(0)
        expect(rhythm.score).toBeLessThanOrEqual(1)
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
