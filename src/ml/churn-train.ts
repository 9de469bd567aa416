import { type ChurnHistories, selectCustomers, valuesOf } from './churn-features'
import { type ChurnCandidate, churnCandidates, fitCandidate } from './churn-fit'
import { type ChurnFit, type ChurnModel, scoreChurn } from './churn-model'
import {
  bgnbdAt,
  makeOrigin,
  type Origin,
  type OriginPlan,
  planOrigins,
  SPAN_DAYS_MIN,
  spanOf,
  stackOrigins,
} from './churn-origins'
import { type ChurnPool, openChurnPool } from './churn-task'
import { fitOrderValue } from './churn-value'
import { auc, aucDeviation, brier, calibrationError } from './metrics'
import { fitCalibration } from './platt'
import { createRandom, integer } from './random'
import { selectRows } from './table'

/** What there is too little of, in words. */
export interface Lack {
  readonly what: string
  readonly have: number
  readonly need: number
}

/** Figures of the kept model on the last cut, which took no part in anything before. */
export interface ChurnFigures {
  readonly chosen: string
  /** AUC of each candidate on the calibration cut, on customers it was not fitted to. */
  readonly validation: Readonly<Record<string, number>>
  readonly test: {
    readonly members: number
    readonly left: number
    readonly auc: number
    readonly brier: number
    readonly ece: number
    /** AUC among those whose silence is still within their rhythm: whom one does not see leaving. */
    readonly aucWithinRhythm: number
    readonly recencyAuc: number
    readonly bgnbdAuc: number | null
    readonly inUseAuc?: number
  }
}

export type ChurnTraining =
  | { readonly ok: true; readonly model: ChurnModel; readonly plan: OriginPlan; readonly figures: ChurnFigures }
  | { readonly ok: false; readonly lacks: readonly Lack[] }

export interface ChurnTrainOptions {
  readonly seed: number
  readonly threads: number
  /** Measured on the same test. */
  readonly inUse?: ChurnModel
  readonly onProgress?: (share: number) => void
}

const CUSTOMERS_MAX = 40_000
const TRAIN_ROWS_MAX = 40_000
const MEMBER_FOLDS = 3
const ROWS_MIN = 100
const CLASS_MIN = 20
/** Candidates score much alike, so the difference of two AUCs varies by about half of what one does. */
const CHANCE_SHARE = 0.5

/**
 * Fits every candidate to the training cuts, chooses the best on the calibration cut (on customers it was not fitted to),
 * calibrates the choice there, and measures it on the test cut. All foretold days of training and calibration were over
 * before the test cut.
 */
export async function trainChurn(everybody: ChurnHistories, options: ChurnTrainOptions): Promise<ChurnTraining> {
  const histories = sampleCustomers(everybody, options.seed)
  const plan = planOrigins(spanOf(histories))
  if (!plan) return { ok: false, lacks: [{ what: 'days of orders', have: spanOf(histories), need: SPAN_DAYS_MIN }] }
  const origins = cutOrigins(histories, plan, options.seed)
  const lacks = lacksOf(origins)
  if (lacks.length > 0) return { ok: false, lacks }
  options.onProgress?.(0.2)
  const pool = openChurnPool(options.threads)
  try {
    const choice = await chooseFit(origins, { pool, seed: options.seed, onProgress: options.onProgress })
    const bgnbd = bgnbdAt(everybody, 0)
    const gammaGamma = fitOrderValue(everybody)
    const { gapDays, rhythmDaysMin, rhythmDaysMax } = plan
    const model: ChurnModel = {
      ...{ fit: choice.fit, calibration: choice.calibration, gapDays, rhythmDaysMin, rhythmDaysMax },
      ...(bgnbd ? { bgnbd } : {}),
      ...(gammaGamma ? { gammaGamma } : {}),
    }
    const test = testFigures(model, origins.test, options.inUse)
    return { ok: true, model, plan, figures: { chosen: choice.name, validation: choice.validation, test } }
  } finally {
    await pool.close()
  }
}

interface Origins {
  train: Pick<Origin, 'customers' | 'table' | 'labels'>
  calibration: Origin
  test: Origin
}

function sampleCustomers(histories: ChurnHistories, seed: number): ChurnHistories {
  if (histories.customers <= CUSTOMERS_MAX) return histories
  const random = createRandom(seed).fork('customers')
  const share = CUSTOMERS_MAX / histories.customers
  const kept: number[] = []
  for (let c = 0; c < histories.customers; c++) if (random.next() < share) kept.push(c)
  return selectCustomers(histories, kept)
}

function cutOrigins(histories: ChurnHistories, plan: OriginPlan, seed: number): Origins {
  const everyone = () => true
  const whole = plan.trainCuts.map((cut) => makeOrigin(histories, cut, { plan, keep: everyone }))
  const rows = whole.reduce((sum, origin) => sum + origin.customers.length, 0)
  const random = createRandom(seed).fork('rows')
  const thinned = whole.map((origin) => thin(origin, TRAIN_ROWS_MAX / rows, random))
  return {
    train: stackOrigins(thinned),
    calibration: makeOrigin(histories, plan.calibrationCut, { plan, keep: everyone }),
    test: makeOrigin(histories, plan.testCut, { plan, keep: everyone }),
  }
}

function thin(origin: Origin, share: number, random: { next(): number }): Origin {
  if (share >= 1) return origin
  const rows = [...origin.customers.keys()].filter(() => random.next() < share)
  return { ...origin, ...pick(origin, rows) }
}

