import path from 'node:path'
import { startEmbeddedServer } from '../db/embedded-server'
import { migrate } from '../db/migrate'
import { type Database, openDatabase } from '../db/open'

/** Stands in until the platform's opener is there. */
export async function openForCli(): Promise<Database> {
  const server = process.env.DATABASE_URL
    ? undefined
    : await startEmbeddedServer({ dataDir: path.resolve('.regulars/postgres') })
  const url = process.env.DATABASE_URL ?? server?.url('postgres') ?? ''
  await migrate(url, path.join(__dirname, '../../prisma/migrations'))
  const database = openDatabase({ url })
  return {
    ...database,
    async close() {
      await database.close()
      await server?.stop()
    },
  }
}
