import { chmodSync, mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { type EmbeddedServer, startEmbeddedServer } from '../../src/db/embedded-server'
import { migrate } from '../../src/db/migrate'

declare global {
  var testServer: { server: EmbeddedServer; folder: string } | undefined
}

/** One real PostgreSQL for the whole run, with a migrated template that each test file copies in some 30 ms. */
const globalSetup = async (): Promise<void> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-test-'))
  // PostgreSQL may run as another user than we do.
  chmodSync(folder, 0o711)
  // Durability is tested on servers of their own (kill -9); here speed matters.
  const settings = { fsync: 'off', max_connections: '200' }
  const server = await startEmbeddedServer({ dataDir: path.join(folder, 'postgres'), settings })
  globalThis.testServer = { server, folder }
  const client = new Client({ connectionString: server.url('postgres') })
  await client.connect()
  await client.query('create database template_regulars')
  await client.end()
  await migrate(server.url('template_regulars'), path.join(__dirname, '../../prisma/migrations'))
  process.env.REGULARS_TEST_SERVER = server.url('postgres')
}

export default globalSetup
