import type { StreamCommand, StreamMessage } from '../../../http/api/console/types'
import { backoffMs, randomFraction } from '../../chat/model/backoff'

export type StreamState = 'connecting' | 'open' | 'lost'

export interface Stream {
  state(): StreamState
  onState(listener: (state: StreamState) => void): () => void
  onMessage(listener: (message: StreamMessage) => void): () => void
  /** Hears what is said in a request, from wherever `afterSeq` says, again after each lost connection. */
  watch(requestId: number, afterSeq: () => number): () => void
  /** Says something in passing; while there is no connection it is not worth keeping. */
  say(command: StreamCommand): void
  tryNow(): void
  close(): void
}

const openWaitMs = 10_000

/** The console's websocket, which heals itself: with growing pauses, and at once when the network or the person is back. */
export function openStream(address: string): Stream {
  const stateListeners = new Set<(state: StreamState) => void>()
  const messageListeners = new Set<(message: StreamMessage) => void>()
  const watched = new Map<number, () => number>()
  let socket: WebSocket | undefined
  let state: StreamState = 'connecting'
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const enter = (next: StreamState): void => {
    if (next === state) return
    state = next
    for (const listener of stateListeners) listener(next)
  }
  const say = (command: StreamCommand): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command))
  }
  const later = (ms: number, work: () => void): void => {
    clearTimeout(timer)
    timer = setTimeout(work, ms)
  }

  function connect(): void {
    if (closed) return
    drop()
    const opening = new WebSocket(address)
    socket = opening
    later(openWaitMs, lose)
    opening.addEventListener('open', () => {
      if (socket !== opening) return
      clearTimeout(timer)
      failures = 0
      enter('open')
      for (const [requestId, afterSeq] of watched) say({ type: 'watch', requestId, afterSeq: afterSeq() })
    })
    opening.addEventListener('message', ({ data }) => {
      if (socket !== opening) return
      const message = JSON.parse(String(data)) as StreamMessage
      for (const listener of messageListeners) listener(message)
    })
    opening.addEventListener('close', () => {
      if (socket === opening) lose()
    })
  }
  function drop(): void {
    const before = socket
    socket = undefined
    before?.close()
  }
  function lose(): void {
    drop()
    if (closed) return
    enter('lost')
    later(backoffMs(failures, randomFraction()), connect)
    failures += 1
  }
  const tryNow = (): void => {
    if (state !== 'open') connect()
  }
  const comeBack = (): void => {
    if (document.visibilityState === 'visible') tryNow()
  }

  window.addEventListener('online', tryNow)
  window.addEventListener('offline', lose)
  document.addEventListener('visibilitychange', comeBack)
  connect()

  return {
    state: () => state,
    onState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    onMessage: (listener) => {
      messageListeners.add(listener)
      return () => messageListeners.delete(listener)
    },
    watch(requestId, afterSeq) {
      watched.set(requestId, afterSeq)
      say({ type: 'watch', requestId, afterSeq: afterSeq() })
      return () => {
        if (watched.get(requestId) !== afterSeq) return
        watched.delete(requestId)
        say({ type: 'unwatch', requestId })
      }
    },
    say,
    tryNow,
    close() {
      closed = true
      clearTimeout(timer)
      drop()
      window.removeEventListener('online', tryNow)
      window.removeEventListener('offline', lose)
      document.removeEventListener('visibilitychange', comeBack)
    },
  }
}

/** Where the websocket is, seen from the page. */
export function streamAddress(): string {
  const address = new URL('./api/console/stream', document.baseURI)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}
