import path from 'node:path'
import { Client } from 'pg'
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server'
import { migrate } from './migrate'
import { type Database, openDatabase } from './open'

/** What `openConfiguredDatabase` needs to know; a Config satisfies it. */
export interface DatabaseSettings {
  /** Absent: the embedded server in `dataDir`. */
  readonly databaseUrl?: string
  readonly databaseConnectionsMax: number
  readonly dataDir: string
  readonly migrationsFolder: string
}

export interface OpenConfiguredOptions {
  /** Called when an idle connection breaks (the server went away). The pool recovers by itself. */
  onIdleError?: (error: Error) => void
  /** Told what a person should know: where the data is kept, what was migrated. */
  onNotice?: (text: string) => void
}

/** The configured database cannot be used. The message says why and what to do, without the password. */
export class DatabaseUnavailable extends Error {}

const EMBEDDED_DATABASE = 'regulars'
const POSTGRES_VERSION_MIN = 14
const CONNECT_TIMEOUT_MS = 5_000
const NOTHING_LISTENS = 'nothing listens there; is the server running?'

/**
 * Opens the configured database, ready for use: starts the embedded server when there is no DATABASE_URL, makes the
 * database when it is missing, and brings its tables up to date. `close` also lets go of the embedded server.
 * @throws DatabaseUnavailable
 */
export async function openConfiguredDatabase(
  settings: DatabaseSettings,
  { onIdleError, onNotice }: OpenConfiguredOptions = {},
): Promise<Database> {
  const server = settings.databaseUrl ? undefined : await startOwn(settings.dataDir, onNotice)
  try {
    const url = settings.databaseUrl ?? server?.url(EMBEDDED_DATABASE) ?? ''
    await ensureDatabase(url, settings.databaseUrl ? 'DATABASE_URL' : 'the embedded PostgreSQL')
    await bringUpToDate(url, settings.migrationsFolder, onNotice)
    const database = openDatabase({ url, connectionsMax: settings.databaseConnectionsMax, onIdleError })
    return {
      ...database,
      async close() {
        await database.close()
        await server?.stop()
      },
    }
  } catch (error) {
    await server?.stop()
    throw error
  }
}

async function startOwn(dataDir: string, onNotice?: (text: string) => void): Promise<EmbeddedServer> {
  try {
    return await startEmbeddedServer({ dataDir: path.join(dataDir, 'postgres'), onNotice })
  } catch (cause) {
    throw new DatabaseUnavailable((cause as Error).message, { cause })
  }
}

async function bringUpToDate(url: string, folder: string, onNotice?: (text: string) => void): Promise<void> {
  try {
    const applied = await migrate(url, folder)
    if (applied.length > 0) onNotice?.(`brought the database up to date: ${applied.join(', ')}`)
  } catch (cause) {
    throw new DatabaseUnavailable((cause as Error).message, { cause })
  }
}

/** Connects once, and makes the database if only that is missing. */
async function ensureDatabase(url: string, source: string): Promise<void> {
  try {
    await onDatabase(url, requireVersion)
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    if (codeOf(error) !== '3D000') throw unavailable(url, source, error)
    await createDatabase(url, source)
  }
}

async function createDatabase(url: string, source: string): Promise<void> {
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  const name = databaseName(url)
  try {
    await onDatabase(maintenance.toString(), async (client) => {
      await requireVersion(client)
      await client.query(`create database ${client.escapeIdentifier(name)}`)
    })
  } catch (error) {
    // Another process that started at the same time made it.
    if (codeOf(error) === '42P04' || codeOf(error) === '23505') return
    if (error instanceof DatabaseUnavailable) throw error
    throw unavailable(url, source, error)
  }
}

async function requireVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  const version = rows[0]?.server_version ?? ''
  if (Number.parseInt(version, 10) >= POSTGRES_VERSION_MIN) return
  throw new DatabaseUnavailable(`PostgreSQL ${version} is too old; Regulars needs ${POSTGRES_VERSION_MIN} or newer`)
}

async function onDatabase(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  // A connection that breaks outside a query reports here; the query or `end` after it fails too and is what counts.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await work(client)
  } finally {
    await client.end()
  }
}

function unavailable(url: string, source: string, cause: unknown): DatabaseUnavailable {
  const { hostname, port } = new URL(url)
  const place = `database "${databaseName(url)}" at ${hostname}:${port || 5432} (${source})`
  return new DatabaseUnavailable(`cannot open ${place}: ${reasonOf(cause)}`, { cause })
}

function reasonOf(error: unknown): string {
  const { message, syscall } = error as NodeJS.ErrnoException
  switch (codeOf(error)) {
    case 'ENOENT':
      // A file that the URL names (a certificate) is in the message; only a socket is connected to.
      return syscall === 'connect' ? NOTHING_LISTENS : message
    case 'ECONNREFUSED':
      return NOTHING_LISTENS
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no such host'
    case '28P01':
    case '28000':
      return 'the server refuses this user or password'
    case '42501':
      return 'it does not exist, and this user may not make it; create it first'
    case '53300':
      return 'the server has no connection left; raise its max_connections or lower DATABASE_CONNECTIONS_MAX'
    default:
      return message
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code
}

function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres'
}
