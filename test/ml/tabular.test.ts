import { applyBinning, binsMax, fitBinning } from '../../src/ml/binning'
import { stratifiedFolds } from '../../src/ml/folds'
import { fitForest, forestProbabilities, growTrees, outOfBagProbabilities } from '../../src/ml/forest'
import { addTreeMoves, addTreeScores, TreeGrower } from '../../src/ml/histogram-tree'
import { fitLogistic, logisticProbabilities, logisticScores } from '../../src/ml/logistic'
import { auc, aucDeviation, brier, calibrationError, f1, volumeBias } from '../../src/ml/metrics'
import { calibrated, fitCalibration } from '../../src/ml/platt'
import { createRandom, normal } from '../../src/ml/random'
import { applySplineBasis, fitSplineBasis, type SparseRows, splineTerm } from '../../src/ml/spline-basis'
import { selectRows, type Table, tableOfTexts } from '../../src/ml/table'

type Classifier = (train: Table, labels: Uint8Array, test: Table) => Float64Array

const classifiers: [string, Classifier][] = [
  [
    'logistic regression',
    (train, labels, test) => {
      const basis = fitSplineBasis(train)
      return logisticProbabilities(fitLogistic(applySplineBasis(basis, train), labels), applySplineBasis(basis, test))
    },
  ],
  [
    'random forest',
    (train, labels, test) => {
      const binning = fitBinning(train)
      const forest = fitForest(applyBinning(binning, train), labels, { trees: 50, random: createRandom(1) })
      return forestProbabilities(forest, applyBinning(binning, test))
    },
  ],
]

function numbers(name: string, values: number[]): Table['columns'][number] {
  return { name, kind: 'number', values: Float64Array.from(values) }
}

/** 600 rows: y follows x for x above 0, noise otherwise; c is the colour that half of the positives wear. */
function obvious(seed: number): { table: Table; labels: Uint8Array } {
  const random = createRandom(seed)
  const x = Array.from({ length: 600 }, () => normal(random))
  const noise = Array.from({ length: 600 }, () => normal(random))
  const labels = Uint8Array.from(x, (value) => (value > 0.3 ? 1 : 0))
  const colour = Uint16Array.from(labels, (label) =>
    label === 1 && random.next() < 0.5 ? 2 : random.next() < 0.5 ? 1 : 0,
  )
  const columns = [
    numbers('x', x),
    numbers('noise', noise),
    { name: 'colour', kind: 'category' as const, values: colour, categories: ['red', 'green', 'blue'] },
  ]
  return { table: { rows: 600, columns }, labels }
}

describe.each(classifiers)('%s', (_name, classify) => {
  it('finds what is obvious, on rows it has not seen', () => {
    const train = obvious(1)
    const test = obvious(2)
    const scores = classify(train.table, train.labels, test.table)
    expect(auc(test.labels, scores)).toBeGreaterThan(0.98)
    expect(brier(test.labels, scores)).toBeLessThan(0.06)
    for (const score of scores) expect(score >= 0 && score <= 1).toBe(true)
  })

  it('finds nothing where there is nothing', () => {
    const train = obvious(3)
    const random = createRandom(9)
    const labels = Uint8Array.from(train.labels, () => (random.next() < 0.3 ? 1 : 0))
    const test = obvious(4)
    const mean = classify(train.table, labels, test.table).reduce((sum, score) => sum + score, 0) / 600
    expect(mean).toBeGreaterThan(0.2)
    expect(mean).toBeLessThan(0.4)
  })

  it('gives the same scores from the same data and seed', () => {
    const { table, labels } = obvious(5)
    expect(classify(table, labels, table)).toEqual(classify(table, labels, table))
  })

  it('copes with missing, huge, constant and unseen values, and with one class only', () => {
    const random = createRandom(6)
    const values = Array.from({ length: 200 }, (_, i) => (i % 7 === 0 ? Number.NaN : normal(random) * 1e12))
    const table: Table = {
      rows: 200,
      columns: [
        numbers('holes', values),
        numbers('constant', new Array(200).fill(3)),
        numbers('empty', new Array(200).fill(Number.NaN)),
        { name: 'kind', kind: 'category', values: new Uint16Array(200), categories: ['only'] },
      ],
    }
    const unseen: Table = {
      rows: 2,
      columns: [
        numbers('holes', [Number.NaN, -1e300]),
        numbers('constant', [4, Number.NaN]),
        numbers('empty', [1, 2]),
        { name: 'kind', kind: 'category', values: Uint16Array.of(0, 1), categories: ['only', 'new'] },
      ],
    }
    for (const labels of [new Uint8Array(200), Uint8Array.from(values, (_, i) => i % 2)]) {
      for (const score of classify(table, labels, unseen)) expect(Number.isFinite(score)).toBe(true)
    }
  })
})

