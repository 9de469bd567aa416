/** Special functions that the models of buying need. Accurate to about 14 digits where they are used. */

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** ln Γ(x) for x > 0 (Lanczos 1964, g = 7, n = 9). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const z = x - 1
  let sum = LANCZOS[0]!
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i)
  const t = z + 7.5
  return HALF_LOG_TWO_PI + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

/** ψ(x) = d ln Γ(x) / dx for x > 0 (recurrence up to 10, then the asymptotic series, Abramowitz and Stegun 6.3.18). */
export function digamma(x: number): number {
  let shift = 0
  let z = x
  while (z < 10) {
    shift -= 1 / z
    z += 1
  }
  const inverse = 1 / z
  const square = inverse * inverse
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
  return shift + Math.log(z) - 0.5 * inverse - series
}

/**
 * Gauss's hypergeometric function ₂F₁(a, b; c; z) for 0 ≤ z < 1 by its power series, stopped when a term adds less than
 * one part in 10¹⁵. Slow as z nears 1: the models call it with z = t / (α + T + t), well below.
 */
export function hypergeometric2F1(a: number, b: number, c: number, z: number): number {
  let term = 1
  let sum = 1
  for (let n = 0; n < 100_000; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z
    sum += term
    if (Math.abs(term) < 1e-15 * Math.abs(sum)) return sum
  }
  throw new RangeError(`2F1(${a}, ${b}; ${c}; ${z}) did not converge`)
}
