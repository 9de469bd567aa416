import { minimise } from './minimise'
import { digamma, logGamma } from './special'

/**
 * Gamma-gamma model of what a purchase is worth (Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value"):
 * a customer's purchases vary around an own mean as Gamma(p, ν), and ν varies over customers as Gamma(q, γ).
 */
export interface GammaGamma {
  readonly p: number
  readonly q: number
  readonly gamma: number
  readonly logLikelihood: number
}

const CUSTOMERS_MIN = 30

/**
 * Fits by maximum likelihood (equation 1a). `purchases` and `meanAmount` hold one element a customer with at least one
 * purchase; amounts are positive, in any currency unit. Refuses fewer than 30 customers, or values without spread.
 */
export function fitGammaGamma(
  purchases: ArrayLike<number>,
  meanAmount: ArrayLike<number>,
):
  | ({ readonly ok: true } & GammaGamma)
  | { readonly ok: false; readonly code: 'not-enough-customers' | 'did-not-converge' } {
  const n = purchases.length
  if (n < CUSTOMERS_MIN) return { ok: false, code: 'not-enough-customers' }
  let total = 0
  for (let i = 0; i < n; i++) {
    if (!(purchases[i]! > 0) || !(meanAmount[i]! > 0)) {
      throw new RangeError(
        `customer ${i}: ${purchases[i]} purchases of ${meanAmount[i]} on average; both must be above 0`,
      )
    }
    total += meanAmount[i]!
  }
  const scale = total / n
  const objective = (point: Float64Array, gradient: Float64Array) =>
    negative(purchases, meanAmount, scale, point, gradient)
  const { point, value, converged } = minimise(objective, [Math.log(2), Math.log(2), 0], { gradientMax: 1e-6 })
  if (!converged) return { ok: false, code: 'did-not-converge' }
  const [p, q, gammaScaled] = Array.from(point, Math.exp) as [number, number, number]
  return { ok: true, p, q, gamma: gammaScaled * scale, logLikelihood: -value * n - n * Math.log(scale) }
}

function negative(
  purchases: ArrayLike<number>,
  meanAmount: ArrayLike<number>,
  scale: number,
  point: Float64Array,
  gradient: Float64Array,
): number {
  const [p, q, gamma] = Array.from(point, Math.exp) as [number, number, number]
  const n = purchases.length
  const constant = q * Math.log(gamma) - logGamma(q)
  const digammaQ = digamma(q)
  let sum = 0
  let dp = 0
  let dq = 0
  let dGamma = 0
  for (let i = 0; i < n; i++) {
    const x = purchases[i]!
    const m = meanAmount[i]! / scale
    const px = p * x
    const spread = gamma + m * x
    const logSpread = Math.log(spread)
    const digammaBoth = digamma(px + q)
    sum += logGamma(px + q) - logGamma(px) + constant + (px - 1) * Math.log(m) + px * Math.log(x) - (px + q) * logSpread
    dp += x * (digammaBoth - digamma(px) + Math.log(m) + Math.log(x) - logSpread)
    dq += digammaBoth - digammaQ + Math.log(gamma) - logSpread
    dGamma += q / gamma - (px + q) / spread
  }
  gradient[0] = (-dp * p) / n
  gradient[1] = (-dq * q) / n
  gradient[2] = (-dGamma * gamma) / n
  return -sum / n
}

/** E[M | x, m]: what a customer's next purchase is worth, shrunk from the own mean towards everybody's (equation 5). */
export function expectedAmount({ p, q, gamma }: GammaGamma, purchases: number, meanAmount: number): number {
  return (p * (gamma + meanAmount * purchases)) / (p * purchases + q - 1)
}
