/** How a member buys one product, as of a day. */
export interface Rhythm {
  /** Median days between two purchases. */
  readonly gapDays: number
  /** Days until the next purchase is due; below 0 it is overdue. */
  readonly dueInDays: number
  /** 0 to 1: how likely it is on the next shopping list. */
  readonly score: number
}

/** Before half of the usual gap has gone by, nobody needs reminding. */
const TOO_EARLY = 0.5
/** A purchase this many gaps overdue still counts in full; later ones fade, for the habit may be gone. */
const STILL_DUE = 1.5

/**
 * The rhythm of purchases on `days` (any order, whole or broken days on one scale), or undefined where there is none to
 * speak of: fewer than two different days, or bought so lately that it is far from due.
 */
export function rhythmOf(days: readonly number[], asOfDay: number): Rhythm | undefined {
  const distinct = [...new Set(days.map(Math.floor))].sort((a, b) => a - b)
  const last = distinct.at(-1)
  if (last === undefined || distinct.length < 2) return undefined
  const gapDays = median(distinct.slice(1).map((day, index) => day - (distinct[index] ?? day)))
  const elapsed = Math.floor(asOfDay) - last
  if (elapsed < TOO_EARLY * gapDays) return undefined
  return { gapDays, dueInDays: Math.ceil(gapDays - elapsed), score: score(distinct.length, elapsed / gapDays) }
}

/** Habit (more purchases, more trust in the rhythm) times due-ness (rising to the due day, fading long after it). */
function score(purchases: number, gapsElapsed: number): number {
  const habit = purchases / (purchases + 2)
  if (gapsElapsed < 1) return habit * gapsElapsed
  return habit * Math.exp(-Math.max(0, gapsElapsed - STILL_DUE) / 2)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2
}
