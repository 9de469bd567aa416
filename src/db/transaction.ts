import type { Pool, PoolClient, QueryResult } from 'pg'
import { joinedQuery, parametersOf } from './joined-query'
import { type OpenTx, type Sql, type SqlValue, type Statement, statementOf } from './sql'

/** Named like every other statement, so that they are prepared once a connection and can travel with another one. */
const BEGIN: Statement = { name: 'begin', text: 'begin' }
const COMMIT: Statement = { name: 'commit', text: 'commit' }

/** By connection, the statements that it has prepared: only those can share a message with BEGIN or COMMIT. */
const preparedOn = new WeakMap<PoolClient, Set<string>>()

/**
 * Runs `work` in one transaction on one connection. Rolls back and rethrows what `work` throws. BEGIN goes in one message
 * with the first statement: on its own it costs a turn as much as a query.
 */
export async function inTransaction<T>(pool: Pool, work: (tx: OpenTx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // A connection that breaks while it is checked out reports here; without a listener that would end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  const transaction = transactionOn(client)
  try {
    const result = await work(transaction.tx)
    await transaction.commit()
    return result
  } catch (error) {
    broken ??= await transaction.rollback()
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

interface Transaction {
  readonly tx: OpenTx
  /** Does nothing where the last statement committed, or where there was none. */
  commit(): Promise<void>
  /** Resolves to the error that makes the connection unfit for reuse, if any. */
  rollback(): Promise<Error | undefined>
}

function transactionOn(client: PoolClient): Transaction {
  const prepared = preparedOn.get(client) ?? new Set<string>()
  preparedOn.set(client, prepared)
  let begun: Promise<unknown> | undefined
  let over = false

  async function alone(statement: Statement, values: readonly SqlValue[] = []): Promise<QueryResult> {
    const result = await client.query({ ...statement, values: [...values] })
    prepared.add(statement.name)
    return result
  }

  async function run(statement: Statement, values: readonly SqlValue[], last: boolean): Promise<QueryResult> {
    if (over) throw new Error('this transaction was ended by its last statement')
    over = last
    const parameters = prepared.has(statement.name) ? parametersOf(values) : undefined
    const before = !begun && parameters && prepared.has(BEGIN.name) ? BEGIN : undefined
    const after = last && parameters && prepared.has(COMMIT.name) ? COMMIT : undefined
    if (!before) {
      begun ??= alone(BEGIN)
      // Where the transaction did not begin, nothing may run outside it.
      await begun
    }
    const result =
      parameters && (before || after)
        ? joinedQuery(client, { ...statement, values: parameters }, { before, after })
        : alone(statement, values)
    if (before) begun = result
    if (last && !after) {
      await result
      await alone(COMMIT)
    }
    return result
  }

  const sqlThat = (last: boolean): Sql => {
    return async <Row extends object>(strings: TemplateStringsArray, ...values: SqlValue[]) =>
      (await run(statementOf(strings), values, last)).rows as Row[]
  }

  return {
    tx: { sql: sqlThat(false), lastSql: sqlThat(true), inTransaction: true },
    async commit() {
      if (!begun || over) return
      over = true
      await alone(COMMIT)
    },
    async rollback() {
      if (!begun) return undefined
      try {
        await client.query('rollback')
        return undefined
      } catch (error) {
        return error as Error
      }
    },
  }
}
