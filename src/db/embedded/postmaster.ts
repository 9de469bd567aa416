import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { isAlive } from './alive'
import { passwordOf } from './data-folder'
import { socketClaims, socketFolderOf } from './socket'

/**
 * Held shared by every process that uses the server, exclusively by the one that stops it: so the last to leave stops
 * it, and nobody's server is stopped under him. (The number is arbitrary, and ours.)
 */
const IN_USE_LOCK = 7_270_737_001

/** SQLSTATE of a server that is starting up or shutting down. */
const CANNOT_CONNECT_NOW = '57P03'

/** What runs on a data folder. */
export type Found =
  | { state: 'running'; port: number; presence: Client; hasSocket: boolean }
  /** It starts up, recovers or shuts down: ask again. */
  | { state: 'busy' }
  | { state: 'absent' }

/** Looks for a server on `dataDir`. When one runs, `presence` is a connection that marks it as in use. */
export async function findServer(dataDir: string): Promise<Found> {
  const port = portIn(dataDir)
  if (port === undefined) return { state: 'absent' }
  const presence = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: passwordOf(dataDir),
    database: 'postgres',
    application_name: 'regulars presence',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  // Whoever takes the connection over listens too; until then a break shows in the query under way.
  presence.on('error', () => undefined)
  try {
    await presence.connect()
    const { rows } = await presence.query<{ folder: string }>("select current_setting('data_directory') as folder")
    if (path.resolve(rows[0]?.folder ?? '') !== dataDir) throw new Error('another folder’s server has this port now')
    // Waits while another process is about to stop the server; the stop then breaks this connection, and we ask again.
    await presence.query('select pg_advisory_lock_shared($1)', [IN_USE_LOCK])
    return { state: 'running', port, presence, hasSocket: hasSocket(dataDir) }
  } catch (error) {
    await presence.end()
    return { state: (error as { code?: string }).code === CANNOT_CONNECT_NOW ? 'busy' : 'absent' }
  }
}

/** Gives up our mark. Resolves to true when no other process uses the server, and none can begin until `presence` ends. */
export async function isLastOne(presence: Client): Promise<boolean> {
  await presence.query('select pg_advisory_unlock_shared($1)', [IN_USE_LOCK])
  const { rows } = await presence.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [IN_USE_LOCK])
  return rows[0]?.alone === true
}

/**
 * Removes a postmaster.pid, or a socket's lock, whose process id belongs to another program by now; PostgreSQL itself sees
 * through those whose process is gone, but takes any living one for a server.
 */
export function removeForeignClaims(dataDir: string): void {
  for (const file of [path.join(dataDir, 'postmaster.pid'), ...socketClaims(dataDir)]) {
    const pid = pidIn(file)
    if (pid === undefined || !isAlive(pid) || isServerOn(pid, dataDir)) continue
    if (pidIn(file) === pid) rmSync(file, { force: true })
  }
}

/** Whether a server has the data folder, or had it when it was killed. */
export function isClaimed(dataDir: string): boolean {
  return existsSync(path.join(dataDir, 'postmaster.pid'))
}

/** The port that the data folder's server had when it last started. */
export function lastPort(dataDir: string): number | undefined {
  const file = path.join(dataDir, 'postmaster.opts')
  if (!existsSync(file)) return undefined
  const port = Number(/"-p" "(\d+)"/.exec(readFileSync(file, 'utf8'))?.[1])
  return Number.isInteger(port) ? port : undefined
}

/** The port of a data folder's server, as it wrote it down. */
function portIn(dataDir: string): number | undefined {
  const port = Number(linesOf(path.join(dataDir, 'postmaster.pid'))[3])
  return Number.isInteger(port) && port > 0 ? port : undefined
}

/**
 * Whether the running server has a socket in the data folder, as it wrote it down. One of an earlier release has none, and a
 * socket's file says nothing: it stays behind when its server is killed.
 */
function hasSocket(dataDir: string): boolean {
  const folder = socketFolderOf(dataDir)
  return folder !== undefined && linesOf(path.join(dataDir, 'postmaster.pid'))[4] === folder
}

function pidIn(file: string): number | undefined {
  const pid = Number(linesOf(file)[0])
  return Number.isInteger(pid) && pid > 0 ? pid : undefined
}

/** None where there is no such file. */
function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function isServerOn(pid: number, dataDir: string): boolean {
  // A server's working directory is its data folder. A zombie has none: it is as good as gone.
  if (process.platform === 'linux') return linkTarget(`/proc/${pid}/cwd`) === dataDir
  if (process.platform === 'win32') return true
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes('postgres')
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}
