import { logGamma } from './special'

/** What an offer has brought so far: of `members` who were dealt it, `successes` did what it is for. */
export interface ArmRecord {
  readonly members: number
  readonly successes: number
}

export interface BanditOptions {
  /** The share of the control, dealt to nobody else however good the offers are; at least 0.1. */
  controlShare?: number
  /** The least share of any offer, so that none is given up for ever and each value can be estimated. */
  floor?: number
}

/** The least share of any offer where nothing else is said. */
export const OFFER_FLOOR = 0.05
/** Shares are fractions that binary numbers only come near: 0.05 twice is above 1 − 0.9. */
const ROUNDING = 1e-9

/** Whether a control of that share leaves each of so many offers its floor. */
export function leavesFloors(controlShare: number, offers: number, floor = OFFER_FLOOR): boolean {
  return floor * offers <= 1 - controlShare + ROUNDING
}

const GRID = 2_000
const DEVIATIONS = 8

/**
 * The chances with which the next members are dealt to the control (first) and to each offer: Thompson sampling (Thompson
 * 1933) with uniform Beta priors, in its probability-matching form, raised to a floor. They are exact, not drawn, so that
 * they can be stored with each assignment and divided by later (see policy-value.ts). Sums to 1.
 */
export function dealingShares(offers: readonly ArmRecord[], options: BanditOptions = {}): Float64Array {
  const { controlShare = 0.1, floor = OFFER_FLOOR } = options
  if (!(controlShare >= 0.1 && controlShare < 1)) {
    throw new RangeError(`the control's share must be from 0.1 to below 1; it is ${controlShare}`)
  }
  if (!(floor >= 0 && leavesFloors(controlShare, offers.length, floor))) {
    throw new RangeError(`a floor of ${floor} for each of ${offers.length} offers leaves nothing to choose`)
  }
  const shares = new Float64Array(offers.length + 1)
  shares[0] = offers.length === 0 ? 1 : controlShare
  const free = Math.max(0, 1 - controlShare - floor * offers.length)
  chancesToBeBest(offers).forEach((chance, offer) => {
    shares[offer + 1] = floor + free * chance
  })
  return shares
}

/** The chance of each that its true rate is the highest, by integrating the posteriors over a grid. */
export function chancesToBeBest(offers: readonly ArmRecord[]): Float64Array {
  const posteriors = offers.map(({ members, successes }) => {
    const [a, b] = [1 + successes, 1 + Math.max(0, members - successes)]
    const mean = a / (a + b)
    return { a, b, mean, deviation: Math.sqrt((mean * (1 - mean)) / (a + b + 1)) }
  })
  const from = Math.max(0, Math.min(...posteriors.map(({ mean, deviation }) => mean - DEVIATIONS * deviation)))
  const to = Math.min(1, Math.max(...posteriors.map(({ mean, deviation }) => mean + DEVIATIONS * deviation)))
  const densities = posteriors.map((posterior) => density(posterior, from, to))
  const belows = densities.map(running)
  const best = new Float64Array(offers.length)
  for (let at = 0; at < GRID; at++) {
    for (let offer = 0; offer < best.length; offer++) {
      let chance = densities[offer]![at]!
      for (let other = 0; other < best.length && chance > 0; other++) {
        if (other !== offer) chance *= belows[other]![at]!
      }
      best[offer]! += chance
    }
  }
  const total = best.reduce((sum, chance) => sum + chance, 0)
  return best.map((chance) => chance / total)
}

/** The Beta density on the middles of the grid's cells, summing to 1. */
function density({ a, b }: { a: number; b: number }, from: number, to: number): Float64Array {
  const constant = logGamma(a + b) - logGamma(a) - logGamma(b)
  const values = new Float64Array(GRID)
  let total = 0
  for (let at = 0; at < GRID; at++) {
    const x = from + ((to - from) * (at + 0.5)) / GRID
    values[at] = Math.exp(constant + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x))
    total += values[at]!
  }
  return total > 0 ? values.map((value) => value / total) : values
}

/** The share below the middle of each cell. */
function running(values: Float64Array): Float64Array {
  let below = 0
  return values.map((value) => {
    const middle = below + value / 2
    below += value
    return middle
  })
}
