import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { type Account, accountFor, type Binaries, locateBinaries } from './embedded/binaries'
import { ensureInitialised, passwordOf, placeOf, requireOwner } from './embedded/data-folder'
import { findServer, isClaimed, isLastOne, lastPort, removeForeignClaims } from './embedded/postmaster'
import { socketFolderOf } from './embedded/socket'

const START_TIMEOUT_MS = 60_000
/** After a crash PostgreSQL replays its log before it takes connections; that may take long and is no failure. */
const RECOVERY_TIMEOUT_MS = 600_000
const STARTS_MAX = 3
const POLL_MS = 25
const PAUSE_MS_MAX = 1_000
const REVIVE_PAUSE_MS = 500
const LOG_BYTES_MAX = 10_000_000

/** A PostgreSQL server of our own, from the binaries that npm brought. */
export interface EmbeddedServer {
  readonly port: number
  /** Connection URL of one of its databases, with the password. */
  url(database: string): string
  /** Lets go of the server; the last process that does so stops it. Close your own connections first. */
  stop(): Promise<void>
}

export interface EmbeddedServerOptions {
  dataDir: string
  /** Extra `-c name=value` settings, for when this call is the one that starts it. */
  settings?: Record<string, string>
  /** Told what a person should know, such as another place for the data, or the server's loss and return. */
  onNotice?: (text: string) => void
}

interface Place {
  readonly binaries: Binaries
  readonly account: Account
  readonly dataDir: string
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Starts PostgreSQL on `dataDir` (made at first use), or joins the server that already runs on it: one left behind by a
 * killed process, or another process's. While held, a server that dies is started again on the same port.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { settings = {}, onNotice = () => undefined } = options
  const wanted = path.resolve(options.dataDir)
  requireOwner(wanted, process.getuid?.())
  const account = accountFor(wanted)
  const binaries = locateBinaries(account, onNotice)
  const dataDir = placeOf(wanted, account, onNotice)
  ensureInitialised(binaries, dataDir, account, settings)
  // Asked again: the folder may have come from another process, with another owner.
  const place: Place = { binaries, account: accountFor(dataDir), dataDir, settings }
  return hold(place, await join(place, { onNotice }), onNotice)
}

interface Joined {
  readonly port: number
  readonly presence: Client
  readonly hasSocket: boolean
}

/** Keeps our mark on the server, and brings it back when it dies under us. */
function hold(place: Place, first: Joined, onNotice: (text: string) => void): EmbeddedServer {
  const { port, hasSocket } = first
  let presence: Client | undefined
  const leaving = new AbortController()
  let reviving = Promise.resolve()

  const watch = (joined: Joined) => {
    presence = joined.presence
    joined.presence.once('end', () => {
      presence = undefined
      if (!leaving.signal.aborted) reviving = revive()
    })
  }
  const revive = async () => {
    onNotice('lost the embedded PostgreSQL; starting it again')
    while (!leaving.signal.aborted) {
      try {
        watch(await join(place, { before: first, signal: leaving.signal }))
        onNotice('the embedded PostgreSQL is back')
        return
      } catch (error) {
        if (leaving.signal.aborted) return
        onNotice(`the embedded PostgreSQL does not come back: ${(error as Error).message}`)
        await sleep(REVIVE_PAUSE_MS)
      }
    }
  }

  watch(first)
  const password = passwordOf(place.dataDir)
  const login = password === undefined ? 'postgres' : `postgres:${password}`
  return {
    port,
    url(database) {
      const address = `postgresql://${login}@127.0.0.1:${port}/${encodeURIComponent(database)}`
      return hasSocket ? `${address}?host=${encodeURIComponent(place.dataDir)}` : address
    },
    async stop() {
      if (leaving.signal.aborted) return
      leaving.abort()
      await reviving
      if (!presence) return
      const mine = presence
      if (await isLastOne(mine).catch(() => false)) await stopServer(place)
      await mine.end()
    },
  }
}

/**
 * Finds the server on the data folder or starts it. PostgreSQL's own lock on the folder decides between several
 * starters: those that come second see their server end, and find the first one's.
 * @param before how it was reached, and is to be reached again; undefined: on the last port if it is free, else on any; by a
 *   socket too where its folder can hold one (some network and container file systems cannot)
 * @param signal gives up when aborted
 */
