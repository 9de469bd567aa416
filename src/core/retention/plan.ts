import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { type ArmRecord, dealingShares } from '../../ml/bandit'
import { GLOBAL_HOLDOUT, hashUntil } from '../experiments/assign'
import { readWeighed } from '../experiments/weighed-arms'
import { readMerchant } from '../merchant'
import { audienceOptions } from './audience'
import { readBelief } from './belief'
import { type Campaign, lockCampaign } from './campaigns'
import type { EffectBelief } from './decide'
import type { DropReason } from './gate'
import { countQueued } from './queue-statistics'

const CONTROL = 'control'
/** The arm of a campaign without offers. */
const MESSAGE = 'message'
/** What one message costs, with the trouble it may give, in minor units. */
const MESSAGE_COST_MINOR = 2
/** What sorting and hashing an audience may take: with the server's default it would go through files. */
const WORK_MEMORY = '64MB'

/** Why somebody of the audience was left out. */
export type LeftOut = 'held-out' | Extract<DropReason, 'no-consent' | 'too-often'> | 'not-worth-it' | 'budget'

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
 * cost is set aside from the budget at once, and free again where its message was dropped or given up before anything was given;
 * when the budget is used up the rest is left out. Called again it takes only those who
 * came to the audience since.
 */
export async function planCampaign(database: Database, { code, at }: { code: string; at: Date }): Promise<Planned> {
  const planned = await database.tx(async (tx): Promise<Planned> => {
    const campaign = await lockCampaign(tx, { code })
    if (!campaign) return { ok: false, code: 'unknown-campaign' }
    const { startsAt, endsAt, controlShare, kind, notice } = campaign.definition
    const isItsTime =
      Date.parse(startsAt) <= at.getTime() && (endsAt === undefined || at.getTime() < Date.parse(endsAt))
    if (campaign.status !== 'running' || !isItsTime || notice) return { ok: false, code: 'not-running' }
    const shares = dealingShares(await readRecords(tx, campaign), { controlShare })
    const belief = await readBelief(tx, { kind, at })
    const budgetLeftMinor = await withReleased(tx, campaign)
    return {
      ok: true,
      ...(await deal(tx, { ...campaign, budgetLeftMinor }, { arms: armsOf(campaign, shares), belief, at })),
    }
  })
  if (planned.ok) await countQueued(database, planned)
  return planned
}

/** What may be dealt: the control first. */
interface Arm {
  readonly code: string
  readonly share: number
  readonly costMinor: number
}

function armsOf({ definition: { offers } }: Campaign, shares: Float64Array): Arm[] {
  const dealt = offers.length === 0 ? [{ code: MESSAGE, costMinor: 0 }] : offers
  return [{ code: CONTROL, costMinor: 0 }, ...dealt].map(({ code, costMinor }, place) => ({
    code,
    costMinor,
    share: shares[place] ?? 0,
  }))
}

/**
 * Deals everybody of the audience, in the database and in one statement: the rows of a hundred thousand members never leave
 * it. The gain is that of decide.ts with the dearest offer, the buckets and arms those of experiments/assign.ts.
 */