function lacksOf({ train, calibration, test }: Origins): Lack[] {
  const slices = [
    { name: 'to learn from', labels: train.labels },
    { name: 'to calibrate with', labels: calibration.labels },
    { name: 'to test on', labels: test.labels },
  ]
  return slices.flatMap(({ name, labels }) => {
    const left = labels.reduce((sum, label) => sum + label, 0)
    return [
      { what: `members ${name}`, have: labels.length, need: ROWS_MIN },
      { what: `members ${name} who left`, have: left, need: CLASS_MIN },
      { what: `members ${name} who stayed`, have: labels.length - left, need: CLASS_MIN },
    ].filter(({ have, need }) => have < need)
  })
}

interface ChooseOptions {
  pool: ChurnPool
  seed: number
  onProgress: ChurnTrainOptions['onProgress']
}

async function chooseFit({ train, calibration }: Origins, { pool, seed, onProgress }: ChooseOptions) {
  const fold = memberFolds(Math.max(...train.customers, ...calibration.customers) + 1, seed)
  const candidates = churnCandidates.filter((each) => each.kind !== 'bgnbd' || hasBgNbd(calibration))
  const validation: Record<string, number> = {}
  const tried: { candidate: ChurnCandidate; scores: Float64Array; auc: number }[] = []
  for (const [index, candidate] of candidates.entries()) {
    const scores = await unseenScores(candidate, { train, calibration }, { fold, pool, seed: `${seed}` })
    const found = auc(calibration.labels, scores)
    validation[candidate.name] = found
    tried.push({ candidate, scores, auc: found })
    onProgress?.(0.2 + (0.7 * (index + 1)) / candidates.length)
  }
  // The plainest that is no worse than the best by more than chance (Breiman et al. 1984, the one-standard-error rule).
  const best = Math.max(...tried.map((each) => each.auc))
  const margin = CHANCE_SHARE * aucDeviation(best, calibration.labels)
  const { candidate, scores } = tried.find((each) => each.auc >= best - margin)!
  const fit = await fitCandidate(candidate, train, { pool, seed: `${seed}` })
  return { name: candidate.name, fit, validation, calibration: fitCalibration(calibration.labels, scores) }
}

/** Scores of the calibration cut, each by a fit that never saw the customer. */
async function unseenScores(
  candidate: ChurnCandidate,
  { train, calibration }: Pick<Origins, 'train' | 'calibration'>,
  { fold, pool, seed }: { fold: Uint8Array; pool: ChurnPool; seed: string },
): Promise<Float64Array> {
  const scores = new Float64Array(calibration.labels.length)
  for (let k = 0; k < MEMBER_FOLDS; k++) {
    const seen = rowsWhere(train.customers, (customer) => fold[customer] !== k)
    const unseen = rowsWhere(calibration.customers, (customer) => fold[customer] === k)
    const fit = await fitCandidate(candidate, pick(train, seen), { pool, seed: `${seed}/${k}` })
    const found = rawScores(fit, pick(calibration, unseen))
    unseen.forEach((row, i) => {
      scores[row] = found[i]!
    })
  }
  return scores
}

function rawScores(fit: ChurnFit, { table }: Pick<Origin, 'table'>): Float64Array {
  const asItStands = { slope: 1, shift: 0 }
  const days = { gapDays: 0, rhythmDaysMin: 0, rhythmDaysMax: 0 }
  return scoreChurn({ fit, calibration: asItStands, ...days }, table, { from: 0, to: table.rows }).risk
}

function testFigures(
  model: ChurnModel,
  { table, labels }: Origin,
  inUse: ChurnModel | undefined,
): ChurnFigures['test'] {
  const all = { from: 0, to: table.rows }
  const { risk } = scoreChurn(model, table, all)
  const silence = valuesOf(table, 'daysSinceLast')
  const within = rowsWhere(valuesOf(table, 'silenceInRhythms'), (share) => share <= 1)
  const bgnbd = valuesOf(table, 'probabilityBuys')
  return {
    members: table.rows,
    left: labels.reduce((sum, label) => sum + label, 0),
    auc: auc(labels, risk),
    brier: brier(labels, risk),
    ece: calibrationError(labels, risk),
    aucWithinRhythm: auc(
      within.map((row) => labels[row]!),
      within.map((row) => risk[row]!),
    ),
    recencyAuc: auc(labels, silence),
    bgnbdAuc: bgnbd.some(Number.isNaN)
      ? null
      : auc(
          labels,
          bgnbd.map((chance) => -chance),
        ),
    ...(inUse ? { inUseAuc: auc(labels, scoreChurn(inUse, table, all).risk) } : {}),
  }
}

function hasBgNbd({ table }: Origin): boolean {
  return !valuesOf(table, 'probabilityBuys').some(Number.isNaN)
}

function memberFolds(customers: number, seed: number): Uint8Array {
  const random = createRandom(seed).fork('folds')
  return Uint8Array.from({ length: customers }, () => integer(random, 0, MEMBER_FOLDS - 1))
}

function pick<Rows extends Pick<Origin, 'customers' | 'table' | 'labels'>>(rows: Rows, chosen: number[]) {
  return {
    customers: Int32Array.from(chosen, (row) => rows.customers[row]!),
    table: selectRows(rows.table, chosen),
    labels: Uint8Array.from(chosen, (row) => rows.labels[row]!),
  }
}

function rowsWhere(values: ArrayLike<number>, keep: (value: number) => boolean): number[] {
  const rows: number[] = []
  for (let row = 0; row < values.length; row++) if (keep(values[row]!)) rows.push(row)
  return rows
}
