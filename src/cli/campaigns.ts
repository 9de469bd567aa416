import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type ArmResult, listCampaigns, readResults, type Told } from '../core/experiments/results'
import { countAudience } from '../core/retention/audience'
import { type CampaignStatus, findCampaign, moveCampaign, putCampaign } from '../core/retention/campaigns'
import { type CampaignDefinition, readDefinition } from '../core/retention/definition'
import { gatherOutcomes } from '../core/retention/outcomes'
import { planCampaign } from '../core/retention/plan'
import { registerCampaignMessages } from './campaign-messages'
import { type CliContext, CommandFailure } from './context'

const MOVES: Readonly<Record<string, { to: CampaignStatus; says: string }>> = {
  review: { to: 'review', says: 'hand a draft in for review' },
  draft: { to: 'draft', says: 'take a campaign back from review' },
  start: { to: 'running', says: 'let a reviewed or paused campaign run' },
  pause: { to: 'paused', says: 'let nothing more of it go out for now' },
  end: { to: 'ended', says: 'end it; what is queued is not sent' },
}

/** `campaigns`: messages that the merchant begins, and what they changed. */
export function registerCampaigns(program: Command, context: CliContext): void {
  const group = program
    .command('campaigns')
    .description('messages to members: put a campaign in from a file, run it, and see what it changed')
    .addHelpText('after', '\nHow to write one: docs/recipes/run-a-campaign.md')
  group
    .command('list')
    .description('every campaign, the latest first')
    .action(() => list(context))
  group
    .command('put')
    .description('write a draft from a file of JSON; an earlier draft of the same code is replaced')
    .argument('<file>', 'the campaign')
    .action((file: string) => put(context, file))
  group
    .command('count')
    .description('how many members the audience of a file has now')
    .argument('<file>', 'the campaign')
    .action((file: string) => count(context, file))
  for (const [name, { to, says }] of Object.entries(MOVES)) {
    group
      .command(name)
      .description(says)
      .argument('<code>', 'the campaign')
      .action((code: string) => move(context, code, to))
  }
  group
    .command('plan')
    .description('decide now whom a running campaign writes to, and queue the messages; twice takes nobody twice')
    .argument('<code>', 'the campaign')
    .action((code: string) => plan(context, code))
  registerCampaignMessages(group, context)
  group
    .command('results')
    .description('what a campaign changed: lift with its interval, by offer and segment, counted up to now')
    .argument('<code>', 'the campaign')
    .action((code: string) => results(context, code))
}

async function list(context: CliContext): Promise<void> {
  const campaigns = await listCampaigns(await context.database())
  if (campaigns.length === 0) context.say('no campaigns yet; "regulars campaigns put FILE" writes one')
  else {
    context.table(
      [
        { title: 'code', value: (row) => row.code },
        { title: 'name', value: (row) => row.name },
        { title: 'status', value: (row) => row.status },
        { title: 'members', value: (row) => row.members },
        { title: 'sent', value: (row) => row.sent },
      ],
      campaigns,
    )
  }
  context.json({ campaigns })
}

async function read(file: string): Promise<CampaignDefinition> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new CommandFailure(`${file} cannot be read`, { code: 'cannot-read' }, { cause })
  })
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (cause) {
    throw new CommandFailure(`${file} is not JSON`, { code: 'not-json' }, { cause })
  }
  const outcome = readDefinition(given)
  if (!outcome.ok) {
    const { problems } = outcome
    throw new CommandFailure(`${file} is no campaign:\n  ${problems.join('\n  ')}`, {
      code: 'not-a-campaign',
      problems,
    })
  }
  return outcome.definition
}

async function put(context: CliContext, file: string): Promise<void> {
  const definition = await read(file)
  const db = await context.database()
  const outcome = await db.tx((tx) => putCampaign(tx, { definition, at: context.clock() }))
  if (!outcome.ok) {
    throw new CommandFailure(
      outcome.code === 'unknown-coupon'
        ? `there is no coupon ${outcome.couponIds.map((id) => `"${id}"`).join(', ')}`
        : `the campaign "${definition.code}" is ${outcome.status}; only drafts can be changed`,
      outcome,
    )
  }
  context.say(`${outcome.isNew ? 'wrote' : 'changed'} the draft "${definition.code}", version ${outcome.version}`)
  context.json({ code: definition.code, status: 'draft', version: outcome.version, isNew: outcome.isNew })
}

