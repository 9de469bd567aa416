import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'

/** The right to run a job, until it is let go or the process that has it dies. */
export interface Hold {
  letGo(): Promise<void>
}

/**
 * Takes the right to run a job of this name; undefined while another process, or another run of this one, has it. It is a lock
 * of a database session: one that dies, by whatever signal, loses it at once.
 */
export async function holdJob(database: Database, { name }: { name: string }): Promise<Hold | undefined> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  // With the connection goes the lock; what the run writes is safe all the same, see endRun.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  const release = () => {
    client.off('error', onError)
    client.release(broken)
  }
  try {
    const { rows } = await client.query<{ isOurs: boolean }>(
      `select pg_try_advisory_lock(hashtext('regulars job run'), hashtext($1)) as "isOurs"`,
      [name],
    )
    if (!rows[0]?.isOurs) {
      release()
      return undefined
    }
  } catch (error) {
    release()
    throw error
  }
  return {
    async letGo() {
      await client
        .query(`select pg_advisory_unlock(hashtext('regulars job run'), hashtext($1))`, [name])
        .catch((error: Error) => {
          broken ??= error
        })
      release()
    },
  }
}

/** Runs that are noted as running and that nobody has the right to: their process died. */
export function listLeft(db: Db): Promise<{ name: string; slot: Date; attempts: number }[]> {
  return db.sql<{ name: string; slot: Date; attempts: number }>`
    select name, slot, attempts from job_run
    where status = 'running' and not exists (
      select from pg_locks
      where locktype = 'advisory' and objsubid = 2 and granted
        and database = (select oid from pg_database where datname = current_database())
        and classid::bigint = hashtext('regulars job run')::bigint & 4294967295
        and objid::bigint = hashtext(name)::bigint & 4294967295
    ) order by slot`
}
