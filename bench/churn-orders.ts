import { InvalidArgumentError } from 'commander'
import { fitBgNbd } from '../src/ml/bgnbd'
import { chooseForest, chosenForestProbabilities } from '../src/ml/churn-forest'
import { chooseLogistic, chosenProbabilities } from '../src/ml/churn-orders'
import { stratifiedFolds } from '../src/ml/folds'
import { auc, brier, calibrationError, volumeBias } from '../src/ml/metrics'
import { endBefore, type OrderHistories, orderFeatures, summarise } from '../src/ml/order-features'
import { createRandom } from '../src/ml/random'
import { selectRows, type Table } from '../src/ml/table'
import type { Bench } from './bench'
import { csvRecords } from './csv-records'
import { foldsCount, positiveWhole } from './options'
import { bgNbdPeer } from './peers/bgnbd'

interface Options {
  csv: string
  calibrationDays: number
  holdoutDays: number
  folds: number
  repeats: number
  seed: number
}

type Model = (train: Table, labels: Uint8Array, seed: number) => (test: Table) => Float64Array

const models: Record<string, Model> = {
  logistic(train, labels, seed) {
    const chosen = chooseLogistic(train, labels, createRandom(seed))
    return (test) => chosenProbabilities(chosen, test)
  },
  forest(train, labels, seed) {
    const chosen = chooseForest(train, labels, { random: createRandom(seed) })
    return (test) => chosenForestProbabilities(chosen, test)
  },
}

const DAY_MS = 86_400_000

/** Who buys again, from a log of orders: BG/NBD and learnt models against what happened in the holdout. */
export const churnOrders: Bench = {
  name: 'churn-orders',
  summary: 'who buys again within the holdout, from orders before it: BG/NBD, logistic regression, random forest',
  options: [
    { flags: '--csv <file>', describe: 'orders with a header: customer, date, amount', required: true },
    {
      flags: '--calibration-days <n>',
      describe: 'days from the first order to the cut',
      required: true,
      parse: positiveWhole,
    },
    { flags: '--holdout-days <n>', describe: 'days after the cut to forecast', required: true, parse: positiveWhole },
    { flags: '--folds <n>', describe: 'folds', fallback: 10, parse: foldsCount },
    {
      flags: '--repeats <n>',
      describe: 'times the customers are dealt into folds anew',
      fallback: 3,
      parse: positiveWhole,
    },
    { flags: '--seed <n>', describe: 'seed of the folds and the forest', fallback: 1, parse: positiveWhole },
  ],
  async run(raw, { say }) {
    const options = raw as unknown as Options
    const data = await prepare(options)
    const started = performance.now()
    const fitted = fitBgNbd(summarise(data.histories, data.cut))
    const fitMs = performance.now() - started
    if (!fitted.ok) throw new InvalidArgumentError(`BG/NBD can't be fitted to these orders: ${fitted.code}`)
    const { r, alpha, a, b, logLikelihood } = fitted
    say(
      `${data.histories.customers} customers, ${data.labels.reduce((sum, y) => sum + y, 0)} of them bought in the holdout`,
    )
    say(
      `  BG/NBD in weeks: r ${r.toFixed(4)}  alpha ${alpha.toFixed(4)}  a ${a.toFixed(4)}  b ${b.toFixed(4)}  log-likelihood ${logLikelihood.toFixed(3)}  ${fitMs.toFixed(0)} ms`,
    )
    const features = orderFeatures(data.histories, data.cut, options.holdoutDays, fitted)
    const column = (name: string) => features.columns.find((candidate) => candidate.name === name)!.values
    const probabilities = column('probabilityBuys')
    const result: Record<string, unknown> = {
      customers: features.rows,
      ...(await bgNbdPeer(summarise(data.histories, data.cut), { say })),
      bgnbd: {
        ...{ r, alpha, a, b, logLikelihood, fitMs },
        auc: auc(data.labels, column('expectedOrders')),
        brier: brier(data.labels, probabilities),
        ece: calibrationError(data.labels, probabilities),
        volumeBias: volumeBias(data.counts, column('expectedOrders')),
      },
      recency: {
        auc: auc(
          data.labels,
          column('daysSinceLast').map((days) => -days),
        ),
      },
    }
    for (const [name, model] of Object.entries(models)) {
      result[name] = crossValidate(model, features, data, options)
      say(`  ${name}: ${JSON.stringify(result[name])}`)
    }
    say(`  bgnbd: ${JSON.stringify(result.bgnbd)}`)
    say(`  recency alone: ${JSON.stringify(result.recency)}`)
    return result
  },
}

interface Prepared {
  histories: OrderHistories
  cut: number
  /** 1 for customers who bought in the holdout, and how many orders each placed there. */
  labels: Uint8Array
  counts: Float64Array
}

