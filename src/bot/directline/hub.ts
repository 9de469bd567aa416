import type { Logger } from 'pino'
import type { Database } from '../../db/open'
import { repeating } from '../loop'
import type { Notifications } from '../notifications'
import { type LoggedActivity, lastSeqs } from './log'
import { type Watcher, Watching } from './watching'

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

const POLL_EVERY_MS = 3_000

/** Builds the hub: who watches what, and what tells them that there is news. */
export function createHub(options: { database: Database; logger: Logger; notifications: Notifications }): Hub {
  const watchings = new Map<string, Set<Watching>>()
  const of = (conversationId: string): readonly Watching[] => [...(watchings.get(conversationId) ?? [])]
  const catchUp = (conversationId: string) => {
    for (const watching of of(conversationId)) void watching.catchUp()
  }
  const topic = options.notifications.topic('directline', {
    onNews: catchUp,
    onConnected() {
      for (const id of watchings.keys()) catchUp(id)
    },
  })
  const poll = async () => {
    const ids = [...watchings.keys()]
    if (ids.length === 0) return
    for (const { id, lastSeq } of await lastSeqs(options.database, { ids })) {
      for (const watching of of(id)) if (watching.isBehind(lastSeq)) void watching.catchUp()
    }
  }
  const poller = repeating({ firstAfterMs: POLL_EVERY_MS, everyMs: POLL_EVERY_MS }, () =>
    poll().catch((error) => options.logger.warn({ err: error }, 'polling for news failed')),
  )
  return {
    watch(watcher) {
      const { conversationId } = watcher
      const watching = new Watching(watcher, options)
      const watchers = watchings.get(conversationId) ?? new Set()
      watchings.set(conversationId, watchers.add(watching))
      void watching.catchUp()
      return {
        stop() {
          watchers.delete(watching)
          if (watchers.size === 0 && watchings.get(conversationId) === watchers) watchings.delete(conversationId)
        },
      }
    },
    published(conversationId, firstSeq, activities) {
      for (const watching of of(conversationId)) watching.take(firstSeq, activities)
      topic.announce(conversationId)
    },
    whisper(conversationId, activity) {
      for (const watching of of(conversationId)) watching.whisper(activity)
    },
    start: poller.start,
    stop: poller.stop,
  }
}
