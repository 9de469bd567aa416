import { type Connection, type PoolClient, Query, type QueryResult } from 'pg'
import type { SqlValue, Statement } from './sql'

/** What goes in the same message as a statement. */
export interface Joined {
  readonly before?: Statement | undefined
  readonly after?: Statement | undefined
}

/**
 * Runs a statement with another before or after it in one message and one answer; all of them must be prepared on this
 * connection. The server leaves out what comes after one that fails: a COMMIT is reached only when the statement before it
 * has done its work.
 */
export function joinedQuery(
  client: PoolClient,
  { name, text, values }: Statement & { readonly values: readonly Parameter[] },
  { before, after }: Joined,
): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const query = new Query({ name, text }, (error: Error | undefined, results: unknown) => {
      if (error) reject(error)
      else resolve((results as QueryResult[])[before ? 1 : 0] as QueryResult)
    })
    query.submit = (connection) => {
      const { stream } = connection
      stream.cork()
      if (before) execute(connection, before.name)
      connection.bind({ statement: name, values: [...values] }, true)
      connection.describe(UNNAMED_PORTAL, true)
      connection.execute(null, true)
      if (after) execute(connection, after.name)
      connection.sync()
      stream.uncork()
    }
    client.query(query)
  })
}

const UNNAMED_PORTAL = { type: 'P' }

/** Without a description of its result: it has none. */
function execute(connection: Connection, statement: string): void {
  connection.bind({ statement }, true)
  connection.execute(null, true)
}

/** A value as it is sent. */
export type Parameter = string | Buffer | null

/** The values as they are sent; undefined where one of them is a list or a structure, which is left to the client to write. */
export function parametersOf(values: readonly SqlValue[]): Parameter[] | undefined {
  const parameters: Parameter[] = []
  for (const value of values) {
    if (value === null || value === undefined) parameters.push(null)
    else if (typeof value !== 'object') parameters.push(String(value))
    else if (value instanceof Date) parameters.push(value.toISOString())
    else if (Buffer.isBuffer(value)) parameters.push(value)
    else return undefined
  }
  return parameters
}
