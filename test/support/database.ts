import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { type Database, openDatabase } from '../../src/db/open'

function serverUrl(database: string): string {
  const url = new URL(process.env.REGULARS_TEST_SERVER!)
  url.pathname = `/${database}`
  return url.toString()
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl('postgres') })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/**
 * A fresh, migrated, empty database for one test file. Call it at the top of a describe or file; it opens before all
 * tests and is dropped after them. Use `current()` inside tests and hooks.
 */
export function useDatabase(options: { connectionsMax?: number } = {}): { current(): Database } {
  let database: Database | undefined
  const name = `t_${randomBytes(6).toString('hex')}`
  beforeAll(async () => {
    await onServer(`create database ${name} template template_regulars`)
    database = openDatabase({ url: serverUrl(name), ...options })
  })
  afterAll(async () => {
    await database?.close()
    await onServer(`drop database ${name} with (force)`)
  })
  return {
    current() {
      if (!database) throw new Error('the test database is open only inside tests and hooks')
      return database
    },
  }
}
