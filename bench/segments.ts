import { InvalidArgumentError } from 'commander'
import { chooseClusters } from '../src/ml/cluster-choice'
import { fitAxes, onAxes, valueOnAxis } from '../src/ml/member-space'
import { createRandom } from '../src/ml/random'
import { figuresByLabel, type LabelFigures, spendExplained } from '../src/ml/segment-figures'
import { buyersOf, purchaseColumns, type RuleTrial, tryRules } from '../src/ml/segment-trial'
import type { Bench, BenchContext } from './bench'
import { positiveWhole } from './options'
import { readTrade } from './segments-file'

interface Options {
  csv: string
  customerColumn: string
  dateColumn: string
  amountColumn: string
  quantityColumn?: string
  days: number
  resamples: number
  seed: number
}

/** Who belongs together, from a log of orders: groups, clusters and stages at a cut, held against what came after it. */
export const segments: Bench = {
  name: 'segments',
  summary: 'RFM groups, clusters and life-cycle stages at a cut, and what each spent in the days after it',
  options: [
    { flags: '--csv <file>', describe: 'orders with a header: customer, date, amount (plain or .gz)', required: true },
    { flags: '--customer-column <name>', describe: 'column of the customer; empty: not counted', fallback: 'customer' },
    { flags: '--date-column <name>', describe: 'column of the date', fallback: 'date' },
    { flags: '--amount-column <name>', describe: 'column of the amount; negative: a refund', fallback: 'amount' },
    { flags: '--quantity-column <name>', describe: 'column that the amount is to be multiplied by' },
    { flags: '--days <n>', describe: 'days after the cut to look at', fallback: 90, parse: positiveWhole },
    { flags: '--resamples <n>', describe: 'bootstrap samples for the stability', fallback: 20, parse: positiveWhole },
    { flags: '--seed <n>', describe: 'seed of starts and samples', fallback: 1, parse: positiveWhole },
  ],
  async run(raw, context) {
    const options = raw as unknown as Options
    const { trade, end, rowsWithoutCustomer } = await readTrade(options.csv, {
      customer: options.customerColumn,
      date: options.dateColumn,
      amount: options.amountColumn,
      ...(options.quantityColumn === undefined ? {} : { quantity: options.quantityColumn }),
    })
    const begun = performance.now()
    const trial = tryRules(trade, { cut: end - options.days, days: options.days })
    const clustered = cluster(trial, options)
    const { segments, values, stages, labels } = trial.figures
    const { rhythm, seen } = trial.labels
    const result = {
      customers: buyersOf(seen).length,
      rowsWithoutCustomer,
      split: `features to day ${options.days} before the end, spend after it`,
      k: clustered.chosen.clusters,
      silhouette: clustered.chosen.silhouette,
      stability: clustered.chosen.stability,
      candidates: clustered.candidates,
      axes: clustered.axes,
      ...{ segments, values, stages, labels },
      clusters: clustered.figures,
      spendExplained: { ...trial.figures.spendExplained, clusters: clustered.spendExplained },
      rhythm: { typicalGapDays: Math.exp(rhythm.logGap), within: rhythm.within, between: rhythm.between },
      seconds: (performance.now() - begun) / 1000,
    }
    show(result, context)
    return result
  },
}

/** Clusters of those who had ordered before the cut: the others were no customers yet. */
function cluster({ labels: { seen }, afterwards }: RuleTrial, { seed, resamples }: Options) {
  const buyers = buyersOf(seen)
  const columns = purchaseColumns(seen, buyers)
  const axes = fitAxes(columns)
  const choice = chooseClusters(onAxes(axes, columns), { random: createRandom(seed), resamples })
  if (!choice)
    throw new InvalidArgumentError('the customers are too few or too alike for clusters; choose other --days')
  const { fit, chosen, candidates } = choice
  const names = Array.from({ length: fit.clusters }, (_, c) => `c${c + 1}`)
  const label = new Array<string | null>(seen.orders.length).fill(null)
  buyers.forEach((member, place) => {
    label[member] = names[fit.assignment[place]!]!
  })
  const centreOf = (c: number) =>
    Object.fromEntries(axes.map((axis, d) => [axis.name, valueOnAxis(axis, fit.centres[c * axes.length + d]!)]))
  const figures = Object.entries(figuresByLabel(label, names, afterwards)).map(
    ([name, own], c) => [name, { ...own, centre: centreOf(c) }] as const,
  )
  return {
    ...{ chosen, candidates, axes: axes.map(({ name }) => name) },
    figures: Object.fromEntries(figures),
    spendExplained: spendExplained(label, afterwards),
  }
}

interface Shown {
  customers: number
  candidates: readonly { clusters: number; silhouette: number; stability: number }[]
  k: number
  segments: Record<string, LabelFigures>
  stages: Record<string, LabelFigures>
  clusters: Record<string, LabelFigures>
  labels: RuleTrial['figures']['labels']
}

function show(result: Shown, { say }: BenchContext): void {
  say(`${result.customers} customers`)
  for (const { clusters, silhouette, stability } of result.candidates) {
    const mark = clusters === result.k ? '*' : ' '
    say(`${mark} ${clusters} clusters  silhouette ${silhouette.toFixed(3)}  stability ${stability.toFixed(3)}`)
  }
  say(`${''.padEnd(18)} members  share  bought  spend after (mean, share)`)
  for (const [name, own] of [result.segments, result.stages, result.clusters].flatMap((each) => Object.entries(each))) {
    const spend = `${own.laterSpendMean.toFixed(2).padStart(10)} ${percent(own.laterSpendShare)}`
    say(
      `${name.padEnd(18)} ${String(own.members).padStart(7)} ${percent(own.share)} ${percent(own.boughtShare)} ${spend}`,
    )
  }
  for (const [name, { says, called, precision, recall, base }] of Object.entries(result.labels)) {
    say(`${name}: ${says}; called ${called}, precision ${of1(precision)}, recall ${of1(recall)}, of all ${of1(base)}`)
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`.padStart(7)
}

function of1(share: number | null): string {
  return share === null ? '–' : share.toFixed(3)
}
