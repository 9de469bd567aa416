import type { SparseRows } from './spline-basis'

/** Naive Bayes as a linear model: class c gets Σ weights[c · columns + i] · x_i + biases[c], up to what is alike for all. */
export interface NaiveBayes {
  readonly classes: number
  readonly columns: number
  /** Never negative; 0 where a class was never seen with a feature. */
  readonly weights: Float32Array
  readonly biases: Float32Array
}

/** The mass that a class has of a feature it was never seen with. */
const SMOOTHING = 0.007

/**
 * Multinomial naive Bayes on the values' mass (Rennie, Shih, Teevan and Karger 2003, without their complement), so written
 * that it is sparse: what every class has of every feature, log(SMOOTHING), decides nothing and is left out, and that a
 * large class has more mass to explain is reckoned at a row of usual length. An example of class −1 is of none;
 * of a class without examples nothing is said.
 */
export function fitNaiveBayes(rows: SparseRows, labels: ArrayLike<number>, classes: number): NaiveBayes {
  const mass = new Float64Array(classes)
  const weights = new Float32Array(classes * rows.columns)
  let total = 0
  for (let row = 0; row < rows.rows; row++) {
    const c = labels[row]!
    for (let k = rows.start[row]!; k < rows.start[row + 1]!; k++) {
      total += rows.value[k]!
      if (c < 0) continue
      weights[c * rows.columns + rows.index[k]!]! += rows.value[k]!
      mass[c]! += rows.value[k]!
    }
  }
  for (let k = 0; k < weights.length; k++) if (weights[k] !== 0) weights[k] = Math.log1p(weights[k]! / SMOOTHING)
  const logMass = mass.filter((each) => each > 0).map(Math.log)
  const mean = logMass.reduce((sum, each) => sum + each, 0) / Math.max(1, logMass.length)
  const lengthMean = total / Math.max(1, rows.rows)
  return {
    classes,
    columns: rows.columns,
    weights,
    biases: Float32Array.from(mass, (each) => (each > 0 ? lengthMean * (mean - Math.log(each)) : 0)),
  }
}
