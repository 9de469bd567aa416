import fc from 'fast-check'
import { VariantCounts } from '../../../src/core/import/variant-counts'

describe('what an article is seen with most often', () => {
  test('is what was seen first, of equals; nothing where nothing was seen', () => {
    const counts = new VariantCounts()
    for (const [article, value] of [
      [0, 7],
      [2, 5],
      [0, 9],
      [2, 1_000_000_000],
      [2, 1_000_000_000],
      [0, 9],
      [0, 7],
    ] as const)
      counts.add(article, value)
    expect(counts.mostFrequent(3)).toEqual([7, undefined, 1_000_000_000])
  })

  test('is one of the first hundred values; more are not counted, and no other article minds', () => {
    const counts = new VariantCounts()
    for (let value = 1; value <= 100; value++) counts.add(1, value)
    expect([counts.isFull(1), counts.isFull(0)]).toEqual([true, false])
    for (let times = 0; times < 5; times++) counts.add(1, 101)
    counts.add(0, 101)
    expect(counts.mostFrequent(2)).toEqual([101, 1])
    counts.add(1, 100)
    expect(counts.mostFrequent(2)).toEqual([101, 100])
  })

  test('property: is what counting in maps finds, however many there are', () => {
    const seen = fc.array(fc.tuple(fc.nat(300), fc.nat(50)), { minLength: 3_000, maxLength: 9_000, size: 'max' })
    fc.assert(
      fc.property(seen, (pairs) => {
        const counts = new VariantCounts()
        const times = Array.from({ length: 301 }, () => new Map<number, number>())
        for (const [article, value] of pairs) {
          counts.add(article, value)
          times[article]?.set(value, (times[article]?.get(value) ?? 0) + 1)
        }
        // Sorting keeps equals in their order, which for a map is that in which they came.
        expect(counts.mostFrequent(301)).toEqual(times.map((of) => [...of].sort(([, a], [, b]) => b - a)[0]?.[0]))
      }),
      { numRuns: 20, seed: 7 },
    )
  })
})
