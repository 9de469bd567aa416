import fc from 'fast-check'
import { fitEase } from '../../src/ml/ease'
import { invertPositiveDefinite } from '../../src/ml/ease-inverse'
import { fitItemKnn } from '../../src/ml/item-knn'
import type { NextBasketModel } from '../../src/ml/next-basket-model'
import { createRandom, normal } from '../../src/ml/random'
import { ScoreBoard } from '../../src/ml/rank-board'
import { averagePrecision, noItem, rankFigures } from '../../src/ml/rank-metrics'
import { fitEaseTopN, fitItemKnnTopN, fitPopularity, newItemLists, topNFigures } from '../../src/ml/rank-top-n'
import { ratingMatrix } from '../../src/ml/ratings'
import type { SparseRows } from '../../src/ml/spline-basis'
import { fitUserCfOnItems } from '../../src/ml/user-cf'

/** Ones where a user has an item. */
function matrixOf(rows: number[][], columns: number): SparseRows {
  const user = rows.flatMap((row, one) => row.map(() => one))
  return ratingMatrix({
    users: rows.length,
    items: columns,
    user: Uint32Array.from(user),
    item: Uint32Array.from(rows.flat()),
    value: new Float64Array(user.length).fill(1),
  })
}

const dense = ({ rows, columns, start, index, value }: SparseRows) =>
  Array.from({ length: rows }, (_, row) => {
    const out = new Array<number>(columns).fill(0)
    for (let at = start[row]!; at < start[row + 1]!; at++) out[index[at]!] = value[at]!
    return out
  })

const matrices = fc
  .array(fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 6 }), { minLength: 1, maxLength: 10 })
  .map((rows) => matrixOf(rows, 6))

const methods: Record<string, (matrix: SparseRows) => NextBasketModel> = {
  popularity: fitPopularity,
  'item-knn': (matrix) => fitItemKnnTopN(matrix),
  'user-cf': (matrix) => fitUserCfOnItems(matrix),
  ease: (matrix) => fitEaseTopN(matrix, { penalty: 1 }),
}

describe.each(Object.entries(methods))('every recommender of new items: %s', (name, fit) => {
  it('finds the item that a user of a kind lacks', () => {
    if (name === 'popularity') return
    // Two kinds, items 0 to 4 and 5 to 9; each user lacks one of the kind's.
    const rows = Array.from({ length: 40 }, (_, user) => {
      const base = user % 2 === 0 ? 0 : 5
      return [0, 1, 2, 3, 4].filter((k) => k !== Math.floor(user / 2) % 5).map((k) => base + k)
    })
    const matrix = matrixOf(rows, 10)
    const lists = newItemLists(fit(matrix), matrix, 1)
    rows.forEach((_, user) => {
      expect(lists.item[user]).toBe((user % 2 === 0 ? 0 : 5) + (Math.floor(user / 2) % 5))
    })
  })

  it('never lists what a user has, nor anything twice', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const { item } = newItemLists(fit(matrix), matrix, 4)
        dense(matrix).forEach((owned, user) => {
          const row = Array.from(item.subarray(user * 4, user * 4 + 4)).filter((one) => one !== noItem)
          expect(new Set(row).size).toBe(row.length)
          expect(row.filter((one) => owned[one] !== 0)).toEqual([])
        })
      }),
    )
  })

  it.each([
    ['one user, one item', [[0]], 1],
    ['nobody', [], 3],
    ['nobody with anything', [[], []], 3],
    [
      'all alike',
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      2,
    ],
  ] as [string, number[][], number][])('has an answer for %s', (_, rows, columns) => {
    const matrix = matrixOf(rows, columns)
    expect(newItemLists(fit(matrix), matrix, 2).item).toHaveLength(rows.length * 2)
  })
})

describe('EASE', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 33])('inverts a positive definite matrix of size %i', (size) => {
    const random = createRandom(size)
    const half = Array.from({ length: size }, () => Array.from({ length: size }, () => normal(random)))
    const full = half.map((a, i) => half.map((b, j) => a.reduce((sum, x, k) => sum + x * b[k]!, i === j ? 1 : 0)))
    const inverse = Float64Array.from(full.flat())
    // Only the lower triangle may be read.
    for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) inverse[i * size + j] = Number.NaN
    invertPositiveDefinite(inverse, size)
    full.forEach((row, i) => {
      for (let j = 0; j < size; j++) {
        const product = row.reduce((sum, x, k) => sum + x * inverse[k * size + j]!, 0)
        expect(product).toBeCloseTo(i === j ? 1 : 0, 8)
      }
    })
  })

  it('refuses a matrix that is not positive definite', () => {
    expect(() => invertPositiveDefinite(Float64Array.from([1, 2, 2, 1]), 2)).toThrow('not positive definite')
  })

  it('solves the ridge of each item on the others', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const penalty = 2
        const { item, weights } = fitEase(matrix, { penalty })
        const rows = dense(matrix)
        const size = item.length
        const gram = (k: number, l: number) => rows.reduce((sum, row) => sum + row[item[k]!]! * row[item[l]!]!, 0)
        for (let l = 0; l < size; l++) {
          expect(weights[l * size + l]).toBe(0)
          // The gradient of |x_l − Σ x_k w_k|² + penalty |w|² is 0 for every other item.
          for (let k = 0; k < size; k++) {
            if (k === l) continue
            let gradient = penalty * weights[k * size + l]! - gram(k, l)
            for (let other = 0; other < size; other++) gradient += gram(k, other) * weights[other * size + l]!
            expect(gradient).toBeCloseTo(0, 4)
          }
        }
      }),
    )
  })
})

