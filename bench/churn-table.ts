import { InvalidArgumentError } from 'commander'
import { applyBinning, fitBinning } from '../src/ml/binning'
import { stratifiedFolds } from '../src/ml/folds'
import { fitForest, forestProbabilities } from '../src/ml/forest'
import { fitLogistic, logisticProbabilities } from '../src/ml/logistic'
import { auc, brier, calibrationError, f1 } from '../src/ml/metrics'
import { createRandom } from '../src/ml/random'
import { applySplineBasis, fitSplineBasis } from '../src/ml/spline-basis'
import { selectRows, type Table, tableOfTexts } from '../src/ml/table'
import type { Bench, BenchContext } from './bench'
import { csvRecords } from './csv-records'
import { foldsCount, positiveWhole } from './options'
import { runPeer } from './peers/peer'
import { projectRoot } from './scratch'

interface Figures {
  auc: number
  f1: number
  brier: number
  ece: number
  fitSeconds: number
}

interface Options {
  csv: string
  label: string
  positive: string
  drop?: string
  folds: number
  repeats: number
  seed: number
}

type Model = (train: Table, labels: Uint8Array, seed: number) => (test: Table) => Float64Array

const models: Record<string, Model> = {
  logistic(train, labels) {
    const basis = fitSplineBasis(train)
    const model = fitLogistic(applySplineBasis(basis, train), labels, { penalty: 2 })
    return (test) => logisticProbabilities(model, applySplineBasis(basis, test))
  },
  forest(train, labels, seed) {
    const binning = fitBinning(train)
    const forest = fitForest(applyBinning(binning, train), labels, { trees: 300, random: createRandom(seed) })
    return (test) => forestProbabilities(forest, applyBinning(binning, test))
  },
}

/** Churn from a table of facts, a row a customer: cross-validated, with scikit-learn on the same folds beside it. */
export const churnTable: Bench = {
  name: 'churn-table',
  summary: 'logistic regression and random forest on a table with a label, repeated stratified folds',
  options: [
    { flags: '--csv <file>', describe: 'the table, with a header', required: true },
    { flags: '--label <column>', describe: 'the column to forecast', required: true },
    { flags: '--positive <value>', describe: 'its value that counts as churned', required: true },
    { flags: '--drop <columns>', describe: 'columns to leave out, such as ids, with commas between' },
    { flags: '--folds <n>', describe: 'folds', fallback: 10, parse: foldsCount },
    { flags: '--repeats <n>', describe: 'times the rows are dealt into folds anew', fallback: 3, parse: positiveWhole },
    { flags: '--seed <n>', describe: 'seed of the folds and the forest', fallback: 1, parse: positiveWhole },
  ],
  async run(raw, context) {
    const options = raw as unknown as Options
    const { table, labels } = await readTable(options)
    const positives = labels.reduce((sum, label) => sum + label, 0)
    context.say(
      `${table.rows} rows, ${table.columns.length} columns, ${positives} positive; ${options.repeats} × ${options.folds} folds`,
    )
    const dealt = Array.from({ length: options.repeats }, (_, repeat) =>
      stratifiedFolds(labels, options.folds, createRandom(options.seed).fork(repeat)),
    )
    const result: Record<string, unknown> = { rows: table.rows, positives }
    for (const [name, model] of Object.entries(models)) {
      const figures = crossValidate(model, table, labels, dealt, options)
      result[name] = figures
      context.say(`  ${name.padEnd(10)} ${describe(figures)}`)
    }
    const peer = await peerFigures(table, labels, dealt, options, context)
    return peer ? { ...result, scikitLearn: peer } : result
  },
}

function describe(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join('  ')
}

function crossValidate(model: Model, table: Table, labels: Uint8Array, dealt: Uint8Array[], options: Options): Figures {
  const sums: Figures = { auc: 0, f1: 0, brier: 0, ece: 0, fitSeconds: 0 }
  for (const [repeat, folds] of dealt.entries()) {
    // Calibration is measured on all rows of a repeat at once: a fold's few rows would only show chance.
    const pooled = new Float64Array(table.rows)
    for (let fold = 0; fold < options.folds; fold++) {
      const train = rowsWhere(folds, (value) => value !== fold)
      const test = rowsWhere(folds, (value) => value === fold)
      const trainTable = selectRows(table, train)
      const start = performance.now()
      const forecast = model(
        trainTable,
        Uint8Array.from(train, (row) => labels[row]!),
        options.seed + repeat,
      )
      sums.fitSeconds += (performance.now() - start) / 1000
      const scores = forecast(selectRows(table, test))
      const testLabels = Uint8Array.from(test, (row) => labels[row]!)
      sums.auc += auc(testLabels, scores)
      sums.f1 += f1(testLabels, scores)
      test.forEach((row, i) => {
        pooled[row] = scores[i]!
      })
    }
    sums.brier += brier(labels, pooled) * options.folds
    sums.ece += calibrationError(labels, pooled) * options.folds
  }
  const runs = options.folds * dealt.length
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / runs])) as unknown as Figures
}

function rowsWhere(folds: Uint8Array, keep: (fold: number) => boolean): number[] {
  const rows: number[] = []
  for (let row = 0; row < folds.length; row++) if (keep(folds[row]!)) rows.push(row)
  return rows
}

async function readTable({ csv, label, positive, drop }: Options): Promise<{ table: Table; labels: Uint8Array }> {
  const records: string[][] = []
  for await (const record of csvRecords<string[]>(csv)) records.push(record)
  const [header, ...rows] = records
  const labelAt = header?.indexOf(label) ?? -1
  if (!header || labelAt < 0) {
    throw new InvalidArgumentError(
      `--label "${label}" is no column of ${csv}; there are: ${header?.join(', ') ?? 'none'}`,
    )
  }
  const labels = Uint8Array.from(rows, (row) => (row[labelAt] === positive ? 1 : 0))
  const found = new Set(labels)
  if (found.size < 2) {
    const values = [...new Set(rows.map((row) => row[labelAt]))].slice(0, 10).join(', ')
    throw new InvalidArgumentError(`--positive "${positive}" does not split the rows; values of ${label}: ${values}`)
  }
  const dropped = new Set([label, ...(drop?.split(',') ?? [])])
  const kept = header.map((_, i) => i).filter((i) => !dropped.has(header[i]!) && !isIdentifier(rows, i))
  const table = tableOfTexts(
    kept.map((i) => header[i]!),
    rows.map((row) => kept.map((i) => row[i] ?? '')),
  )
  return { table, labels }
}

/** A text that differs on every row tells rows apart and nothing else. */
function isIdentifier(rows: string[][], column: number): boolean {
  const values = new Set(rows.map((row) => row[column]))
  return values.size === rows.length && rows.some((row) => !Number.isFinite(Number(row[column])))
}

function peerFigures(table: Table, labels: Uint8Array, dealt: Uint8Array[], options: Options, context: BenchContext) {
  const columns = table.columns.map(({ name, kind, values }) => ({
    name,
    kind,
    values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
  }))
  const job = {
    columns,
    labels: Array.from(labels),
    folds: dealt.map((folds) => Array.from(folds)),
    count: options.folds,
  }
  return runPeer<object>('churn_table.py', job, { root: projectRoot(), say: context.say })
}
