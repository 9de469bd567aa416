import { hash } from 'node:crypto'

/** The salt of the global holdout: its members get no message that the merchant begins, from any campaign. */
export const GLOBAL_HOLDOUT = 'global-holdout'

const BITS = 2 ** 48
const HASH_BYTES = 32

/**
 * Where a member falls between 0 and 1 for a salt: the same for ever, on every machine, and for another salt as if drawn
 * anew (the first 48 bits of SHA-256).
 */
export function bucketOf(salt: string, memberId: string): number {
  return hash('sha256', `${salt}\u001f${memberId}`, 'buffer').readUIntBE(0, 6) / BITS
}

/**
 * The hash from which on buckets are not below a share: hashes, compared byte by byte with it, fall where their buckets do. For the
 * database, which compares bytes faster than it makes numbers of them.
 */
export function hashUntil(share: number): Buffer {
  const first = Math.ceil(share * BITS)
  if (first >= BITS) return Buffer.alloc(HASH_BYTES + 1, 0xff)
  const until = Buffer.alloc(6)
  until.writeUIntBE(first, 0, 6)
  return until
}

/** Whether the member is in the share that is left in peace, so that the worth of all messages together can be told. */
export function isHeldOut(memberId: string, share: number): boolean {
  return bucketOf(GLOBAL_HOLDOUT, memberId) < share
}

/** Which of the shares (they sum to 1) a bucket falls into, as their number. */
export function armOf(bucket: number, shares: ArrayLike<number>): number {
  let until = 0
  for (let arm = 0; arm < shares.length - 1; arm++) {
    until += shares[arm] ?? 0
    if (bucket < until) return arm
  }
  return Math.max(0, shares.length - 1)
}
