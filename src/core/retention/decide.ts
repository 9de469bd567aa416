/** What is believed of how many more in a hundred order because of an offer (as a share, 0.02 for two), and how surely. */
export interface EffectBelief {
  readonly mean: number
  readonly deviation: number
}

/**
 * What is believed before the first own experiment: about two more in a hundred, and anything from none to six would be no
 * surprise. Published trials of win-back mails lie there (Hillstrom's: 0.3 to 0.7 more buyers and 4.5 to 7.6 more visitors
 * in a hundred within two weeks).
 */
export const STATED_PRIOR: EffectBelief = { mean: 0.02, deviation: 0.02 }

/** The belief after an experiment: means weighted by their precision (normal prior, normal likelihood). */
export function believe(
  prior: EffectBelief,
  evidence: { readonly difference: number; readonly standardError: number },
): EffectBelief {
  if (!(evidence.standardError > 0)) return prior
  const [before, seen] = [prior.deviation ** -2, evidence.standardError ** -2]
  return {
    mean: (before * prior.mean + seen * evidence.difference) / (before + seen),
    deviation: (before + seen) ** -0.5,
  }
}

/** A member and an offer, all money in minor units. */
export interface Prospect {
  /** The chance to order within the attribution window without any message. */
  readonly buysAnyway: number
  /** The margin that a member who comes back brings within a year. */
  readonly valueMinor: number
  /** What the offer costs when it is used; those who would have come anyway use it too. */
  readonly offerCostMinor: number
  readonly messageCostMinor: number
}

/**
 * What sending is expected to bring: (chance that the offer changes the outcome) × value − cost. Rounded to whole minor
 * units; below 0 the message costs more than it brings.
 */
export function expectedGainMinor(prospect: Prospect, effect: Pick<EffectBelief, 'mean'>): number {
  const { buysAnyway, valueMinor, offerCostMinor, messageCostMinor } = prospect
  // Nobody can be won who comes anyway.
  const won = Math.min(effect.mean, 1 - buysAnyway)
  const used = Math.max(0, buysAnyway + won)
  return Math.round(won * valueMinor - used * offerCostMinor - messageCostMinor)
}
