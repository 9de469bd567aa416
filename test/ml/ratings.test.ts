import fc from 'fast-check'
import { drawRatings } from '../../bench/ratings-drawn'
import { createRandom } from '../../src/ml/random'
import {
  fitBaselineRatings,
  fitRatingBaseline,
  type RatingModel,
  type Ratings,
  ratingMatrix,
  selectRatings,
} from '../../src/ml/ratings'
import { fitFusedRatings } from '../../src/ml/ratings-fused'
import { fitItemRatings, fitUserRatings } from '../../src/ml/ratings-knn'
import { rowSimilarities } from '../../src/ml/ratings-similarity'

const ratingsOf = (rows: [user: number, item: number, value: number][], users: number, items: number): Ratings => ({
  users,
  items,
  user: Uint32Array.from(rows, ([user]) => user),
  item: Uint32Array.from(rows, ([, item]) => item),
  value: Float64Array.from(rows, ([, , value]) => value),
})

/** Even users love even items and hate odd ones, odd users the other way round; some pairs are left out. */
function twoTastes(isLeftOut: (user: number, item: number) => boolean): Ratings {
  const rows: [number, number, number][] = []
  for (let user = 0; user < 20; user++) {
    for (let item = 0; item < 12; item++) {
      if (!isLeftOut(user, item)) rows.push([user, item, (user + item) % 2 === 0 ? 5 : 1])
    }
  }
  return ratingsOf(rows, 20, 12)
}

const methods: Record<string, (ratings: Ratings) => RatingModel> = {
  baseline: fitBaselineRatings,
  'user-knn': fitUserRatings,
  'item-knn': fitItemRatings,
  fused: fitFusedRatings,
}

describe.each(Object.entries(methods))('every predictor of ratings: %s', (name, fit) => {
  it('foretells what is obvious', () => {
    const isLeftOut = (user: number, item: number) => (user * 7 + item * 3) % 11 === 0
    const model = fit(twoTastes(isLeftOut))
    for (let user = 0; user < 20; user++) {
      for (let item = 0; item < 12; item++) {
        if (!isLeftOut(user, item)) continue
        const foretold = model.predict(user, item)
        // Offsets cannot know: everybody has both kinds.
        if (name === 'baseline') expect(Math.abs(foretold - 3)).toBeLessThan(1)
        else if ((user + item) % 2 === 0) expect(foretold).toBeGreaterThan(4)
        else expect(foretold).toBeLessThan(2)
      }
    }
  })

  it.each([
    ['no ratings', ratingsOf([], 2, 2), 0, 0],
    ['a single one', ratingsOf([[0, 0, 4]], 2, 2), 4, 4],
    [
      'all equal',
      ratingsOf(
        [
          [0, 0, 3],
          [0, 1, 3],
          [1, 0, 3],
        ],
        2,
        2,
      ),
      3,
      3,
    ],
    [
      'the same pair again and again',
      ratingsOf(
        [
          [0, 0, 1],
          [0, 0, 5],
          [0, 0, 5],
        ],
        2,
        2,
      ),
      1,
      5,
    ],
    [
      'huge values',
      ratingsOf(
        [
          [0, 0, 1e150],
          [1, 1, -1e150],
        ],
        2,
        2,
      ),
      -1e150,
      1e150,
    ],
  ] as [string, Ratings, number, number][])('stays within what was seen for %s', (_, ratings, low, high) => {
    const model = fit(ratings)
    for (const user of [0, 1]) {
      for (const item of [0, 1]) {
        expect(model.predict(user, item)).toBeGreaterThanOrEqual(low)
        expect(model.predict(user, item)).toBeLessThanOrEqual(high)
      }
    }
  })
})

describe('ratings', () => {
  it('keep the last of a pair rated twice', () => {
    const matrix = ratingMatrix(
      ratingsOf(
        [
          [1, 0, 2],
          [0, 1, 3],
          [1, 0, 5],
        ],
        2,
        2,
      ),
    )
    expect([matrix.start, matrix.index, matrix.value].map((array) => Array.from(array))).toEqual([
      [0, 1, 2],
      [1, 0],
      [3, 5],
    ])
  })

  it('have offsets that tell a generous user from a good item', () => {
    const rows: [number, number, number][] = []
    for (let user = 0; user < 30; user++) {
      for (let item = 0; item < 30; item++) rows.push([user, item, 3 + (user === 0 ? 1 : 0) + (item === 0 ? 0.5 : 0)])
    }
    const { userOffset, itemOffset } = fitRatingBaseline(ratingsOf(rows, 30, 30))
    expect(userOffset[0]! - userOffset[1]!).toBeCloseTo(30 / 40, 1)
    expect(itemOffset[0]! - itemOffset[1]!).toBeCloseTo(0.5 * (30 / 35), 1)
  })

  it('have similarities as their definitions write them', () => {
    const cells = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 4 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
      ),
      { maxLength: 15 },
    )
    fc.assert(
      fc.property(cells, fc.constantFrom('pearson', 'cosine'), (rows, similarity) => {
        const matrix = ratingMatrix(ratingsOf(rows, 4, 5))
        const found = rowSimilarities(matrix, { similarity, shrinkage: 2 })
        const values = new Map(rows.map(([user, item, value]) => [`${user}/${item}`, value]))
        for (let a = 0; a < 4; a++) {
          for (let b = 0; b < a; b++) {
            let [product, own, other, shared] = [0, 0, 0, 0]
            for (let item = 0; item < 5; item++) {
              const [x, y] = [values.get(`${a}/${item}`), values.get(`${b}/${item}`)]
              if (x !== undefined && y !== undefined) [product, shared] = [product + x * y, shared + 1]
              if (x !== undefined && (similarity === 'cosine' || y !== undefined)) own += x * x
              if (y !== undefined && (similarity === 'cosine' || x !== undefined)) other += y * y
            }
            const wanted = own * other > 0 ? (shared / (shared + 2)) * (product / Math.sqrt(own * other)) : 0
            expect(found[a * 4 + b]).toBeCloseTo(wanted, 5)
            expect(found[b * 4 + a]).toBe(found[a * 4 + b])
          }
        }
      }),
    )
  })

  it('are foretold better by neighbours than by offsets, and best by both fused, where there is taste', () => {
    const all = drawRatings(createRandom(2), { users: 200, items: 300, ratings: 12_000 })
    const rows = all.value.map((_, row) => row)
    const train = selectRatings(
      all,
      rows.filter((row) => row % 5 !== 0),
    )
    const rmse = (fit: (ratings: Ratings) => RatingModel) => {
      const model = fit(train)
      const test = rows.filter((row) => row % 5 === 0)
      let squares = 0
      for (const row of test) squares += (model.predict(all.user[row]!, all.item[row]!) - all.value[row]!) ** 2
      return Math.sqrt(squares / test.length)
    }
    const [floor, users, items, fused] = Object.values(methods).map(rmse)
    expect(users).toBeLessThan(floor!)
    expect(items).toBeLessThan(floor!)
    expect(fused).toBeLessThan(Math.min(users!, items!))
  })
})
