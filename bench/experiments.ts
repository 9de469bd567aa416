import { existsSync } from 'node:fs'
import { type ArmRecord, dealingShares } from '../src/ml/bandit'
import { estimateLift } from '../src/ml/experiment-lift'
import { type ArmSums, noMembers, withMember } from '../src/ml/experiment-sums'
import { chance, createRandom, integer, normal, type Random, uniform, weightedIndex } from '../src/ml/random'
import type { Bench, BenchContext } from './bench'
import { hillstromFigures } from './experiments-hillstrom'
import { positiveWhole } from './options'

interface Options {
  seed: number
  runs: number
  peeks: number
  members: number
  pulls: number
  hillstrom: string
}

/** Whether the statistics of experiments hold what they promise, on drawn data whose truth is known. */
export const experiments: Bench = {
  name: 'experiments',
  summary: 'false findings under peeking, variance cut by CUPED, regret of the bandit, uplift on a real trial',
  options: [
    { flags: '--seed <n>', describe: 'seed of all that is drawn', fallback: 1, parse: positiveWhole },
    { flags: '--runs <n>', describe: 'A/A experiments', fallback: 10_000, parse: positiveWhole },
    { flags: '--peeks <n>', describe: 'looks at each', fallback: 1_000, parse: positiveWhole },
    { flags: '--members <n>', describe: 'members of each', fallback: 10_000, parse: positiveWhole },
    { flags: '--pulls <n>', describe: 'members dealt by the bandit', fallback: 10_000, parse: positiveWhole },
    {
      flags: '--hillstrom <file>',
      describe: 'the e-mail trial by Hillstrom',
      fallback: '../shared/data/hillstrom/hillstrom.csv.gz',
    },
  ],
  async run(raw, context) {
    const options = raw as unknown as Options
    const random = createRandom(options.seed)
    const falsePositives = peekAtNothing(options, random.fork('a/a'), context)
    const cuped = cutVariance(random.fork('cuped'), context)
    const bandit = playBandits(options, random.fork('bandit'), context)
    const figures = { ...falsePositives, ...cuped, ...bandit }
    if (!existsSync(options.hillstrom)) {
      context.say(`SKIPPED: the trial by Hillstrom, no file ${options.hillstrom}`)
      return { ...figures, hillstrom: null }
    }
    const hillstrom = hillstromFigures(options.hillstrom, { random: random.fork('hillstrom'), say: context.say })
    return { ...figures, hillstrom }
  },
}

const BUYER_SHARE = 0.2
const POOL = 200_000

/** Members to draw from: spend after, skewed and mostly nothing, and spend before, which foretells it in part. */
function drawPool(random: Random): { after: Float64Array; before: Float64Array } {
  const after = new Float64Array(POOL)
  const before = new Float64Array(POOL)
  const spend = (taste: number) => Math.exp(3 + 0.6 * taste + 0.4 * normal(random))
  for (let member = 0; member < POOL; member++) {
    const taste = normal(random)
    if (chance(random, BUYER_SHARE)) before[member] = spend(taste)
    const buys = chance(random, before[member]! > 0 ? 2 * BUYER_SHARE : 0.75 * BUYER_SHARE)
    if (buys) after[member] = spend(taste)
  }
  return { after, before }
}

/** A/A experiments: both arms alike, looked at again and again; a finding at any look is a false one. */
function peekAtNothing({ runs, peeks, members }: Options, random: Random, { say }: BenchContext) {
  const every = Math.max(1, Math.floor(members / peeks))
  const pool = drawPool(random)
  let [everSequential, everFixed] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const arms: [ArmSums, ArmSums] = [noMembers, noMembers]
    let [sequential, fixed] = [false, false]
    for (let member = 1; member <= members; member++) {
      const arm = chance(random, 0.5) ? 1 : 0
      const drawn = integer(random, 0, POOL - 1)
      arms[arm] = withMember(arms[arm], pool.after[drawn]!, pool.before[drawn]!)
      if (member % every !== 0) continue
      const result = estimateLift(arms[1], arms[0])
      if (!result.ok) continue
      const { isClear, difference, standardError } = result.lift
      sequential ||= isClear
      fixed ||= Math.abs(difference) > 1.96 * standardError
    }
    if (sequential) everSequential += 1
    if (fixed) everFixed += 1
    if ((run + 1) % Math.ceil(runs / 10) === 0) say(`  A/A ${run + 1} of ${runs}`)
  }
  const falsePositiveRate = everSequential / runs
  const fixedFalsePositiveRate = everFixed / runs
  say(
    `${runs} A/A experiments of ${members} members, ${Math.floor(members / every)} looks each: false findings ` +
      `${percent(falsePositiveRate)}; by the interval that allows one look ${percent(fixedFalsePositiveRate)}`,
  )
  return { runs, peeks: Math.floor(members / every), falsePositiveRate, fixedFalsePositiveRate }
}

