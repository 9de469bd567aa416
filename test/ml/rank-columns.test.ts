import fc from 'fast-check'
import { openColumns } from '../../src/ml/rank-columns'

describe('columns of features', () => {
  it('hold for each kept candidate how many score more, the share of the best score, and the score', () => {
    // Quarters are exact in half the width, so that what is equal stays equal and nothing else becomes it.
    const score = fc.integer({ min: -8, max: 40 }).map((quarters) => quarters / 4)
    const candidates = fc.array(fc.record({ score, isKept: fc.boolean() }), { maxLength: 9 })
    const features = 4
    const values = new Float32Array(9 * features)
    const column = openColumns(values, features)
    fc.assert(
      fc.property(fc.array(candidates, { minLength: 1, maxLength: 4 }), (users) => {
        // One user after another: nothing of the one before may be left.
        for (const all of users) {
          const scores = new Float64Array(9)
          all.forEach((one, k) => {
            scores[k] = one.score
          })
          column.load(all.length, (place) => all[place]!.isKept)
          column.writeExpert(scores, 1)
          const best = Math.max(...all.map((one) => one.score))
          const kept = all.filter(({ isKept }) => isKept)
          expect(column.kept.count).toBe(kept.length)
          kept.forEach((one, row) => {
            const [share, rank, own] = values.subarray(row * features + 1, row * features + 4)
            expect(rank).toBe(all.filter((other) => other.score > one.score).length)
            expect(share).toBeCloseTo(best > 0 ? one.score / best : 0, 6)
            expect(own).toBe(one.score)
          })
        }
      }),
    )
  })
})
