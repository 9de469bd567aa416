import { Client } from 'pg'

/**
 * Runs `work` while holding the lock `name` of the database at `url`, across processes. It hangs on a connection of its
 * own, so that it ends with this process whatever happens. `onWaiting` hears that another holds it.
 */
export async function withSessionLock<T>(
  { url, name, onWaiting }: { url: string; name: string; onWaiting: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url })
  // A connection that breaks gives the lock up; what is done under it must bear that, and does not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query('select pg_try_advisory_lock(hashtext($1)) as taken', [name])
    if (rows[0]?.taken !== true) {
      onWaiting()
      await client.query('select pg_advisory_lock(hashtext($1))', [name])
    }
    return await work()
  } finally {
    await client.end()
  }
}
