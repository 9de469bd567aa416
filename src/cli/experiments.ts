import { type Command, InvalidArgumentError } from 'commander'
import {
  type Experiment,
  type ExperimentOutcome,
  endExperiment,
  experimentOutcomes,
  listExperiments,
  recommenderArms,
  startExperiment,
} from '../core/experiments/experiment'
import { type ArmOutcome, readExperiment } from '../core/experiments/experiment-results'
import { readPolicyValues } from '../core/experiments/policy'
import { type CliContext, CommandFailure, UsageError } from './context'
import { wholeNumber } from './program'

/** A reply that has several wordings, as its conversation says. */
export interface TestableReply {
  readonly reply: string
  readonly arms: readonly string[]
  readonly outcome: ExperimentOutcome
  readonly withinDays: number
}

interface StartFlags {
  readonly reply?: string
  readonly arms?: readonly string[]
  readonly outcome?: ExperimentOutcome
  readonly attributionDays?: number
}

const RECOMMENDER_DAYS = 30

/** `experiments`: recommenders or wordings held against each other, and what campaigns would bring if dealt otherwise. */
export function registerExperiments(replies: readonly TestableReply[]) {
  return (program: Command, context: CliContext): void => {
    const group = program
      .command('experiments')
      .description(
        'hold ways of recommending, or wordings of a reply, against each other; tell what one offer for everybody would bring',
      )
    group
      .command('list')
      .description('every experiment, the latest first')
      .action(() => list(context))
    registerStart(group, context, replies)
    registerReading(group, context)
  }
}

function registerStart(group: Command, context: CliContext, replies: readonly TestableReply[]): void {
  const wordings = replies.map(
    ({ reply, arms, outcome, withinDays }) =>
      `  ${reply}: ${arms.join(', ')} (judged by ${outcome}, ${withinDays} days)`,
  )
  group
    .command('start')
    .description('deal members to the ways of doing something from now on, in equal shares and for good')
    .argument('<code>', 'what to call it: small letters, digits and hyphens')
    .option('--reply <name>', 'wordings of this reply; without it, ways of recommending', replyIn(replies))
    .option('--arms <list>', 'the ways, the first being the control; default the first two', (text: string) =>
      text.split(',').map((arm) => arm.trim()),
    )
    .option('--outcome <name>', `what it is judged by: ${experimentOutcomes.join(', ')}`, outcomeIn)
    .option(
      '--attribution-days <n>',
      'how long after the first exposure outcomes count',
      wholeNumber({ min: 1, max: 180 }),
    )
    .addHelpText(
      'after',
      `\nWays of recommending: ${recommenderArms.join(', ')} (judged by revenue, ${RECOMMENDER_DAYS} days)\n` +
        `Replies and their wordings:\n${wordings.join('\n')}`,
    )
    .action((code: string, flags: StartFlags) => start(context, replies, { ...flags, code }))
}

function registerReading(group: Command, context: CliContext): void {
  group
    .command('end')
    .description('end an experiment; members get what they got before it')
    .argument('<code>', 'the experiment')
    .action((code: string) => end(context, code))
  group
    .command('show')
    .description('what an experiment found: lift a member over the first arm, with its interval')
    .argument('<code>', 'the experiment')
    .action((code: string) => show(context, code))
  group
    .command('policy')
    .description('what each offer of a campaign would bring if everybody got it, by inverse propensity')
    .argument('<campaign>', 'the campaign')
    .action((code: string) => policy(context, code))
}

function replyIn(replies: readonly TestableReply[]) {
  return (text: string): string => {
    if (replies.some(({ reply }) => reply === text)) return text
    throw new InvalidArgumentError(`"${text}" given, allowed: ${replies.map(({ reply }) => reply).join(', ')}.`)
  }
}

function outcomeIn(text: string): ExperimentOutcome {
  const outcome = experimentOutcomes.find((known) => known === text)
  if (outcome) return outcome
  throw new InvalidArgumentError(`"${text}" given, allowed: ${experimentOutcomes.join(', ')}.`)
}

function checkArms(arms: readonly string[], allowed: readonly string[]): void {
  if (arms.length >= 2 && new Set(arms).size === arms.length && arms.every((arm) => allowed.includes(arm))) return
  throw new UsageError(`--arms "${arms.join(',')}" given, allowed: two or more of ${allowed.join(', ')}`)
}

