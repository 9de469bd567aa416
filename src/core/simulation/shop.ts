import { beta, chance, createRandom, exponential, gamma, normal, type Random, uniform } from '../../ml/random'

/** How long a campaign's window is, in weeks; the simulation goes on in such steps. */
export const PERIOD_WEEKS = 4

/** An offer of the simulated shop and what it truly does. */
export interface SimulatedOffer {
  readonly code: string
  /** What it costs when an order uses it, as a share of the order. */
  readonly costShare: number
  /** How much of a lapsed member's readiness to return it brings out. */
  readonly pull: number
}

export const simulatedOffers: readonly SimulatedOffer[] = [
  { code: 'discount', costShare: 0.1, pull: 1 },
  { code: 'bonus-points', costShare: 0.04, pull: 0.7 },
]

export const MARGIN_SHARE = 0.3
export const MESSAGE_COST_MINOR = 2
/** The share of those still coming whom one message drives away. */
const ANNOYED_SHARE = 0.01
const PERSUADABLE_SHARE = 0.2

/** What nobody knows of a member but the simulation. */
export interface HiddenMember {
  /** Orders a week while coming. */
  readonly rate: number
  /** The chance that an order is the last. */
  readonly drop: number
  readonly meanAmountMinor: number
  /** The chance that a message brings this member back once lapsed. */
  readonly readiness: number
  readonly random: Random
}

/** What is there at a time: whether they still come (hidden), and what a merchant sees. */
export interface Seen {
  isComing: boolean
  /** Orders after the first. */
  frequency: number
  /** Week of the last order, from the first. */
  recencyWeeks: number
  spentMinor: number
}

/** What happened to one member in one period. */
export interface Outcome {
  readonly orders: number
  readonly spentMinor: number
  /** What the offer cost, if there was one. */
  readonly costMinor: number
}

/** Draws members of a shop whose customers buy till they die (as BG/NBD says) and differ in how they answer messages. */
export function drawMembers(members: number, seed: number): HiddenMember[] {
  const random = createRandom(`simulated shop ${seed}`)
  return Array.from({ length: members }, (_, member) => ({
    rate: gamma(random, 1.2, 12),
    drop: beta(random, 1.2, 6),
    meanAmountMinor: 3_000 * Math.exp(normal(random, 0, 0.4)),
    readiness: chance(random, PERSUADABLE_SHARE) ? uniform(random, 0.1, 0.4) : 0,
    random: createRandom(`${seed}/${member}`),
  }))
}

/** A member who ordered for the first time a moment ago. */
export function newcomer({ meanAmountMinor }: HiddenMember): Seen {
  return { isComing: true, frequency: 0, recencyWeeks: 0, spentMinor: Math.round(meanAmountMinor) }
}

/**
 * Lives through one period from week `age` (since the member's first order), with or without a message, and changes `seen`.
 * A message may bring back who has lapsed, drives away a few of those still coming, and its offer is used by whoever orders.
 */
export function livePeriod(
  hidden: HiddenMember,
  seen: Seen,
  { age, random, offer }: { age: number; random: Random; offer?: SimulatedOffer },
): Outcome {
  const answers = random.next()
  let [week, orders, spent, cost] = [0, 0, 0, 0]
  const order = () => {
    const amount = Math.max(1, Math.round(gamma(random, 4, 4 / hidden.meanAmountMinor)))
    orders += 1
    spent += amount
    // One use an offer.
    if (offer && orders === 1) cost = Math.round(amount * offer.costShare)
    seen.frequency += 1
    seen.recencyWeeks = age + week
    seen.isComing = !chance(random, hidden.drop)
  }
  if (offer && seen.isComing && answers < ANNOYED_SHARE) seen.isComing = false
  else if (offer && !seen.isComing && answers < hidden.readiness * offer.pull) {
    week = uniform(random, 0, PERIOD_WEEKS)
    order()
  }
  while (seen.isComing) {
    week += exponential(random, hidden.rate)
    if (week >= PERIOD_WEEKS) break
    order()
  }
  seen.spentMinor += spent
  return { orders, spentMinor: spent, costMinor: cost }
}
