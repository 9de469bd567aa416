import { z } from 'zod'

/** Text of people: 1 to `charactersMax`, trimmed; line breaks and tabs, but no other control characters, no half characters. */
export function plainText(charactersMax: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(charactersMax)
    .regex(/^(?:[\n\r\t]|[^\p{Cc}\p{Cs}])*$/u, 'has control characters')
}

/** A caller's idempotency key. */
export const writeKey = z.string().regex(/^[\w.:-]{1,100}$/, 'takes letters, digits and . : _ -, at most 100')