async function list(context: CliContext): Promise<void> {
  const experiments = await listExperiments(await context.database())
  if (experiments.length === 0) context.say('no experiments yet; "regulars experiments start CODE" begins one')
  else {
    context.table(
      [
        { title: 'code', value: (row) => row.code },
        { title: 'of', value: (row) => row.reply ?? 'recommending' },
        { title: 'arms', value: (row) => row.arms.join(', ') },
        { title: 'judged by', value: (row) => row.outcome },
        { title: 'status', value: (row) => row.status },
        { title: 'members', value: (row) => row.members },
      ],
      experiments,
    )
  }
  context.json({ experiments })
}

async function start(
  context: CliContext,
  replies: readonly TestableReply[],
  { code, reply, ...flags }: StartFlags & { code: string },
): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(code)) {
    throw new CommandFailure(`"${code}" is no code; needed: small letters, digits and hyphens, at most 60`, {
      code: 'invalid-code',
    })
  }
  const tested = replies.find((one) => one.reply === reply)
  const known: readonly string[] = tested?.arms ?? recommenderArms
  const arms = flags.arms ?? known.slice(0, 2)
  checkArms(arms, known)
  const outcome = flags.outcome ?? tested?.outcome ?? 'revenue'
  const attributionDays = flags.attributionDays ?? tested?.withinDays ?? RECOMMENDER_DAYS
  const subject = tested
    ? ({ kind: 'reply', reply: tested.reply } as const)
    : ({ kind: 'recommender', reply: null } as const)
  const db = await context.database()
  const at = context.clock()
  const started = await db.tx((tx) => startExperiment(tx, { code, subject, arms, outcome, attributionDays, at }))
  if (!started.ok) {
    throw new CommandFailure(
      started.code === 'code-taken'
        ? `there is an experiment "${code}" already`
        : `the experiment "${started.running}" is running; end it first`,
      started,
    )
  }
  context.say(`"${code}" runs: ${arms.join(' against ')}, judged by ${outcome} within ${attributionDays} days`)
  context.json({ code, ...subject, status: 'running', arms, outcome, attributionDays })
}

async function end(context: CliContext, code: string): Promise<void> {
  const isEnded = await endExperiment(await context.database(), { code, at: context.clock() })
  if (!isEnded) throw new CommandFailure(`no experiment "${code}" is running`, { code: 'not-running' })
  context.say(`"${code}" is ended`)
  context.json({ code, status: 'ended' })
}

async function show(context: CliContext, code: string): Promise<void> {
  const found = await readExperiment(await context.database(), { code, at: context.clock() })
  if (!found) throw new CommandFailure(`there is no experiment "${code}"`, { code: 'unknown-experiment' })
  if (!found.sampleRatio.isFair)
    context.say('!! members were not dealt to the arms as planned: do not believe these figures')
  context.table(
    [
      { title: 'arm', value: (row) => row.arm },
      { title: 'members', value: (row) => row.members },
      ...(found.outcome === 'revenue'
        ? [{ title: 'revenue', value: (row: ArmOutcome) => money(row.revenueMinor ?? 0) }]
        : [
            { title: 'judged', value: (row: ArmOutcome) => row.judged },
            { title: found.outcome, value: (row: ArmOutcome) => row.successes },
          ]),
      { title: 'lift a member', value: (row) => liftInWords(row, found) },
    ],
    [...found.outcomes],
  )
  context.json(found)
}

async function policy(context: CliContext, code: string): Promise<void> {
  const policies = await readPolicyValues(await context.database(), { code, at: context.clock() })
  if (!policies) throw new CommandFailure(`there is no campaign "${code}"`, { code: 'unknown-campaign' })
  if (policies.length === 0) context.say('nobody’s attribution window is over yet')
  else {
    context.table(
      [
        { title: 'everybody gets', value: (row) => row.policy },
        { title: 'judged by', value: (row) => row.members },
        { title: 'value a member', value: (row) => money(row.valueMinor) },
        { title: '95 %', value: (row) => `${money(row.low)} to ${money(row.high)}` },
      ],
      policies,
    )
  }
  context.json({ code, policies })
}

function money(minor: number): string {
  return (minor / 100).toFixed(2)
}

function liftInWords({ lift }: ArmOutcome, { outcome }: Pick<Experiment, 'outcome'>): string {
  if (!lift) return ''
  if (!lift.ok) {
    return lift.code === 'no-variation' ? 'all alike so far' : `not enough yet (${lift.have} of ${lift.need} members)`
  }
  const { difference, interval } = lift.lift
  const shown = (value: number) => (outcome === 'revenue' ? money(value) : `${(100 * value).toFixed(1)} points`)
  return `${shown(difference)} (${shown(interval.low)} to ${shown(interval.high)})`
}