describe('logistic regression', () => {
  it('meets the condition of the maximum: the gradient of the penalised likelihood is zero', () => {
    const { table, labels } = obvious(7)
    const rows = applySplineBasis(fitSplineBasis(table), table)
    const model = fitLogistic(rows, labels, { penalty: 2 })
    const probabilities = logisticProbabilities(model, rows)
    let intercept = 0
    for (let i = 0; i < rows.rows; i++) intercept += labels[i]! - probabilities[i]!
    expect(Math.abs(intercept)).toBeLessThan(1e-4)
    const { sums, variances } = columnSums(rows, labels, probabilities)
    sums.forEach((sum, c) => {
      expect(Math.abs(sum - 2 * variances[c]! * model.weights[c]!)).toBeLessThan(1e-3)
    })
  })
})

function columnSums(rows: SparseRows, labels: Uint8Array, probabilities: Float64Array) {
  const sums = new Float64Array(rows.columns)
  const first = new Float64Array(rows.columns)
  const second = new Float64Array(rows.columns)
  for (let row = 0; row < rows.rows; row++) {
    for (let k = rows.start[row]!; k < rows.start[row + 1]!; k++) {
      const [column, value] = [rows.index[k]!, rows.value[k]!]
      sums[column]! += value * (labels[row]! - probabilities[row]!)
      first[column]! += value / rows.rows
      second[column]! += value ** 2 / rows.rows
    }
  }
  return { sums, variances: second.map((value, c) => Math.max(value - first[c]! ** 2, 1e-6)) }
}

describe('a histogram tree', () => {
  it('makes the split that trying all of them finds', () => {
    const random = createRandom(8)
    for (let round = 0; round < 20; round++) {
      const values = Array.from({ length: 60 }, () => Math.floor(random.next() * 12))
      const labels = Uint8Array.from(values, (value) =>
        random.next() < (value === 3 || value === 9 ? 0.9 : 0.2) ? 1 : 0,
      )
      const table = { rows: 60, columns: [numbers('x', values)] }
      const binned = applyBinning(fitBinning(table), table)
      const grower = new TreeGrower(binned, Float64Array.from(labels), new Float64Array(60).fill(1))
      const tree = grower.grow(
        Int32Array.from({ length: 60 }, (_, i) => i),
        { leafRowsMin: 5, depthMax: 1, random },
      )
      const gained = labels.reduce((sum, label, i) => sum + (label - leafOf(tree, binned.bins[i]!)) ** 2, 0)
      expect(gained).toBeCloseTo(bestSquares(values, labels, 5), 6)
    }
  })
})

