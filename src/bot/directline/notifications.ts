import { Client } from 'pg'
import type { Logger } from 'pino'
import type { Database } from '../../db/open'

/** Tells every process on this database that conversations have something new. */
export interface Notifications {
  /** Tells the others. Many at once become one statement. */
  announce(conversationId: string): void
  start(): void
  stop(): Promise<void>
}

export interface NotificationsOptions {
  database: Database
  logger: Logger
  /** Unlike those of the other processes. */
  processId: string
  onNews(conversationId: string): void
  /** The connection is new: what was announced before it may have been missed. */
  onConnected(): void
}

const CHANNEL = 'regulars_directline'
// PostgreSQL takes payloads below 8,000 bytes.
const PAYLOAD_CHARACTERS_MAX = 7_000
const BATCH_MS = 5
const RECONNECT_FIRST_MS = 250
const RECONNECT_LONGEST_MS = 5_000

/**
 * LISTEN and NOTIFY between processes. The announcement is not part of the turn's transaction: a commit that notifies
 * takes a lock that all such commits of the server share. What a killed process did not announce is found by polling.
 */
export function createNotifications(options: NotificationsOptions): Notifications {
  const announcer = createAnnouncer(options)
  const listener = createListener(options)
  return {
    announce: announcer.announce,
    start: listener.start,
    async stop() {
      await Promise.all([announcer.stop(), listener.stop()])
    },
  }
}

function createAnnouncer({ database, logger, processId }: NotificationsOptions) {
  const waiting = new Set<string>()
  let running: Promise<void> | undefined
  async function flush(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, BATCH_MS))
    while (waiting.size > 0) {
      const payload = nextPayload(waiting, processId)
      await database.sql`select pg_notify(${CHANNEL}, ${payload})`.catch((error) =>
        logger.warn({ err: error }, 'news could not be announced; other processes find it by polling'),
      )
    }
    running = undefined
  }
  return {
    announce(conversationId: string) {
      waiting.add(conversationId)
      running ??= flush()
    },
    async stop() {
      await running
    },
  }
}

function nextPayload(waiting: Set<string>, processId: string): string {
  let payload = processId
  for (const id of waiting) {
    if (payload.length + id.length + 1 > PAYLOAD_CHARACTERS_MAX) break
    payload += ` ${id}`
    waiting.delete(id)
  }
  return payload
}

function createListener({ database, logger, processId, onNews, onConnected }: NotificationsOptions) {
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let failures = 0
  let connecting: Promise<void> = Promise.resolve()

  async function connect(): Promise<void> {
    const fresh = new Client({ connectionString: database.url, connectionTimeoutMillis: 5_000, keepAlive: true })
    let lost = false
    const onLost = (error?: Error) => {
      if (lost) return
      lost = true
      if (client === fresh) client = undefined
      if (stopped) return
      failures += 1
      if (failures === 1) logger.warn({ err: error }, 'the connection for news is lost; trying again')
      timer = setTimeout(reconnect, Math.min(RECONNECT_FIRST_MS * 2 ** failures, RECONNECT_LONGEST_MS))
    }
    fresh.on('error', onLost)
    fresh.on('end', () => onLost())
    fresh.on('notification', ({ payload }) => {
      const [from, ...ids] = (payload ?? '').split(' ')
      if (from !== processId) for (const id of ids) onNews(id)
    })
    try {
      await fresh.connect()
      await fresh.query(`listen ${CHANNEL}`)
    } catch (error) {
      await fresh.end().catch(() => undefined)
      return onLost(error as Error)
    }
    if (stopped) return fresh.end()
    client = fresh
    failures = 0
    onConnected()
  }

  function reconnect(): void {
    connecting = connect()
  }

  return {
    start: reconnect,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await connecting
      await client?.end().catch(() => undefined)
    },
  }
}
