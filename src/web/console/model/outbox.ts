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

export type Posted =
  | { readonly ok: true }
  /** `fault`: the server broke over it, which says nothing about what else is to be sent. */
  | { readonly ok: false; readonly code: string; readonly kind: 'refused' | 'fault' | 'unreachable' }

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

/** What the server broke over so often is the person's to try again or to give up. */
const FAULTS_MAX = 5

/**
 * Sends what is written here in order, one at a time, and again under the same key until the server has answered. Where it
 * breaks over one request's words, those of other requests go on.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const store = createStore<readonly Outgoing[]>(takenUp(options.kept.read()))
  const faults = new Map<string, number>()
  const pauses = createPauses(options)
  let busy = false

  store.subscribe(() => options.kept.write(JSON.stringify(store.get().filter(({ state }) => state !== 'taken'))))

  const mark = (key: string, part: Partial<Outgoing>): void =>
    store.update((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)))

  const noteFault = ({ key, requestId }: Outgoing, code: string): void => {
    const count = (faults.get(key) ?? 0) + 1
    faults.set(key, count)
    if (count < FAULTS_MAX) pauses.held.add(requestId)
    mark(key, count < FAULTS_MAX ? { state: 'waiting' } : { state: 'failed', code })
  }

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    pauses.startAnew()
    while (store.get().some(({ state }) => state === 'waiting')) {
      const next = store.get().find(({ state, requestId }) => state === 'waiting' && !pauses.held.has(requestId))
      if (!next) {
        await pauses.pause()
        continue
      }
      mark(next.key, { state: 'sending' })
      const posted = await options.post(next)
      if (posted.ok) {
        pauses.startAnew()
        faults.delete(next.key)
        mark(next.key, { state: 'taken' })
        options.onTaken?.(next)
      } else if (posted.kind === 'refused') {
        mark(next.key, { state: 'failed', code: posted.code })
      } else if (posted.kind === 'fault') {
        noteFault(next, posted.code)
      } else {
        mark(next.key, { state: 'waiting' })
        await pauses.pause()
      }
    }
    busy = false
  }

  return {
    store,
    send({ requestId, kind, text }) {
      const fresh: Outgoing = { requestId, kind, text, key: options.newKey(), atMs: options.nowMs(), state: 'waiting' }
      store.update((all) => [...all, fresh])
      pauses.somethingNew()
      void work()
    },
    retry(key) {
      faults.delete(key)
      pauses.somethingNew()
      mark(key, { state: 'waiting', code: undefined })
      void work()
    },
    discard: (key) => store.update((all) => all.filter((one) => one.key !== key)),
    arrived: (keys) =>
      store.update((all) => (all.some(({ key }) => keys.has(key)) ? all.filter(({ key }) => !keys.has(key)) : all)),
    flush() {
      pauses.end()
      void work()
    },
  }
}

/** Pauses between tries, longer with each failure in a row, and whose words wait for their end. */
function createPauses(options: Pick<OutboxOptions, 'pause'>) {
  const held = new Set<number>()
  let failures = 0
  let pausing: Promise<void> | undefined
  let wake: (() => void) | undefined
  const over = () => {
    pausing = undefined
    held.clear()
  }
  return {
    /** Requests over whose words the server broke. */
    held,
    /** Until the pause is over, or there is a reason to look again. */
    async pause(): Promise<void> {
      pausing ??= options.pause(failures++).then(over)
      await Promise.race([pausing, new Promise<void>((resolve) => (wake = resolve))])
    },
    startAnew(): void {
      failures = 0
    },
    /** What is new need not wait for another request's fault. */
    somethingNew(): void {
      if (held.size > 0) wake?.()
    },
    end(): void {
      over()
      wake?.()
    },
  }
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
