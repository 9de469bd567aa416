/**
 * How long to wait before the next try to connect: doubling from half a second to fifteen, each time a random part of
 * it (`random` in 0 to 1), so that the customers of a server that comes back do not all come at once.
 */
export function backoffMs(failures: number, random: number): number {
  const longest = Math.min(15_000, 500 * 2 ** Math.min(failures, 10))
  return Math.round(longest * (0.5 + random / 2))
}

/** A random number from 0 to 1. */
export function randomFraction(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1))
  return value / 2 ** 32
}

/** An id that no other message has. `crypto.randomUUID` is missing on pages without https. */
export function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
