import type { Database } from '../../src/db/open'
import type { OpenTx } from '../../src/db/sql'

/** What a scenario needs of a database. */
export type ScenarioDatabase = Pick<Database, 'tx' | 'sql'>

/**
 * Runs `work` on the database and takes back everything it did, so that many scenarios can share one filled shop without
 * seeing each other. Its transactions are savepoints; what the database checks only at a commit is checked at their ends.
 */
export async function rolledBack(database: Database, work: (inside: ScenarioDatabase) => Promise<void>): Promise<void> {
  try {
    await database.tx(async (tx) => {
      await work({ sql: tx.sql, tx: (inner) => savepoint(tx, inner) })
      throw new TakeBack()
    })
  } catch (error) {
    if (!(error instanceof TakeBack)) throw error
  }
}

class TakeBack extends Error {}

async function savepoint<T>(tx: OpenTx, work: (tx: OpenTx) => Promise<T>): Promise<T> {
  await tx.sql`savepoint turn`
  try {
    // The last statement is one like the others here: the savepoint's end is its commit.
    const result = await work({ ...tx, lastSql: tx.sql })
    await tx.sql`set constraints all immediate`
    await tx.sql`set constraints all deferred`
    await tx.sql`release savepoint turn`
    return result
  } catch (error) {
    await tx.sql`rollback to savepoint turn`
    throw error
  }
}
