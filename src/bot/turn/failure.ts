/** What a thrown error means for a turn. */
export type Failure = 'unavailable' | 'busy' | 'conflict' | 'slow' | 'bug'

/** The dialog did not come to an end in time. */
export class TurnTimeout extends Error {}

// Class 08: connection exceptions; 57P: the server shuts down or starts up; 53300: too many connections; 25006: a read-only stand-by.
const UNAVAILABLE_STATES = /^(08...|57P0[1-5]|53300|25006)$/
const UNAVAILABLE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
// What pg and its pool say without a code.
const UNAVAILABLE_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed|Cannot use a pool after calling end/

const LOCK_NOT_AVAILABLE = '55P03'
const QUERY_CANCELED = '57014'
const CONFLICTS = new Set(['40001', '40P01'])

/**
 * Sorts an error: the database is away; the conversation's lock did not come free; another transaction was in the way (try again);
 * a statement or the dialog took too long; or a bug.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof TurnTimeout) return 'slow'
  for (let at = error; isErrorLike(at); at = at.cause) {
    if (at.errors?.some((inner) => failureOf(inner) === 'unavailable')) return 'unavailable'
    if (typeof at.code === 'string') {
      if (at.code === LOCK_NOT_AVAILABLE) return 'busy'
      if (at.code === QUERY_CANCELED) return 'slow'
      if (CONFLICTS.has(at.code)) return 'conflict'
      if (UNAVAILABLE_STATES.test(at.code) || UNAVAILABLE_SYSTEM_CODES.has(at.code)) return 'unavailable'
      // A server that listens at a socket has left with it.
      if (at.code === 'ENOENT' && at.syscall === 'connect') return 'unavailable'
    }
    if (UNAVAILABLE_MESSAGES.test(at.message)) return 'unavailable'
  }
  return 'bug'
}

interface ErrorLike {
  readonly message: string
  readonly code?: unknown
  readonly syscall?: unknown
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
}

/** By its looks: an error of another realm is no instance of our Error. */
function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
}
