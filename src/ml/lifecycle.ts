import type { OrderHistories } from './order-features'

/** Where a member who ever ordered stands, from own rhythm. */
export const lifecycleStages = ['new', 'active', 'loyal', 'won-back', 'at-risk', 'lapsed', 'churned'] as const
export type LifecycleStage = (typeof lifecycleStages)[number]

/**
 * How the shop's members come back: gaps between orders are log-normal around each member's own mean, and those means
 * around the shop's (a random-effects model). `limits` are in deviations of a gap from what was to be expected.
 */
export interface Rhythm {
  /** Mean over members of the mean logarithm of their gaps in days. */
  readonly logGap: number
  /** Variance of a member's gaps, and of the members' means, in logarithms. */
  readonly within: number
  readonly between: number
  readonly limits: Readonly<Record<'at-risk' | 'lapsed' | 'churned', number>>
}

/** Of a member's own gaps between orders, this share is over before the stage begins. */
export const STAGE_SHARES = { 'at-risk': 0.8, lapsed: 0.9, churned: 0.975 } as const
/** The same as deviations of a normal distribution, for shops with too few gaps to tell. */
const NORMAL_LIMITS = { 'at-risk': 0.842, lapsed: 1.282, churned: 1.96 } as const
const GAPS_FOR_LIMITS = 100
/** Of very many members, so many tell the limits well enough: they are evenly spread over all. */
const MEMBERS_FOR_LIMITS = 20_000
/** What stands in for a shop's own gaps while there are few: as if this many members had come back after 60 days once. */
const PRIOR = { members: 5, logGap: Math.log(60), within: 0.7, between: 0.3 } as const
const LOYAL_ORDERS = 4

/** Learns the shop's rhythm from the gaps between orders (days, at the most one order a day, ascending). */
export function fitRhythm(histories: OrderHistories): Rhythm {
  const gaps = logGaps(histories)
  const { within, between } = variances(gaps)
  let [weights, weighted] = [PRIOR.members / (between + within), (PRIOR.members * PRIOR.logGap) / (between + within)]
  for (let c = 0; c < histories.customers; c++) {
    const count = gaps.start[c + 1]! - gaps.start[c]!
    if (count === 0) continue
    const weight = 1 / (between + within / count)
    weights += weight
    weighted += weight * meanOf(gaps, c)
  }
  const rhythm = { logGap: weighted / weights, within, between }
  return { ...rhythm, limits: fitLimits(gaps, rhythm) }
}

/**
 * What the next gap of a member is expected to be, as mean and deviation of its logarithm: the mean of the own gaps,
 * drawn towards the shop's the more, the fewer they are (empirical Bayes; Efron and Morris 1975).
 */
export function expectedGap(rhythm: Pick<Rhythm, 'logGap' | 'within' | 'between'>, count: number, sum: number) {
  const { logGap, within, between } = rhythm
  const left = 1 / (1 / between + count / within)
  return { mean: left * (logGap / between + sum / within), deviation: Math.sqrt(left + within) }
}

/** The days of silence after which a member with these own gaps (count and sum of logarithms) is in a stage. */
export function silenceLimitDays(
  rhythm: Rhythm,
  stage: keyof Rhythm['limits'],
  { count, sum }: { count: number; sum: number },
): number {
  const { mean, deviation } = expectedGap(rhythm, count, sum)
  return Math.exp(mean + rhythm.limits[stage] * deviation)
}

/**
 * Each member's stage at the end of the day before `cut[c]`; null without an order until then. By how long the silence is against the
 * own rhythm: longer than 80 % of the gaps is at risk, than 90 % lapsed, than 97.5 % churned. Who is not silent is `new` with one
 * order, `won-back` when the last gap was one after which they counted as lapsed, `loyal` with four orders or more and none
 * of the last three gaps so long, else `active`.
 */
export function lifecycleStagesAt(
  rhythm: Rhythm,
  histories: OrderHistories,
  cut: ArrayLike<number>,
): (LifecycleStage | null)[] {
  return Array.from({ length: histories.customers }, (_, c) => stageOf(rhythm, histories, c, cut[c]!))
}

function stageOf(rhythm: Rhythm, { start, day }: OrderHistories, customer: number, cut: number): LifecycleStage | null {
  const first = start[customer]!
  let orders = 0
  // Sums of the logarithms of the own gaps, the n-th after n gaps: what was known before each of the last three.
  const sums = [0]
  while (first + orders < start[customer + 1]! && day[first + orders]! < cut) {
    if (orders > 0) sums.push(sums[orders - 1]! + Math.log(gapBefore(day, first + orders)))
    orders += 1
  }
  if (orders === 0) return null
  const silence = cut - 1 - day[first + orders - 1]!
  const isOver = (stage: keyof Rhythm['limits'], days: number, gaps: number) =>
    days > silenceLimitDays(rhythm, stage, { count: gaps, sum: sums[gaps]! })
  for (const stage of ['churned', 'lapsed', 'at-risk'] as const) if (isOver(stage, silence, orders - 1)) return stage
  if (orders === 1) return 'new'
  const wasLapsed = (gap: number) => isOver('lapsed', gapBefore(day, first + gap), gap - 1)
  if (wasLapsed(orders - 1)) return 'won-back'
  const isLoyal = orders >= LOYAL_ORDERS && !wasLapsed(orders - 2) && !wasLapsed(orders - 3)
  return isLoyal ? 'loyal' : 'active'
}

