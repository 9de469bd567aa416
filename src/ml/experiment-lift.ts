import { type ArmSums, momentsOf } from './experiment-sums'

/** An interval that holds the true value with the stated confidence at every look at once, however often one looks. */
export interface Interval {
  readonly low: number
  readonly high: number
}

export interface Lift {
  /** Mean outcome of a treated member less that of a control member, adjusted by the covariate. */
  readonly difference: number
  readonly standardError: number
  readonly interval: Interval
  /** The interval leaves out zero. */
  readonly isClear: boolean
  /** Mean outcome of the control, adjusted. */
  readonly controlMean: number
  /** The share of variance that the covariate takes away. */
  readonly varianceCut: number
}

export type LiftResult =
  | { readonly ok: true; readonly lift: Lift }
  | {
      readonly ok: false
      readonly code: 'not-enough-members' | 'no-variation'
      readonly have: number
      readonly need: number
    }

export interface LiftOptions {
  /** One minus the confidence; default 0.05. */
  alpha?: number
  /** The number of members at which the interval is to be narrowest; it holds at any number. Default 10,000. */
  narrowestAt?: number
  /** Below so many members an arm says nothing; default 100. */
  membersMin?: number
}

/**
 * The intention-to-treat effect: everybody counts in the arm drawn for them, reached or not. The covariate's share is
 * taken out first (CUPED: Deng, Xu, Kohavi and Walker 2013, equation 4, with one θ for both arms), and the interval is an
 * asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, equation 4), so that it holds at all
 * looks together: stopping at the first look that pleases does not make a false finding more likely than α.
 */
export function estimateLift(treated: ArmSums, control: ArmSums, options: LiftOptions = {}): LiftResult {
  const { alpha = 0.05, narrowestAt = 10_000, membersMin = 100 } = options
  const have = Math.min(treated.members, control.members)
  if (have < membersMin) return { ok: false, code: 'not-enough-members', have, need: membersMin }
  const [t, c] = [momentsOf(treated), momentsOf(control)]
  const members = treated.members + control.members
  const theta = pooledTheta(treated, control)
  const varianceOf = ({ varianceY, varianceX, covariance }: typeof t) =>
    Math.max(0, varianceY + theta * theta * varianceX - 2 * theta * covariance)
  const plain = t.varianceY / treated.members + c.varianceY / control.members
  const adjusted = varianceOf(t) / treated.members + varianceOf(c) / control.members
  if (!(plain > 0)) return { ok: false, code: 'no-variation', have, need: membersMin }
  const meanX = (treated.x + control.x) / members
  const controlMean = c.meanY - theta * (c.meanX - meanX)
  const difference = t.meanY - theta * (t.meanX - meanX) - controlMean
  const standardError = Math.sqrt(adjusted)
  const halfWidth = standardError * sequenceFactor(members, { alpha, narrowestAt })
  const interval = { low: difference - halfWidth, high: difference + halfWidth }
  return {
    ok: true,
    lift: {
      difference,
      standardError,
      interval,
      isClear: interval.low > 0 || interval.high < 0,
      controlMean,
      varianceCut: 1 - adjusted / plain,
    },
  }
}

/** How many standard errors wide a confidence sequence is to each side at `members`: some 2.8 where it is narrowest, against 1.96. */
export function sequenceFactor(
  members: number,
  { alpha, narrowestAt }: { alpha: number; narrowestAt: number },
): number {
  const rhoSquared = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / narrowestAt
  const scaled = members * rhoSquared
  return Math.sqrt((2 * (scaled + 1) * Math.log(Math.sqrt(scaled + 1) / alpha)) / scaled)
}

/** The slope of the outcome on the covariate within the arms; 0 where the covariate does not vary. */
function pooledTheta(treated: ArmSums, control: ArmSums): number {
  let [covariance, variance] = [0, 0]
  for (const sums of [treated, control]) {
    const moments = momentsOf(sums)
    covariance += (sums.members - 1) * moments.covariance
    variance += (sums.members - 1) * moments.varianceX
  }
  return variance > 0 ? covariance / variance : 0
}
