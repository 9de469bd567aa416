import { z } from 'zod'

/** Line breaks and tabs, but no other control characters, no half characters: what the database and every channel take. */
const PLAIN = /^(?:[\n\r\t]|[^\p{Cc}\p{Cs}])*$/u
const NOT_PLAIN = 'has control characters'

/** Text of people as they laid it out: up to `charactersMax`, plain. */
export function untrimmedText(charactersMax: number) {
  return z.string().max(charactersMax).regex(PLAIN, NOT_PLAIN)
}

/** Text of people: 1 to `charactersMax`, trimmed and plain. */
export function plainText(charactersMax: number) {
  return z.string().trim().min(1).max(charactersMax).regex(PLAIN, NOT_PLAIN)
}

/** A caller's idempotency key. */
export const writeKey = z.string().regex(/^[\w.:-]{1,100}$/, 'takes letters, digits and . : _ -, at most 100')
