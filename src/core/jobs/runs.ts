import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'

export type JobTrigger = 'schedule' | 'catch-up' | 'command'

/** One run of a job for one slot. */
export interface JobRun {
  readonly name: string
  readonly slot: Date
  readonly status: 'running' | 'done' | 'failed' | 'skipped'
  readonly trigger: JobTrigger
  readonly attempts: number
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly result: Readonly<Record<string, unknown>> | null
  readonly error: string | null
}

/** Whether a slot may be run now: it is ours, or what stands in the way. */
export type Claim =
  | { readonly ok: true; readonly attempt: number }
  | { readonly ok: false; readonly code: 'ran' | 'running' | 'overlap' | 'tried-enough' }

const ATTEMPTS_MAX = 3

/**
 * Takes a slot of a job for one run. The caller holds the job (`holdJob`), so that a run of it that is noted as running was
 * left behind by a process that died. Such a run, or one that failed, may be tried again, three times in all.
 */
export function claimSlot(
  database: Database,
  { name, slot, trigger, at }: { name: string; slot: Date; trigger: JobTrigger; at: Date },
): Promise<Claim> {
  return database.tx(async (tx) => {
    const known = await findRun(tx, { name, slot })
    if (known?.status === 'done' || known?.status === 'skipped') return { ok: false, code: 'ran' }
    if (known && known.attempts >= ATTEMPTS_MAX) {
      await tx.sql`
        update job_run set status = 'failed', ended_at = coalesce(ended_at, ${at}), error = coalesce(error, 'the process died')
        where name = ${name} and slot = ${slot} and status = 'running'`
      return { ok: false, code: 'tried-enough' }
    }
    const attempt = (known?.attempts ?? 0) + 1
    await tx.sql`
      insert into job_run (name, slot, status, trigger, attempts, started_at)
      values (${name}, ${slot}, 'running', ${trigger}, 1, ${at})
      on conflict (name, slot) do update set status = 'running', attempts = ${attempt}, started_at = ${at}, ended_at = null,
        error = null`
    return { ok: true, attempt }
  })
}

/** What stands in the way of a slot while somebody else holds the job. One of another slot is noted as skipped. */
export async function refuseSlot(
  db: Db,
  { name, slot, trigger, at }: { name: string; slot: Date; trigger: JobTrigger; at: Date },
): Promise<Extract<Claim, { ok: false }>> {
  const known = await findRun(db, { name, slot })
  if (known) return { ok: false, code: known.status === 'running' ? 'running' : 'ran' }
  const running = (await listRuns(db, { name, limit: 10 })).find(({ status }) => status === 'running')
  // Whoever holds the job may not have said yet what for: if it is this slot, a note would be in its way.
  if (!running) return { ok: false, code: 'running' }
  await noteSkipped(db, { name, slot, trigger, at, why: 'still-running' })
  return { ok: false, code: 'overlap' }
}

/** Writes down how a run ended. One that was taken over by somebody else in the meantime is left alone. */
export async function endRun(
  db: Db,
  run: {
    name: string
    slot: Date
    attempt: number
    at: Date
    ended: { ok: true; result: object } | { ok: false; error: string }
  },
): Promise<void> {
  const { name, slot, attempt, at, ended } = run
  const result = ended.ok ? JSON.stringify(ended.result) : null
  await db.sql`
    update job_run set status = ${ended.ok ? 'done' : 'failed'}, ended_at = ${at}, result = ${result}::jsonb,
      error = ${ended.ok ? null : ended.error}
    where name = ${name} and slot = ${slot} and attempts = ${attempt} and status = 'running'`
}

/** Why a slot is not run: the job was new, no process ran at its time, or the slot before was still at work. */
export type SkipReason = 'first-seen' | 'nobody-there' | 'still-running'

/** Notes a slot that is not run. One that is known already stays as it is. */
export async function noteSkipped(
  db: Db,
  { name, slot, trigger, at, why }: { name: string; slot: Date; trigger: JobTrigger; at: Date; why: SkipReason },
): Promise<void> {
  await db.sql`
    insert into job_run (name, slot, status, trigger, started_at, ended_at, error)
    values (${name}, ${slot}, 'skipped', ${trigger}, ${at}, ${at}, ${why})
    on conflict (name, slot) do nothing`
}

/**
 * The last slot of each job up to `at` that the schedule (not a command) has seen. One that lies ahead was seen by a clock
 * that went wrong, and holds nothing up.
 */
export async function readLastSlots(db: Db, { at }: { at: Date }): Promise<Map<string, Date>> {
  const rows = await db.sql<{ name: string; slot: Date }>`
    select name, max(slot) as slot from job_run where trigger <> 'command' and slot <= ${at} group by name`
  return new Map(rows.map(({ name, slot }) => [name, slot]))
}

/** The last runs, newest first: of one job, or `limit` of each. */
export function listRuns(db: Db, { name, limit }: { name?: string; limit: number }): Promise<JobRun[]> {
  return db.sql<JobRun>`
    select name, slot, status, trigger, attempts, started_at as "startedAt", ended_at as "endedAt", result, error
    from (
      select *, row_number() over (partition by name order by started_at desc, id desc) as place from job_run
      where ${name ?? null}::text is null or name = ${name ?? null}
    ) run
    where place <= ${limit} order by "startedAt" desc, id desc`
}

/** One run, where it is known. */
export async function findRun(db: Db, { name, slot }: { name: string; slot: Date }): Promise<JobRun | undefined> {
  const [run] = await db.sql<JobRun>`
    select name, slot, status, trigger, attempts, started_at as "startedAt", ended_at as "endedAt", result, error
    from job_run where name = ${name} and slot = ${slot}`
  return run
}

/** What the first run of a job said whose result has this value in a field. */
export async function findResult<Result extends object>(
  db: Db,
  { name, field, value }: { name: string; field: string; value: number },
): Promise<Result | undefined> {
  const [run] = await db.sql<{ result: Result }>`
    select result from job_run
    where name = ${name} and status = 'done' and (result ->> ${field})::numeric = ${value}::numeric order by slot limit 1`
  return run?.result
}

/** Forgets runs that ended before an instant; the last slot of each job stays, so that none is run again. */
export async function forgetRuns(db: Db, { before }: { before: Date }): Promise<number> {
  const rows = await db.sql<{ id: number }>`
    delete from job_run where ended_at < ${before}
      and slot < (select max(slot) from job_run later where later.name = job_run.name and later.trigger <> 'command')
    returning id`
  return rows.length
}