describe('a forest', () => {
  const { table, labels } = obvious(11)
  const binned = applyBinning(fitBinning(table), table)
  const options = { trees: 9, leafRowsMin: 20, featuresPerNode: 2, random: createRandom(4) }

  it('is the same however its trees are dealt out', () => {
    const parts = [0, 4, 5].map((from, k) => growTrees(binned, labels, options, { from, to: [4, 5, 9][k]! }))
    expect(parts.flat()).toEqual(fitForest(binned, labels, options).trees)
  })

  it('foretells a training row by the trees that did not see it', () => {
    const forest = fitForest(binned, labels, { ...options, trees: 60 })
    const honest = outOfBagProbabilities(forest, binned, { ...options, trees: 60 })
    expect(auc(labels, honest)).toBeGreaterThan(0.97)
    const random = createRandom(5)
    const noise = Uint8Array.from(labels, () => (random.next() < 0.5 ? 1 : 0))
    const fine = { ...options, trees: 60, leafRowsMin: 2 }
    const learnt = fitForest(binned, noise, fine)
    // By heart it knows its rows; honestly it knows nothing.
    expect(auc(noise, forestProbabilities(learnt, binned))).toBeGreaterThan(0.8)
    expect(Math.abs(auc(noise, outOfBagProbabilities(learnt, binned, fine)) - 0.5)).toBeLessThan(0.1)
  })

  it('comes to its scores by the moves along the way', () => {
    const [tree] = growTrees(binned, labels, options, { from: 0, to: 1 })
    const scores = new Float64Array(600)
    const moved = new Float64Array(600)
    const moves = new Float32Array(600 * 3)
    addTreeScores(tree!, binned, scores)
    addTreeMoves(tree!, binned, { scores: moved, moves, groups: Uint8Array.of(0, 1, 2), width: 3 })
    expect(moved).toEqual(scores)
    for (let row = 0; row < 600; row++) {
      const sum = moves[3 * row]! + moves[3 * row + 1]! + moves[3 * row + 2]!
      expect(tree!.value[0]! + sum).toBeCloseTo(scores[row]!, 5)
    }
  })
})

describe('a spline basis', () => {
  it('adds the same with and without the design matrix', () => {
    const { table } = obvious(12)
    const holes = Float64Array.from({ length: 600 }, (_, i) => (i % 5 === 0 ? Number.NaN : (i - 300) * 1000))
    const wide: Table = { rows: 600, columns: [...table.columns, { name: 'holes', kind: 'number', values: holes }] }
    const basis = fitSplineBasis(selectRows(wide, [...Array(400).keys()]), 5)
    const random = createRandom(2)
    const weights = Float64Array.from({ length: basis.width }, () => normal(random))
    const scores = logisticScores({ intercept: 0, weights, iterations: 0 }, applySplineBasis(basis, wide))
    for (let row = 0; row < 600; row++) {
      const terms = basis.columns.map((column, c) => splineTerm(column, weights, wide.columns[c]!.values[row]!))
      expect(terms.reduce((sum, term) => sum + term, 0)).toBeCloseTo(scores[row]!, 9)
    }
  })
})

describe('calibration', () => {
  it('takes back what a score exaggerates, and believes nothing that is the wrong way round', () => {
    const random = createRandom(3)
    const chances = Float64Array.from({ length: 4000 }, () => random.next())
    const labels = Uint8Array.from(chances, (chance) => (random.next() < chance ? 1 : 0))
    const odds = chances.map((chance) => Math.log(chance / (1 - chance)))
    const exaggerated = odds.map((value) => 1 / (1 + Math.exp(-(3 * value + 1))))
    const fitted = fitCalibration(labels, exaggerated)
    expect(fitted.slope).toBeCloseTo(1 / 3, 1)
    expect(
      calibrationError(
        labels,
        exaggerated.map((score) => calibrated(fitted, score)),
      ),
    ).toBeLessThan(0.03)
    expect(calibrationError(labels, exaggerated)).toBeGreaterThan(0.1)
    expect(
      fitCalibration(
        labels,
        exaggerated.map((score) => 1 - score),
      ).slope,
    ).toBe(0)
  })

  it('has chances for certainties, and stays as it is without rows', () => {
    expect(fitCalibration([], [])).toEqual({ slope: 1, shift: 0 })
    for (const score of [0, 1]) expect(Number.isFinite(Math.log(calibrated({ slope: 1, shift: 0 }, score)))).toBe(true)
  })
})

function leafOf(tree: ReturnType<TreeGrower['grow']>, bin: number): number {
  if (tree.feature[0]! < 0) return tree.value[0]!
  const bit = bin < 32 ? tree.maskLow[0]! >>> bin : tree.maskHigh[0]! >>> (bin - 32)
  return tree.value[(bit & 1) === 1 ? tree.left[0]! : tree.left[0]! + 1]!
}

