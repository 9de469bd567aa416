import type { Db, Tx } from '../../db/sql'
import { estimateLift, type LiftResult } from '../../ml/experiment-lift'
import { sampleRatioP } from '../../ml/experiment-ratio'
import { type ArmSums, noMembers } from '../../ml/experiment-sums'
import { armOf, bucketOf } from './assign'

/** What can be held against each other, and by which arms; the first is what is done without an experiment. */
export const experimentArms = { recommender: ['trained', 'buy-again', 'popular'] } as const
export type ExperimentKind = keyof typeof experimentArms
export type ArmCode<Kind extends ExperimentKind> = (typeof experimentArms)[Kind][number]

/** Below this chance members were not dealt to the arms as planned, and no lift of theirs may be believed. */
const FAIR_P_MIN = 0.001

export interface Experiment {
  readonly code: string
  readonly kind: ExperimentKind
  readonly status: 'running' | 'ended'
  readonly arms: readonly string[]
  readonly attributionDays: number
  readonly startedAt: Date
  readonly endedAt: Date | null
  /** Members who met an arm. */
  readonly members: number
}

export type StartExperiment =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'code-taken' }
  /** Another one of the kind runs: two at once would be dealt across each other. */
  | { readonly ok: false; readonly code: 'one-is-running'; readonly running: string }

/** Starts an experiment with equal shares. */
export async function startExperiment(
  tx: Tx,
  experiment: {
    code: string
    kind: ExperimentKind
    arms: readonly string[]
    attributionDays: number
    at: Date
  },
): Promise<StartExperiment> {
  const { code, kind, arms, attributionDays, at } = experiment
  await tx.sql`select pg_advisory_xact_lock(hashtext('regulars experiments'))`
  const [running] = await tx.sql<{
    code: string
  }>`select code from experiment where kind = ${kind} and status = 'running'`
  if (running && running.code !== code) return { ok: false, code: 'one-is-running', running: running.code }
  const rows = await tx.sql`
    insert into experiment (code, kind, status, arms, attribution_days, started_at)
    values (${code}, ${kind}, 'running', ${[...arms]}::text[], ${attributionDays}, ${at})
    on conflict (code) do nothing returning id`
  return rows.length > 0 ? { ok: true } : { ok: false, code: 'code-taken' }
}

/** Ends an experiment; false where none of this code runs. */
export async function endExperiment(db: Db, { code, at }: { code: string; at: Date }): Promise<boolean> {
  const rows = await db.sql`
    update experiment set status = 'ended', ended_at = ${at} where code = ${code} and status = 'running' returning id`
  return rows.length > 0
}

/** Every experiment, the latest first. */
export function listExperiments(db: Db): Promise<Experiment[]> {
  return db.sql<Experiment>`
    select code, kind, status, arms, attribution_days as "attributionDays", started_at as "startedAt", ended_at as "endedAt",
      (select count(*)::int from exposure where experiment_id = experiment.id) as members
    from experiment order by started_at desc, id desc`
}

/** What dealing members to the arms of an experiment takes. */
export type RunningExperiment = Pick<Experiment, 'code' | 'arms'> & { readonly id: number }

/**
 * The arm that a member meets now, noted the first time: the same for ever, by hash. Undefined while no experiment of the kind
 * runs; then nothing is asked of the database.
 */
export async function meetArm<Kind extends ExperimentKind>(
  db: Db,
  { running, kind, memberId, at }: { running: RunningExperiment | null; kind: Kind; memberId: string; at: Date },
): Promise<ArmCode<Kind> | undefined> {
  if (!running) return undefined
  const { id, code, arms } = running
  const share = 1 / arms.length
  const arm =
    arms[
      armOf(
        bucketOf(`experiment ${code}`, memberId),
        Float64Array.from(arms, () => share),
      )
    ]
  await db.sql`
    insert into exposure (experiment_id, member_id, arm, propensity, exposed_at)
    values (${id}, ${memberId}, ${arm}, ${share}, ${at}) on conflict do nothing`
  return experimentArms[kind].find((known) => known === arm)
}

/** What an arm brought, against the first: net revenue a member in minor units within the attribution window. */
export interface ArmOutcome {
  readonly arm: string
  readonly members: number
  readonly revenueMinor: number
  /** Null for the first arm. */
  readonly lift: LiftResult | null
}

export interface ExperimentResults extends Experiment {
  readonly outcomes: readonly ArmOutcome[]
  readonly sampleRatio: { readonly p: number; readonly isFair: boolean }
}

/**
 * What an experiment found up to `at`, by the engine of campaigns: everybody in the arm that was met first, CUPED by the spend
 * before, intervals that hold at any look. Undefined for an unknown code.
 */
export async function readExperiment(
  db: Db,
  { code, at }: { code: string; at: Date },
): Promise<ExperimentResults | undefined> {
  const experiment = (await listExperiments(db)).find((one) => one.code === code)
  if (!experiment) return undefined
  const { arms, attributionDays } = experiment
  const rows = await db.sql<ArmSums & { arm: string }>`
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
  const sums = arms.map((arm) => ({ arm, sums: rows.find((row) => row.arm === arm) ?? noMembers }))
  const [control] = sums
  const counts = sums.map((one) => one.sums.members)
  const p = sampleRatioP(
    counts,
    arms.map(() => 1 / arms.length),
  )
  return {
    ...experiment,
    outcomes: sums.map((one) => ({
      arm: one.arm,
      members: one.sums.members,
      revenueMinor: Math.round(one.sums.y),
      lift: one === control || !control ? null : estimateLift(one.sums, control.sums),
    })),
    sampleRatio: { p, isFair: p >= FAIR_P_MIN },
  }
}
