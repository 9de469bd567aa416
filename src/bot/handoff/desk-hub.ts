import type { Logger } from 'pino'
import {
  type Delivery,
  type DeskEntry,
  ENTRIES_READ_MAX,
  lastEntrySeqs,
  readDeliveries,
  readEntries,
} from '../../core/handoff/messages'
import type { Database } from '../../db/open'
import { LogFollower } from '../log-follower'
import { type Loop, repeating } from '../loop'
import type { Notifications } from '../notifications'

/** Somebody types in a request. */
export interface Typing {
  readonly requestId: number
  readonly who: 'member' | 'agent'
  /** Null for the member. */
  readonly staffId: number | null
  readonly displayName: string | null
  /** The web chat in which the member is to see it; null where nobody but colleagues is. */
  readonly webChat: string | null
}

/** What changed in the lists: everything, or what concerns a request that this person has. */
export type ListNews = { readonly of: 'all' } | { readonly of: 'staff'; readonly staffId: number }

export interface DeskListener {
  onList(news: ListNews): void
  onTyping(typing: Typing): void
}

export interface EntryWatcher {
  readonly requestId: number
  /** Place up to which the watcher has everything. */
  readonly afterSeq: number
  /** Asked before each delivery; what may not be read now is delivered once it may. */
  mayRead(): Promise<boolean>
  onEntries(entries: readonly DeskEntry[]): void
  onDelivery(change: { seq: number; delivery: Delivery }): void
}

/** Brings what is said and what changes at the desk to the consoles of this process, whichever process it happened in. */
export interface DeskHub extends Loop {
  /** Every entry once, in order. */
  watch(watcher: EntryWatcher): { stop(): void }
  listen(listener: DeskListener): { stop(): void }
  /** Something was appended here; it is of the request that this person has, or of one that nobody has. */
  appended(requestId: number, staffId: number | null): void
  listChanged(): void
  typing(typing: Typing): void
}

const POLL_EVERY_MS = 3_000
const DELIVERY_EVERY_MS = 1_000

interface Watch {
  readonly watcher: EntryWatcher
  readonly follower: LogFollower<DeskEntry>
  /** By the outbox's row, the place of what is still on its way. */
  readonly underway: Map<number, number>
}

export function createDeskHub(options: {
  database: Database
  logger: Logger
  notifications: Pick<Notifications, 'topic'>
}): DeskHub {
  const { database, logger } = options
  const watches = new Map<number, Set<Watch>>()
  const listeners = new Set<DeskListener>()
  const all = () => [...watches.values()].flatMap((set) => [...set])
  const catchUp = (requestId: number) => {
    for (const { follower } of [...(watches.get(requestId) ?? [])]) void follower.catchUp()
  }
  const tell = (call: (listener: DeskListener) => void) => {
    for (const listener of [...listeners]) call(listener)
  }
  const onNews = (news: string) => {
    const read = readNews(news)
    if (read.kind === 'list') return tell((listener) => listener.onList({ of: 'all' }))
    if (read.kind === 'typing') return tell((listener) => listener.onTyping(read.typing))
    catchUp(read.requestId)
    tell((listener) => listener.onList(read.staffId === null ? { of: 'all' } : { of: 'staff', staffId: read.staffId }))
  }
  const topic = options.notifications.topic('desk', {
    onNews,
    onConnected() {
      for (const requestId of watches.keys()) catchUp(requestId)
      tell((listener) => listener.onList({ of: 'all' }))
    },
  })
  const spread = (news: string) => {
    onNews(news)
    topic.announce(news)
  }
  const loops = [pollingEntries(database, watches, logger), pollingDeliveries(database, all, logger)]
  return {
    watch: (watcher) => startWatch({ database, logger }, watches, watcher),
    listen(listener) {
      listeners.add(listener)
      return { stop: () => void listeners.delete(listener) }
    },
    appended: (requestId, staffId) => spread(`m/${requestId}/${staffId ?? ''}`),
    listChanged: () => spread('list'),
    typing: ({ requestId, who, staffId, displayName, webChat }) => {
      const words = [displayName ?? '', webChat ?? ''].map(encodeURIComponent).join('/')
      spread(`t/${requestId}/${who}/${staffId ?? ''}/${words}`)
    },
    start() {
      for (const loop of loops) loop.start()
    },
    async stop() {
      for (const loop of loops) await loop.stop()
    },
  }
}

