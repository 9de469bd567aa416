import { createRandom, normal } from '../../src/ml/random'
import { selectRows, stackRows } from '../../src/ml/sparse-rows'
import type { SparseRows } from '../../src/ml/spline-basis'
import { fitLinearSvm, type LinearSvm } from '../../src/ml/svm'

function rowsOf(lines: readonly (readonly number[])[]): SparseRows {
  const columns = lines[0]?.length ?? 0
  const entries = lines.map((line) => line.flatMap((value, index) => (value === 0 ? [] : [{ index, value }])))
  const start = new Uint32Array(lines.length + 1)
  for (const [row, line] of entries.entries()) start[row + 1] = start[row]! + line.length
  return {
    rows: lines.length,
    columns,
    start,
    index: Uint32Array.from(entries.flat(), ({ index }) => index),
    value: Float64Array.from(entries.flat(), ({ value }) => value),
  }
}

function marginOf({ weights, biases, columns }: LinearSvm, c: number, line: readonly number[]): number {
  return line.reduce((sum, value, i) => sum + value * weights[c * columns + i]!, biases[c]!)
}

/** ½|w|² + ½(b')² + C Σ max(0, 1 − y f(x))², with the bias −1 + 0.3 b' that the solver starts from. */
function objective(
  w: readonly number[],
  b: number,
  lines: readonly (readonly number[])[],
  signs: readonly number[],
  cost: number,
) {
  const losses = lines.map((line, i) => {
    const margin = line.reduce((sum, value, k) => sum + value * w[k]!, -1 + 0.3 * b)
    return Math.max(0, 1 - signs[i]! * margin) ** 2
  })
  const squares = [...w, b].reduce((sum, value) => sum + value * value, 0)
  return squares / 2 + cost * losses.reduce((sum, loss) => sum + loss, 0)
}

/** The minimum of a convex function by gradient descent with numeric gradients: slow and plain. */
function bruteForce(lines: readonly (readonly number[])[], signs: readonly number[], cost: number): number {
  const point = new Array<number>((lines[0]?.length ?? 0) + 1).fill(0)
  const at = (p: readonly number[]) => objective(p.slice(0, -1), p.at(-1)!, lines, signs, cost)
  let rate = 0.05
  for (let i = 0; i < 20_000; i++) {
    const gradient = point.map((_, k) => {
      const up = point.with(k, point[k]! + 1e-5)
      const down = point.with(k, point[k]! - 1e-5)
      return (at(up) - at(down)) / 2e-5
    })
    const next = point.map((value, k) => value - rate * gradient[k]!)
    if (at(next) < at(point)) for (const [k, value] of next.entries()) point[k] = value
    else rate /= 2
    if (rate < 1e-9) break
  }
  return at(point)
}

describe('the linear SVM', () => {
  test('reaches the minimum that brute force finds', () => {
    const random = createRandom('svm')
    const lines = Array.from({ length: 24 }, () => [normal(random), normal(random), normal(random)])
    const labels = lines.map(([x = 0, y = 0], i) => (i % 7 === 0 ? 1 : x + y > 0 ? 0 : 1))
    const svm = fitLinearSvm(rowsOf(lines), labels, 1, { cost: 0.7, tolerance: 1e-5, random })
    const signs = labels.map((label) => (label === 0 ? 1 : -1))
    const ours = objective([...svm.weights], (svm.biases[0]! + 1) / 0.3, lines, signs, 0.7)
    expect(ours).toBeCloseTo(bruteForce(lines, signs, 0.7), 3)
  })

  test('tells apart what can be told apart, whatever the number of classes', () => {
    for (const classes of [1, 2, 3, 4, 5, 9]) {
      const lines = Array.from({ length: classes * 3 }, (_, i) =>
        Array.from({ length: classes }, (_, k) => Number(k === i % classes)),
      )
      const labels = lines.map((_, i) => i % classes)
      const svm = fitLinearSvm(rowsOf(lines), labels, classes, { random: createRandom(1) })
      for (const [i, line] of lines.entries()) {
        const margins = Array.from({ length: classes }, (_, c) => marginOf(svm, c, line))
        expect(margins.indexOf(Math.max(...margins))).toBe(labels[i])
      }
    }
  })

  test('a class gets the same weights whichever classes are trained beside it', () => {
    const lines = [
      [1, 0, 0.5],
      [0, 1, 0],
      [0.5, 0.5, 0],
      [0, 0, 1],
      [1, 1, 1],
      [0.2, 0, 0.9],
    ]
    const labels = [0, 1, 1, 2, 3, 4]
    const all = fitLinearSvm(rowsOf(lines), labels, 5, { tolerance: 1e-6, random: createRandom(1) })
    const last = fitLinearSvm(
      rowsOf(lines),
      labels.map((label) => label - 4),
      1,
      { tolerance: 1e-6, random: createRandom(2) },
    )
    for (let i = 0; i < 3; i++) expect(last.weights[i]).toBeCloseTo(all.weights[4 * 3 + i]!, 4)
  })

  test('the same seed gives the same weights, to the bit', () => {
    const random = createRandom('data')
    const lines = Array.from({ length: 60 }, () => [normal(random), normal(random)])
    const labels = lines.map(([x = 0]) => Number(x > 0))
    const fit = () => fitLinearSvm(rowsOf(lines), labels, 2, { random: createRandom(5) })
    expect(fit()).toEqual(fit())
  })

  test('texts of no class, empty rows and repeated rows do no harm', () => {
    const lines = [
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 0],
      [0.1, 0.1],
    ]
    const svm = fitLinearSvm(rowsOf(lines), [0, 0, 0, 1, -1, -1], 2, { random: createRandom(1) })
    expect([...svm.weights, ...svm.biases].every(Number.isFinite)).toBe(true)
    expect(marginOf(svm, 0, [1, 0])).toBeGreaterThan(marginOf(svm, 1, [1, 0]))
    expect(marginOf(svm, 1, [0, 1])).toBeGreaterThan(marginOf(svm, 0, [0, 1]))
  })

  test('rows are stacked and selected in their order', () => {
    const stacked = stackRows(
      rowsOf([
        [1, 0],
        [0, 2],
      ]),
      rowsOf([[3, 4]]),
    )
    expect(stacked).toEqual(
      rowsOf([
        [1, 0],
        [0, 2],
        [3, 4],
      ]),
    )
    expect(selectRows(stacked, (row) => row !== 1)).toEqual(
      rowsOf([
        [1, 0],
        [3, 4],
      ]),
    )
  })
})
