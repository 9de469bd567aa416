import { Client } from 'pg'
import type { Logger } from 'pino'
import type { Database } from '../db/open'

/** Tells every process on this database of news, by topics that share one connection. */
export interface Notifications {
  /** Hears what other processes say of a topic, from `start` on; its name is part of an SQL name. */
  topic(name: 'directline' | 'desk', listener: TopicListener): Topic
  start(): void
  stop(): Promise<void>
}

export interface Topic {
  /** Tells the others. Many at once become one statement, and the same thing twice is said once. No spaces in it. */
  announce(news: string): void
}

export interface TopicListener {
  onNews(news: string): void
  /** The connection is new: what was announced before it may have been missed. */
  onConnected(): void
}

export interface NotificationsOptions {
  database: Database
  logger: Logger
  /** Unlike those of the other processes. */
  processId: string
}

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
  const listeners = new Map<string, TopicListener>()
  const announcers: { stop(): Promise<void> }[] = []
  const connection = createListener(options, listeners)
  return {
    topic(name, listener) {
      const channel = `regulars_${name}`
      listeners.set(channel, listener)
      const announcer = createAnnouncer(options, channel)
      announcers.push(announcer)
      return announcer
    },
    start: connection.start,
    async stop() {
      await Promise.all([...announcers, connection].map((part) => part.stop()))
    },
  }
}

function createAnnouncer({ database, logger, processId }: NotificationsOptions, channel: string) {
  const waiting = new Set<string>()
  let running: Promise<void> | undefined
  async function flush(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, BATCH_MS))
    while (waiting.size > 0) {
      const payload = nextPayload(waiting, processId)
      await database.sql`select pg_notify(${channel}, ${payload})`.catch((error) =>
        logger.warn({ err: error }, 'news could not be announced; other processes find it by polling'),
      )
    }
    running = undefined
  }
  return {
    announce(news: string) {
      waiting.add(news)
      running ??= flush()
    },
    async stop() {
      await running
    },
  }
}

function nextPayload(waiting: Set<string>, processId: string): string {
  let payload = processId
  for (const news of waiting) {
    if (payload.length + news.length + 1 > PAYLOAD_CHARACTERS_MAX) break
    payload += ` ${news}`
    waiting.delete(news)
  }
  return payload
}

function createListener(
  { database, logger, processId }: NotificationsOptions,
  listeners: ReadonlyMap<string, TopicListener>,
) {
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
    fresh.on('notification', ({ channel, payload }) => {
      const [from, ...all] = (payload ?? '').split(' ')
      if (from !== processId) for (const news of all) listeners.get(channel)?.onNews(news)
    })
    try {
      await fresh.connect()
      for (const channel of listeners.keys()) await fresh.query(`listen ${channel}`)
    } catch (error) {
      await fresh.end().catch(() => undefined)
      return onLost(error as Error)
    }
    if (stopped) return fresh.end()
    client = fresh
    failures = 0
    for (const listener of listeners.values()) listener.onConnected()
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