/** With a covariate of known correlation ρ the variance must fall by ρ². */
function cutVariance(random: Random, { say }: BenchContext) {
  const results = [0.3, 0.5, 0.7, 0.9].map((rho) => {
    const arms: [ArmSums, ArmSums] = [noMembers, noMembers]
    for (let member = 0; member < 400_000; member++) {
      const before = normal(random)
      const after = rho * before + Math.sqrt(1 - rho * rho) * normal(random)
      const arm = member % 2 === 0 ? 0 : 1
      arms[arm] = withMember(arms[arm], after + 0.1 * arm, before)
    }
    const result = estimateLift(arms[1], arms[0])
    const varianceCut = result.ok ? result.lift.varianceCut : Number.NaN
    return { rho, rhoSquared: rho * rho, varianceCut, ratio: varianceCut / (rho * rho) }
  })
  for (const { rho, rhoSquared, varianceCut } of results) {
    say(`CUPED at ρ ${rho}: variance cut ${varianceCut.toFixed(4)}, ρ² ${rhoSquared.toFixed(4)}`)
  }
  // The one farthest off stands for all.
  const worst = results.reduce((far, one) => (Math.abs(one.ratio - 1) > Math.abs(far.ratio - 1) ? one : far))
  return { cupedVarianceCut: worst.varianceCut, rhoSquared: worst.rhoSquared, cupedRatio: worst.ratio, cuped: results }
}

const PROBLEMS = 100
const ARMS = 5
const BATCH = 100

/** Five arms, the first the control with its fixed share; regret is what was missed against the best arm. */
function playBandits({ pulls }: Options, random: Random, { say }: BenchContext) {
  let [regret, uniformRegret] = [0, 0]
  for (let problem = 0; problem < PROBLEMS; problem++) {
    const rates = Float64Array.from({ length: ARMS }, () => uniform(random, 0.02, 0.2))
    // The control is the arm without an offer; were it the best, no way of dealing offers would do well.
    rates.sort()
    const best = rates[ARMS - 1]!
    regret += playBandit(rates, pulls, random)
    uniformRegret += rates.reduce((sum, rate) => sum + (best - rate) / ARMS, 0) * pulls
  }
  const result = { banditRegret: regret / PROBLEMS, uniformRegret: uniformRegret / PROBLEMS }
  const regretRatio = regret / uniformRegret
  say(
    `bandit, ${ARMS} arms with a control of 10 %, ${pulls} members: regret ${result.banditRegret.toFixed(1)}, ` +
      `uniform ${result.uniformRegret.toFixed(1)}, ratio ${regretRatio.toFixed(3)}`,
  )
  return { ...result, regretRatio }
}

function playBandit(rates: Float64Array, pulls: number, random: Random): number {
  const records: ArmRecord[] = Array.from({ length: rates.length - 1 }, () => ({ members: 0, successes: 0 }))
  const best = Math.max(...rates)
  let regret = 0
  for (let dealt = 0; dealt < pulls; dealt += BATCH) {
    const deal = weightedIndex(dealingShares(records))
    for (let member = dealt; member < Math.min(pulls, dealt + BATCH); member++) {
      const arm = deal(random)
      regret += best - rates[arm]!
      const record = records[arm - 1]
      if (!record) continue
      const success = chance(random, rates[arm]!) ? 1 : 0
      records[arm - 1] = { members: record.members + 1, successes: record.successes + success }
    }
  }
  return regret
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
