import { types } from 'node:util'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { type CliContext, CommandFailure, type ContextOptions, createContext, UsageError } from './context'

/** Adds one command. Each file in src/cli exports one of these. */
export type Register = (program: Command, context: CliContext) => void

const EXIT_FAILURE = 1
const JSON_SAYS =
  'only the result, as JSON on the last line of stdout, {"ok":false,…} where it fails: no tables or progress; failures still go to stderr'
const EXIT_USAGE = 2

/**
 * Runs one command line (without node and script) and resolves to the exit code: 0 done, 1 failed, 2 called wrongly.
 * Failures are shown as one message; `--debug` adds the stack.
 */
export async function runCli(
  args: readonly string[],
  { registrations, ...options }: ContextOptions & { registrations: readonly Register[] },
): Promise<number> {
  const opened = createContext(options)
  const program = new Command('regulars')
    .description('Loyalty points, coupons and conversations of a shop, on its own orders.')
    .option('--debug', 'show the stack of a failure')
    .option('--json', JSON_SAYS)
    .helpCommand(false)
  for (const register of registrations) register(program, opened.context)
  prepare(program, options)
  program.hook('preAction', (_, command) => {
    if (command.optsWithGlobals().json === true) opened.silence()
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return opened.exitCode()
  } catch (error) {
    const failed = report(error, { program, args, stderr: options.stderr })
    if (failed.why && args.includes('--json')) opened.context.json({ ...failed.why, ok: false })
    return failed.code
  } finally {
    await opened.close()
  }
}

/** A parser for options that take a whole number: `.option('--limit <n>', '…', wholeNumber({ min: 1 }), 20)`. */
export function wholeNumber({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text.trim()) && value >= min && value <= max) return value
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`
    throw new InvalidArgumentError(`Needed: a whole number ${range}.`)
  }
}

/** Every command: throws instead of exiting, writes where the context writes, and can leave out what is for people. */
function prepare(command: Command, options: Pick<ContextOptions, 'stdout' | 'stderr'>): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void options.stdout.write(text),
    writeErr: (text) => void options.stderr.write(text),
    outputError: () => undefined,
  })
  if (command.commands.length === 0) command.option('--json', JSON_SAYS)
  for (const child of command.commands) prepare(child, options)
}

/** Says what went wrong, for people. Gives the exit code, and what programs are told. */
function report(
  error: unknown,
  { program, args, stderr }: Pick<ContextOptions, 'stderr'> & { program: Command; args: readonly string[] },
): { code: number; why?: { code: string; message: string } } {
  const say = (text: string) => void stderr.write(`${text}\n`)
  if (error instanceof CommanderError && error.exitCode === 0) return { code: 0 }
  if (error instanceof CommanderError || error instanceof UsageError) {
    const { command, path } = meantCommand(program, args)
    // Commander reports a call without any command as "(outputHelp)"; the help was already written then.
    const isBare = error instanceof CommanderError && error.code === 'commander.help'
    if (!isBare) say(`regulars: ${bare(error)}`)
    say(allowed(command, path))
    return { code: EXIT_USAGE, why: { code: 'usage', message: isBare ? 'no command was given' : bare(error) } }
  }
  const message = messageOf(error)
  say(`regulars: ${message}`)
  if (program.opts().debug === true && isError(error)) say(error.stack ?? '')
  const refusal = error instanceof CommandFailure ? error.refusal : { code: 'unexpected' }
  return { code: EXIT_FAILURE, why: { ...refusal, message } }
}

/** What the caller could have written instead: subcommands of a group, options of a command. */
function allowed(command: Command, path: string): string {
  const lines = []
  if (command.commands.length > 0) {
    lines.push(`commands: ${command.commands.map((child) => child.name()).join(', ')}`)
  }
  const options = command.options.map((option) => option.flags)
  lines.push(`${path === '' ? 'options' : `options of ${path}`}: ${[...options, '-h, --help'].join('; ')}`)
  if (path !== '' && command.usage() !== '') lines.push(`usage: regulars ${path} ${command.usage()}`)
  return lines.join('\n')
}

function meantCommand(program: Command, args: readonly string[]): { command: Command; path: string } {
  let command = program
  const path: string[] = []
  for (const arg of args) {
    if (arg.startsWith('-')) continue
    const child = command.commands.find((candidate) => candidate.name() === arg)
    if (!child) break
    command = child
    path.push(arg)
  }
  return { command, path: path.join(' ') }
}

function bare(error: Error): string {
  return error.message.replace(/^error: /, '')
}

/** The message of an error and of what caused it; AggregateErrors of a refused connection have none of their own. */
function messageOf(error: unknown): string {
  if (!isError(error)) return String(error)
  const parts = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  const own = error.message === '' ? parts.map(messageOf).join('; ') : error.message
  return isError(error.cause) && !own.includes(error.cause.message) ? `${own}: ${messageOf(error.cause)}` : own
}

/** True of errors of any realm: those of Node's own modules are not always ours by `instanceof`. */
function isError(error: unknown): error is Error {
  return types.isNativeError(error)
}
