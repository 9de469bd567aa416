import type { Database } from '../src/db/open'

/** One option of a benchmark, as commander writes it: `{ flags: '--seconds <n>', describe: '…', fallback: 10, parse: positive }`. */
export interface BenchOption {
  flags: string
  describe: string
  /** The value when the option is absent; an option without one is undefined then. */
  fallback?: unknown
  /** Turns the text into a value; throws commander's InvalidArgumentError saying what is allowed. */
  parse?: (text: string) => unknown
  required?: boolean
}

export interface BenchContext {
  /** A line of progress or of a table, for people: goes to stderr. */
  say(line: string): void
  /** A fresh, migrated database on a server of its own (fsync as in production), removed when the benchmark ends. */
  scratchDatabase(options?: { connectionsMax?: number }): Promise<Database>
}

/** A benchmark: `npm run -s bench -- NAME [options]`. What `run` resolves to is printed as the last line of stdout. */
export interface Bench {
  name: string
  summary: string
  options: readonly BenchOption[]
  run(options: Readonly<Record<string, unknown>>, context: BenchContext): Promise<object>
}
