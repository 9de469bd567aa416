import type { Logger } from 'pino'
import type { Database } from '../../db/open'
import { type ActivitySet, activitySet, type LoggedActivity, lastSeqs, readLog } from './log'
import { createNotifications } from './notifications'

/** Somebody who watches a conversation: an open websocket. */
export interface Watcher {
  readonly conversationId: string
  /** Place in the log up to which the client has everything. */
  readonly afterSeq: number
  /** Hands a set to the client. Activities without a place in the log have no watermark. */
  send(set: Partial<ActivitySet>): void
}

/** Brings what is new in the logs to the open websockets of this process, whichever process wrote it. */
export interface Hub {
  watch(watcher: Watcher): { stop(): void }
  /** This process has just committed these, the first at `firstSeq`. */
  published(conversationId: string, firstSeq: number, activities: readonly LoggedActivity[]): void
  /** Shows something to whoever watches here and now, without keeping it. */
  whisper(conversationId: string, activity: object): void
  start(): void
  stop(): Promise<void>
}

interface Watching {
  watcher: Watcher
  afterSeq: number
  reading: boolean
  /** News came while reading. */
  again: boolean
}

const POLL_EVERY_MS = 3_000

/** Builds the hub. Each watcher gets every entry of the log once, in order: its place is the only thing that counts. */
export function createHub(options: { database: Database; logger: Logger; processId: string }): Hub {
  const { database, logger } = options
  const byConversation = new Map<string, Set<Watching>>()
  let timer: NodeJS.Timeout | undefined
  let polling: Promise<void> = Promise.resolve()

  async function catchUp(watching: Watching): Promise<void> {
    if (watching.reading) {
      watching.again = true
      return
    }
    watching.reading = true
    const { conversationId } = watching.watcher
    try {
      let found: number
      do {
        watching.again = false
        const { afterSeq } = watching
        const entries = await readLog(database, { conversationId, afterSeq })
        found = entries.length
        if (found > 0) deliver(watching, activitySet(entries, { conversationId, afterSeq }))
      } while (found > 0 || watching.again)
    } catch (error) {
      // Polling comes back to it.
      logger.warn({ err: error }, 'the log could not be read for a websocket')
    } finally {
      watching.reading = false
    }
  }

  function deliver(watching: Watching, set: ActivitySet): void {
    watching.afterSeq = Number(set.watermark)
    watching.watcher.send(set)
  }

  const notifications = createNotifications({
    ...options,
    onNews: (id) => each(byConversation.get(id), catchUp),
    onConnected: () => each(byConversation.values(), (watchers) => each(watchers, catchUp)),
  })

  async function poll(): Promise<void> {
    const ids = [...byConversation.keys()]
    if (ids.length === 0) return
    for (const { id, lastSeq } of await lastSeqs(database, { ids })) {
      each(byConversation.get(id), (watching) => (watching.afterSeq < lastSeq ? catchUp(watching) : undefined))
    }
  }

  function pollLater(): void {
    timer = setTimeout(() => {
      polling = poll()
        .catch((error) => logger.warn({ err: error }, 'polling for news failed'))
        .then(() => (timer ? pollLater() : undefined))
    }, POLL_EVERY_MS)
  }

  return {
    watch(watcher) {
      const watching = { watcher, afterSeq: watcher.afterSeq, reading: false, again: false }
      const watchers = byConversation.get(watcher.conversationId) ?? new Set()
      byConversation.set(watcher.conversationId, watchers.add(watching))
      void catchUp(watching)
      return {
        stop() {
          watchers.delete(watching)
          if (watchers.size === 0 && byConversation.get(watcher.conversationId) === watchers) {
            byConversation.delete(watcher.conversationId)
          }
        },
      }
    },
    published(conversationId, firstSeq, activities) {
      each(byConversation.get(conversationId), (watching) => {
        if (watching.reading || watching.afterSeq !== firstSeq - 1) return catchUp(watching)
        const entries = activities.map((activity, place) => ({ seq: firstSeq + place, activity }))
        deliver(watching, activitySet(entries, { conversationId, afterSeq: watching.afterSeq }))
      })
      notifications.announce(conversationId)
    },
    whisper(conversationId, activity) {
      each(byConversation.get(conversationId), ({ watcher }) => watcher.send({ activities: [activity] }))
    },
    start() {
      notifications.start()
      pollLater()
    },
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await polling
      await notifications.stop()
    },
  }
}

function each<T>(items: Iterable<T> | undefined, work: (item: T) => unknown): void {
  for (const item of [...(items ?? [])]) void work(item)
}
