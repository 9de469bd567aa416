import fc from 'fast-check'
import { fitEase } from '../../src/ml/ease'
import { inverseByItems, inverseByUsers } from '../../src/ml/ease-sides'
import { fitItemKnn } from '../../src/ml/item-knn'
import { packHistory } from '../../src/ml/next-basket-history'
import { ScoreBoard } from '../../src/ml/rank-board'
import { baselineOf, fitRatingBaseline, type Ratings, ratingMatrix } from '../../src/ml/ratings'
import { fitFusedRatings, fusedDefaults } from '../../src/ml/ratings-fused'
import { residuals, rowSimilarities } from '../../src/ml/ratings-similarity'
import type { SparseRows } from '../../src/ml/spline-basis'
import { fitTifuKnn } from '../../src/ml/tifuknn'

// Each method against its formula written out over dense tables, slowly.

const ITEMS = 5

/** Users × items with 0 for nothing; values are multiples of a half, so that sums have no rounding. */
const tables = (values: fc.Arbitrary<number>) =>
  fc.array(fc.array(fc.oneof(fc.constant(0), values), { minLength: ITEMS, maxLength: ITEMS }), {
    minLength: 1,
    maxLength: 9,
  })

const ones = tables(fc.constant(1))
const weighted = tables(fc.integer({ min: 1, max: 6 }).map((value) => value / 2))

function sparse(table: number[][], columns = ITEMS): SparseRows {
  const entries = table.map((row) => row.flatMap((value, index) => (value === 0 ? [] : [{ index, value }])))
  const start = new Uint32Array(table.length + 1)
  entries.forEach((row, user) => {
    start[user + 1] = (start[user] ?? 0) + row.length
  })
  return {
    rows: table.length,
    columns,
    start,
    index: Uint32Array.from(entries.flat(), ({ index }) => index),
    value: Float64Array.from(entries.flat(), ({ value }) => value),
  }
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** Solves by Gauss-Jordan with pivots: slow and plain. */
function inverseOf(matrix: number[][]): number[][] {
  const size = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < size; column++) {
    const at = rows.map((row) => Math.abs(row[column]!))
    const pivot = column + at.slice(column).indexOf(Math.max(...at.slice(column)))
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    const own = rows[column]!.map((value) => value / rows[column]![column]!)
    rows.forEach((row, i) => {
      rows[i] = i === column ? own : row.map((value, j) => value - row[column]! * own[j]!)
    })
  }
  return rows.map((row) => row.slice(size))
}

describe('EASE', () => {
  it('is its closed form, with damping and rows divided by their lengths', () => {
    fc.assert(
      fc.property(
        fc.oneof(ones, weighted),
        fc.constantFrom(0, 0.5),
        fc.constantFrom(0, 0.5),
        (table, damping, power) => {
          const penalty = 1.5
          const lengths = table.map((row) => Math.max(1, row.filter((value) => value !== 0).length) ** -power)
          const scaled = table.map((row, user) => row.map((value) => value * lengths[user]!))
          const squares = (rows: number[][]) => sum(rows.flat().map((value) => value ** 2))
          const scale = squares(scaled) > 0 ? squares(table) / squares(scaled) : 1
          const { item, weights } = fitEase(sparse(table), { penalty, damping, normalisation: power })
          const gram = Array.from(item, (k) =>
            Array.from(item, (l) => scale * sum(scaled.map((row) => row[k]! * row[l]!))),
          )
          const inverse = inverseOf(
            gram.map((row, k) => row.map((value, l) => (k === l ? value + penalty + damping * value : value))),
          )
          inverse.forEach((row, k) => {
            row.forEach((value, l) => {
              expect(weights[k * item.length + l]).toBeCloseTo(k === l ? 0 : -value / inverse[l]![l]!, 4)
            })
          })
        },
      ),
    )
  })

  it('is the same whichever side is inverted', () => {
    fc.assert(
      fc.property(weighted, (table) => {
        const rows = sparse(table)
        const ridge = Float64Array.from({ length: ITEMS }, (_, item) => 0.5 + item)
        const byUsers = inverseByUsers(rows, ridge)
        inverseByItems(rows, ridge).forEach((value, at) => {
          expect(byUsers[at]).toBeCloseTo(value, 9)
        })
      }),
    )
  })
})

describe('item-kNN', () => {
  const options = { neighbours: 3, shrinkage: 1, asymmetry: 0.5 }

  /** What each item keeps, in one order: its neighbours are kept in any. */
  const pairsOf = ({ rows, start, index, value }: SparseRows) =>
    Array.from({ length: rows }, (_, row) => [...index.keys()].slice(start[row], start[row + 1]))
      .flatMap((entries, row) => entries.map((at) => [row, index[at]!, value[at]!] as const))
      .sort(([a, b], [c, d]) => a - c || b - d)

  it('counts pairs as adding up products does, however rows list their items', () => {
    fc.assert(
      fc.property(fc.oneof(ones, weighted), (table) => {
        const rows = sparse(table)
        const upsideDown = { ...rows, index: rows.index.slice(), value: rows.value.slice() }
        table.forEach((_, user) => {
          upsideDown.index.subarray(rows.start[user], rows.start[user + 1]).reverse()
          upsideDown.value.subarray(rows.start[user], rows.start[user + 1]).reverse()
        })
        const wanted = pairsOf(fitItemKnn(rows, { options }).weights)
        expect(pairsOf(fitItemKnn(upsideDown, { options }).weights)).toEqual(wanted)
        // More columns than are taken at once, most of them empty: one item after another.
        expect(pairsOf(fitItemKnn({ ...rows, columns: 5000 }, { options }).weights)).toEqual(wanted)
      }),
      { numRuns: 30 },
    )
  })
})

