import { type Command, InvalidArgumentError } from 'commander'
import {
  type ArmOutcome,
  endExperiment,
  experimentArms,
  listExperiments,
  readExperiment,
  startExperiment,
} from '../core/experiments/experiment'
import { readPolicyValues } from '../core/experiments/policy'
import { type CliContext, CommandFailure } from './context'
import { wholeNumber } from './program'

const KIND = 'recommender'

/** `experiments`: ways of recommending held against each other, and what campaigns would bring if dealt otherwise. */
export function registerExperiments(program: Command, context: CliContext): void {
  const group = program
    .command('experiments')
    .description('hold ways of recommending against each other, and tell what one offer for everybody would bring')
  group
    .command('list')
    .description('every experiment, the latest first')
    .action(() => list(context))
  group
    .command('start')
    .description('deal members to ways of recommending from now on, in equal shares and for good')
    .argument('<code>', 'what to call it: small letters, digits and hyphens')
    .option('--arms <list>', 'the ways, the first being the control', armList, [...experimentArms[KIND]].slice(0, 2))
    .option(
      '--attribution-days <n>',
      'how long after the first exposure orders count',
      wholeNumber({ min: 1, max: 180 }),
      30,
    )
    .addHelpText('after', `\nWays: ${experimentArms[KIND].join(', ')}`)
    .action((code: string, flags: { arms: string[]; attributionDays: number }) => start(context, code, flags))
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

function armList(text: string): string[] {
  const arms = text.split(',').map((arm) => arm.trim())
  const allowed: readonly string[] = experimentArms[KIND]
  if (arms.length < 2 || new Set(arms).size < arms.length || arms.some((arm) => !allowed.includes(arm))) {
    throw new InvalidArgumentError(`"${text}" given, allowed: two or more of ${allowed.join(', ')}.`)
  }
  return arms
}

async function list(context: CliContext): Promise<void> {
  const experiments = await listExperiments(await context.database())
  if (experiments.length === 0) context.say('no experiments yet; "regulars experiments start CODE" begins one')
  else {
    context.table(
      [
        { title: 'code', value: (row) => row.code },
        { title: 'arms', value: (row) => row.arms.join(', ') },
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
  code: string,
  { arms, attributionDays }: { arms: string[]; attributionDays: number },
): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(code)) {
    throw new CommandFailure(`"${code}" is no code; needed: small letters, digits and hyphens, at most 60`)
  }
  const db = await context.database()
  const at = context.clock()
  const outcome = await db.tx((tx) => startExperiment(tx, { code, kind: KIND, arms, attributionDays, at }))
  if (!outcome.ok) {
    throw new CommandFailure(
      outcome.code === 'code-taken'
        ? `there is an experiment "${code}" already`
        : `the experiment "${outcome.running}" is running; end it first`,
    )
  }
  context.say(`"${code}" runs: ${arms.join(' against ')}`)
  context.json({ code, status: 'running', arms, attributionDays })
}

async function end(context: CliContext, code: string): Promise<void> {
  const isEnded = await endExperiment(await context.database(), { code, at: context.clock() })
  if (!isEnded) throw new CommandFailure(`no experiment "${code}" is running`)
  context.say(`"${code}" is ended`)
  context.json({ code, status: 'ended' })
}

async function show(context: CliContext, code: string): Promise<void> {
  const found = await readExperiment(await context.database(), { code, at: context.clock() })
  if (!found) throw new CommandFailure(`there is no experiment "${code}"`)
  if (!found.sampleRatio.isFair)
    context.say('!! members were not dealt to the arms as planned: do not believe these figures')
  context.table(
    [
      { title: 'arm', value: (row) => row.arm },
      { title: 'members', value: (row) => row.members },
      { title: 'revenue', value: (row) => money(row.revenueMinor) },
      { title: 'lift a member', value: (row) => liftInWords(row) },
    ],
    [...found.outcomes],
  )
  context.json(found)
}

async function policy(context: CliContext, code: string): Promise<void> {
  const policies = await readPolicyValues(await context.database(), { code, at: context.clock() })
  if (!policies) throw new CommandFailure(`there is no campaign "${code}"`)
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

function liftInWords({ lift }: ArmOutcome): string {
  if (!lift) return ''
  if (!lift.ok) return 'not enough yet'
  const { difference, interval } = lift.lift
  return `${money(difference)} (${money(interval.low)} to ${money(interval.high)})`
}
