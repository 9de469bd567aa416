import { z } from 'zod'
import { type ApiRequest, type ApiResponse, failure } from '../../route'

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

/** The `:id` of an address; undefined for anything but a number of ours. */
export function idOf({ params }: ApiRequest): number | undefined {
  const text = params.id ?? ''
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly response: ApiResponse }

/** The body by its schema; else a 422 that names the field. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') || 'body'
  return { ok: false, response: failure(422, 'malformed-input', `${where}: ${issue?.message ?? 'not as expected'}`) }
}
