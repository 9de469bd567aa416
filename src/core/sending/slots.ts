/** So many messages in any span of so many milliseconds. */
export interface SendWindow {
  readonly messages: number
  readonly windowMs: number
}

/**
 * How much longer than the channel's window ours is. A message that left a little late and one that arrived early must
 * not count as one too many; what is given up for that is below 4 % of the quota.
 */
const MARGIN_SHARE = 0.04
/** Slots lie so close at the least, as a share of an even pace: what was missed is caught up with, but not in one burst. */
const SPACING_SHARE = 0.5

/**
 * Finds instants for messages so that no window holds more than its quota.
 * @param taken instants (ms) that are taken already, ascending
 * @returns at most `wanted` new ones from `fromMs` up to `untilMs`, ascending, each after all that are taken
 */
export function findSlots(
  taken: readonly number[],
  { window, wanted, fromMs, untilMs }: { window: SendWindow; wanted: number; fromMs: number; untilMs: number },
): number[] {
  const { messages } = window
  const windowMs = window.windowMs * (1 + MARGIN_SHARE)
  const spacingMs = (SPACING_SHARE * windowMs) / messages
  const slots = [...taken]
  while (slots.length < taken.length + wanted) {
    const last = slots.at(-1) ?? Number.NEGATIVE_INFINITY
    const before = slots[slots.length - messages] ?? Number.NEGATIVE_INFINITY
    const slot = Math.max(fromMs, last + spacingMs, before + windowMs)
    if (slot > untilMs) break
    slots.push(slot)
  }
  return slots.slice(taken.length)
}

/** What lies further ahead was taken before the clock was set back: no slot is given so early. */
export const AHEAD_MAX_MS = 60_000

/** Those of the instants that may still keep a later one from its slot. */
export function stillCounting(
  taken: readonly number[],
  { window, atMs }: { window: SendWindow; atMs: number },
): number[] {
  const sinceMs = atMs - window.windowMs * (1 + MARGIN_SHARE)
  return taken.filter((slot) => slot > sinceMs && slot <= atMs + AHEAD_MAX_MS)
}
