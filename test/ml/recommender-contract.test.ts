import fc from 'fast-check'
import { fitGlobalFrequency, fitPersonalFrequency } from '../../src/ml/next-basket-frequency'
import { type BasketHistory, packHistory } from '../../src/ml/next-basket-history'
import type { NextBasketModel } from '../../src/ml/next-basket-model'
import { fitTransitions } from '../../src/ml/next-basket-transitions'
import { userVectors } from '../../src/ml/next-basket-vectors'
import { ScoreBoard } from '../../src/ml/rank-board'
import { fitRanker } from '../../src/ml/rank-model'
import { fitEaseTopN, fitItemKnnTopN, fitPopularity } from '../../src/ml/rank-top-n'
import { fitFusedRatings } from '../../src/ml/ratings-fused'
import type { SparseRows } from '../../src/ml/spline-basis'
import { fitTifuKnn } from '../../src/ml/tifuknn'
import { fitUserCf } from '../../src/ml/user-cf'

// Every recommender there is, on the same members: what each foretells of the obvious stands in next-basket.test.ts,
// top-n.test.ts and ratings.test.ts; here is what must hold of all of them alike.

type Members = readonly (readonly (readonly number[])[])[]

const NEIGHBOURS = 1000

const owned = (history: BasketHistory): SparseRows => {
  const counts = userVectors(history, () => 1)
  return { ...counts, value: counts.value.map(() => 1) }
}

/** Times bought as ratings: fused ratings score every item. */
function fitFused(history: BasketHistory): NextBasketModel {
  const { start, index, value } = userVectors(history, () => 1)
  const user = Uint32Array.from(index)
  for (let one = 0; one < history.users; one++) user.fill(one, start[one], start[one + 1])
  const model = fitFusedRatings({ users: history.users, items: history.items, user, item: index, value })
  return {
    scoreUser(member, board) {
      for (let item = 0; item < history.items; item++) board.add(item, model.predict(member, item))
    },
  }
}

const methods: [string, (history: BasketHistory) => NextBasketModel][] = [
  ['global frequency', fitGlobalFrequency],
  ['personal frequency', fitPersonalFrequency],
  ['transitions', fitTransitions],
  ['UP-CF', fitUserCf],
  [
    'TIFU-kNN',
    (history) =>
      fitTifuKnn(history, {
        neighbours: NEIGHBOURS,
        groupSize: 3,
        withinDecay: 0.9,
        groupDecay: 0.7,
        ownShare: 0.5,
      }),
  ],
  ['popularity', (history) => fitPopularity(owned(history))],
  ['item-kNN', (history) => fitItemKnnTopN(owned(history))],
  ['EASE', (history) => fitEaseTopN(owned(history), { penalty: 2, damping: 0.5, normalisation: 0.3 })],
  ['re-ranker', (history) => fitRanker(history, { trees: 5, negativeShare: 1, seed: 1 })],
  ['fused ratings', fitFused],
]

const ITEMS = 6

const members = fc.array(
  fc.array(fc.uniqueArray(fc.integer({ min: 0, max: ITEMS - 1 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  }),
  { minLength: 2, maxLength: 7 },
)

function scoresOf(fit: (history: BasketHistory) => NextBasketModel, given: Members): number[][] {
  const history = packHistory(
    given.map((baskets) => ({ baskets: baskets.map((basket) => [...basket]) })),
    ITEMS,
  )
  const model = fit(history)
  return given.map((_, member) => {
    const board = new ScoreBoard(ITEMS)
    model.scoreUser(member, board)
    return Array.from(board.values)
  })
}

function expectClose(found: number[] | undefined, wanted: number[] | undefined): void {
  expect(found).toHaveLength(wanted?.length ?? -1)
  found?.forEach((score, item) => {
    expect(score).toBeCloseTo(wanted?.[item] ?? Number.NaN, 5)
  })
}

describe.each(methods)('every recommender: %s', (name, fit) => {
  it('gives two members of the same history the same scores', () => {
    fc.assert(
      fc.property(members, (given) => {
        const scores = scoresOf(fit, [...given, given[0] ?? []])
        expectClose(scores.at(-1), scores[0])
      }),
      { numRuns: name === 're-ranker' ? 10 : 40 },
    )
  })

  it('does not care how members and items are numbered', () => {
    // The re-ranker's trees break ties between features of the same gain by rows, which follow the numbers.
    if (name === 're-ranker') return
    fc.assert(
      fc.property(members, fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: ITEMS }), (given, newNumber) => {
        const renumbered = given.map((baskets) => baskets.map((basket) => basket.map((item) => newNumber[item] ?? -1)))
        const before = scoresOf(fit, given)
        const after = scoresOf(fit, renumbered.reverse()).reverse()
        before.forEach((own, member) => {
          expectClose(
            newNumber.map((item) => after[member]?.[item] ?? Number.NaN),
            own,
          )
        })
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    ['one member, one item', [[[0]]]],
    ['nobody', []],
    ['a member who never bought', [[], [[0, 1], [2]]]],
    [
      'all equal',
      Array.from({ length: 30 }, () => [
        [0, 1],
        [0, 1],
      ]),
    ],
    ['one item a thousand times', [Array.from({ length: 1000 }, () => [0]), [[0], [1]]]],
    ['everything at once', [[[0, 1, 2, 3, 4, 5]], [[0, 1, 2, 3, 4, 5]]]],
  ] as [string, number[][][]][])('has finite scores, and the same again, for %s', (_what, given) => {
    const scores = scoresOf(fit, given)
    expect(scores.flat().every(Number.isFinite)).toBe(true)
    expect(scoresOf(fit, given)).toEqual(scores)
  })
})

describe('what is no number', () => {
  const matrixOf = (...value: number[]): SparseRows => ({
    rows: 2,
    columns: 2,
    start: Uint32Array.of(0, 2, 4),
    index: Uint32Array.of(0, 1, 0, 1),
    value: Float64Array.from(value),
  })

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['more than can be squared', 1e200],
  ])('is refused by item-kNN and EASE: %s', (_what, wrong) => {
    const matrix = matrixOf(1, 1, wrong, 1)
    expect(() => fitItemKnnTopN(matrix)).toThrow(RangeError)
    expect(() => fitEaseTopN(matrix, { penalty: 1 })).toThrow(RangeError)
  })

  it.each([1e-100, 1, 1e6])('is not what values of %s give', (value) => {
    const board = new ScoreBoard(2)
    const matrix = matrixOf(value, value, value, value)
    fitItemKnnTopN(matrix).scoreUser(0, board)
    fitEaseTopN(matrix, { penalty: 1 }).scoreUser(0, board)
    expect(Array.from(board.values).every(Number.isFinite)).toBe(true)
  })

  it('comes out of no inverse: values that drown the penalty are refused, not answered with noise', () => {
    const matrix = matrixOf(1e100, 1e100, 1e100, 1e100)
    expect(() => fitEaseTopN(matrix, { penalty: 1 })).toThrow('not positive definite')
  })
})
