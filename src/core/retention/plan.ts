import { type CopyTx, copyText, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import { type ArmRecord, dealingShares } from '../../ml/bandit'
import { armOf, bucketOf, isHeldOut } from '../experiments/assign'
import { readMerchant } from '../merchant'
import { type AudienceMember, readAudience } from './audience'
import { readBelief } from './belief'
import { type Campaign, lockCampaign } from './campaigns'
import { type EffectBelief, expectedGainMinor } from './decide'

const CONTROL = 'control'
/** The arm of a campaign without offers. */
const MESSAGE = 'message'
/** What one message costs, with the trouble it may give, in minor units. */
const MESSAGE_COST_MINOR = 2
/** From so many new messages on what the database knows of the queue is out of date. */
const MANY = 10_000

/** Why somebody of the audience was left out. */
export type LeftOut = 'held-out' | NonNullable<AudienceMember['obstacle']> | 'not-worth-it' | 'budget'

export type Planned =
  | {
      readonly ok: true
      /** Who was dealt what. */
      readonly arms: Readonly<Record<string, number>>
      readonly leftOut: Readonly<Record<LeftOut, number>>
      readonly messages: number
    }
  | { readonly ok: false; readonly code: 'unknown-campaign' | 'not-running' }

/**
 * Takes those of the audience into a running campaign for whom a message is worth it, lets chance deal them an offer or the
 * control, and queues the messages: all in one transaction. Whoever could not get the message
 * now is not dealt anything, control and treated alike, and may come in another night. What an offer changes is believed by own campaigns that are over,
 * and by the stated prior while there are none. Members of the global holdout are never taken. What an offer may
 * cost is set aside from the budget at once; when it is used up the rest is left out. Called again it takes only those who
 * came to the audience since.
 */
export async function planCampaign(database: Database, { code, at }: { code: string; at: Date }): Promise<Planned> {
  const planned = await copyTransaction(database, async (tx): Promise<Planned> => {
    const campaign = await lockCampaign(tx, { code })
    if (!campaign) return { ok: false, code: 'unknown-campaign' }
    const { startsAt, endsAt } = campaign.definition
    const isItsTime =
      Date.parse(startsAt) <= at.getTime() && (endsAt === undefined || at.getTime() < Date.parse(endsAt))
    if (campaign.status !== 'running' || !isItsTime || campaign.definition.notice)
      return { ok: false, code: 'not-running' }
    const audience = await readAudience(tx, { definition: campaign.definition, at })
    const { settings } = await readMerchant(tx)
    const shares = dealingShares(await readRecords(tx, campaign), { controlShare: campaign.definition.controlShare })
    const belief = await readBelief(tx, { kind: campaign.definition.kind, at })
    const plan = dealAll(campaign, audience, { shares, holdoutShare: settings.globalHoldoutShare, belief })
    await write(tx, campaign, { dealt: plan.dealt, at })
    return { ok: true, ...countsOf(plan) }
  })
  // Else the queue counts as empty until the server looks by itself, and its head is found by sorting all of it.
  if (planned.ok && planned.messages >= MANY) await database.sql`analyze campaign_message`
  return planned
}

interface Dealt {
  readonly member: AudienceMember
  readonly arm: string
  readonly propensity: number
  readonly costMinor: number
  readonly gainMinor: number | null
}

interface Plan {
  readonly dealt: Dealt[]
  readonly leftOut: Record<LeftOut, number>
}

function dealAll(
  { definition, budgetLeftMinor }: Campaign,
  audience: readonly AudienceMember[],
  { shares, holdoutShare, belief }: { shares: Float64Array; holdoutShare: number; belief: EffectBelief },
): Plan {
  const plan: Plan = {
    dealt: [],
    leftOut: { 'held-out': 0, 'no-consent': 0, 'too-often': 0, 'not-worth-it': 0, budget: 0 },
  }
  const arms = definition.offers.length === 0 ? [{ code: MESSAGE, costMinor: 0 }] : definition.offers
  const dearestMinor = Math.max(...arms.map(({ costMinor }) => costMinor))
  let left = budgetLeftMinor ?? Number.POSITIVE_INFINITY
  // Where the budget ends, those come first from whom most is expected.
  const ranked = audience
    .map((member) => ({ member, gainMinor: gainOf(member, { offerCostMinor: dearestMinor, belief }) }))
    .sort((a, b) => (b.gainMinor ?? 0) - (a.gainMinor ?? 0))
  for (const { member, gainMinor } of ranked) {
    const { memberId } = member
    if (isHeldOut(memberId, holdoutShare)) plan.leftOut['held-out'] += 1
    else if (member.obstacle) plan.leftOut[member.obstacle] += 1
    else if (gainMinor !== null && gainMinor <= 0) plan.leftOut['not-worth-it'] += 1
    else {
      const arm = armOf(bucketOf(definition.code, memberId), shares)
      const offer = arms[arm - 1]
      const costMinor = offer?.costMinor ?? 0
      // Also of those in the control: who is left out may not depend on what was dealt.
      if (dearestMinor > left) plan.leftOut.budget += 1
      else {
        left -= costMinor
        plan.dealt.push({ member, arm: offer?.code ?? CONTROL, propensity: shares[arm] ?? 1, costMinor, gainMinor })
      }
    }
  }
  return plan
}

/** What writing is expected to bring with the dearest offer; null where the member is not scored. */
function gainOf(
  { risk, valueAtStakeMinor }: AudienceMember,
  { offerCostMinor, belief }: { offerCostMinor: number; belief: EffectBelief },
): number | null {
  if (risk === null || valueAtStakeMinor === null) return null
  const prospect = {
    buysAnyway: 1 - risk,
    valueMinor: valueAtStakeMinor,
    offerCostMinor,
    messageCostMinor: MESSAGE_COST_MINOR,
  }
  return expectedGainMinor(prospect, belief)
}

/** What each offer has brought by the last count. A campaign without offers deals its message alone. */
async function readRecords(tx: CopyTx, { id, definition }: Campaign): Promise<ArmRecord[]> {
  if (definition.offers.length === 0) return [{ members: 0, successes: 0 }]
  const rows = await tx.sql<{ arm: string; members: number; successes: number }>`
    select arm, sum(members)::int as members, sum(buyers)::int as successes from campaign_outcome
    where campaign_id = ${id} and until = (select max(until) from campaign_outcome where campaign_id = ${id})
    group by arm`
  return definition.offers.map(({ code }) => rows.find(({ arm }) => arm === code) ?? { members: 0, successes: 0 })
}

async function write(tx: CopyTx, { id, definition }: Campaign, { dealt, at }: { dealt: readonly Dealt[]; at: Date }) {
  const instant = at.toISOString()
  const number = (value: number | null) => (value === null ? '\\N' : String(value))
  const members = dealt.map(
    ({ member, arm, propensity, gainMinor }) =>
      `${id}\t${copyText(member.memberId)}\t${arm}\t${propensity}\t${instant}\t${copyText(member.segment)}\t` +
      `${number(member.risk)}\t${number(member.valueAtStakeMinor)}\t${number(gainMinor)}\t${member.spentBeforeMinor}\n`,
  )
  await tx.copyIn(
    `copy campaign_member (campaign_id, member_id, arm, propensity, assigned_at, segment, risk, value_minor,
      expected_gain_minor, covariate_minor) from stdin`,
    members.join(''),
  )
  const messages = dealt.filter(({ arm }) => arm !== CONTROL)
  await tx.copyIn(
    'copy campaign_message (campaign_id, member_id, arm, status, due_at, next_attempt_at) from stdin',
    messages
      .map(({ member, arm }) => `${id}\t${copyText(member.memberId)}\t${arm}\tqueued\t${instant}\t${instant}\n`)
      .join(''),
  )
  if (definition.budgetMinor === undefined) return
  const committed = dealt.reduce((sum, { costMinor }) => sum + costMinor, 0)
  await tx.sql`update campaign set committed_minor = committed_minor + ${committed} where id = ${id}`
}

function countsOf({ dealt, leftOut }: Plan) {
  const arms: Record<string, number> = {}
  for (const { arm } of dealt) arms[arm] = (arms[arm] ?? 0) + 1
  return { arms, leftOut, messages: dealt.length - (arms[CONTROL] ?? 0) }
}
