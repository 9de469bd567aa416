import fc from 'fast-check'
import { fifthsOf, memberValueOf, rfmGroupOf, rfmGroups, scoreRfm } from '../../src/ml/rfm'

const scores = [1, 2, 3, 4, 5] as const
const purchases = (recencyDays: number[], orders: number[], spend: number[]) => ({
  recencyDays: Float64Array.from(recencyDays),
  orders: Float64Array.from(orders),
  spend: Float64Array.from(spend),
})

describe('fifths', () => {
  test.each([
    ['ten different values', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]],
    ['all equal', [7, 7, 7, 7], [3, 3, 3, 3]],
    ['one value', [42], [3]],
    ['two values, half and half', [1, 1, 2, 2], [2, 2, 4, 4]],
    ['most of them the same', [0, 0, 0, 0, 0, 0, 0, 0, 0, 9], [3, 3, 3, 3, 3, 3, 3, 3, 3, 5]],
    ['huge and negative ones', [1e308, -1e308, 0, 1, 2], [5, 1, 2, 3, 4]],
    ['nobody', [], []],
  ])('%s', (_, values, expected) => {
    expect([...fifthsOf(Float64Array.from(values))]).toEqual(expected)
  })

  test('equal values have equal scores, and a greater one never has a lower score', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 60 }), (values) => {
        const fifths = fifthsOf(Float64Array.from(values))
        values.forEach((one, i) => {
          values.forEach((other, j) => {
            if (one === other) expect(fifths[i]).toBe(fifths[j])
            if (one > other) expect(fifths[i]).toBeGreaterThanOrEqual(fifths[j]!)
          })
        })
      }),
    )
  })

  test('NaN is refused', () => {
    expect(() => fifthsOf(Float64Array.of(1, Number.NaN, 3))).toThrow(RangeError)
  })
})

describe('RFM groups', () => {
  test('every combination of scores has one, and each group is of some combination', () => {
    const found = scores.flatMap((r) => scores.flatMap((f) => scores.map((m) => rfmGroupOf(r, f, m))))
    expect(found).toHaveLength(125)
    expect(new Set([...found, rfmGroupOf(0, 0, 0)])).toEqual(new Set(rfmGroups))
    expect(found).not.toContain('prospects')
  })

  test.each([
    [5, 5, 5, 'champions'],
    [5, 4, 3, 'champions'],
    [3, 5, 5, 'loyal'],
    [4, 4, 3, 'loyal'],
    [5, 2, 2, 'active'],
    [5, 1, 5, 'new'],
    [4, 1, 1, 'promising'],
    [3, 1, 1, 'needs-attention'],
    [2, 4, 4, 'at-risk'],
    [1, 3, 3, 'at-risk'],
    [1, 5, 5, 'previously-loyal'],
    [2, 1, 2, 'almost-lost'],
    [1, 1, 1, 'dormant'],
    [0, 0, 0, 'prospects'],
  ] as const)('recency %i, frequency %i, money %i: %s', (r, f, m, group) => {
    expect(rfmGroupOf(r, f, m)).toBe(group)
  })

  test.each([
    [5, 3, 'high'],
    [5, 5, 'high'],
    [3, 3, 'mid'],
    [2, 2, 'low'],
    [1, 1, 'low'],
    [0, 0, null],
  ] as const)('frequency %i, money %i: %s value', (f, m, value) => {
    expect(memberValueOf(f, m)).toBe(value)
  })
})

describe('scoring members', () => {
  test('the latest, most frequent and best-paying get 5; who never ordered gets 0 and is a prospect', () => {
    const { recency, frequency, monetary, group, value } = scoreRfm(
      purchases([1, 50, 100, 200, 400, 0], [9, 5, 4, 3, 2, 0], [900, 500, 400, 300, 200, 0]),
    )
    expect([...recency]).toEqual([5, 4, 3, 2, 1, 0])
    expect([...frequency]).toEqual([5, 4, 3, 2, 1, 0])
    expect([...monetary]).toEqual([5, 4, 3, 2, 1, 0])
    expect(group).toEqual(['champions', 'loyal', 'needs-attention', 'almost-lost', 'dormant', 'prospects'])
    expect(value).toEqual(['high', 'high', 'mid', 'low', 'low', null])
  })

  test('prospects take no part in the fifths', () => {
    const without = scoreRfm(purchases([1, 2], [3, 4], [10, 20]))
    const withThem = scoreRfm(purchases([1, 2, 0, 0, 0], [3, 4, 0, 0, 0], [10, 20, 0, 0, 0]))
    expect([...withThem.recency.subarray(0, 2)]).toEqual([...without.recency])
    expect([...withThem.monetary.subarray(0, 2)]).toEqual([...without.monetary])
  })

  test('a single order is frequency 1, even where nobody has more', () => {
    expect([...scoreRfm(purchases([1, 2], [1, 1], [10, 20])).frequency]).toEqual([1, 1])
    const mostlySingles = scoreRfm(purchases([1, 2, 3, 4, 5], [1, 1, 1, 1, 2], [1, 2, 3, 4, 5]))
    expect([...mostlySingles.frequency]).toEqual([1, 1, 1, 1, 5])
  })

  test('one member alone is in the middle', () => {
    expect(scoreRfm(purchases([3], [4], [100]))).toMatchObject({ group: ['needs-attention'], value: ['mid'] })
  })

  test('NaN is refused wherever it stands', () => {
    for (const at of [0, 1, 2]) {
      const columns = [
        [1, 2],
        [3, 4],
        [5, 6],
      ] as [number[], number[], number[]]
      columns[at]![1] = Number.NaN
      expect(() => scoreRfm(purchases(...columns))).toThrow(RangeError)
    }
  })
})
