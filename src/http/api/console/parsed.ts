import { z } from 'zod'
import { type ApiResponse, failure } from '../../route'

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly response: ApiResponse }

/** What a body must look like; 422 `bad-input` says where it does not. */
export function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): Parsed<z.output<Schema>> {
  const result = schema.safeParse(body)
  if (result.success) return { ok: true, value: result.data }
  const [issue] = result.error.issues
  const place = issue?.path.join('.') ?? ''
  return { ok: false, response: failure(422, 'bad-input', `${place ? `${place}: ` : ''}${issue?.message}`) }
}

const CONTROLS = /\p{Cc}/u

/** One line of text without blanks around it: PostgreSQL takes no NUL, and names and addresses have no line breaks. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(max, `has more than ${max} characters`)
    .refine((text) => !CONTROLS.test(text), 'has control characters')

export const emailAddress = line(254).regex(/^[^\s@<>"']+@[^\s@<>"']+$/, 'is not an e-mail address')
export const displayName = line(80)
export const localeField = z.enum(['en', 'zh'], 'is neither en nor zh')
export const languagesField = z.array(localeField).min(1, 'is empty').max(2)

/** As it is typed: blanks count. How good it is, is the rules' to say. */
export const passwordField = z.string().max(1_000, 'has more than 1000 characters')
export const tokenField = z.string().max(200)

/** The id in a path; undefined for what can be none. */
export function idOf(text: string | undefined): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text ?? '') ? Number(text) : undefined
}
