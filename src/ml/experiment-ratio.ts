import { logGamma } from './special'

/** How sure the prior is that the shares are as wanted: as if so many members had been seen already. */
const PRIOR_MEMBERS = 10_000

/**
 * Whether members were dealt to the arms as planned: a p-value that stays valid however often one looks (the sequential
 * multinomial test of Lindon and Malek 2022, equation 5: the inverse of the Bayes factor of "other shares" against "the
 * planned shares", with a Dirichlet prior around those). Below 0.001 something deals unfairly, and no lift may be believed.
 * @param counts members an arm
 * @param shares planned shares, all above 0, summing to 1
 */
export function sampleRatioP(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let logBayesFactor = logGamma(PRIOR_MEMBERS) - logGamma(PRIOR_MEMBERS + total)
  counts.forEach((count, arm) => {
    const share = shares[arm]!
    const prior = PRIOR_MEMBERS * share
    logBayesFactor += logGamma(prior + count) - logGamma(prior) - count * Math.log(share)
  })
  return Math.min(1, Math.exp(-logBayesFactor))
}
