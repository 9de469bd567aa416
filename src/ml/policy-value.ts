/** Members who were dealt something by chance, with the chance it had; one element a member. */
export interface LoggedDeals {
  /** What each was dealt: a number from 0. */
  readonly action: ArrayLike<number>
  /** The chance with which it was dealt, above 0. */
  readonly propensity: ArrayLike<number>
  readonly outcome: ArrayLike<number>
}

export interface PolicyValue {
  /** The mean outcome a member had the policy dealt. */
  readonly value: number
  readonly standardError: number
  /** How many members' worth of evidence there is: (Σw)² / Σw² (Kish 1965). */
  readonly effectiveMembers: number
}

/**
 * What another way of dealing would have brought, from what was dealt by chance: inverse propensity weighting, normalised
 * by the weights' sum (Swaminathan and Joachims 2015, section 4; its error by the delta method).
 * @param chance the chance that the policy deals `action` to member `i`
 */
export function policyValue(logged: LoggedDeals, chance: (member: number, action: number) => number): PolicyValue {
  const { action, propensity, outcome } = logged
  const weights = new Float64Array(action.length)
  let [sum, squares, weighted] = [0, 0, 0]
  for (let i = 0; i < weights.length; i++) {
    if (!(propensity[i]! > 0)) throw new RangeError(`member ${i} was dealt something that had no chance`)
    const weight = chance(i, action[i]!) / propensity[i]!
    weights[i] = weight
    sum += weight
    squares += weight * weight
    weighted += weight * outcome[i]!
  }
  if (sum === 0) return { value: Number.NaN, standardError: Number.NaN, effectiveMembers: 0 }
  const value = weighted / sum
  let variance = 0
  for (let i = 0; i < weights.length; i++) variance += (weights[i]! * (outcome[i]! - value)) ** 2
  return { value, standardError: Math.sqrt(variance) / sum, effectiveMembers: (sum * sum) / squares }
}
