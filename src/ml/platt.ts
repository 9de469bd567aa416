/** P = 1 / (1 + exp(−(slope · log-odds of the score + shift))). */
export interface Calibration {
  readonly slope: number
  readonly shift: number
}

const ROUNDS_MAX = 50
const STEP_MIN = 1e-9
/** Holds the slope near 1 and the shift near 0 where there is little to learn from. */
const RIDGE = 1

/**
 * Learns from rows that took no part in the fit how far a score can be believed (Platt 1999, with Newton's method and a
 * weak pull towards "as it stands"). Labels are 0 or 1, scores chances.
 */
export function fitCalibration(labels: ArrayLike<number>, scores: ArrayLike<number>): Calibration {
  const odds = Float64Array.from(scores, logOdds)
  let [slope, shift] = [1, 0]
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let [g0, g1, h00, h01, h11] = [RIDGE * (1 - slope), -RIDGE * shift, RIDGE, 0, RIDGE]
    for (let i = 0; i < odds.length; i++) {
      const p = 1 / (1 + Math.exp(-(slope * odds[i]! + shift)))
      const [residual, weight] = [labels[i]! - p, p * (1 - p)]
      g0 += residual * odds[i]!
      g1 += residual
      h00 += weight * odds[i]! ** 2
      h01 += weight * odds[i]!
      h11 += weight
    }
    const determinant = h00 * h11 - h01 * h01
    const [stepSlope, stepShift] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant]
    // A step that is too long would overshoot; the log-odds are bounded, so one unit at a time is far enough.
    slope += Math.max(-1, Math.min(1, stepSlope))
    shift += Math.max(-1, Math.min(1, stepShift))
    if (Math.abs(stepSlope) + Math.abs(stepShift) < STEP_MIN) break
  }
  // A score that is the wrong way round on the later slice says nothing; it is not turned into its opposite.
  return { slope: Math.max(0, slope), shift }
}

/** The calibrated chance of a score. */
export function calibrated({ slope, shift }: Calibration, score: number): number {
  return 1 / (1 + Math.exp(-(slope * logOdds(score) + shift)))
}

function logOdds(score: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, score))
  return Math.log(inside / (1 - inside))
}