function bestSquares(values: number[], labels: Uint8Array, leafRowsMin: number): number {
  const squares = (rows: number[]) => {
    const mean = rows.reduce((sum, i) => sum + labels[i]!, 0) / rows.length
    return rows.reduce((sum, i) => sum + (labels[i]! - mean) ** 2, 0)
  }
  const all = values.map((_, i) => i)
  let best = squares(all)
  for (const cut of new Set(values)) {
    const left = all.filter((i) => values[i]! <= cut)
    const right = all.filter((i) => values[i]! > cut)
    if (left.length >= leafRowsMin && right.length >= leafRowsMin) best = Math.min(best, squares(left) + squares(right))
  }
  return best
}

describe('measures', () => {
  it.each([
    ['all in order', [0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], 1],
    ['all turned round', [1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4], 0],
    ['all the same', [0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], 0.5],
    ['one tie', [0, 1, 1], [0.2, 0.2, 0.9], 0.75],
  ])('AUC: %s', (_what, labels, scores, expected) => {
    expect(auc(labels, scores)).toBe(expected)
  })

  it('an AUC varies by chance as drawing again shows', () => {
    const random = createRandom(6)
    const found = Array.from({ length: 400 }, () => {
      const labels = Uint8Array.from({ length: 120 }, (_, i) => (i < 40 ? 1 : 0))
      return auc(
        labels,
        Float64Array.from(labels, (label) => normal(random, label)),
      )
    })
    const mean = found.reduce((sum, each) => sum + each, 0) / found.length
    const deviation = Math.sqrt(found.reduce((sum, each) => sum + (each - mean) ** 2, 0) / found.length)
    const labels = Uint8Array.from({ length: 120 }, (_, i) => (i < 40 ? 1 : 0))
    expect(aucDeviation(mean, labels) / deviation).toBeGreaterThan(0.85)
    expect(aucDeviation(mean, labels) / deviation).toBeLessThan(1.15)
  })

  it('Brier, calibration, F1 and volume by hand', () => {
    expect(brier([1, 0], [0.8, 0.4])).toBeCloseTo((0.04 + 0.16) / 2)
    expect(calibrationError([1, 0, 1, 1], [0.75, 0.75, 0.75, 0.75])).toBeCloseTo(0)
    expect(calibrationError([0, 0], [0.95, 0.05])).toBeCloseTo(0.5)
    expect(f1([1, 1, 0, 0], [0.9, 0.1, 0.8, 0.2])).toBeCloseTo(0.5)
    expect(f1([1], [0.1])).toBe(0)
    expect(volumeBias([4, 6], [5, 4])).toBeCloseTo(-0.1)
  })
})

describe('tables and folds', () => {
  it('take few or wordy values for categories, many numbers for numbers, and keep empty ones apart', () => {
    const rows = Array.from({ length: 30 }, (_, i) => [String(i * 1.5), i % 2 ? 'yes' : 'no', i === 4 ? '' : String(i)])
    const table = tableOfTexts(['a', 'b', 'c'], rows)
    expect(table.columns.map((column) => column.kind)).toEqual(['number', 'category', 'number'])
    expect(table.columns[2]!.values[4]).toBeNaN()
    expect(selectRows(table, [2, 4]).columns[0]!.values).toEqual(Float64Array.of(3, 6))
  })

  it('never has more bins than a split can hold', () => {
    const values = Array.from({ length: 5000 }, (_, i) => i)
    const binned = applyBinning(fitBinning({ rows: 5000, columns: [numbers('x', values)] }), {
      rows: 1,
      columns: [numbers('x', [1e9])],
    })
    expect(binned.bins[0]).toBeLessThan(binsMax)
  })

  it('spread each class evenly over the folds', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => (i < 20 ? 1 : 0))
    const folds = stratifiedFolds(labels, 10, createRandom(1))
    for (let fold = 0; fold < 10; fold++) {
      const rows = [...folds.keys()].filter((row) => folds[row] === fold)
      expect(rows).toHaveLength(10)
      expect(rows.filter((row) => labels[row] === 1)).toHaveLength(2)
    }
  })
})