function gapBefore(day: Float64Array, place: number): number {
  return day[place]! - day[place - 1]!
}

/** Logarithms of all gaps, by customer: those of c stand at start[c] … start[c + 1] − 1. */
interface LogGaps {
  readonly start: Uint32Array
  readonly values: Float64Array
}

function logGaps({ customers, start, day }: OrderHistories): LogGaps {
  const gapStart = new Uint32Array(customers + 1)
  for (let c = 0; c < customers; c++) {
    gapStart[c + 1] = gapStart[c]! + Math.max(0, start[c + 1]! - start[c]! - 1)
  }
  const values = new Float64Array(gapStart[customers]!)
  for (let c = 0; c < customers; c++) {
    for (let i = start[c]! + 1; i < start[c + 1]!; i++) {
      const gap = gapBefore(day, i)
      if (!(gap >= 1)) throw new RangeError(`customer ${c} has days ${day[i - 1]} and ${day[i]}; they must ascend`)
      values[gapStart[c]! + i - start[c]! - 1] = Math.log(gap)
    }
  }
  return { start: gapStart, values }
}

/** Variance components by the method of moments (one-way analysis of variance), drawn towards the prior where gaps are few. */
function variances(gaps: LogGaps): { within: number; between: number } {
  let [squares, freedom] = [0, 0]
  const means: number[] = []
  let inverseCounts = 0
  for (let c = 0; c + 1 < gaps.start.length; c++) {
    const count = gaps.start[c + 1]! - gaps.start[c]!
    if (count === 0) continue
    const mean = meanOf(gaps, c)
    means.push(mean)
    inverseCounts += 1 / count
    freedom += count - 1
    for (let i = gaps.start[c]!; i < gaps.start[c + 1]!; i++) squares += (gaps.values[i]! - mean) ** 2
  }
  const within = (squares + PRIOR.members * PRIOR.within) / (freedom + PRIOR.members)
  const middle = means.reduce((sum, mean) => sum + mean, 0) / Math.max(1, means.length)
  const spread = means.reduce((sum, mean) => sum + (mean - middle) ** 2, 0) - within * inverseCounts
  const between = (Math.max(0, spread) + PRIOR.members * PRIOR.between) / (means.length + PRIOR.members)
  // All gaps alike would make every lateness infinite.
  return { within: Math.max(within, 0.01), between: Math.max(between, 0.01) }
}

/** Where the shares of STAGE_SHARES lie among the gaps themselves, each held against the member's other gaps; every member counts once. */
function fitLimits(gaps: LogGaps, rhythm: Pick<Rhythm, 'logGap' | 'within' | 'between'>): Rhythm['limits'] {
  const customers = gaps.start.length - 1
  const stride = Math.ceil(customers / MEMBERS_FOR_LIMITS)
  const late: { lateness: number; weight: number }[] = []
  for (let c = 0; c < customers; c += stride) {
    const count = gaps.start[c + 1]! - gaps.start[c]!
    const sum = count * meanOf(gaps, c)
    for (let i = gaps.start[c]!; i < gaps.start[c + 1]!; i++) {
      const { mean, deviation } = expectedGap(rhythm, count - 1, sum - gaps.values[i]!)
      late.push({ lateness: (gaps.values[i]! - mean) / deviation, weight: 1 / count })
    }
  }
  if (late.length < GAPS_FOR_LIMITS) return NORMAL_LIMITS
  late.sort((a, b) => a.lateness - b.lateness)
  const total = late.reduce((sum, { weight }) => sum + weight, 0)
  const quantile = (share: number) => {
    let passed = 0
    const found = late.find(({ weight }) => {
      passed += weight
      return passed >= share * total
    })
    // Rounding may leave the last share just short.
    return (found ?? late.at(-1))!.lateness
  }
  return {
    'at-risk': quantile(STAGE_SHARES['at-risk']),
    lapsed: quantile(STAGE_SHARES.lapsed),
    churned: quantile(STAGE_SHARES.churned),
  }
}

function meanOf({ start, values }: LogGaps, customer: number): number {
  let sum = 0
  for (let i = start[customer]!; i < start[customer + 1]!; i++) sum += values[i]!
  const count = start[customer + 1]! - start[customer]!
  return count === 0 ? 0 : sum / count
}
