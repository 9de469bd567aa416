/** A point's value, with the gradient written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

export interface Minimum {
  point: Float64Array
  value: number
  iterations: number
  /** Whether the gradient's largest component came below the tolerance. */
  converged: boolean
}

/** Steps in a row that may leave the value as it is while they still lower the gradient. */
const IDLE_MAX = 10

/**
 * Minimises a smooth function of a few variables by BFGS with a backtracking line search (Nocedal and Wright,
 * Numerical Optimization, 2nd ed., algorithms 3.1 and 6.1). The Hessian's inverse is kept densely: meant for up to
 * some dozens of variables.
 */
export function minimise(
  objective: Objective,
  start: ArrayLike<number>,
  { gradientMax = 1e-6, iterationsMax = 500 }: { gradientMax?: number; iterationsMax?: number } = {},
): Minimum {
  const n = start.length
  let point = Float64Array.from(start)
  let gradient = new Float64Array(n)
  let value = objective(point, gradient)
  const inverse = identity(n)
  let idle = 0
  for (let iterations = 0; iterations < iterationsMax; iterations++) {
    if (largest(gradient) < gradientMax) return { point, value, iterations, converged: true }
    let direction = descent(inverse, gradient)
    let slope = dot(direction, gradient)
    if (slope >= 0) {
      // Rounding spoilt the estimate of the curvature: start over from steepest descent.
      inverse.set(identity(n))
      direction = gradient.map((g) => -g)
      slope = -dot(gradient, gradient)
    }
    const step = lineSearch(objective, { point, value, direction, slope })
    if (!step) return { point, value, iterations, converged: largest(gradient) < gradientMax * 1e3 }
    update(inverse, step.point, point, step.gradient, gradient)
    idle = step.value < value ? 0 : idle + 1
    // A value that has run out of digits: far out where the function only levels off, the rest of the steps would be spent here.
    if (idle === IDLE_MAX) return { point, value, iterations, converged: false }
    point = step.point
    gradient = step.gradient
    value = step.value
  }
  return { point, value, iterations: iterationsMax, converged: false }
}

interface Step {
  point: Float64Array<ArrayBuffer>
  gradient: Float64Array<ArrayBuffer>
  value: number
}

/** Halves the step until the value falls enough (Armijo); undefined when no step down is left in double precision. */
function lineSearch(
  objective: Objective,
  from: { point: Float64Array; value: number; direction: Float64Array; slope: number },
): Step | undefined {
  const n = from.point.length
  const gradient = new Float64Array(n)
  for (let length = 1; length > 1e-14; length /= 2) {
    const point = new Float64Array(n)
    for (let i = 0; i < n; i++) point[i] = from.point[i]! + length * from.direction[i]!
    const value = objective(point, gradient)
    if (value <= from.value + 1e-4 * length * from.slope) return { point, gradient, value }
  }
  return undefined
}

function update(
  inverse: Float64Array,
  point: Float64Array,
  pointBefore: Float64Array,
  gradient: Float64Array,
  gradientBefore: Float64Array,
): void {
  const n = point.length
  const s = point.map((value, i) => value - pointBefore[i]!)
  const y = gradient.map((value, i) => value - gradientBefore[i]!)
  const sy = dot(s, y)
  if (sy <= 1e-12) return
  const hy = multiply(inverse, y)
  const scale = (1 + dot(y, hy) / sy) / sy
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      inverse[i * n + j]! += scale * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy
    }
  }
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1
  return matrix
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length
  const result = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result[i]! += matrix[i * n + j]! * vector[j]!
  }
  return result
}

function descent(inverse: Float64Array, gradient: Float64Array): Float64Array {
  return multiply(inverse, gradient).map((value) => -value)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function largest(vector: Float64Array): number {
  let max = 0
  for (const value of vector) max = Math.max(max, Math.abs(value))
  return Number.isFinite(max) ? max : Number.POSITIVE_INFINITY
}
