import { createJudge, placesByRank, rankClasses } from '../../src/ml/class-ranks'
import { compactClasses, createCompactJudge } from '../../src/ml/compact-classes'
import { fitNaiveBayes } from '../../src/ml/naive-bayes'
import { createRandom, integer } from '../../src/ml/random'
import type { SparseRows } from '../../src/ml/spline-basis'
import { fitLinearSvm } from '../../src/ml/svm'
import type { TfidfVector } from '../../src/ml/tfidf'

const COLUMNS = 12
const CLASSES = 4

/** Rows of three features, mostly those of their class. */
function madeUp(count: number, seed: string): { rows: SparseRows; labels: number[] } {
  const random = createRandom(seed)
  const labels = Array.from({ length: count }, (_, i) => i % CLASSES)
  const index = labels.flatMap((label) => [
    3 * label,
    3 * label + integer(random, 1, 2),
    integer(random, 0, COLUMNS - 1),
  ])
  const start = Uint32Array.from({ length: count + 1 }, (_, i) => 3 * i)
  const value = Float64Array.from(index, () => 0.5 + random.next())
  return { rows: { rows: count, columns: COLUMNS, start, index: Uint32Array.from(index), value }, labels }
}

function vectorOf({ start, index, value }: SparseRows, row: number): TfidfVector {
  const [from, to] = [start[row]!, start[row + 1]!]
  const columns = index.slice(from, to)
  return { columns, values: value.slice(from, to), length: to - from, knownWords: 1, knownPairs: 1 }
}

/** log P(row | class) by the book, from all masses. */
function logLikelihood(rows: SparseRows, labels: readonly number[], c: number, vector: TfidfVector): number {
  const mass = new Float64Array(COLUMNS).fill(0.007)
  for (let row = 0; row < rows.rows; row++) {
    if (labels[row] !== c) continue
    for (let k = rows.start[row]!; k < rows.start[row + 1]!; k++) mass[rows.index[k]!]! += rows.value[k]!
  }
  return vector.columns.reduce((sum, column, i) => sum + vector.values[i]! * Math.log(mass[column]!), 0)
}

describe('naive Bayes', () => {
  const { rows, labels } = madeUp(80, 'bayes')
  const bayes = fitNaiveBayes(rows, labels, CLASSES)

  test('is the log-likelihood by the book, up to what is alike for all classes', () => {
    for (let row = 0; row < 10; row++) {
      const vector = vectorOf(rows, row)
      const ours = Array.from({ length: CLASSES }, (_, c) =>
        vector.columns.reduce((sum, column, i) => sum + vector.values[i]! * bayes.weights[c * COLUMNS + column]!, 0),
      )
      const book = Array.from({ length: CLASSES }, (_, c) => logLikelihood(rows, labels, c, vector))
      for (let c = 1; c < CLASSES; c++) expect(ours[c]! - ours[0]!).toBeCloseTo(book[c]! - book[0]!, 4)
    }
  })

  test('classes of one size get one bias, a larger class a smaller one', () => {
    const uneven = fitNaiveBayes(
      rows,
      labels.map((label) => (label === 3 ? 2 : label)),
      CLASSES,
    )
    expect(uneven.biases[2]!).toBeLessThan(uneven.biases[0]!)
    expect(uneven.biases.every(Number.isFinite)).toBe(true)
  })

  test('a class without examples says nothing, and moves no other', () => {
    const more = fitNaiveBayes(rows, labels, CLASSES + 1)
    expect(more.biases[CLASSES]).toBe(0)
    expect(more.biases.subarray(0, CLASSES)).toEqual(bayes.biases)
    expect(more.weights.subarray(CLASSES * COLUMNS).every((weight) => weight === 0)).toBe(true)
  })
})

describe('an SVM and naive Bayes as one ranking', () => {
  const { rows, labels } = madeUp(80, 'ranks')
  const bayes = fitNaiveBayes(rows, labels, CLASSES)
  const svm = fitLinearSvm(rows, labels, CLASSES, { random: createRandom(1) })
  const sumOf = (model: { weights: Float32Array; biases: Float32Array }, c: number, vector: TfidfVector) =>
    vector.columns.reduce((sum, column, i) => {
      return sum + vector.values[i]! * model.weights[c * COLUMNS + column]!
    }, model.biases[c]!)

  test('orders classes as the margin and a twentieth of the log-likelihood do', () => {
    const judge = createJudge(rankClasses(svm, bayes, () => true))
    for (let row = 0; row < rows.rows; row++) {
      const vector = vectorOf(rows, row)
      const sums = judge(vector)
      const book = Array.from(sums, (_, c) => sumOf(svm, c, vector) + 0.05 * sumOf(bayes, c, vector))
      for (let c = 1; c < CLASSES; c++) expect(sums[c]! - sums[0]!).toBeCloseTo(book[c]! - book[0]!, 5)
    }
  })

  test('a class that takes no part has the margin of its SVM, and does not move the others’ order', () => {
    const judge = createJudge(rankClasses(svm, bayes, (place) => place !== 2))
    for (let row = 0; row < rows.rows; row++) {
      const vector = vectorOf(rows, row)
      const sums = judge(vector)
      expect(sums[2]).toBeCloseTo(sumOf(svm, 2, vector), 5)
      const book = Array.from(sums, (_, c) => sumOf(svm, c, vector) + 0.05 * sumOf(bayes, c, vector))
      for (const c of [1, 3]) expect(sums[c]! - sums[0]!).toBeCloseTo(book[c]! - book[0]!, 5)
    }
  })

  test('the best places come in order, without the one left out', () => {
    const sums = Float64Array.of(1, 5, 3, 4, 3)
    expect(placesByRank(sums, -1, 3)).toEqual([1, 3, 2])
    expect(placesByRank(sums, 1, 10)).toEqual([3, 2, 4, 0])
    expect(placesByRank(Float64Array.of(1), 0, 2)).toEqual([])
  })

  test('packed into bytes it judges as before, but for rounding', () => {
    const ranks = rankClasses(svm, bayes, () => true)
    const judge = createJudge(ranks)
    const judgePacked = createCompactJudge(compactClasses(ranks, rows))
    for (let row = 0; row < rows.rows; row++) {
      const exact = judge(vectorOf(rows, row))
      const packed = judgePacked(vectorOf(rows, row))
      for (let c = 0; c < CLASSES; c++) expect(Math.abs(packed[c]! - exact[c]!)).toBeLessThan(0.05)
    }
  })

  test('packing keeps the weights that matter most only, and never more than asked for', () => {
    for (const weightsMax of [0, 1, 7, 20]) {
      const { codes, classes, start } = compactClasses(
        rankClasses(svm, bayes, () => true),
        rows,
        weightsMax,
      )
      expect(codes.length).toBeLessThanOrEqual(weightsMax)
      expect([classes.length, start.at(-1)]).toEqual([codes.length, codes.length])
    }
  })
})
