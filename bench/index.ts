import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Bench } from './bench'
import { churnOrders } from './churn-orders'
import { churnTable } from './churn-table'
import { desk } from './desk'
import { experiments } from './experiments'
import { features } from './features'
import { importBench } from './import'
import { intents } from './intents'
import { kmeans } from './kmeans'
import { nextBasket } from './next-basket'
import { peers } from './peers'
import { ratings } from './ratings'
import { redeem } from './redeem'
import { openScratch } from './scratch'
import { segments } from './segments'
import { sends } from './sends'
import { topN } from './top-n'
import { turn } from './turn'

/** Every benchmark. A new one is a file here that exports a `Bench`, and its line in this table. */
const benches: readonly Bench[] = [
  turn,
  desk,
  redeem,
  churnTable,
  churnOrders,
  features,
  kmeans,
  importBench,
  intents,
  nextBasket,
  topN,
  ratings,
  segments,
  experiments,
  sends,
  peers,
]

const WRONG_USAGE = 2

function program(): Command {
  const root = new Command('bench').description(
    'Seeded benchmarks: tables on stderr, one JSON object as the last line of stdout',
  )
  strict(root)
  for (const bench of benches) {
    const command = strict(root.command(bench.name).description(bench.summary))
    for (const { flags, describe, fallback, parse, required } of bench.options) {
      const option = new Option(flags, describe)
      if (fallback !== undefined) option.default(fallback)
      if (parse) option.argParser(parse)
      if (required) option.makeOptionMandatory()
      command.addOption(option)
    }
    command.action((options: Record<string, unknown>) =>
      runBench(bench, options).catch((error: unknown) => {
        // What only the data can tell (a column that is not there) is wrong usage as well.
        if (error instanceof InvalidArgumentError) command.error(`error: ${error.message}`)
        throw error
      }),
    )
  }
  root.allowExcessArguments(true).action(() => {
    const [given] = root.args
    root.error(given === undefined ? 'error: no benchmark named' : `error: no benchmark is named "${given}"`)
  })
  return root
}

async function runBench(bench: Bench, options: Record<string, unknown>): Promise<void> {
  const scratch = openScratch()
  const removeAndLeave = (signal: NodeJS.Signals) => {
    void scratch.remove().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  process.once('SIGINT', removeAndLeave)
  process.once('SIGTERM', removeAndLeave)
  try {
    const result = await bench.run(options, {
      say: (line) => process.stderr.write(`${line}\n`),
      scratchDatabase: (databaseOptions) => scratch.database(databaseOptions),
    })
    process.stdout.write(`${JSON.stringify(result)}\n`)
  } finally {
    process.off('SIGINT', removeAndLeave)
    process.off('SIGTERM', removeAndLeave)
    await scratch.remove()
  }
}

/** Makes commander throw instead of exiting, and list what is allowed after an error. */
function strict(command: Command): Command {
  return command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text, write) => write(`${text.trimEnd()}\n${allowed(command)}\n`),
    })
}

function allowed(command: Command): string {
  if (command.commands.length > 0) return `Allowed benchmarks: ${names()}`
  return `Allowed options: ${command.options.map((option) => option.flags).join(', ')}, --help`
}

function names(): string {
  return benches.map((bench) => bench.name).join(', ')
}

async function main(): Promise<void> {
  try {
    await program().parseAsync(process.argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE
      return
    }
    process.stderr.write(`${(error as Error).stack}\n`)
    process.exitCode = 1
  }
}

void main()
