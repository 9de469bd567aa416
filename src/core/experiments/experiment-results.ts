import type { Db } from '../../db/sql'
import { estimateLift, type LiftResult } from '../../ml/experiment-lift'
import { sampleRatioP } from '../../ml/experiment-ratio'
import { type ArmSums, noMembers } from '../../ml/experiment-sums'
import { type Experiment, listExperiments } from './experiment'

/** Below this chance members were not dealt to the arms as planned, and no lift of theirs may be believed. */
const FAIR_P_MIN = 0.001

/** What an arm brought, against the first. */
export interface ArmOutcome {
  readonly arm: string
  /** Who met it. */
  readonly members: number
  /** Of them, those who can be judged by now: where it counts that something did not happen, its time must be over. */
  readonly judged: number
  /** Of an experiment on revenue: net, in minor units; null otherwise. */
  readonly revenueMinor: number | null
  /** Of any other: members of whom its outcome is true; null otherwise. */
  readonly successes: number | null
  /** Revenue a member in minor units, or the share of members, over the first arm; null for that. */
  readonly lift: LiftResult | null
}

export type ExperimentResults = Experiment & {
  readonly outcomes: readonly ArmOutcome[]
  readonly sampleRatio: { readonly p: number; readonly isFair: boolean }
}

/**
 * What an experiment found up to `at`, by the engine of campaigns: everybody in the arm that was met first, CUPED by the same
 * outcome in as many days before, intervals that hold at any look. Undefined for an unknown code.
 */
export async function readExperiment(
  db: Db,
  { code, at }: { code: string; at: Date },
): Promise<ExperimentResults | undefined> {
  const experiment = (await listExperiments(db)).find((one) => one.code === code)
  if (!experiment) return undefined
  const { arms, outcome } = experiment
  const met = await db.sql<{ arm: string; members: number }>`
    select arm, count(*)::int as members from exposure join experiment on experiment.id = exposure.experiment_id
    where experiment.code = ${code} and exposed_at <= ${at} group by arm`
  const rows = outcome === 'revenue' ? await readRevenue(db, experiment, at) : await readShares(db, experiment, at)
  const sums = arms.map((arm) => ({
    arm,
    members: met.find((one) => one.arm === arm)?.members ?? 0,
    sums: rows.find((row) => row.arm === arm) ?? noMembers,
  }))
  const [control] = sums
  const counts = sums.map(({ members }) => members)
  const p = sampleRatioP(
    counts,
    arms.map(() => 1 / arms.length),
  )
  return {
    ...experiment,
    outcomes: sums.map((one) => ({
      arm: one.arm,
      members: one.members,
      judged: one.sums.members,
      revenueMinor: outcome === 'revenue' ? Math.round(one.sums.y) : null,
      successes: outcome === 'revenue' ? null : Math.round(one.sums.y),
      lift: one === control || !control ? null : estimateLift(one.sums, control.sums),
    })),
    sampleRatio: { p, isFair: p >= FAIR_P_MIN },
  }
}

type ArmRow = ArmSums & { arm: string }

function readRevenue(db: Db, { code, attributionDays }: Experiment, at: Date): Promise<ArmRow[]> {
  return db.sql<ArmRow>`
    select arm, count(*)::int as members, sum(y) as y, sum(y ^ 2) as yy, sum(x) as x, sum(x ^ 2) as xx, sum(x * y) as xy
    from (
      select exposure.arm,
        coalesce(sum(bought.total_minor) filter (where bought.placed_at > exposure.exposed_at), 0)::float8 as y,
        coalesce(sum(bought.total_minor) filter (where bought.placed_at <= exposure.exposed_at), 0)::float8 as x
      from exposure join experiment on experiment.id = exposure.experiment_id and experiment.code = ${code}
        left join shop_order bought on bought.member_id = exposure.member_id and bought.status <> 'cancelled'
          and bought.placed_at > exposure.exposed_at - make_interval(days => ${attributionDays})
          and bought.placed_at <= least(${at}::timestamptz, exposure.exposed_at + make_interval(days => ${attributionDays}))
      where exposure.exposed_at <= ${at}
      group by exposure.member_id, exposure.arm
    ) member group by arm`
}

/**
 * Members of whom an outcome is true, as sums of ones and zeros. That nobody was needed is known only when the time is over;
 * till then the member is not counted.
 */
function readShares(db: Db, { code, attributionDays, outcome }: Experiment, at: Date): Promise<ArmRow[]> {
  const isAbsence = outcome === 'resolved'
  return db.sql<ArmRow>`
    select arm, count(*)::int as members, sum(y) as y, sum(y) as yy, sum(x) as x, sum(x) as xx, sum(x * y) as xy
    from (
      select exposure.arm, (${isAbsence} <> (count(*) filter (where done.at > exposure.exposed_at) > 0))::int::float8 as y,
        (${isAbsence} <> (count(*) filter (where done.at <= exposure.exposed_at) > 0))::int::float8 as x
      from exposure join experiment on experiment.id = exposure.experiment_id and experiment.code = ${code}
        left join lateral (
          select requested_at as at from handoff_request
          where ${outcome} = 'resolved' and member_id = exposure.member_id
          union all
          select csat_at from handoff_request
          where ${outcome} = 'rated-well' and member_id = exposure.member_id and csat_score >= 4
          union all
          select occurred_at from transfer
          where ${outcome} = 'redeemed' and member_id = exposure.member_id and source = 'redeem'
            -- Not what a campaign redeemed for them.
            and external_id not like 'campaign:%'
          union all
          select placed_at from shop_order
          where ${outcome} = 'ordered' and member_id = exposure.member_id and kind = 'sale' and status <> 'cancelled'
        ) done on done.at > exposure.exposed_at - make_interval(days => ${attributionDays})
          and done.at <= least(${at}::timestamptz, exposure.exposed_at + make_interval(days => ${attributionDays}))
      where exposure.exposed_at <= ${at}
        and (not ${isAbsence} or exposure.exposed_at + make_interval(days => ${attributionDays}) <= ${at})
      group by exposure.member_id, exposure.arm
    ) member group by arm`
}
