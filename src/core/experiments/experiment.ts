import type { Db, Tx } from '../../db/sql'
import { armOf, bucketOf } from './assign'

/** Ways of recommending; the first is what is done without an experiment. */
export const recommenderArms = ['trained', 'buy-again', 'popular'] as const

/**
 * What an experiment is judged by, of each member who met an arm, within so many days after that: net revenue; whether they
 * ordered; whether they redeemed a coupon; whether they needed no person; whether they rated a person's service with 4 or 5.
 */
export const experimentOutcomes = ['revenue', 'ordered', 'redeemed', 'resolved', 'rated-well'] as const
export type ExperimentOutcome = (typeof experimentOutcomes)[number]

/** What is held against each other: recommenders, or the wordings of one reply. */
export type ExperimentSubject =
  | { readonly kind: 'recommender'; readonly reply: null }
  | { readonly kind: 'reply'; readonly reply: string }

export type Experiment = ExperimentSubject & {
  readonly code: string
  readonly status: 'running' | 'ended'
  /** The first is what is done without the experiment. */
  readonly arms: readonly string[]
  readonly outcome: ExperimentOutcome
  readonly attributionDays: number
  readonly startedAt: Date
  readonly endedAt: Date | null
  /** Members who met an arm. */
  readonly members: number
}

export type StartExperiment =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'code-taken' }
  /** Another one of the same subject runs: two at once would be dealt across each other. */
  | { readonly ok: false; readonly code: 'one-is-running'; readonly running: string }

/** Starts an experiment with equal shares. */
export async function startExperiment(
  tx: Tx,
  experiment: {
    code: string
    subject: ExperimentSubject
    arms: readonly string[]
    outcome: ExperimentOutcome
    attributionDays: number
    at: Date
  },
): Promise<StartExperiment> {
  const { code, arms, outcome, attributionDays, at } = experiment
  const { kind, reply } = experiment.subject
  await tx.sql`select pg_advisory_xact_lock(hashtext('regulars experiments'))`
  const [running] = await tx.sql<{ code: string }>`
    select code from experiment where kind = ${kind} and reply is not distinct from ${reply}::text and status = 'running'`
  if (running && running.code !== code) return { ok: false, code: 'one-is-running', running: running.code }
  const rows = await tx.sql`
    insert into experiment (code, kind, reply, status, arms, outcome, attribution_days, started_at)
    values (${code}, ${kind}, ${reply}, 'running', ${[...arms]}::text[], ${outcome}, ${attributionDays}, ${at})
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
    select code, kind, reply, status, arms, outcome, attribution_days as "attributionDays", started_at as "startedAt",
      ended_at as "endedAt", (select count(*)::int from exposure where experiment_id = experiment.id) as members
    from experiment order by started_at desc, id desc`
}

/** What dealing members to the arms of an experiment takes. */
export type RunningExperiment = Pick<Experiment, 'code' | 'arms'> & {
  readonly id: number
  /** The member has met their arm before, and that is noted. */
  readonly isMet?: boolean
}

/** One on the wordings of a reply. */
export type ReplyExperiment = RunningExperiment & { readonly reply: string }

/** The experiment on the wordings of a reply that runs, if one does. */
export async function findReplyExperiment(db: Db, { reply }: { reply: string }): Promise<RunningExperiment | null> {
  const [running = null] = await db.sql<RunningExperiment>`
    select id, code, arms from experiment where kind = 'reply' and reply = ${reply} and status = 'running'`
  return running
}

/**
 * The arm that a member meets now, noted the first time: the same for ever, by hash. Undefined while no experiment runs; then
 * nothing is asked of the database.
 */
export async function meetArm(
  db: Db,
  { running, memberId, at }: { running: RunningExperiment | null; memberId: string; at: Date },
): Promise<string | undefined> {
  if (!running) return undefined
  const { id, code, arms } = running
  const share = 1 / arms.length
  const shares = Float64Array.from(arms, () => share)
  const arm = arms[armOf(bucketOf(`experiment ${code}`, memberId), shares)]
  if (running.isMet) return arm
  await db.sql`
    insert into exposure (experiment_id, member_id, arm, propensity, exposed_at)
    values (${id}, ${memberId}, ${arm}, ${share}, ${at}) on conflict do nothing`
  return arm
}