async function join(
  place: Place,
  { before, signal, onNotice }: { before?: Joined; signal?: AbortSignal; onNotice?: (text: string) => void },
): Promise<Joined> {
  const startedAt = performance.now()
  let child: ChildProcess | undefined
  let starts = 0
  let withSocket = before?.hasSocket ?? true
  let timeoutMs = START_TIMEOUT_MS
  for (;;) {
    signal?.throwIfAborted()
    const found = await findServer(place.dataDir)
    if (found.state === 'running') {
      if (before === undefined || isReachedAs(before, found)) return found
      await found.presence.end()
      throw new Error(`it is reached ${wayTo(found)} now, where it was ${wayTo(before)}; start this process again`)
    }
    if (found.state === 'busy') timeoutMs = RECOVERY_TIMEOUT_MS
    else if (hasEnded(child)) {
      // Ended each time, and not because another server has the folder: it will not get better.
      if (starts >= STARTS_MAX && !isClaimed(place.dataDir)) throw notStarted(place, `in ${starts} attempts`)
      removeForeignClaims(place.dataDir)
      if (before === undefined && withSocket && starts > 0 && wasRefusedSocket(place.dataDir)) {
        withSocket = false
        onNotice?.(
          `no socket can be made in ${place.dataDir}; PostgreSQL is spoken to through its port, a little slower`,
        )
      }
      child = startServer(place, { port: before?.port ?? (await choosePort(place.dataDir)), withSocket })
      starts += 1
    }
    if (performance.now() - startedAt > timeoutMs) throw notStarted(place, `within ${timeoutMs / 1000} s`)
    // Each attempt that came to nothing is followed by a longer pause.
    await sleep(hasEnded(child) ? Math.min(POLL_MS * starts * starts, PAUSE_MS_MAX) : POLL_MS)
  }
}

/** Connections know one way to the server: who has its socket does not look for the port. */
function isReachedAs(before: Joined, found: Joined): boolean {
  return found.port === before.port && (found.hasSocket || !before.hasSocket)
}

function wayTo({ port, hasSocket }: Joined): string {
  return `${hasSocket ? 'by a socket' : 'without a socket'} on port ${port}`
}

/** Whether the last attempt to start ended for want of a socket. (The server was made to speak English.) */
function wasRefusedSocket(dataDir: string): boolean {
  return lastLines(logFile(dataDir)).includes('could not create any Unix-domain sockets')
}

function notStarted({ dataDir }: Place, how: string): Error {
  return new Error(`PostgreSQL on ${dataDir} did not start ${how}. Its log ends with:\n${lastLines(logFile(dataDir))}`)
}

function hasEnded(child: ChildProcess | undefined): boolean {
  return child === undefined || child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}

function startServer(
  { binaries, account, dataDir, settings }: Place,
  { port, withSocket }: { port: number; withSocket: boolean },
): ChildProcess {
  const socketFolder = withSocket ? socketFolderOf(dataDir) : undefined
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder === undefined ? '' : `"${socketFolder}"`,
    // Several processes and their tests share it; a connection that is not used costs next to nothing.
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A constraint's DETAIL quotes the row, and with it personal data.
    log_error_verbosity: 'terse',
    ...settings,
  }
  const args = ['-D', dataDir, '-p', String(port)]
  for (const [name, value] of Object.entries(all)) args.push('-c', `${name}=${value}`)
  const log = openLog(dataDir)
  // Detached: Ctrl-C in the terminal must not reach it before we have closed our connections.
  const child = spawn(binaries.postgres, args, { ...account, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  // A program that cannot be started has no pid, which `hasEnded` sees.
  child.on('error', () => undefined)
  child.unref()
  return child
}

function stopServer({ binaries, account, dataDir }: Place): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(binaries.pgCtl, ['-D', dataDir, '-m', 'fast', '-w', 'stop'], { ...account, stdio: 'ignore' })
    // A server that does not stop is found running by the next start, and joined.
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
}

function logFile(dataDir: string): string {
  return path.join(dataDir, 'server.log')
}

function openLog(dataDir: string): number {
  const file = logFile(dataDir)
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.old`)
  return openSync(file, 'a', 0o600)
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '(there is no log)'
}

async function choosePort(dataDir: string): Promise<number> {
  const last = lastPort(dataDir)
  if (last !== undefined && (await freePort(last)) !== undefined) return last
  const any = await freePort(0)
  if (any === undefined) throw new Error('no port on 127.0.0.1 is free')
  return any
}

function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen(port, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number }
      probe.close(() => resolve(free))
    })
  })
}
