import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError } from 'commander'
import { scoreMembers } from '../core/training/score'
import { type RunOptions, type Trained, trainModels } from '../core/training/train'
import type { Trainer } from '../core/training/trainer'
import type { CliContext } from './context'
import { wholeNumber } from './program'

interface Flags {
  only?: readonly Trainer[]
  seed: number
  threads: number
}

/** `train` and `score`: fit the models to what is in the database, and apply them to every member. */
export function registerTrain(trainers: readonly Trainer[]) {
  return (program: Command, context: CliContext): void => {
    const kinds = trainers.map(({ kind, says }) => `  ${kind.padEnd(14)} ${says}`).join('\n')
    addCommand(program, trainers, 'train', 'fit the models to what is in the database; a worse one is not put in use')
      .addHelpText('after', `\nModels:\n${kinds}\n\nThen: regulars score`)
      .action((flags: Flags) => train(context, flags.only ?? trainers, flags))
    addCommand(program, trainers, 'score', 'score every member with the models in use; twice gives the same')
      .addHelpText('after', `\nModels:\n${kinds}`)
      .action((flags: Flags) => score(context, flags.only ?? trainers, flags))
  }
}

function addCommand(program: Command, trainers: readonly Trainer[], name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--only <kinds>', 'only these models, by comma', (text) => chosen(trainers, text))
    .option('--seed <n>', 'seed of everything that is drawn', wholeNumber({ min: 0 }), 1)
    .option('--threads <n>', 'worker threads', wholeNumber({ min: 1, max: 64 }), Math.min(8, availableParallelism()))
}

function chosen(trainers: readonly Trainer[], text: string): readonly Trainer[] {
  const kinds = text.split(',').map((kind) => kind.trim())
  const unknown = kinds.find((kind) => !trainers.some((trainer) => trainer.kind === kind))
  if (unknown === undefined) return trainers.filter(({ kind }) => kinds.includes(kind))
  throw new InvalidArgumentError(
    `There is no model "${unknown}". Allowed: ${trainers.map(({ kind }) => kind).join(', ')}.`,
  )
}

async function train(context: CliContext, trainers: readonly Trainer[], flags: Flags): Promise<void> {
  const database = await context.database()
  const begun = performance.now()
  const models = await withProgress(context, 'training', flags, (options) => trainModels(database, trainers, options))
  for (const model of models) context.say(describe(model))
  context.json({ models: byKind(models), seconds: secondsSince(begun) })
}

async function score(context: CliContext, trainers: readonly Trainer[], flags: Flags): Promise<void> {
  const database = await context.database()
  const begun = performance.now()
  const scored = await withProgress(context, 'scoring', flags, (options) => scoreMembers(database, trainers, options))
  for (const { kind, model, trainedAt, result } of scored) {
    const by = model === null ? 'no model in use' : `model ${model} of ${day(trainedAt)}`
    context.say(`${kind}: ${by}; ${factsOf(result)}`)
  }
  context.json({ scores: byKind(scored), seconds: secondsSince(begun) })
}

/** Runs with one bar a model. */
async function withProgress<T>(
  { clock, progress }: CliContext,
  doing: string,
  { seed, threads }: Flags,
  run: (options: RunOptions) => Promise<T>,
): Promise<T> {
  let shown: { kind: string; bar: ReturnType<CliContext['progress']> } | undefined
  const onProgress: RunOptions['onProgress'] = ({ kind, share }) => {
    if (shown?.kind !== kind) {
      shown?.bar.stop()
      const bar = progress({ label: `${doing} ${kind}`, total: 100, show: (value) => `${value} %` })
      shown = { kind, bar }
    }
    shown.bar.update(Math.round(100 * share))
  }
  try {
    return await run({ at: clock(), seed, threads, onProgress })
  } finally {
    shown?.bar.stop()
  }
}

/** One paragraph a model, for people. */
function describe(model: Trained): string {
  if (model.status === 'not-enough-data') {
    const missing = model.missing.map(({ what, have, need }) => `${what}: ${have} of ${need} needed`)
    return `${model.kind}: not enough yet (${missing.join('; ')})`
  }
  const { figure, value, inUse, baseline } = model.judged
  const beside = [
    baseline && `${baseline.name} ${rounded(baseline.value)}`,
    inUse !== undefined && `the model in use ${rounded(inUse)}`,
  ].filter((text) => typeof text === 'string')
  const verdict = model.status === 'in-use' ? 'in use' : `not put in use (${reasons[model.reason ?? 'figure-unknown']})`
  return [
    `${model.kind}: ${verdict}; ${figure} ${rounded(value)}${beside.length > 0 ? `, beside it ${beside.join(', ')}` : ''}`,
    `  held out: ${model.split}; data of ${day(model.dataFrom)} to ${day(model.dataTo)}; ${model.bytes} bytes`,
  ].join('\n')
}

const reasons = {
  'worse-than-in-use': 'worse than the one in use',
  'not-better-than-baseline': 'no better than the simple way beside it',
  'figure-unknown': 'its figure could not be measured',
} as const

function factsOf(result: Readonly<Record<string, unknown>>): string {
  return Object.entries(result)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ')
}

function byKind<Row extends { kind: string }>(rows: readonly Row[]): Record<string, Omit<Row, 'kind'>> {
  return Object.fromEntries(rows.map(({ kind, ...rest }) => [kind, rest]))
}

function rounded(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10_000) / 10_000) : 'unknown'
}

function day(at: Date | null): string {
  return at?.toISOString().slice(0, 10) ?? 'never'
}

function secondsSince(begun: number): number {
  return Math.round(performance.now() - begun) / 1000
}
