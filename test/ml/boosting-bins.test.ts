import fc from 'fast-check'
import { binRows, findEdges } from '../../src/ml/boosting-bins'
import { createRandom } from '../../src/ml/random'

const FEATURES = 2
const rows = fc.array(fc.tuple(fc.oneof(fc.nat(9), fc.constant(Number.NaN)), fc.double({ noNaN: true })), {
  maxLength: 30,
})

const tableOf = (some: number[][]) => ({
  rows: some.length,
  features: FEATURES,
  values: Float64Array.from(some.flat()),
})

describe('bins', () => {
  it('are the same whether rows come in one table or in several', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), (parts) => {
        const whole = tableOf(parts.flat())
        const edges = findEdges([whole], createRandom(1))
        expect(findEdges(parts.map(tableOf), createRandom(1))).toEqual(edges)
        const bins = parts.flatMap((part) => [...binRows(tableOf(part), edges).bins])
        expect(bins).toEqual([...binRows(whole, edges).bins])
      }),
    )
  })

  it('keep the order of values, the missing ones apart', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const { bins } = binRows(tableOf(some), findEdges([tableOf(some)], createRandom(1)))
        some.forEach(([own], one) => {
          expect(bins[one * FEATURES] === 0).toBe(Number.isNaN(own))
          some.forEach(([other], another) => {
            if (own! < other!) expect(bins[one * FEATURES]!).toBeLessThan(bins[another * FEATURES]!)
            if (own === other) expect(bins[one * FEATURES]).toBe(bins[another * FEATURES])
          })
        })
      }),
    )
  })
})
