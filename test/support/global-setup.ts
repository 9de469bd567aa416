import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { type EmbeddedServer, startEmbeddedServer } from '../../src/db/embedded-server'
import { migrate } from '../../src/db/migrate'

declare global {
  var testServer: { server: EmbeddedServer; folder: string; undertaker: ChildProcess } | undefined
}

/** One real PostgreSQL for the whole run, with a migrated template that each test file copies in some 30 ms. */
const globalSetup = async (): Promise<void> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-test-'))
  // PostgreSQL may run as another user than we do.
  chmodSync(folder, 0o711)
  const dataDir = path.join(folder, 'postgres')
  const undertaker = startUndertaker(folder)
  // Durability is tested on servers of their own (kill -9); here speed matters.
  const server = await startEmbeddedServer({ dataDir, settings: { fsync: 'off' } })
  globalThis.testServer = { server, folder, undertaker }
  const client = new Client({ connectionString: server.url('postgres') })
  await client.connect()
  await client.query('create database template_regulars')
  await client.end()
  await migrate(server.url('template_regulars'), path.join(__dirname, '../../prisma/migrations'))
  process.env.REGULARS_TEST_FOLDER = folder
  process.env.REGULARS_TEST_SERVER = server.url('postgres')
}

/** A process that outlives us when we are killed, and then stops what runs in our folder and removes it. */
function startUndertaker(folder: string): ChildProcess {
  const script = path.join(__dirname, 'undertaker.cjs')
  // Its stdin ends when we do, however we do. Detached, so that Ctrl-C does not reach it first.
  const undertaker = spawn(process.execPath, [script, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  undertaker.unref()
  return undertaker
}

export default globalSetup
