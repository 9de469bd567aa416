import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Database } from './open'
import { sqlOver, type Tx } from './sql'

/** A transaction that can also COPY rows in, which is some ten times faster than inserting them. */
export interface CopyTx extends Tx {
  /**
   * Sends `rows`, in PostgreSQL's text format (fields by tab, lines by \n, see `copyText`), to `copy … from stdin`; or in its
   * binary format (see CopyRows), to `copy … from stdin (format binary)`.
   * No other statement may run on the transaction until it has resolved.
   * @returns how many rows were stored
   */
  copyIn(statement: string, rows: string | Buffer): Promise<number>
}

/** Runs `work` in one transaction on one connection. Rolls back and rethrows what `work` throws. */
export async function copyTransaction<T>(database: Database, work: (tx: CopyTx) => Promise<T>): Promise<T> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  // A connection that breaks while it is checked out reports here; without a listener that would end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('begin')
    const result = await work({
      sql: sqlOver(client),
      inTransaction: true,
      copyIn: (statement, rows) => copyIn(client, statement, rows),
    })
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken ??= failure
    })
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A field of COPY's text format: null as \N, tabs, line breaks and backslashes escaped. */
export function copyText(value: string | null): string {
  if (value === null) return '\\N'
  return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : value
}

async function copyIn(client: PoolClient, statement: string, rows: string | Buffer): Promise<number> {
  const stream = client.query(copyFrom(statement))
  const done = finished(stream)
  // Whoever awaits `done` below gets the error; until then it must not count as unhandled.
  done.catch(() => undefined)
  if (!stream.write(rows)) await Promise.race([once(stream, 'drain'), done])
  stream.end()
  await done
  return stream.rowCount ?? 0
}
