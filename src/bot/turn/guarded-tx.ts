import type { Sql, Tx } from '../../db/sql'
import { TurnTimeout } from './failure'

/**
 * Runs `work` with a transaction that stops working when the time is up: what a slow dialog does after its turn was
 * rolled back must not reach the connection, which serves somebody else by then.
 */
export async function withinTime<T>(tx: Tx, timeoutMs: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  let over = false
  const sql: Sql = async (strings, ...values) => {
    if (over) throw new TurnTimeout('the turn of this transaction is over')
    return tx.sql(strings, ...values)
  }
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TurnTimeout(`the turn took more than ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([work({ sql, inTransaction: true }), timeout])
  } finally {
    over = true
    clearTimeout(timer)
  }
}