async function deal(
  tx: Tx,
  { id, definition, budgetLeftMinor }: Campaign,
  { arms, belief, at }: { arms: readonly Arm[]; belief: EffectBelief; at: Date },
): Promise<Omit<Extract<Planned, { ok: true }>, 'ok'>> {
  const { code, kind } = definition
  const { wanted, silentSince, spentSince } = await audienceOptions(tx, { definition, at })
  const { globalHoldoutShare } = (await readMerchant(tx)).settings
  const dearestMinor = Math.max(...arms.map(({ costMinor }) => costMinor))
  await tx.sql`select set_config('work_mem', ${WORK_MEMORY}, true)`
  const rows = await tx.sql<{ arm: string; leftOut: LeftOut | null; members: number }>`
    with dealt as materialized (
      -- Where the budget ends, those come first from whom most is expected. Who is left out may not depend on what was dealt: the
      -- control is, too, when the dearest offer does not fit any more.
      select drawn.*, coalesce(left_out, case when ${dearestMinor}::bigint + coalesce(
          sum((${arms.map(({ costMinor }) => costMinor)}::bigint[])[arm]) filter (where left_out is null) over (
            order by case when ${budgetLeftMinor}::bigint is not null then - coalesce(gain_minor, 0) end, member_id
            rows between unbounded preceding and 1 preceding
          ), 0) > ${budgetLeftMinor}::bigint then 'budget' end) as outcome
      from (
        select judged.*, case when ${globalHoldoutShare}::float8 > 0
              and member_hash(${GLOBAL_HOLDOUT}, member_id) < ${hashUntil(globalHoldoutShare)}::bytea then 'held-out'
            else coalesce(obstacle, case when gain_minor <= 0 then 'not-worth-it' end) end as left_out,
          1 + width_bucket(member_hash(${code}, member_id), ${untilsOf(arms).map(hashUntil)}::bytea[]) as arm
        from (
          select audience.*, case when risk is not null then floor(
              least(${belief.mean}::float8, 1 - (1 - risk)) * value_minor
              - greatest(0, 1 - risk + least(${belief.mean}::float8, 1 - (1 - risk))) * ${dearestMinor}::float8
              - ${MESSAGE_COST_MINOR}::float8 + 0.5
            )::bigint end as gain_minor
          from campaign_audience(${code}, ${kind}, ${wanted}::jsonb, ${at}, ${silentSince}, ${spentSince}) audience
        ) judged
        -- So that each hash is computed once, and no row stored before all of it is known.
        offset 0
      ) drawn
      -- The keys' order: each row then belongs behind the last one in its index.
      order by member_id
    ), members as (
      -- The message of a member is in the same row; the control, which comes first, has none.
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, segment, risk, value_minor,
        expected_gain_minor, covariate_minor, status, due_at, next_attempt_at)
      select ${id}, member_id, (${arms.map((arm) => arm.code)}::text[])[arm], (${arms.map(({ share }) => share)}::float8[])[arm], ${at},
        segment, risk, value_minor, gain_minor, spent_minor,
        case when arm > 1 then 'queued' end, case when arm > 1 then ${at}::timestamptz end, case when arm > 1 then ${at}::timestamptz end
      from dealt where outcome is null
    ), dealing as (
      insert into campaign_dealing (campaign_id, dealt_at, holdout_share) values (${id}, ${at}, ${globalHoldoutShare})
      on conflict (campaign_id, dealt_at) do update set holdout_share = least(campaign_dealing.holdout_share, excluded.holdout_share)
    )
    select (${arms.map(({ code }) => code)}::text[])[arm] as arm, outcome as "leftOut", count(*)::int as members
    from dealt group by dealt.arm, outcome`
  const counts = countsOf(rows)
  if (budgetLeftMinor !== null) {
    const committed = arms.reduce((sum, arm) => sum + arm.costMinor * (counts.arms[arm.code] ?? 0), 0)
    await tx.sql`update campaign set committed_minor = committed_minor + ${committed} where id = ${id}`
  }
  return counts
}

/** What is left of the budget, with what was set aside for messages that ended before anything was given. Each is counted once. */
async function withReleased(tx: Tx, { id, budgetLeftMinor }: Campaign): Promise<number | null> {
  if (budgetLeftMinor === null) return null
  const [released] = await tx.sql<{ minor: number }>`
    with ended as (
      update campaign_message set gift = 'not-given'
      where campaign_id = ${id} and gift is null and status in ('dropped', 'failed', 'dead') returning arm
    ), freed as (
      select coalesce(sum((offer ->> 'costMinor')::bigint), 0) as minor
      from ended, campaign, jsonb_array_elements(campaign.definition -> 'offers') offer
      where campaign.id = ${id} and offer ->> 'code' = ended.arm
    )
    update campaign set committed_minor = committed_minor - freed.minor from freed where id = ${id}
    returning freed.minor::float8 as minor`
  return budgetLeftMinor + (released?.minor ?? 0)
}

/** Up to where each arm but the last reaches, of the buckets from 0 to 1. */
function untilsOf(arms: readonly Arm[]): number[] {
  let until = 0
  return arms.slice(0, -1).map(({ share }) => {
    until += share
    return until
  })
}

/**
 * What each offer has brought by the last count, weighed, so that none is better for having been dealt when more was bought. A
 * campaign without offers deals its message alone.
 */
async function readRecords(tx: Tx, { id, definition }: Campaign): Promise<ArmRecord[]> {
  if (definition.offers.length === 0) return [{ members: 0, successes: 0 }]
  const weighed = await readWeighed(tx, { campaignId: id })
  return definition.offers.map(({ code }) => {
    const { members, y } = weighed.get(code)?.buying ?? { members: 0, y: 0 }
    return { members, successes: y }
  })
}

function countsOf(rows: readonly { arm: string; leftOut: LeftOut | null; members: number }[]) {
  const arms: Record<string, number> = {}
  const leftOut: Record<LeftOut, number> = {
    'held-out': 0,
    'no-consent': 0,
    'too-often': 0,
    'not-worth-it': 0,
    budget: 0,
  }
  let messages = 0
  for (const row of rows) {
    if (row.leftOut) leftOut[row.leftOut] += row.members
    else {
      arms[row.arm] = row.members
      if (row.arm !== CONTROL) messages += row.members
    }
  }
  return { arms, leftOut, messages }
}
