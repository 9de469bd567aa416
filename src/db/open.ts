import { PrismaPg } from '@prisma/adapter-pg'
import { Pool, types } from 'pg'
import type { PrismaClient } from './generated/client'
import { type Db, type OpenTx, sqlOver } from './sql'
import { inTransaction } from './transaction'

/** An open database: a pool of connections, tagged SQL over it, transactions, and Prisma for reads and simple writes. */
export interface Database extends Db {
  readonly url: string
  readonly pool: Pool
  /** Runs `work` in one transaction on one connection. Rolls back and rethrows what `work` throws. */
  tx<T>(work: (tx: OpenTx) => Promise<T>): Promise<T>
  /** Prisma over the same pool; loaded at first use, since it costs start-up time that a chat turn does not need. */
  prisma(): PrismaClient
  close(): Promise<void>
}

const INT8_OID = 20
// Points, amounts and ids are whole numbers far below 2^53; one that is not is a bug that must not pass as a rounded value.
types.setTypeParser(INT8_OID, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} from the database is not a safe integer`)
  return value
})

export interface OpenOptions {
  url: string
  /** Connections at the most; default 20. A turn holds one, and waits for the disk at its commit while others can go on. */
  connectionsMax?: number
  /** Called when an idle connection breaks (the server went away). The pool recovers by itself. */
  onIdleError?: (error: Error) => void
}

/** Opens a pool on `url`. Connects lazily: a server that is away shows at the first query. */
export function openDatabase({ url, connectionsMax = 20, onIdleError }: OpenOptions): Database {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    // A server that is down refuses at once; this is for one that does not answer, and must outlast a busy machine.
    connectionTimeoutMillis: 10_000,
    // Prisma reads timestamps as if the session were in UTC, and dates cut off in SQL must not depend on the server's zone.
    onConnect: (client) => client.query("set timezone to 'UTC'"),
  })
  // Without a listener an idle connection's end would end the process.
  pool.on('error', (error) => onIdleError?.(error))
  let prisma: PrismaClient | undefined
  return {
    url,
    pool,
    sql: sqlOver(pool),
    tx: (work) => inTransaction(pool, work),
    prisma() {
      if (!prisma) {
        const { PrismaClient: Client } = require('./generated/client') as typeof import('./generated/client')
        prisma = new Client({ adapter: new PrismaPg(pool) })
      }
      return prisma
    },
    async close() {
      await prisma?.$disconnect()
      await pool.end()
    },
  }
}