function startWatch(
  { database, logger }: { database: Database; logger: Logger },
  watches: Map<number, Set<Watch>>,
  watcher: EntryWatcher,
): { stop(): void } {
  const { requestId } = watcher
  const underway = new Map<number, number>()
  const follower = new LogFollower<DeskEntry>(watcher.afterSeq, {
    page: ENTRIES_READ_MAX,
    async read(afterSeq) {
      const entries = await readEntries(database, { requestId, afterSeq })
      // Asked after reading: what a colleague said who took it meanwhile is not among what was read before.
      return entries.length > 0 && (await watcher.mayRead()) ? entries : []
    },
    deliver(entries) {
      for (const { outboxId, delivery, seq } of entries) {
        if (outboxId !== null && delivery === 'pending') underway.set(outboxId, seq)
      }
      watcher.onEntries(entries)
    },
    onError: (error) => logger.warn({ err: error }, 'what was said could not be read for a console'),
  })
  const watch: Watch = { watcher, follower, underway }
  const set = watches.get(requestId) ?? new Set()
  watches.set(requestId, set.add(watch))
  void follower.catchUp()
  return {
    stop() {
      follower.stop()
      set.delete(watch)
      if (set.size === 0 && watches.get(requestId) === set) watches.delete(requestId)
    },
  }
}

/** What a killed process did not announce is found here. */
function pollingEntries(database: Database, watches: Map<number, Set<Watch>>, logger: Logger): Loop {
  const poll = async () => {
    const requestIds = [...watches.keys()]
    if (requestIds.length === 0) return
    for (const { requestId, lastSeq } of await lastEntrySeqs(database, { requestIds })) {
      for (const { follower } of watches.get(requestId) ?? []) if (follower.isBehind(lastSeq)) void follower.catchUp()
    }
  }
  return repeating({ firstAfterMs: POLL_EVERY_MS, everyMs: POLL_EVERY_MS }, () =>
    poll().catch((error) => logger.warn({ err: error }, 'polling for what was said failed')),
  )
}

/** One question for everything that is on its way and looked at here. */
function pollingDeliveries(database: Database, all: () => readonly Watch[], logger: Logger): Loop {
  const poll = async () => {
    const open = all()
    const outboxIds = [...new Set(open.flatMap(({ underway }) => [...underway.keys()]))]
    if (outboxIds.length === 0) return
    for (const { outboxId, delivery } of await readDeliveries(database, { outboxIds })) {
      if (delivery === 'pending') continue
      for (const { underway, watcher } of open) {
        const seq = underway.get(outboxId)
        if (seq === undefined) continue
        underway.delete(outboxId)
        if (!(await watcher.mayRead())) continue
        watcher.onDelivery({ seq, delivery })
      }
    }
  }
  return repeating({ firstAfterMs: DELIVERY_EVERY_MS, everyMs: DELIVERY_EVERY_MS }, () =>
    poll().catch((error) => logger.warn({ err: error }, 'deliveries could not be read')),
  )
}

type News =
  | { readonly kind: 'list' }
  | { readonly kind: 'entries'; readonly requestId: number; readonly staffId: number | null }
  | { readonly kind: 'typing'; readonly typing: Typing }

function readNews(news: string): News {
  const [kind, requestId = '', ...rest] = news.split('/')
  if (kind === 'm') return { kind: 'entries', requestId: Number(requestId), staffId: rest[0] ? Number(rest[0]) : null }
  if (kind !== 't') return { kind: 'list' }
  const [who, staffId, displayName = '', webChat = ''] = rest
  const typing: Typing = {
    requestId: Number(requestId),
    who: who === 'member' ? 'member' : 'agent',
    staffId: staffId ? Number(staffId) : null,
    displayName: displayName === '' ? null : decodeURIComponent(displayName),
    webChat: webChat === '' ? null : decodeURIComponent(webChat),
  }
  return { kind: 'typing', typing }
}
