/** How much one round takes, and how soon it leaves. */
export interface Stride {
  /** Messages looked at. */
  readonly limit: number
  /** The first slot is so far ahead: what is handed over later than its slot does not leave. */
  readonly leadMs: number
}

/** What a round did. */
export interface Step {
  /** Messages it saw, whatever became of them. */
  readonly seen: number
  readonly tookMs: number
  /** Of that, from when slots were taken. */
  readonly placingMs: number
}

/**
 * Twice what the last round could hand over, so that few have to be put off; and twice what it dropped or deferred, so that the
 * queue of a paused campaign is soon looked past.
 */
const LOOK_AT = { least: 60, most: 500 }
/** Twice what it took to hand over the last ones that had their slots. */
const LEAD = { leastMs: 50, mostMs: 700 }
/**
 * A round takes no more than it is done with in this time: slots are taken for a second ahead, and by then the next round
 * must have taken its own.
 */
const ROUND_MOST_MS = 500
/** What few messages took says nothing of many. */
const JUDGED_FROM = 20

export const FIRST_STRIDE: Stride = { limit: LOOK_AT.least, leadMs: LEAD.leastMs }

/**
 * The next round's stride, by what the last one did: as many messages as the channel takes, and where that is more than this
 * machine prepares in time, as many as it does. Then the quota is not used up, but nothing misses its slot for ever.
 */
export function nextStride(last: Stride, { seen, tookMs, placingMs }: Step): Stride {
  // Nothing was due, or another process was at it: that says nothing of how long a round takes.
  if (seen === 0) return last
  const doneInTime =
    seen < JUDGED_FROM ? LOOK_AT.most : Math.max(1, Math.floor((ROUND_MOST_MS * seen) / Math.max(1, tookMs)))
  return {
    limit: Math.min(LOOK_AT.most, doneInTime, Math.max(LOOK_AT.least, 2 * seen)),
    leadMs: Math.min(LEAD.mostMs, Math.max(LEAD.leastMs, 2 * placingMs)),
  }
}
