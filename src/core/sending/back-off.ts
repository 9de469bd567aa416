import { createRandom } from '../../ml/random'

const FIRST_MS = 1_000
const LONGEST_MS = 5 * 60_000

/**
 * How long to wait after the failed try number `attempts` (from 1): twice as long each time, up to five minutes, shortened
 * by up to a half so that what failed together is not tried again together. The same for the same `key`.
 */
export function backOffMs(key: string, attempts: number): number {
  const longest = Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS)
  return Math.round(longest * (1 - createRandom(`${key}/${attempts}`).next() / 2))
}
