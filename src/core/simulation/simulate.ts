import { fitJudge } from './judgement'
import {
  drawMembers,
  type HiddenMember,
  livePeriod,
  MARGIN_SHARE,
  MESSAGE_COST_MINOR,
  newcomer,
  type Outcome,
  PERIOD_WEEKS,
  type Seen,
  type SimulatedOffer,
  simulatedOffers,
} from './shop'
import { type Measured, WinBack } from './win-back'

export interface SimulationOptions {
  readonly members: number
  /** Periods of four weeks; 26 are two years. */
  readonly periods: number
  readonly seed: number
  readonly onProgress?: (share: number) => void
}

/** What one way of sending brought over the whole time, in minor units. */
export interface WorldResult {
  readonly policy: Policy
  readonly netMinor: number
  readonly orders: number
  readonly messages: number
  readonly offerCostMinor: number
}

export interface SimulationResult {
  readonly worlds: readonly WorldResult[]
  readonly campaigns: readonly {
    readonly period: number
    readonly members: number
    readonly estimate: number
    readonly low: number
    readonly high: number
    readonly truth: number
    readonly isCovered: boolean
  }[]
  /** The share of campaigns whose interval held the truth. */
  readonly coverage: number
}

const policies = ['nobody', 'everybody', 'expected-gain'] as const
type Policy = (typeof policies)[number]

/** Nobody hears from the shop twice within so many periods, whatever the policy. */
const CONTACT_EVERY_PERIODS = 3
/** First orders are spread over this many periods. */
const JOINING_PERIODS = 13
/** The merchant looks for a while before the first message. */
const FIRST_CAMPAIGN_PERIOD = 4
const REFIT_EVERY_PERIODS = 3

/**
 * Runs the same merchant three times: sending to nobody, to everybody, and to those for whom a gain is expected. The same
 * seed draws the same members with the same luck, so that the worlds differ by the messages alone.
 */
export function simulate(options: SimulationOptions): SimulationResult {
  const measured: { period: number; measured: Measured; members: number }[] = []
  const worlds = policies.map((policy, at) =>
    runWorld(policy, options, {
      onPeriod: (period) => options.onProgress?.((at + period / options.periods) / policies.length),
      onMeasured: (period, members, one) => measured.push({ period, members, measured: one }),
    }),
  )
  const campaigns = measured.flatMap(({ period, members, measured: { result, truth } }) => {
    if (!result.ok) return []
    const { difference, interval } = result.lift
    const isCovered = interval.low <= truth && truth <= interval.high
    return [{ period, members, estimate: difference, ...interval, truth, isCovered }]
  })
  const covered = campaigns.filter(({ isCovered }) => isCovered).length
  return { worlds, campaigns, coverage: campaigns.length === 0 ? Number.NaN : covered / campaigns.length }
}

interface Hooks {
  onPeriod(period: number): void
  onMeasured(period: number, members: number, measured: Measured): void
}

interface World {
  readonly hidden: readonly HiddenMember[]
  readonly seen: Seen[]
  readonly contacted: Int32Array
  readonly sums: { marginMinor: number; orders: number; messages: number; offerCostMinor: number }
}

function runWorld(policy: Policy, { members, periods, seed }: SimulationOptions, hooks: Hooks): WorldResult {
  const hidden = drawMembers(members, seed)
  const world: World = {
    hidden,
    seen: hidden.map(newcomer),
    contacted: new Int32Array(members).fill(-CONTACT_EVERY_PERIODS),
    sums: { marginMinor: 0, orders: 0, messages: 0, offerCostMinor: 0 },
  }
  const winBack = new WinBack(seed)
  let judge: ReturnType<typeof fitJudge>
  for (let period = 0; period < periods; period++) {
    const joined = Math.min(members, Math.ceil((members * (period + 1)) / JOINING_PERIODS))
    const begins = period >= FIRST_CAMPAIGN_PERIOD && policy === 'expected-gain'
    if (begins && (!judge || period % REFIT_EVERY_PERIODS === 0)) {
      const ages = Float64Array.from({ length: joined }, (_, member) => ageOf(member, members, period))
      judge = fitJudge(world.seen.slice(0, joined), ages) ?? judge
    }
    let enrolled = 0
    for (let member = 0; member < joined; member++) {
      const age = ageOf(member, members, period)
      if (policy === 'expected-gain' && judge && mayHear(world, member, period)) {
        if (campaignStep(world, winBack, { member, period, age, judge })) {
          enrolled += 1
          continue
        }
      }
      const everybody = policy === 'everybody' && period >= FIRST_CAMPAIGN_PERIOD && mayHear(world, member, period)
      plainStep(world, { member, period, age, offer: everybody ? simulatedOffers[0] : undefined })
    }
    if (enrolled > 0) hooks.onMeasured(period, enrolled, winBack.measure())
    hooks.onPeriod(period + 1)
  }
  const { marginMinor, ...sums } = world.sums
  const netMinor = Math.round(marginMinor - sums.offerCostMinor - sums.messages * MESSAGE_COST_MINOR)
  return { policy, netMinor, ...sums }
}

/** Weeks since the first order, at the beginning of a period. */
function ageOf(member: number, members: number, period: number): number {
  const joinedPeriod = Math.floor((member * JOINING_PERIODS) / members)
  return Math.max(0, period - joinedPeriod) * PERIOD_WEEKS
}

function mayHear({ contacted }: World, member: number, period: number): boolean {
  return period - (contacted[member] ?? 0) >= CONTACT_EVERY_PERIODS
}

interface Step {
  readonly member: number
  readonly period: number
  readonly age: number
}

function plainStep(world: World, { member, period, age, offer }: Step & { offer: SimulatedOffer | undefined }): void {
  const [hidden, seen] = [world.hidden[member], world.seen[member]]
  if (!hidden || !seen) return
  const random = hidden.random.fork(period)
  book(world, livePeriod(hidden, seen, { age, random, ...(offer ? { offer } : {}) }), offer !== undefined)
  if (offer) world.contacted[member] = period
}

/** Enrols one member if it is worth it, and lives through both arms; what the drawn arm brought is what happens. */
function campaignStep(
  world: World,
  winBack: WinBack,
  { member, period, age, judge }: Step & { judge: NonNullable<ReturnType<typeof fitJudge>> },
): boolean {
  const [hidden, seen] = [world.hidden[member], world.seen[member]]
  if (!hidden || !seen) return false
  const judgement = judge(seen, age)
  const dealt = winBack.enrol(member, period, judgement)
  if (!dealt) return false
  const { offer, isControl } = dealt
  const spentBeforeMinor = seen.spentMinor
  const untouched = { ...seen }
  const without = livePeriod(hidden, untouched, { age, random: hidden.random.fork(period) })
  const withMessage = livePeriod(hidden, seen, { age, random: hidden.random.fork(period), offer })
  const came = isControl ? without : withMessage
  if (isControl) Object.assign(seen, untouched)
  winBack.record({ judgement, offer, isControl, spentBeforeMinor }, { came, withMessage, without })
  world.contacted[member] = period
  book(world, came, !isControl)
  return true
}

function book({ sums }: World, { orders, spentMinor, costMinor }: Outcome, isMessage: boolean): void {
  sums.marginMinor += spentMinor * MARGIN_SHARE
  sums.orders += orders
  sums.offerCostMinor += costMinor
  if (isMessage) sums.messages += 1
}
