import { type Boosting, fitBoosting } from '../../src/ml/boosting'
import { logisticLoss, rankLoss } from '../../src/ml/boosting-loss'
import { openScorer } from '../../src/ml/boosting-scorer'
import { auc } from '../../src/ml/metrics'
import { createRandom, normal } from '../../src/ml/random'
import { boostedScores } from './boosted-scores'

function tableOf(rows: number[][]) {
  return { rows: rows.length, features: rows[0]?.length ?? 1, values: Float64Array.from(rows.flat()) }
}

function scoresOf(rows: number[][], labels: number[], options: Partial<Parameters<typeof fitBoosting>[2]> = {}) {
  const table = tableOf(rows)
  const boosting = fitBoosting(table, logisticLoss(labels), { random: createRandom(1), leafWeightMin: 0.5, ...options })
  return { scores: boostedScores(boosting, table), boosting }
}

describe('boosting', () => {
  it('learns what no single feature tells', () => {
    const random = createRandom(3)
    const rows = Array.from({ length: 2000 }, () => [normal(random), normal(random), normal(random)])
    const labels = rows.map(([a, b]) => (a! > 0 === b! > 0 ? 1 : 0))
    const { scores } = scoresOf(rows, labels)
    expect(auc(labels, scores)).toBeGreaterThan(0.98)
    expect(auc(labels, scoresOf(rows, labels, { leavesMax: 2 }).scores)).toBeLessThan(0.7)
  })

  it('finds the one best cut, as trying all of them would', () => {
    const random = createRandom(5)
    for (let trial = 0; trial < 20; trial++) {
      const rows = Array.from({ length: 40 }, () => [Math.round(3 * normal(random)), Math.round(3 * normal(random))])
      const labels = rows.map(([a]) => (a! + normal(random) > 0 ? 1 : 0))
      const { boosting } = scoresOf(rows, labels, { trees: 1, leavesMax: 2, rowShare: 1, shrinkage: 0 })
      const chance = 1 / (1 + Math.exp(-boosting.start))
      const gainOf = (feature: number, threshold: number) => {
        let gain = 0
        for (const isLeft of [true, false]) {
          const side = labels.filter((_, row) => rows[row]![feature]! <= threshold === isLeft)
          const target = side.reduce<number>((sum, label) => sum + label - chance, 0)
          if (side.length * chance * (1 - chance) < 0.5) return Number.NEGATIVE_INFINITY
          gain += target ** 2 / (side.length * chance * (1 - chance))
        }
        return gain
      }
      const all = rows.flatMap((row) => [0, 1].map((feature) => gainOf(feature, row[feature] ?? 0)))
      const tree = boosting.trees[0]!
      expect(gainOf(tree.feature[0]!, tree.threshold[0]!)).toBeCloseTo(Math.max(...all), 9)
    }
  })

  it('gives the same trees for the same seed', () => {
    const random = createRandom(7)
    const rows = Array.from({ length: 300 }, () => [normal(random), normal(random)])
    const labels = rows.map(([a]) => (a! + normal(random) > 0 ? 1 : 0))
    expect(scoresOf(rows, labels).boosting).toEqual(scoresOf(rows, labels).boosting)
  })

  it.each([
    ['a single row', [[1]], [1]],
    ['no rows', [], []],
    ['one kind only', [[1], [2], [3]], [0, 0, 0]],
    ['a constant feature', [[1], [1], [1], [1]], [0, 1, 0, 1]],
    ['nothing but blanks', [[Number.NaN], [Number.NaN]], [0, 1]],
    ['huge values', [[1e300], [-1e300], [0]], [0, 1, 1]],
  ] as [string, number[][], number[]][])('has finite scores for %s', (_, rows, labels) => {
    expect(scoresOf(rows, labels, { leafWeightMin: 0 }).scores.every(Number.isFinite)).toBe(true)
  })

  it('tells blanks apart from numbers', () => {
    const rows = Array.from({ length: 100 }, (_, row) => [row % 2 === 0 ? Number.NaN : row])
    const labels = rows.map(([value]) => (Number.isNaN(value) ? 1 : 0))
    expect(auc(labels, scoresOf(rows, labels).scores)).toBe(1)
  })
})

