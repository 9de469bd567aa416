import fc from 'fast-check'
import { applyBinning, fitBinning } from '../../src/ml/binning'
import { fitBoosting } from '../../src/ml/boosting'
import { logisticLoss } from '../../src/ml/boosting-loss'
import { fitForest, forestProbabilities } from '../../src/ml/forest'
import { fitLogistic, logisticProbabilities } from '../../src/ml/logistic'
import { auc } from '../../src/ml/metrics'
import { fitNaiveBayes } from '../../src/ml/naive-bayes'
import { createRandom, normal } from '../../src/ml/random'
import { applySplineBasis, fitSplineBasis, type SparseRows } from '../../src/ml/spline-basis'
import { fitLinearSvm } from '../../src/ml/svm'
import type { Table } from '../../src/ml/table'
import { boostedScores } from './boosted-scores'

// Every classifier there is, on the same rows of numbers with labels 0 and 1: a score for each row to be judged, higher
// for 1. What each does beyond that stands in the tests of its own.

type Rows = readonly (readonly number[])[]
type Classify = (train: Rows, labels: readonly number[], test: Rows) => number[]

function tableOf(rows: Rows, width: number): Table {
  const columns = Array.from({ length: width }, (_, c) => ({
    name: `c${c}`,
    kind: 'number' as const,
    values: Float64Array.from(rows, (row) => row[c] ?? Number.NaN),
  }))
  return { rows: rows.length, columns }
}

function sparseOf(rows: Rows, width: number): SparseRows {
  return {
    rows: rows.length,
    columns: width,
    start: Uint32Array.from({ length: rows.length + 1 }, (_, row) => row * width),
    index: Uint32Array.from(rows.flatMap((row) => row.map((_, c) => c))),
    value: Float64Array.from(rows.flat()),
  }
}

const widthOf = (...parts: Rows[]) => parts.flat()[0]?.length ?? 1

/** Text models: each number and what it lacks to 1 are two words, as words have no negative weight. */
const asWords = (rows: Rows): Rows =>
  rows.map((row) => row.flatMap((value) => [Math.min(1, Math.max(0, value)), 1 - Math.min(1, Math.max(0, value))]))

function linearMargins(model: { columns: number; weights: Float32Array; biases: Float32Array }, rows: Rows): number[] {
  const margin = (row: readonly number[], c: number) =>
    row.reduce((sum, value, k) => sum + value * (model.weights[c * model.columns + k] ?? 0), model.biases[c] ?? 0)
  return rows.map((row) => margin(row, 1) - margin(row, 0))
}

const onTables: [string, Classify][] = [
  [
    'logistic regression',
    (train, labels, test) => {
      const width = widthOf(train, test)
      const basis = fitSplineBasis(tableOf(train, width))
      const model = fitLogistic(applySplineBasis(basis, tableOf(train, width)), Uint8Array.from(labels))
      return Array.from(logisticProbabilities(model, applySplineBasis(basis, tableOf(test, width))))
    },
  ],
  [
    'random forest',
    (train, labels, test) => {
      const width = widthOf(train, test)
      const binning = fitBinning(tableOf(train, width))
      const binned = applyBinning(binning, tableOf(train, width))
      const forest = fitForest(binned, Uint8Array.from(labels), { trees: 30, random: createRandom(1) })
      return Array.from(forestProbabilities(forest, applyBinning(binning, tableOf(test, width))))
    },
  ],
  [
    'boosting',
    (train, labels, test) => {
      const features = widthOf(train, test)
      const dense = (rows: Rows) => ({ rows: rows.length, features, values: Float64Array.from(rows.flat()) })
      const model = fitBoosting(dense(train), logisticLoss(labels), {
        trees: 30,
        leafWeightMin: 0.2,
        random: createRandom(1),
      })
      return Array.from(boostedScores(model, dense(test)))
    },
  ],
]

const onWords: [string, Classify][] = [
  [
    'linear SVM',
    (train, labels, test) => {
      const rows = sparseOf(asWords(train), 2 * widthOf(train, test))
      return linearMargins(fitLinearSvm(rows, labels, 2, { random: createRandom(1) }), asWords(test))
    },
  ],
  [
    'naive Bayes',
    (train, labels, test) => {
      const rows = sparseOf(asWords(train), 2 * widthOf(train, test))
      return linearMargins(fitNaiveBayes(rows, labels, 2), asWords(test))
    },
  ],
]

