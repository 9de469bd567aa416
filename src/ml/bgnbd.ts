import { minimise } from './minimise'
import { digamma, hypergeometric2F1, logGamma } from './special'

/**
 * What BG/NBD needs of customers, one element each: repeat purchases `frequency` (x), time of the last one since the
 * first `recency` (t_x, 0 without a repeat) and time since the first purchase `age` (T). Any unit of time, the same
 * throughout; recency ≤ age.
 */
export interface PurchaseHistories {
  readonly frequency: ArrayLike<number>
  readonly recency: ArrayLike<number>
  readonly age: ArrayLike<number>
}

/**
 * BG/NBD (Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way): while alive a customer buys as a Poisson
 * process with rate λ ~ Gamma(r, α), and after each purchase leaves for good with probability p ~ Beta(a, b).
 */
export interface BgNbd {
  readonly r: number
  readonly alpha: number
  readonly a: number
  readonly b: number
  readonly logLikelihood: number
  readonly iterations: number
}

export type FitRefusal =
  | { readonly ok: false; readonly code: 'not-enough-customers'; readonly customers: number; readonly needed: number }
  | { readonly ok: false; readonly code: 'no-repeat-purchases' }
  | { readonly ok: false; readonly code: 'did-not-converge'; readonly iterations: number }

const CUSTOMERS_MIN = 50

/**
 * Fits by maximum likelihood (equation 6 of the paper, its analytic gradient, BFGS over the logarithms of the parameters).
 * Refuses fewer than 50 customers, histories without any repeat purchase, and a likelihood without a maximum.
 * Throws on a history that cannot be: NaN, negative, or recency above age.
 */
export function fitBgNbd(histories: PurchaseHistories): ({ readonly ok: true } & BgNbd) | FitRefusal {
  const customers = histories.frequency.length
  if (customers < CUSTOMERS_MIN) return { ok: false, code: 'not-enough-customers', customers, needed: CUSTOMERS_MIN }
  const table = tabulate(histories)
  if (table.frequencies.length === 1 && table.frequencies[0] === 0) return { ok: false, code: 'no-repeat-purchases' }
  // In units of the mean age the start is right for days as for weeks.
  const objective = (point: Float64Array, gradient: Float64Array) => negativeLogLikelihood(table, point, gradient)
  const start = [Math.log(0.5), Math.log(0.5), 0, Math.log(2)]
  const { point, value, iterations, converged } = minimise(objective, start, { gradientMax: 1e-7 })
  if (!converged) return { ok: false, code: 'did-not-converge', iterations }
  const [r, alphaScaled, a, b] = Array.from(point, Math.exp) as [number, number, number, number]
  // Rescaling time multiplies each purchase's density by the scale.
  const logLikelihood = -value * customers - table.purchases * Math.log(table.scale)
  return { ok: true, r, alpha: alphaScaled * table.scale, a, b, logLikelihood, iterations }
}

interface Table {
  customers: number
  purchases: number
  scale: number
  /** The different frequencies, how many customers have each, and each customer's place among them. */
  frequencies: Float64Array
  counts: Float64Array
  place: Int32Array
  recency: Float64Array
  age: Float64Array
}

function tabulate({ frequency, recency, age }: PurchaseHistories): Table {
  const customers = frequency.length
  let ageSum = 0
  let purchases = 0
  const places = new Map<number, number>()
  const place = new Int32Array(customers)
  for (let i = 0; i < customers; i++) {
    check(frequency[i]!, recency[i]!, age[i]!, i)
    ageSum += age[i]!
    purchases += frequency[i]!
    const known = places.get(frequency[i]!)
    place[i] = known ?? places.size
    if (known === undefined) places.set(frequency[i]!, places.size)
  }
  const scale = ageSum > 0 ? ageSum / customers : 1
  const counts = new Float64Array(places.size)
  for (const index of place) counts[index]! += 1
  return {
    customers,
    purchases,
    scale,
    frequencies: Float64Array.from(places.keys()),
    counts,
    place,
    recency: Float64Array.from(recency, (time) => time / scale),
    age: Float64Array.from(age, (time) => time / scale),
  }
}

function check(frequency: number, recency: number, age: number, index: number): void {
  if (frequency >= 0 && recency >= 0 && age >= recency && Number.isFinite(frequency + age)) return
  throw new RangeError(
    `customer ${index}: frequency ${frequency}, recency ${recency}, age ${age} cannot be: ` +
      'all must be finite, at least 0, and recency at most age',
  )
}

