import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { estimateLift } from '../src/ml/experiment-lift'
import { sampleRatioP } from '../src/ml/experiment-ratio'
import { type ArmSums, noMembers, withMember } from '../src/ml/experiment-sums'
import { integer, type Random } from '../src/ml/random'
import { tableOfTexts } from '../src/ml/table'
import { crossFittedUplift, qiniInterval } from '../src/ml/uplift'

type Customer = Readonly<Record<string, string>>

const features = ['recency', 'history', 'mens', 'womens', 'zip_code', 'newbie', 'channel']
const outcomes = ['visit', 'conversion', 'spend'] as const
const treatments = ['Mens E-Mail', 'Womens E-Mail'] as const
const CONTROL = 'No E-Mail'
const FOLDS = 5
const DRAWS = 200

/** What both mails of the trial changed, with intervals, and how well an S-learner tells for whom. */
export function hillstromFigures(file: string, { random, say }: { random: Random; say(line: string): void }) {
  const customers = parse(gunzipSync(readFileSync(file)), { columns: true }) as Customer[]
  const arm = (name: string) => customers.filter(({ segment }) => segment === name)
  const counts = [CONTROL, ...treatments].map((name) => arm(name).length)
  const ratioP = sampleRatioP(counts, [1 / 3, 1 / 3, 1 / 3])
  say(`Hillstrom: ${counts.join(', ')} customers; dealt as planned: p ${ratioP.toFixed(3)}`)
  const mails = treatments.map((treatment) => {
    const effects = outcomes.map((outcome) => effectOf(arm(treatment), arm(CONTROL), outcome))
    for (const { outcome, difference, low, high } of effects) {
      say(
        `  ${treatment}, ${outcome}: ${difference.toFixed(4)} (95 % at any look: ${low.toFixed(4)} to ${high.toFixed(4)})`,
      )
    }
    const uplift = upliftFigures([...arm(treatment), ...arm(CONTROL)], random.fork(treatment))
    say(`  ${treatment}, S-learner for visits, ${FOLDS} folds: Qini ${describe(uplift)}`)
    return { treatment, effects, sLearner: uplift }
  })
  return { sampleRatioP: ratioP, mails }
}

function effectOf(treated: Customer[], control: Customer[], outcome: (typeof outcomes)[number]) {
  // The money spent in the year before is the covariate.
  const sumsOf = (customers: Customer[]): ArmSums =>
    customers.reduce(
      (sums, customer) => withMember(sums, Number(customer[outcome]), Number(customer.history)),
      noMembers,
    )
  const result = estimateLift(sumsOf(treated), sumsOf(control), { narrowestAt: treated.length + control.length })
  if (!result.ok) throw new Error(`Hillstrom's ${outcome} gives no estimate: ${result.code}`)
  const { difference, standardError, interval, controlMean, varianceCut } = result.lift
  return { outcome, controlMean, difference, standardError, ...interval, varianceCut }
}

function upliftFigures(customers: Customer[], random: Random) {
  const table = tableOfTexts(
    features,
    customers.map((customer) => features.map((name) => customer[name] ?? '')),
  )
  const treated = Uint8Array.from(customers, ({ segment }) => (segment === CONTROL ? 0 : 1))
  const visited = Uint8Array.from(customers, ({ visit }) => Number(visit))
  const fold = Uint8Array.from(customers, () => integer(random, 0, FOLDS - 1))
  const uplift = crossFittedUplift(table, treated, visited, { fold, folds: FOLDS })
  return qiniInterval(uplift, treated, visited, { draws: DRAWS, random })
}

function describe({ qini, low, high }: { qini: number; low: number; high: number }): string {
  return `${qini.toFixed(5)} (95 %: ${low.toFixed(5)} to ${high.toFixed(5)})`
}