describe('a scorer', () => {
  /** A row's way down each tree, by the threshold itself. */
  const walk = (model: Boosting, row: ArrayLike<number>, rounds: { from: number; to: number }) =>
    model.trees.slice(rounds.from, rounds.to).reduce((sum, { feature, threshold, left, value }) => {
      let node = 0
      while (feature[node]! >= 0) node = left[node]! + (row[feature[node]!]! > threshold[node]! ? 1 : 0)
      return sum + value[node]!
    }, 0)

  it('goes each way as the thresholds say, for numbers of all kinds, in whatever rounds and rows', () => {
    const random = createRandom(11)
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-40, -1e-40, 3e38, -3e38]
    const numbers = Array.from({ length: 900 }, (_, k) =>
      k % 9 === 0 ? odd[(k / 9) % odd.length]! : 20 * normal(random),
    )
    const table = { rows: 300, features: 3, values: Float32Array.from(numbers) }
    const labels = Array.from({ length: 300 }, (_, row) => (table.values[3 * row]! > 0 === row % 5 > 0 ? 1 : 0))
    const models = [1, 2].map((seed) =>
      fitBoosting(table, logisticLoss(labels), { trees: 12, leafWeightMin: 0.1, random: createRandom(seed) }),
    )
    const scorer = openScorer(models)
    scorer.load(table.values, 300, 3)
    const rows = [7, 299, 0, 8, 100]
    const scores = new Float64Array(5)
    const rounds = { from: 2, to: 9 }
    scorer.add(rows, 4, scores, rounds)
    rows.slice(0, 4).forEach((row, k) => {
      const values = table.values.subarray(3 * row, 3 * row + 3)
      expect(scores[k]).toBeCloseTo(walk(models[0]!, values, rounds) + walk(models[1]!, values, rounds), 12)
    })
    expect(scores[4]).toBe(0)
    const all = boostedScores(models[0]!, table)
    for (let row = 0; row < 300; row++) {
      const values = table.values.subarray(3 * row, 3 * row + 3)
      expect(all[row]! - models[0]!.start).toBeCloseTo(walk(models[0]!, values, { from: 0, to: 12 }), 12)
    }
  })
})

describe('losses', () => {
  it.each([
    [
      'log loss',
      logisticLoss([1, 0, 0, 1]),
      (s: number[]) => -[1, 0, 0, 1].reduce((sum, y, k) => sum + y * s[k]! - Math.log(1 + Math.exp(s[k]!)), 0),
    ],
    [
      'list loss',
      rankLoss([1, 0, 0, 1], [0, 2, 4], { pairs: 0, lists: 1, first: 1 }),
      (s: number[]) =>
        -(s[0]! - Math.log(Math.exp(s[0]!) + Math.exp(s[1]!)) + s[3]! - Math.log(Math.exp(s[2]!) + Math.exp(s[3]!))),
    ],
    [
      'the loss of pairs',
      rankLoss([1, 0, 0, 1], [0, 2, 4], { pairs: 2, lists: 0, first: 1 }),
      // In a list of two, a swap costs the whole distance between both places.
      (s: number[]) =>
        2 * (1 - 1 / Math.log2(3)) * (Math.log(1 + Math.exp(s[1]! - s[0]!)) + Math.log(1 + Math.exp(s[2]! - s[3]!))),
    ],
  ])('%s has the derivatives it claims', (_, loss, value) => {
    const scores = [0.3, -0.2, 1.1, 0.4]
    const gradient = new Float64Array(4)
    const curvature = new Float64Array(4)
    loss.derive(Float64Array.from(scores), gradient, curvature, Int32Array.of(0, 1))
    scores.forEach((_, k) => {
      const at = (step: number) => value(scores.map((score, j) => (j === k ? score + step : score)))
      expect(gradient[k]).toBeCloseTo(-(at(1e-4) - at(-1e-4)) / 2e-4, 6)
      expect(curvature[k]).toBeCloseTo((at(1e-3) - 2 * at(0) + at(-1e-3)) / 1e-6, 4)
    })
  })

  it('counts pairs by what a swap changes, where one of the two is among the first', () => {
    const gradient = new Float64Array(4)
    const curvature = new Float64Array(4)
    const derive = (first: number) =>
      rankLoss([0, 1, 0, 0], [0, 4], { pairs: 1, lists: 0, first }).derive(
        Float64Array.of(3, 2, 1, 0),
        gradient,
        curvature,
        Int32Array.of(0),
      )
    derive(1)
    expect(gradient[0]).toBeCloseTo(-(1 - 1 / Math.log2(3)) / (1 + Math.exp(-1)), 10)
    expect(gradient[1]).toBe(-gradient[0]!)
    expect(Math.max(Math.abs(gradient[2]!), Math.abs(gradient[3]!))).toBe(0)
    derive(2)
    expect(gradient[2]).toBeCloseTo(-(1 / Math.log2(3) - 1 / Math.log2(4)) / (1 + Math.exp(1)), 10)
    expect(gradient.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10)
  })

  it('passes over a list in which nothing is wanted', () => {
    const gradient = new Float64Array(2)
    const curvature = new Float64Array(2)
    const loss = rankLoss([0, 0], [0, 2], { pairs: 1, lists: 1, first: 1 })
    loss.derive(new Float64Array(2), gradient, curvature, Int32Array.of(0))
    expect([...gradient, ...curvature]).toEqual([0, 0, 0, 0])
  })
})