/** 200 rows between 0 and 1: the first number decides, the second is noise. */
function obvious(seed: number): { rows: number[][]; labels: number[] } {
  const random = createRandom(seed)
  const rows = Array.from({ length: 200 }, (_, i) => [
    (i % 2 === 0 ? 0.25 : 0.75) + 0.2 * (random.next() - 0.5),
    random.next(),
  ])
  return { rows, labels: rows.map((_, i) => i % 2) }
}

describe.each([...onTables, ...onWords])('every classifier: %s', (_name, classify) => {
  it('tells apart what is obvious, on rows it has not seen', () => {
    const [train, test] = [obvious(1), obvious(2)]
    expect(auc(test.labels, Float64Array.from(classify(train.rows, train.labels, test.rows)))).toBeGreaterThan(0.995)
  })

  it('turns its ranking round when the labels are', () => {
    const [train, test] = [obvious(3), obvious(4)]
    const turned = classify(
      train.rows,
      train.labels.map((label) => 1 - label),
      test.rows,
    )
    expect(auc(test.labels, Float64Array.from(turned))).toBeLessThan(0.005)
  })

  it('finds the same when every row stands there three times', () => {
    const [train, test] = [obvious(5), obvious(6)]
    const thrice = <Item>(items: readonly Item[]) => items.flatMap((item) => [item, item, item])
    const scores = classify(thrice(train.rows), thrice(train.labels), test.rows)
    expect(auc(test.labels, Float64Array.from(scores))).toBeGreaterThan(0.995)
  })

  it('gives equal rows equal scores, and all scores again', () => {
    const train = obvious(7)
    const scores = classify(train.rows, train.labels, [...train.rows, ...train.rows])
    expect(scores.slice(0, 200)).toEqual(scores.slice(200))
    expect(classify(train.rows, train.labels, [...train.rows, ...train.rows])).toEqual(scores)
  })

  it.each([
    ['a single row', [[0.3, 0.4]], [1]],
    [
      'one row a class',
      [
        [0.3, 0.4],
        [0.9, 0.1],
      ],
      [1, 0],
    ],
    [
      'one class only',
      [
        [0.1, 0.2],
        [0.3, 0.4],
        [0.5, 0.6],
      ],
      [0, 0, 0],
    ],
    [
      'all rows equal, labels not',
      Array.from({ length: 40 }, () => [0.5, 0.5]),
      Array.from({ length: 40 }, (_, i) => i % 2),
    ],
    ['nothing but zeroes', Array.from({ length: 40 }, () => [0, 0]), Array.from({ length: 40 }, (_, i) => i % 2)],
  ] as [string, number[][], number[]][])('has finite scores for %s', (_what, rows, labels) => {
    const scores = classify(rows, labels, [...rows, [0, 1], [1, 0]])
    expect(scores.every(Number.isFinite)).toBe(true)
  })

  it('prefers neither class where nothing tells them apart', () => {
    const rows = Array.from({ length: 40 }, () => [0.5, 0.5])
    const labels = rows.map((_, i) => i % 2)
    const scores = classify(rows, labels, [
      [0.5, 0.5],
      [0.5, 0.5],
    ])
    expect(scores[0]).toBe(scores[1])
  })
})

describe.each(onTables)('every classifier of tables: %s', (_name, classify) => {
  it('takes blanks, huge numbers and values never seen for what they are: a finite score', () => {
    const cell = fc.oneof(
      fc.constantFrom(Number.NaN, 1e300, -1e300, 0, 1e-300),
      fc.double({ min: -5, max: 5, noNaN: true }),
    )
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(rows, rows, (train, test) => {
        const labels = train.map((_, i) => i % 2)
        expect(classify(train, labels, test).every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('ranks as before when a number is multiplied by a million and moved', () => {
    const random = createRandom(8)
    const rows = Array.from({ length: 200 }, () => [normal(random), normal(random)])
    const labels = rows.map(([x = 0]) => (x + 0.5 * normal(random) > 0 ? 1 : 0))
    const moved = rows.map((row) => row.map((value) => 1e6 * value + 12))
    const before = auc(labels, Float64Array.from(classify(rows, labels, rows)))
    const after = auc(labels, Float64Array.from(classify(moved, labels, moved)))
    expect(Math.abs(after - before)).toBeLessThan(0.03)
  })
})
