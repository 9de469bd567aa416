import type { Clock, NewId, SecretBytes } from '../core/clock'
import type { Database } from '../db/open'
import { type Progress, type ProgressOptions, startProgress } from './progress'
import { type Column, renderTable } from './table'

/** Where text goes: process.stdout, process.stderr, or a test's stand-in. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** What a command works with. People read stderr, programs read stdout: only `json` writes there. */
export interface CliContext {
  readonly clock: Clock
  readonly newId: NewId
  readonly secretBytes: SecretBytes
  /** The configured database, migrated; opened at first use and closed by the entry when the command ends. */
  database(): Promise<Database>
  /** One line of JSON on stdout. A command's result is its last such line. */
  json(value: object): void
  /** One line for people, on stderr. */
  say(text: string): void
  /** A question to whoever sits at the terminal, on stderr: asked even where only JSON is wanted. */
  ask(text: string): void
  /** A table for people, on stderr. */
  table<Row extends object>(columns: readonly Column<Row>[], rows: readonly Row[]): void
  /** A bar on a terminal, now and then a line otherwise, on stderr. Call `stop` when done. */
  progress(options: ProgressOptions): Progress
  /** Makes the process end with this code although the command itself returned (verify found faults: 1). */
  setExitCode(code: number): void
}

/** The command was called wrongly: the message is shown and the process ends with 2. */
export class UsageError extends Error {}

/** Why a command could not do it, for programs: the code, and what else a refusal says. */
export interface Refusal {
  readonly code: string
  readonly [detail: string]: unknown
}

/**
 * The command could not do it, for a reason that is the caller's to mend: the message is shown and the process ends with 1. With
 * --json the refusal stands beside the message on stdout.
 */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly refusal: Refusal,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** What to tell somebody whose database has no members. */
export const NO_MEMBERS_YET =
  'no members yet; load the demo shop with "npm run regulars -- demo" or your orders with "npm run regulars -- import FILE"'

export interface ContextOptions {
  clock: Clock
  newId: NewId
  secretBytes: SecretBytes
  openDatabase(): Promise<Database>
  stdout: Output
  stderr: Output
}

/** A context and what its owner needs to end it. */
export interface OpenContext {
  context: CliContext
  /** From here on only JSON is written: lines, tables and progress for people are left out. */
  silence(): void
  exitCode(): number
  close(): Promise<void>
}

/** Builds the context over an opener and two outputs. The database is opened once, by the first command that asks. */
export function createContext(options: ContextOptions): OpenContext {
  const { clock, newId, secretBytes, openDatabase, stdout, stderr } = options
  let opening: Promise<Database> | undefined
  let exitCode = 0
  let isSilent = false
  const forPeople: Output = {
    write: (text) => (isSilent ? undefined : stderr.write(text)),
  }
  const context: CliContext = {
    clock,
    newId,
    secretBytes,
    database() {
      opening ??= openDatabase()
      return opening
    },
    json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    say: (text) => void forPeople.write(`${text}\n`),
    ask: (text) => void stderr.write(`${text}\n`),
    table: (columns, rows) => void forPeople.write(renderTable(columns, rows)),
    progress: (progress) => startProgress(isSilent ? forPeople : stderr, progress),
    setExitCode(code) {
      exitCode = code
    },
  }
  return {
    context,
    silence() {
      isSilent = true
    },
    exitCode: () => exitCode,
    async close() {
      // An opening that failed was already reported by the command that awaited it.
      const database = await opening?.catch(() => undefined)
      await database?.close()
    },
  }
}
