import { createStore, type Store } from '../../chat/model/store'

/** Something written here that the server does not have yet, as far as is known. */
export interface Outgoing {
  readonly requestId: number
  /** Given by us and kept over every try, so that it counts once however often it arrives. */
  readonly key: string
  readonly kind: 'message' | 'note'
  readonly text: string
  readonly atMs: number
  /** waiting: not yet tried, or its try came to nothing; taken: the server has it, its echo is still to come. */
  readonly state: 'waiting' | 'sending' | 'taken' | 'failed'
  /** Why it was refused. */
  readonly code?: string
}

export type Posted = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly isFinal: boolean }

export interface OutboxOptions {
  post(outgoing: Outgoing): Promise<Posted>
  /** Where unsent messages outlive a reload. */
  readonly kept: { read(): string | null; write(text: string): void }
  newKey(): string
  nowMs(): number
  pause(failures: number): Promise<void>
  /** The server has taken one; it should come back on the stream. */
  onTaken?(outgoing: Outgoing): void
}

export interface Outbox {
  readonly store: Store<readonly Outgoing[]>
  send(written: { requestId: number; kind: Outgoing['kind']; text: string }): void
  /** Tries a refused one again, under its first key. */
  retry(key: string): void
  discard(key: string): void
  /** Those with these keys have come back: they are part of the thread now. */
  arrived(keys: ReadonlySet<string>): void
  /** Tries at once what waits, as when the connection is back. */
  flush(): void
}

/** Sends what is written here in order, one at a time, and again under the same key until the server has answered. */
export function createOutbox(options: OutboxOptions): Outbox {
  const store = createStore<readonly Outgoing[]>(takenUp(options.kept.read()))
  let busy = false
  let wake: (() => void) | undefined

  store.subscribe(() => options.kept.write(JSON.stringify(store.get().filter(({ state }) => state !== 'taken'))))

  const mark = (key: string, part: Partial<Outgoing>): void =>
    store.update((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)))

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    let failures = 0
    for (let next = firstWaiting(store.get()); next; next = firstWaiting(store.get())) {
      mark(next.key, { state: 'sending' })
      const posted = await options.post(next)
      if (posted.ok) {
        failures = 0
        mark(next.key, { state: 'taken' })
        options.onTaken?.(next)
      } else if (posted.isFinal) {
        mark(next.key, { state: 'failed', code: posted.code })
      } else {
        mark(next.key, { state: 'waiting' })
        await Promise.race([options.pause(failures), new Promise<void>((resolve) => (wake = resolve))])
        failures += 1
      }
    }
    busy = false
  }

  return {
    store,
    send({ requestId, kind, text }) {
      const fresh: Outgoing = { requestId, kind, text, key: options.newKey(), atMs: options.nowMs(), state: 'waiting' }
      store.update((all) => [...all, fresh])
      void work()
    },
    retry(key) {
      mark(key, { state: 'waiting', code: undefined })
      void work()
    },
    discard: (key) => store.update((all) => all.filter((one) => one.key !== key)),
    arrived: (keys) =>
      store.update((all) => (all.some(({ key }) => keys.has(key)) ? all.filter(({ key }) => !keys.has(key)) : all)),
    flush() {
      wake?.()
      void work()
    },
  }
}

function firstWaiting(all: readonly Outgoing[]): Outgoing | undefined {
  return all.find(({ state }) => state === 'waiting')
}

/** What an earlier load of the page had not got rid of; whether it was under way is not known any more. */
function takenUp(text: string | null): readonly Outgoing[] {
  if (text === null) return []
  try {
    const all = JSON.parse(text) as readonly Outgoing[]
    return all.map((one) => (one.state === 'failed' ? one : { ...one, state: 'waiting' }))
  } catch {
    return []
  }
}
