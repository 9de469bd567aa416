import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react'
import type { DeskMessage, RequestRow, RequestView, StreamMessage } from '../../../http/api/console/types'
import { completeUpTo, deliveryChanged, emptyThread, hasGap, received, type Thread, threadOf } from '../model/thread'
import { get } from './ask'
import { useDesk } from './desk'
import { type Loaded, useLoaded } from './use-loaded'

type Change =
  | { readonly type: 'loaded'; readonly view: RequestView }
  | { readonly type: 'messages'; readonly messages: readonly DeskMessage[] }
  | { readonly type: 'delivery'; readonly seq: number; readonly delivery: DeskMessage['delivery'] & string }
  | { readonly type: 'forget' }

function reduce(thread: Thread | null, change: Change): Thread | null {
  switch (change.type) {
    case 'forget':
      return null
    case 'loaded':
      return thread === null ? threadOf(change.view.messages) : received(thread, change.view.messages)
    case 'messages':
      // What comes before the first load is in it, or comes again by the watch.
      return thread && received(thread, change.messages)
    case 'delivery':
      return thread && deliveryChanged(thread, change)
  }
}

export interface OpenRequest {
  readonly loaded: Loaded<RequestView>
  /** As the lists know it now, or as it was loaded. */
  readonly row: RequestRow | undefined
  readonly thread: Thread
  readonly reload: () => void
}

/** One conversation, live: loaded once, then heard on the stream, caught up after a lost connection and over any gap. */
export function useRequest(requestId: number, isWholePast: boolean): OpenRequest {
  const { view, stream, outbox } = useDesk()
  const { loaded, reload } = useLoaded<RequestView>(`requests/${requestId}${isWholePast ? '?earlier=all' : ''}`)
  const [thread, change] = useReducer(reduce, null)
  const newest = useRef<Thread>(emptyThread)
  newest.current = thread ?? emptyThread

  useEffect(() => {
    change({ type: 'forget' })
  }, [requestId])
  useEffect(() => {
    if (loaded.state === 'ready' && loaded.body.request.id === requestId) change({ type: 'loaded', view: loaded.body })
  }, [loaded, requestId])

  const catchUp = useCallback(async () => {
    const after = completeUpTo(newest.current)
    const answer = await get<{ messages: readonly DeskMessage[] }>(`requests/${requestId}/messages?after=${after}`)
    if (answer.ok) change({ type: 'messages', messages: answer.body.messages })
  }, [requestId])

  const isReady = thread !== null
  useEffect(() => {
    if (!isReady) return
    const unwatch = stream.watch(requestId, () => completeUpTo(newest.current))
    const unhear = stream.onMessage((message) => hear(message, requestId, change))
    return () => {
      unhear()
      unwatch()
    }
  }, [stream, requestId, isReady])

  const isBroken = thread !== null && hasGap(thread)
  useEffect(() => {
    if (isBroken) void catchUp()
  }, [isBroken, catchUp])
  useEcho(requestId, catchUp)

  useEffect(() => {
    outbox.arrived(new Set(thread?.messages.map(({ key }) => key)))
  }, [thread, outbox])

  const listed = view && [...view.mine, ...view.waiting, ...view.others].find(({ id }) => id === requestId)
  const own = loaded.state === 'ready' ? loaded.body.request : undefined
  const isStale = own !== undefined && (listed ? listed.version > own.version : view !== undefined && isOpen(own))
  // Somebody has moved it: what its page says of it is out of date. Asked once for each look at the lists.
  useEffect(() => {
    if (isStale && view) reload()
  }, [isStale, view, reload])
  return useMemo(
    () => ({ loaded, row: newer(listed, own), thread: thread ?? emptyThread, reload }),
    [loaded, listed, own, thread, reload],
  )
}

function isOpen({ status }: RequestRow): boolean {
  return status === 'waiting' || status === 'agent'
}

function newer(listed: RequestRow | undefined, own: RequestRow | undefined): RequestRow | undefined {
  if (!listed || !own) return listed ?? own
  return listed.version >= own.version ? listed : own
}

function hear(message: StreamMessage, requestId: number, change: (change: Change) => void): void {
  if (message.type === 'messages' && message.requestId === requestId) {
    change({ type: 'messages', messages: message.messages })
  } else if (message.type === 'delivery' && message.requestId === requestId) change(message)
}

const echoWaitMs = 1_500

/** What the server has taken comes back by the stream; where that is away or slow, it is asked for. */
function useEcho(requestId: number, catchUp: () => Promise<void>): void {
  const { outbox } = useDesk()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      const waits = outbox.store.get().some((one) => one.requestId === requestId && one.state === 'taken')
      if (!waits || timer !== undefined) return
      timer = setTimeout(() => {
        timer = undefined
        void catchUp().then(look)
      }, echoWaitMs)
    }
    const unsubscribe = outbox.store.subscribe(look)
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }, [outbox, requestId, catchUp])
}