/** The mean over customers, so that the size of the gradient does not grow with them. */
function negativeLogLikelihood(table: Table, point: Float64Array, gradient: Float64Array): number {
  const [r, alpha, a, b] = Array.from(point, Math.exp) as [number, number, number, number]
  let sum = byFrequency(table, r, alpha, a, b, gradient)
  let [dr, dAlpha, da, db] = gradient as unknown as [number, number, number, number]
  const { frequencies, place, recency, age, customers } = table
  for (let i = 0; i < customers; i++) {
    const x = frequencies[place[i]!]!
    const logAge = Math.log(alpha + age[i]!)
    if (x === 0) {
      sum -= r * logAge
      dr -= logAge
      dAlpha -= r / (alpha + age[i]!)
      continue
    }
    const logRecency = Math.log(alpha + recency[i]!)
    const alive = -(r + x) * logAge
    const gone = Math.log(a / (b + x - 1)) - (r + x) * logRecency
    const weightGone = 1 / (1 + Math.exp(alive - gone))
    sum += Math.max(alive, gone) + Math.log1p(Math.exp(-Math.abs(alive - gone)))
    dr -= (1 - weightGone) * logAge + weightGone * logRecency
    dAlpha -= (r + x) * ((1 - weightGone) / (alpha + age[i]!) + weightGone / (alpha + recency[i]!))
    da += weightGone / a
    db -= weightGone / (b + x - 1)
  }
  // Derivatives by the logarithms, of the negative mean.
  gradient[0] = (-dr * r) / customers
  gradient[1] = (-dAlpha * alpha) / customers
  gradient[2] = (-da * a) / customers
  gradient[3] = (-db * b) / customers
  return -sum / customers
}

/** The terms that depend on a customer only by the frequency: few gamma functions instead of one set a customer. */
function byFrequency(table: Table, r: number, alpha: number, a: number, b: number, gradient: Float64Array): number {
  let sum = 0
  gradient.fill(0)
  for (let k = 0; k < table.frequencies.length; k++) {
    const x = table.frequencies[k]!
    const count = table.counts[k]!
    const shared = logGamma(a + b) + logGamma(b + x) - logGamma(b) - logGamma(a + b + x)
    sum += count * (logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + shared)
    const common = digamma(a + b) - digamma(a + b + x)
    gradient[0]! += count * (digamma(r + x) - digamma(r) + Math.log(alpha))
    gradient[1]! += (count * r) / alpha
    gradient[2]! += count * common
    gradient[3]! += count * (common + digamma(b + x) - digamma(b))
  }
  return sum
}

/** P(alive | x, t_x, T): the chance that a customer has not left (Fader, Hardie and Lee 2008, note on P(alive)). */
export function probabilityAlive(model: BgNbd, frequency: number, recency: number, age: number): number {
  if (frequency === 0) return 1
  const { r, alpha, a, b } = model
  const odds = Math.log(a / (b + frequency - 1)) + (r + frequency) * Math.log((alpha + age) / (alpha + recency))
  return 1 / (1 + Math.exp(odds))
}

/**
 * The chance of at least one purchase within `time` from now. While alive the rate's posterior is
 * Gamma(r + x, α + T), and leaving follows a purchase, so P = P(alive) · (1 − ((α + T) / (α + T + t))^(r + x)).
 */
export function probabilityBuys(model: BgNbd, frequency: number, recency: number, age: number, time: number): number {
  const { r, alpha } = model
  const none = Math.exp((r + frequency) * Math.log((alpha + age) / (alpha + age + time)))
  return probabilityAlive(model, frequency, recency, age) * (1 - none)
}

/** E[Y(t) | x, t_x, T]: the purchases to expect within `time` from now (equation 10 of the paper). */
export function expectedPurchases(model: BgNbd, frequency: number, recency: number, age: number, time: number): number {
  const { r, alpha, b } = model
  // The formula has a removable hole at a = 1.
  const a = Math.abs(model.a - 1) < 1e-6 ? 1 + 1e-6 : model.a
  const x = frequency
  const z = time / (alpha + age + time)
  const base = Math.exp((r + x) * Math.log((alpha + age) / (alpha + age + time)))
  const numerator = ((a + b + x - 1) / (a - 1)) * (1 - base * hypergeometric2F1(r + x, b + x, a + b + x - 1, z))
  return numerator * probabilityAlive(model, frequency, recency, age)
}
