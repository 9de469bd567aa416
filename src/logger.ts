import pino, { type Logger } from 'pino'

/**
 * The log: JSON lines without personal data. Errors keep type, code, message and stack; what the database adds to them
 * (the row, the parameters) is left out, since it is about people.
 */
export function createLogger({ level }: { level: string }): Logger {
  // Written in the background, some lines at a time: a write for each cost a turn as much as two queries. What is left is
  // written when the process ends; a kill loses the last quarter of a second.
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush: 250 })
  return pino({ level, base: { pid: process.pid }, serializers: { err: errorWithoutPeople } }, destination)
}

const EMAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g

/** What of an error may stand in a log. */
export function errorWithoutPeople(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'not an error was thrown', type: typeof error }
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown }
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    message: error.message.replace(EMAIL, '(an address)'),
    stack: framesOf(error),
    ...(error.cause === undefined ? {} : { cause: errorWithoutPeople(error.cause) }),
  }
}

/** Where it happened; the message, which the stack repeats, stands beside it. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
