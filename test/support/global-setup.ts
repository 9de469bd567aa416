import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { type EmbeddedServer, startEmbeddedServer } from '../../src/db/embedded-server'
import { migrate } from '../../src/db/migrate'
import { roomForRun } from './room-for-run'

declare global {
  var testServer: { server: EmbeddedServer; folder: string; undertaker: ChildProcess } | undefined
}

/** One real PostgreSQL for the whole run, with a migrated template that each test file copies in some 30 ms. */
const globalSetup = async (): Promise<void> => {
  const folder = mkdtempSync(path.join(roomForRun(), 'regulars-test-'))
  // PostgreSQL may run as another user than we do.
  chmodSync(folder, 0o711)
  const dataDir = path.join(folder, 'postgres')
  const undertaker = startUndertaker(folder)
  // Durability is tested on servers of their own (kill -9); here speed matters.
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_wal_size: '256MB' }
  const server = await startEmbeddedServer({ dataDir, settings })
  globalThis.testServer = { server, folder, undertaker }
  const client = new Client({ connectionString: server.url('postgres') })
  await client.connect()
  await client.query('create database template_regulars')
  await client.end()
  await migrate(server.url('template_regulars'), path.join(__dirname, '../../prisma/migrations'))
  process.env.REGULARS_TEST_FOLDER = folder
  process.env.TMPDIR = temporaryIn(folder)
  process.env.REGULARS_TEST_SERVER = server.url('postgres')
}

/** Where the tests, their programs and Chromium put what they need for a moment; it goes with the run's folder. */
function temporaryIn(folder: string): string {
  const temporary = path.join(folder, 'tmp')
  mkdirSync(temporary)
  chmodSync(temporary, 0o1777)
  return temporary
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