/** Figures over stratified folds of customers: AUC is the mean over folds, the others are of all customers pooled. */
function crossValidate(model: Model, features: Table, data: Prepared, options: Options): object {
  const { labels, counts } = data
  const sums = { auc: 0, brier: 0, ece: 0, volumeBias: 0, fitSeconds: 0 }
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    const folds = stratifiedFolds(labels, options.folds, createRandom(options.seed).fork(repeat))
    const pooled = new Float64Array(features.rows)
    const volume = new Float64Array(features.rows)
    for (let fold = 0; fold < options.folds; fold++) {
      const train: number[] = []
      const test: number[] = []
      for (let row = 0; row < features.rows; row++) (folds[row] === fold ? test : train).push(row)
      const trainTable = selectRows(features, train)
      const started = performance.now()
      const forecast = model(
        trainTable,
        Uint8Array.from(train, (row) => labels[row]!),
        options.seed + repeat,
      )
      sums.fitSeconds += (performance.now() - started) / 1000 / options.folds
      const scores = forecast(selectRows(features, test))
      const ordersOf = ordersGivenBuying(forecast(trainTable), train, counts)
      sums.auc +=
        auc(
          test.map((row) => labels[row]!),
          scores,
        ) / options.folds
      test.forEach((row, i) => {
        pooled[row] = scores[i]!
        volume[row] = scores[i]! * ordersOf(scores[i]!)
      })
    }
    sums.brier += brier(labels, pooled)
    sums.ece += calibrationError(labels, pooled)
    sums.volumeBias += volumeBias(counts, volume)
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / options.repeats]))
}

/** How many orders a buyer places, by fifths of the forecast: learnt on the training customers. */
function ordersGivenBuying(scores: Float64Array, rows: number[], counts: Float64Array): (score: number) => number {
  const sorted = [...scores].sort((a, b) => a - b)
  const edges = [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.floor(share * sorted.length)]!)
  const orders = new Float64Array(5)
  const buyers = new Float64Array(5)
  const fifth = (score: number) => edges.filter((edge) => score >= edge).length
  rows.forEach((row, i) => {
    if (counts[row] === 0) return
    orders[fifth(scores[i]!)]! += counts[row]!
    buyers[fifth(scores[i]!)]! += 1
  })
  return (score) => (buyers[fifth(score)] === 0 ? 1 : orders[fifth(score)]! / buyers[fifth(score)]!)
}

async function prepare(options: Options): Promise<Prepared> {
  const all = await readOrders(options.csv)
  let first = Number.POSITIVE_INFINITY
  for (const days of all.values()) for (const day of days.keys()) first = Math.min(first, day)
  const cut = first + options.calibrationDays
  const end = cut + options.holdoutDays
  // Who first buys after the cut was no customer yet.
  const histories = toHistories([...all.values()].filter((days) => [...days.keys()].some((day) => day < cut)))
  const counts = new Float64Array(histories.customers)
  for (let c = 0; c < histories.customers; c++) {
    for (let i = endBefore(histories, c, cut); i < histories.start[c + 1]!; i++)
      if (histories.day[i]! < end) counts[c]! += 1
  }
  const labels = Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0))
  if (new Set(labels).size < 2) {
    throw new InvalidArgumentError(
      'either all customers or none bought in the holdout; choose other --calibration-days or --holdout-days',
    )
  }
  return { histories, cut, labels, counts }
}

/** Each customer's amounts by day: rows of one day are one order. */
async function readOrders(csv: string): Promise<Map<string, Map<number, number>>> {
  const customers = new Map<string, Map<number, number>>()
  let line = 1
  for await (const record of csvRecords<Record<string, string>>(csv, { columns: true })) {
    line += 1
    const { customer, date, amount } = record
    const day = Math.floor(Date.parse(date ?? '') / DAY_MS)
    if (!customer || Number.isNaN(day) || !amount || !Number.isFinite(Number(amount))) {
      throw new InvalidArgumentError(
        `line ${line} of ${csv} is not customer, date (YYYY-MM-DD), amount: ${JSON.stringify(record)}`,
      )
    }
    const days = customers.get(customer) ?? new Map<number, number>()
    days.set(day, (days.get(day) ?? 0) + Number(amount))
    customers.set(customer, days)
  }
  return customers
}

function toHistories(customers: Map<number, number>[]): OrderHistories {
  const start = new Uint32Array(customers.length + 1)
  const day: number[] = []
  const amount: number[] = []
  customers.forEach((days, c) => {
    for (const [orderDay, total] of [...days].sort(([a], [b]) => a - b)) {
      day.push(orderDay)
      amount.push(total)
    }
    start[c + 1] = day.length
  })
  return { customers: customers.length, start, day: Float64Array.from(day), amount: Float64Array.from(amount) }
}