describe('TIFU-kNN', () => {
  const histories = fc.array(
    fc.array(fc.uniqueArray(fc.integer({ min: 0, max: ITEMS - 1 }), { minLength: 1, maxLength: 3 }), { maxLength: 7 }),
    { minLength: 1, maxLength: 6 },
  )

  it('is the mean of groups of baskets, mixed with that of everybody else', () => {
    const options = { neighbours: 100, groupSize: 2, withinDecay: 0.9, groupDecay: 0.6, ownShare: 0.3 }
    fc.assert(
      fc.property(histories, (users) => {
        const vectors = users.map((baskets) => {
          const groups: number[][][] = []
          for (let end = baskets.length; end > 0; end -= 2) groups.push(baskets.slice(Math.max(0, end - 2), end))
          return Array.from({ length: ITEMS }, (_, item) =>
            sum(
              groups.map((group, back) => {
                const shares = group.map((basket, at) =>
                  basket.includes(item) ? options.withinDecay ** (group.length - 1 - at) : 0,
                )
                return (sum(shares) / group.length) * (options.groupDecay ** back / groups.length)
              }),
            ),
          )
        })
        const model = fitTifuKnn(
          packHistory(
            users.map((baskets) => ({ baskets })),
            ITEMS,
          ),
          options,
        )
        users.forEach((_, user) => {
          const board = new ScoreBoard(ITEMS)
          model.scoreUser(user, board)
          const others = vectors.filter((_, other) => other !== user)
          board.values.forEach((score, item) => {
            const mean = sum(others.map((vector) => vector[item]!)) / Math.max(1, others.length)
            expect(score).toBeCloseTo(0.3 * vectors[user]![item]! + 0.7 * mean, 9)
          })
        })
      }),
    )
  })
})

describe('fused ratings', () => {
  const rated = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: ITEMS - 1 }), fc.integer({ min: 1, max: 5 })),
    { selector: ([user, item]) => `${user}/${item}`, minLength: 1, maxLength: 16 },
  )

  it('are the three weighted means of the paper around the offsets', () => {
    fc.assert(
      fc.property(rated, (rows) => {
        const ratings: Ratings = {
          users: 4,
          items: ITEMS,
          user: Uint32Array.from(rows, ([user]) => user),
          item: Uint32Array.from(rows, ([, item]) => item),
          value: Float64Array.from(rows, ([, , value]) => value),
        }
        const options = { ...fusedDefaults, shrinkage: 1 }
        const baseline = fitRatingBaseline(ratings)
        const rest = residuals(ratings, baseline)
        const turned = ratingMatrix({ ...ratings, users: ITEMS, items: 4, user: ratings.item, item: ratings.user })
        const turnedRest = { ...turned, value: turned.value.slice() }
        for (let item = 0; item < ITEMS; item++) {
          for (let at = turned.start[item]!; at < turned.start[item + 1]!; at++) {
            turnedRest.value[at]! -= baselineOf(baseline, turned.index[at]!, item)
          }
        }
        const alike = { users: rowSimilarities(rest, options), items: rowSimilarities(turnedRest, options) }
        const known = rows.map(([user, item, value]) => ({
          user,
          item,
          deviation: value - baselineOf(baseline, user, item),
        }))
        const mean = (weigh: (one: { user: number; item: number }) => number) => {
          const weights = known.map((one) => Math.max(0, weigh(one)))
          return sum(known.map((one, k) => weights[k]! * one.deviation)) / (options.caution + sum(weights))
        }
        const model = fitFusedRatings(ratings, options)
        for (let user = 0; user < 4; user++) {
          for (let item = 0; item < ITEMS; item++) {
            const userLike = (other: number) => (other === user ? 0 : Math.max(0, alike.users[user * 4 + other]!))
            const itemLike = (other: number) => (other === item ? 0 : Math.max(0, alike.items[item * ITEMS + other]!))
            const byUsers = mean((one) => (one.item === item ? userLike(one.user) : 0))
            const byItems = mean((one) => (one.user === user ? itemLike(one.item) : 0))
            const byBoth = mean((one) => userLike(one.user) * itemLike(one.item))
            const wanted = baselineOf(baseline, user, item) + 0.8 * (0.4 * byUsers + 0.6 * byItems) + 0.2 * byBoth
            const [low, high] = [Math.min(...ratings.value), Math.max(...ratings.value)]
            expect(model.predict(user, item)).toBeCloseTo(Math.min(high, Math.max(low, wanted)), 5)
          }
        }
      }),
    )
  })
})
