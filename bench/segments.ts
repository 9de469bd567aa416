import { InvalidArgumentError } from 'commander'
import { chooseClusters } from '../src/ml/cluster-choice'
import { fitRhythm, lifecycleStages, lifecycleStagesAt } from '../src/ml/lifecycle'
import { fitAxes, type MemberColumn, onAxes, valueOnAxis } from '../src/ml/member-space'
import { historiesBefore, type MemberTrade, type PurchasesSeen, purchasesAt, tradeWithin } from '../src/ml/purchases'
import { createRandom } from '../src/ml/random'
import { rfmGroups, scoreRfm } from '../src/ml/rfm'
import {
  type Afterwards,
  figuresByLabel,
  type LabelFigures,
  labelClaims,
  spendExplained,
} from '../src/ml/segment-figures'
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
    const known = knownAt(trade, end - options.days)
    const cut = new Float64Array(known.sales.customers).fill(end - options.days)
    const seen = purchasesAt(known, cut)
    const afterwards = tradeWithin(known, cut, new Float64Array(cut.length).fill(end))
    const { group, value } = scoreRfm(seen)
    const rhythm = fitRhythm(historiesBefore(known.sales, cut))
    const stage = lifecycleStagesAt(rhythm, known.sales, cut)
    const clustered = cluster(seen, options)
    const names = clustered.centres.map((_, c) => `c${c + 1}`)
    const label = Array.from(clustered.assignment, (c) => names[c]!)
    const result = {
      customers: seen.orders.length,
      rowsWithoutCustomer,
      split: `features to day ${options.days} before the end, spend after it`,
      k: clustered.chosen.clusters,
      silhouette: clustered.chosen.silhouette,
      stability: clustered.chosen.stability,
      candidates: clustered.candidates,
      axes: clustered.axes,
      segments: figuresByLabel(
        group,
        rfmGroups.filter((name) => name !== 'prospects'),
        afterwards,
      ),
      values: figuresByLabel(value, ['high', 'mid', 'low'], afterwards),
      stages: figuresByLabel(stage, lifecycleStages, afterwards),
      clusters: withCentres(figuresByLabel(label, names, afterwards), clustered.centres),
      spendExplained: explained({ group, stage, label }, afterwards),
      labels: labelClaims({ groups: group, stages: stage }, afterwards),
      rhythm: { typicalGapDays: Math.exp(rhythm.logGap), within: rhythm.within, between: rhythm.between },
      seconds: (performance.now() - begun) / 1000,
    }
    show(result, context)
    return result
  },
}

/** Only who had ordered before the cut: the others were no customers yet. */
function knownAt({ sales, refunds }: MemberTrade, cut: number): MemberTrade {
  const known: number[] = []
  for (let c = 0; c < sales.customers; c++) {
    if (sales.start[c]! < sales.start[c + 1]! && sales.day[sales.start[c]!]! < cut) known.push(c)
  }
  if (known.length === 0) {
    throw new InvalidArgumentError('nobody ordered so long before the end of the file; choose other --days')
  }
  return { sales: pick(sales, known), refunds: pick(refunds, known) }
}

function pick(histories: MemberTrade['sales'], customers: readonly number[]): MemberTrade['sales'] {
  const start = new Uint32Array(customers.length + 1)
  const places = customers.flatMap((c, to) => {
    const count = histories.start[c + 1]! - histories.start[c]!
    start[to + 1] = start[to]! + count
    return Array.from({ length: count }, (_, i) => histories.start[c]! + i)
  })
  return {
    customers: customers.length,
    start,
    day: Float64Array.from(places, (i) => histories.day[i]!),
    amount: Float64Array.from(places, (i) => histories.amount[i]!),
  }
}

function cluster(seen: PurchasesSeen, { seed, resamples }: Options) {
  const columns: MemberColumn[] = [
    { name: 'recencyDays', scale: 'log', values: seen.recencyDays },
    { name: 'orders', scale: 'log', values: seen.orders },
    { name: 'spend', scale: 'log', values: seen.spend },
    { name: 'returnsShare', scale: 'plain', values: seen.returnsShare },
  ]
  const axes = fitAxes(columns)
  const choice = chooseClusters(onAxes(axes, columns), { random: createRandom(seed), resamples })
  if (!choice) throw new InvalidArgumentError('the customers are too few or too alike for clusters')
  const { fit, chosen, candidates } = choice
  const centres = Array.from({ length: fit.clusters }, (_, c) =>
    Object.fromEntries(axes.map((axis, d) => [axis.name, valueOnAxis(axis, fit.centres[c * axes.length + d]!)])),
  )
  return { assignment: fit.assignment, chosen, candidates, centres, axes: axes.map(({ name }) => name) }
}

function withCentres(figures: Record<string, LabelFigures>, centres: readonly Record<string, number>[]) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, own], c) => [name, { ...own, centre: centres[c] }] as const),
  )
}

function explained(
  { group, stage, label }: Record<'group' | 'stage' | 'label', readonly (string | null)[]>,
  afterwards: Afterwards,
) {
  return {
    segments: spendExplained(group, afterwards),
    stages: spendExplained(stage, afterwards),
    clusters: spendExplained(label, afterwards),
  }
}

interface Shown {
  customers: number
  candidates: readonly { clusters: number; silhouette: number; stability: number }[]
  k: number
  segments: Record<string, LabelFigures>
  stages: Record<string, LabelFigures>
  clusters: Record<string, LabelFigures>
  labels: ReturnType<typeof labelClaims>
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
