import type { Clock } from '../../core/clock'

/** So many at once, and so many a second in the long run. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

export interface RateLimit {
  /** Takes one; 0 when it may go ahead, else the seconds to wait. */
  take(key: string): number
}

const KEYS_MAX = 20_000

/** A token bucket per key, in this process's memory. */
export function createRateLimit({ burst, perSecond }: Rate, clock: Clock): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  return {
    take(key) {
      const nowMs = clock().getTime()
      const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs }
      const gained = (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond
      const tokens = Math.min(burst, bucket.tokens + gained)
      // Put last, so that the first keys are those longest unused.
      buckets.delete(key)
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs })
      if (buckets.size > KEYS_MAX) forgetOldest(buckets)
      return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond))
    },
  }
}

function forgetOldest(buckets: Map<string, unknown>): void {
  const [oldest] = buckets.keys()
  if (oldest !== undefined) buckets.delete(oldest)
}
