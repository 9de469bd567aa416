import type { BgNbd } from './bgnbd'
import { type ChurnHistories, churnFeatures, valuesOf } from './churn-features'
import { leavesAfter, rhythmsAt } from './churn-rhythm'
import { fitBgNbdAt } from './order-features'
import { selectRows, stackTables, type Table } from './table'

/** Days at which the past is cut into what was known and what was to be foretold; day 0 is the end of what is there. */
export interface OriginPlan {
  readonly spanDays: number
  readonly gapDays: number
  readonly rhythmDaysMin: number
  readonly rhythmDaysMax: number
  /** Latest first. */
  readonly trainCuts: readonly number[]
  readonly calibrationCut: number
  readonly testCut: number
}

/** Days between what is known and what is foretold: time to do something about it, and for returns to come in. */
const GAP_DAYS = 7
const RHYTHM_DAYS_MIN = 7
const RHYTHM_DAYS_LEAST = 28
const RHYTHM_DAYS_MOST = 180
const TRAIN_CUTS = 6
const STEP_DAYS_MIN = 7
/** A cut with less history before it teaches little. */
const HISTORY_DAYS_MIN = 28
/** A customer younger than this has shown too little to be told apart. */
export const AGE_DAYS_MIN = 14
/** Days of orders below which there are no three cuts with whole foretold days after them. */
export const SPAN_DAYS_MIN = 2 * (GAP_DAYS + RHYTHM_DAYS_LEAST) + RHYTHM_DAYS_LEAST + AGE_DAYS_MIN

/**
 * Rolling origins. The test is the latest cut whose foretold days are all over; calibration is the latest one whose
 * foretold days were over by then; training cuts lie before it. Undefined where the span is too short.
 */
export function planOrigins(spanDays: number): OriginPlan | undefined {
  if (!(spanDays >= SPAN_DAYS_MIN)) return undefined
  // Two blocks of foretold days, and one and a half of history before them.
  const affordable = Math.floor((spanDays - 2 * GAP_DAYS) / 3.5)
  const rhythmDaysMax = Math.min(RHYTHM_DAYS_MOST, Math.max(RHYTHM_DAYS_LEAST, affordable))
  const block = GAP_DAYS + rhythmDaysMax
  const calibrationCut = -2 * block
  const step = Math.max(STEP_DAYS_MIN, Math.round(rhythmDaysMax / TRAIN_CUTS))
  const trainCuts = Array.from({ length: TRAIN_CUTS }, (_, k) => calibrationCut - (k + 1) * step).filter(
    (cut) => cut >= HISTORY_DAYS_MIN - spanDays,
  )
  const days = { gapDays: GAP_DAYS, rhythmDaysMin: RHYTHM_DAYS_MIN, rhythmDaysMax }
  return { spanDays, ...days, trainCuts, calibrationCut, testCut: -block }
}

/** Days from the first order to the end of what is there; 0 without orders. */
export function spanOf({ day }: ChurnHistories): number {
  let first = 0
  for (const each of day) first = Math.min(first, each)
  return Math.abs(first)
}

/** What was known at one cut of the customers who can be judged there, and who of them left. */
export interface Origin {
  readonly cut: number
  /** The customer of each row. */
  readonly customers: Int32Array
  readonly table: Table
  readonly labels: Uint8Array
}

/** The features of all customers at a cut, and BG/NBD as fitted to what was known there (or as given). */
export function featuresAt(
  histories: ChurnHistories,
  cut: number,
  plan: Pick<OriginPlan, 'gapDays' | 'rhythmDaysMin' | 'rhythmDaysMax'>,
  given?: { bgnbd: BgNbd | undefined },
) {
  const rhythms = rhythmsAt(histories, cut, { daysMin: plan.rhythmDaysMin, daysMax: plan.rhythmDaysMax })
  const bgnbd = given ? given.bgnbd : bgnbdAt(histories, cut)
  return { rhythms, bgnbd, table: churnFeatures(histories, { cut, rhythms, gapDays: plan.gapDays, model: bgnbd }) }
}

/** BG/NBD of what was known at a cut; undefined where it can't be fitted. */
export function bgnbdAt(histories: ChurnHistories, cut: number): BgNbd | undefined {
  const fitted = fitBgNbdAt(histories, cut)
  return fitted.ok ? fitted : undefined
}

/** The rows of one cut; `keep` thins customers out where there are too many. */
export function makeOrigin(
  histories: ChurnHistories,
  cut: number,
  { plan, keep }: { plan: OriginPlan; keep: (customer: number) => boolean },
): Origin {
  const { rhythms, table } = featuresAt(histories, cut, plan)
  const labels = leavesAfter(histories, cut, { rhythms, gapDays: plan.gapDays })
  const age = valuesOf(table, 'daysSinceFirst')
  const rows: number[] = []
  for (let c = 0; c < histories.customers; c++) if (age[c]! >= AGE_DAYS_MIN && keep(c)) rows.push(c)
  return {
    cut,
    customers: Int32Array.from(rows),
    table: selectRows(table, rows),
    labels: Uint8Array.from(rows, (c) => labels[c]!),
  }
}

/** The rows of several cuts together. */
export function stackOrigins(origins: readonly Origin[]): Pick<Origin, 'customers' | 'table' | 'labels'> {
  return {
    customers: Int32Array.from(origins.flatMap((origin) => [...origin.customers])),
    table: stackTables(origins.map((origin) => origin.table)),
    labels: Uint8Array.from(origins.flatMap((origin) => [...origin.labels])),
  }
}
