import { type ChurnTheme, churnThemes, valuesOf } from './churn-features'
import type { Table } from './table'

/**
 * Something true of a customer that speaks for leaving. Days and counts are whole numbers, amounts minor units. The
 * words stand where reasons are shown.
 */
export type ChurnReason =
  /** `usualGapDays` is the mean of the own gaps; absent with fewer than two. */
  | { readonly code: 'silent'; readonly daysSinceLast: number; readonly usualGapDays?: number }
  | { readonly code: 'slowing'; readonly lastGapDays: number; readonly usualGapDays: number }
  | { readonly code: 'fewer-orders'; readonly recent: number; readonly before: number; readonly days: number }
  | { readonly code: 'few-orders'; readonly orders: number }
  | { readonly code: 'spends-less'; readonly lastMinor: number; readonly meanMinor: number }
  | { readonly code: 'sends-back'; readonly refunds: number; readonly percent: number }
  | { readonly code: 'points-unused'; readonly pointsEarned: number }
  | { readonly code: 'complained'; readonly complaints: number; readonly daysAgo: number }
  | { readonly code: 'asked-for-help'; readonly questions: number; readonly daysAgo: number }
  | { readonly code: 'one-category' }
  | { readonly code: 'small-baskets'; readonly lastLines: number; readonly meanLines: number }

const REASONS_MAX = 3
/** A theme that says less than this share of what the strongest says is not worth telling. */
const PULL_SHARE_MIN = 0.1

/** Reads the features that reasons are made of once, for all rows. */
export function reasonFinder(table: Table): (row: number, pull: ArrayLike<number>, pullFrom: number) => ChurnReason[] {
  const tell = tellers(table)
  const width = churnThemes.length
  const order = Array.from({ length: width }, (_, theme) => theme)
  return (row, pull, pullFrom) => {
    const strength = (theme: number) => pull[pullFrom + theme]!
    order.sort((a, b) => strength(b) - strength(a) || a - b)
    const reasons: ChurnReason[] = []
    const least = PULL_SHARE_MIN * strength(order[0]!)
    for (const theme of order) {
      if (reasons.length === REASONS_MAX || !(strength(theme) > 0) || strength(theme) < least) break
      const reason = tell[churnThemes[theme]!](row)
      if (reason) reasons.push(reason)
    }
    return reasons
  }
}

type Teller = (row: number) => ChurnReason | undefined

/** For each theme what can truly be said of a row that speaks for leaving, if anything. */
function tellers(table: Table): Record<ChurnTheme, Teller> {
  const column = (name: string) => valuesOf(table, name)
  return {
    silence: silenceTeller(column),
    pace: paceTeller(column),
    experience: experienceTeller(column),
    ...spendTellers(column),
    ...serviceTellers(column),
  }
}

type Columns = (name: string) => Float64Array

function silenceTeller(column: Columns): Teller {
  const [silence, gap, orders] = [column('daysSinceLast'), column('meanGapDays'), column('orders')]
  return (row) => {
    const daysSinceLast = silence[row]!
    if (orders[row]! < 3) return daysSinceLast > 0 ? { code: 'silent', daysSinceLast } : undefined
    const usualGapDays = Math.max(1, Math.round(gap[row]!))
    // A silence shorter than usual speaks for nothing, whatever the model makes of it.
    return daysSinceLast > usualGapDays ? { code: 'silent', daysSinceLast, usualGapDays } : undefined
  }
}

function paceTeller(column: Columns): Teller {
  const [lastGap, gap, orders] = [column('lastGapDays'), column('meanGapDays'), column('orders')]
  const [recent, half] = [column('orders91Days'), column('orders182Days')]
  return (row) => {
    const before = half[row]! - recent[row]!
    if (before > recent[row]!) return { code: 'fewer-orders', recent: recent[row]!, before, days: 91 }
    const usualGapDays = Math.max(1, Math.round(gap[row]!))
    if (orders[row]! < 3 || lastGap[row]! < 1.5 * usualGapDays) return undefined
    return { code: 'slowing', lastGapDays: lastGap[row]!, usualGapDays }
  }
}

const FEW_ORDERS_MAX = 2

function experienceTeller(column: Columns): Teller {
  const orders = column('orders')
  return (row) => (orders[row]! <= FEW_ORDERS_MAX ? { code: 'few-orders', orders: orders[row]! } : undefined)
}

function spendTellers(column: Columns): Record<'spend' | 'returns' | 'points' | 'variety', Teller> {
  const [last, mean, orders] = [column('lastAmount'), column('meanAmount'), column('orders')]
  const [refunds, share] = [column('refunds'), column('refundShare')]
  const [earned, burnt, coupons] = [column('pointsEarned'), column('pointsBurnt'), column('coupons')]
  const [categories, lastLines, meanLines] = [column('categories'), column('lastLines'), column('meanLines')]
  return {
    spend(row) {
      if (orders[row]! < 2 || !(last[row]! < 0.8 * mean[row]!)) return undefined
      return { code: 'spends-less', lastMinor: Math.round(last[row]!), meanMinor: Math.round(mean[row]!) }
    },
    returns(row) {
      const percent = Math.round(100 * share[row]!)
      return percent > 0 ? { code: 'sends-back', refunds: refunds[row]!, percent } : undefined
    },
    points(row) {
      if (!(earned[row]! > 0) || burnt[row]! > 0 || coupons[row]! > 0) return undefined
      return { code: 'points-unused', pointsEarned: earned[row]! }
    },
    variety(row) {
      if (categories[row] === 1 && orders[row]! > 1) return { code: 'one-category' }
      if (orders[row]! < 2 || !(lastLines[row]! < 0.8 * meanLines[row]!)) return undefined
      return { code: 'small-baskets', lastLines: lastLines[row]!, meanLines: Math.round(10 * meanLines[row]!) / 10 }
    },
  }
}

function serviceTellers(column: Columns): Record<'complaints' | 'questions', Teller> {
  const [complaints, sinceComplaint] = [column('complaints'), column('daysSinceComplaint')]
  const [questions, sinceQuestion] = [column('questions'), column('daysSinceQuestion')]
  return {
    complaints: (row) =>
      complaints[row]! > 0
        ? { code: 'complained', complaints: complaints[row]!, daysAgo: sinceComplaint[row]! }
        : undefined,
    questions: (row) =>
      questions[row]! > 0
        ? { code: 'asked-for-help', questions: questions[row]!, daysAgo: sinceQuestion[row]! }
        : undefined,
  }
}