async function count(context: CliContext, file: string): Promise<void> {
  const definition = await read(file)
  const audience = await countAudience(await context.database(), { definition, at: context.clock() })
  const members = audience.reduce((sum, group) => sum + group.members, 0)
  const outOfReach = audience.reduce((sum, group) => sum + group.outOfReach, 0)
  const segments = Object.fromEntries(audience.map((group) => [group.segment ?? 'not scored', group.members]))
  context.say(`${members} members, of whom ${outOfReach} would get no message now`)
  for (const [segment, count] of Object.entries(segments)) context.say(`  ${segment}: ${count}`)
  if (members === 0)
    context.say('groups, stages, risks and days since the last order are those of the last "regulars score"')
  context.json({ members, outOfReach, segments })
}

async function move(context: CliContext, code: string, to: CampaignStatus): Promise<void> {
  const db = await context.database()
  const outcome = await db.tx((tx) => moveCampaign(tx, { code, to, at: context.clock() }))
  if (!outcome.ok) {
    throw new CommandFailure(
      outcome.code === 'unknown-campaign'
        ? `there is no campaign "${code}"`
        : `a campaign that is ${outcome.from} cannot become ${to}; it can become ${outcome.allowed.join(' or ') || 'nothing else'}`,
      outcome,
    )
  }
  context.say(`"${code}" was ${outcome.from} and is ${to}`)
  context.json({ code, from: outcome.from, status: to })
}

async function plan(context: CliContext, code: string): Promise<void> {
  const outcome = await planCampaign(await context.database(), { code, at: context.clock() })
  if (!outcome.ok) {
    throw new CommandFailure(
      outcome.code === 'unknown-campaign'
        ? `there is no campaign "${code}"`
        : `the campaign "${code}" is not running now`,
      outcome,
    )
  }
  for (const [arm, members] of Object.entries(outcome.arms)) context.say(`  ${arm}: ${members} members`)
  for (const [reason, members] of Object.entries(outcome.leftOut)) {
    if (members > 0) context.say(`  left out, ${reason}: ${members}`)
  }
  context.say(`${outcome.messages} messages queued`)
  context.json({ code, ...outcome })
}

async function results(context: CliContext, code: string): Promise<void> {
  const db = await context.database()
  if (!(await findCampaign(db, { code })))
    throw new CommandFailure(`there is no campaign "${code}"`, { code: 'unknown-campaign' })
  await gatherOutcomes(db, { at: context.clock() })
  const found = await readResults(db, { code })
  if (!found) throw new Error(`the campaign "${code}" is gone`)
  const money = (minor: number) => (minor / 100).toFixed(2)
  const arms: (ArmResult & { revenue?: Told })[] = [found.control, found.treated, ...found.arms]
  if (!found.sampleRatio.isFair)
    context.say('!! members were not dealt to the arms as planned: do not believe these figures')
  context.table(
    [
      { title: 'arm', value: (row) => row.arm },
      { title: 'members', value: (row) => row.members },
      { title: 'bought', value: (row) => row.buyers },
      { title: 'revenue', value: (row) => money(row.revenueMinor) },
      { title: 'lift a member', value: (row) => (row.revenue ? liftInWords(row.revenue, money) : '') },
      { title: 'offers cost', value: (row) => money(row.offerCostMinor) },
    ],
    arms,
  )
  context.json(found)
}

function liftInWords(result: Told, money: (minor: number) => string): string {
  if (!result.ok) {
    return result.code === 'no-variation'
      ? 'nobody has bought yet'
      : `not enough yet (${result.have} of ${result.need} members)`
  }
  const { difference, interval } = result.lift
  return `${money(difference)} (${money(interval.low)} to ${money(interval.high)})`
}