describe('item neighbours', () => {
  it('are the items of highest similarity, as written out', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 6 }), (matrix, neighbours) => {
        const options = { neighbours, shrinkage: 3, asymmetry: 0.7 }
        const rows = dense(matrix)
        const dot = (k: number, l: number) => rows.reduce((sum, row) => sum + row[k]! * row[l]!, 0)
        const found = dense(fitItemKnn(matrix, { options }).weights)
        for (let k = 0; k < matrix.columns; k++) {
          const wanted = Array.from({ length: matrix.columns }, (_, l) =>
            k === l ? 0 : dot(k, l) / (dot(k, k) ** 0.7 * dot(l, l) ** 0.3 + 3),
          )
          const kept = [...found[k]!].filter((value) => value > 0).sort((a, b) => b - a)
          const best = wanted
            .filter((value) => value > 0)
            .sort((a, b) => b - a)
            .slice(0, neighbours)
          expect(kept).toHaveLength(best.length)
          kept.forEach((value, place) => {
            expect(value).toBeCloseTo(best[place]!, 12)
          })
          found[k]!.forEach((value, l) => {
            if (value > 0) expect(value).toBeCloseTo(wanted[l]!, 12)
          })
        }
      }),
    )
  })
})

describe('the board', () => {
  it('gives the best first, as sorting would, and is empty after', () => {
    const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: -3, max: 3 })), {
      maxLength: 60,
    })
    const board = new ScoreBoard(20)
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 25 }), (entries, k) => {
        const sums = new Map<number, number>()
        for (const [item, value] of entries) {
          board.add(item, value)
          sums.set(item, (sums.get(item) ?? 0) + value)
        }
        const into = new Uint32Array(25)
        const found = board.top(k, into)
        const sorted = [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, k)
        expect(Array.from(into.subarray(0, found))).toEqual(sorted.map(([item]) => item))
        const set = into.subarray(0, found).toSorted()
        expect(board.best(k, into)).toBe(found)
        expect(into.subarray(0, found).sort()).toEqual(set)
        board.clear()
        expect([board.count, ...board.values]).toEqual(new Array(21).fill(0))
      }),
    )
  })
})

describe('the figures', () => {
  const lists = { width: 20, item: new Uint32Array(60).fill(noItem) }
  lists.item.set([7, 1, 2, 3, 4, 5, 6, 0, 8, 9, 10], 0)
  lists.item.set([5], 20)
  const truth = {
    start: Uint32Array.from([0, 2, 14, 14]),
    item: Uint32Array.from([7, 10, ...Array.from({ length: 12 }, (_, k) => k)]),
  }

  it('agree with their definitions, worked out by hand', () => {
    const figures = rankFigures(lists, truth)
    const gains = Array.from({ length: 12 }, (_, place) => 1 / Math.log2(place + 2))
    const ideal = (count: number) => gains.slice(0, count).reduce((sum, gain) => sum + gain, 0)
    expect(figures.users).toBe(2)
    expect(figures.recall10).toBeCloseTo((1 / 2 + 1 / 12) / 2, 12)
    expect(figures.recall20).toBeCloseTo((1 + 1 / 12) / 2, 12)
    expect(figures.ndcg10Min).toBeCloseTo((1 / ideal(2) + 1 / ideal(10)) / 2, 12)
    expect(figures.ndcg10Whole).toBeCloseTo((1 / ideal(2) + 1 / ideal(12)) / 2, 12)
    expect(figures.phr10).toBe(1)
  })

  it('are 0 where nobody has anything held out', () => {
    const none = { start: new Uint32Array(4), item: new Uint32Array(0) }
    expect(rankFigures(lists, none)).toEqual({
      users: 0,
      recall10: 0,
      recall20: 0,
      ndcg10Min: 0,
      ndcg10Whole: 0,
      phr10: 0,
    })
  })

  it('take average precision and the rest over what was wanted', () => {
    expect(averagePrecision([3, 1, 2], new Set([1, 2]), 3)).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12)
    const figures = topNFigures({ width: 2, item: Uint32Array.from([3, 1]) }, matrixOf([[1, 2]], 4), 2)
    expect(figures).toMatchObject({ users: 1, precision: 0.5, recall: 0.5, map: 0.25 })
  })
})
