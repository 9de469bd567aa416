import type { StreamCommand, StreamMessage } from '../../../http/api/console/types'
import { backoffMs, randomFraction } from '../../chat/model/backoff'

export type StreamState = 'connecting' | 'open' | 'lost'

const openWaitMs = 10_000

/** The console's websocket, which heals itself: with growing pauses, and at once when the network or the person is back. */
export class Stream {
  private readonly stateListeners = new Set<(state: StreamState) => void>()
  private readonly messageListeners = new Set<(message: StreamMessage) => void>()
  private readonly watched = new Map<number, () => number>()
  private socket: WebSocket | undefined
  private state: StreamState = 'connecting'
  private failures = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(private readonly address: string) {
    window.addEventListener('online', this.tryNow)
    window.addEventListener('offline', this.lose)
    document.addEventListener('visibilitychange', this.comeBack)
    this.connect()
  }

  onState(listener: (state: StreamState) => void): void {
    this.stateListeners.add(listener)
  }

  onMessage(listener: (message: StreamMessage) => void): () => void {
    this.messageListeners.add(listener)
    return () => this.messageListeners.delete(listener)
  }

  /** Hears what is said in a request, from wherever `afterSeq` says, again after each lost connection. */
  watch(requestId: number, afterSeq: () => number): () => void {
    this.watched.set(requestId, afterSeq)
    this.say({ type: 'watch', requestId, afterSeq: afterSeq() })
    return () => {
      if (this.watched.get(requestId) !== afterSeq) return
      this.watched.delete(requestId)
      this.say({ type: 'unwatch', requestId })
    }
  }

  /** Says something in passing; while there is no connection it is not worth keeping. */
  say(command: StreamCommand): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command))
  }

  /** Tries at once instead of after the pause. */
  readonly tryNow = (): void => {
    if (this.state !== 'open') this.connect()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.drop()
    window.removeEventListener('online', this.tryNow)
    window.removeEventListener('offline', this.lose)
    document.removeEventListener('visibilitychange', this.comeBack)
  }

  private readonly comeBack = (): void => {
    if (document.visibilityState === 'visible') this.tryNow()
  }

  private connect(): void {
    if (this.closed) return
    this.drop()
    const socket = new WebSocket(this.address)
    this.socket = socket
    this.later(openWaitMs, this.lose)
    // What an earlier socket still has to say is too late.
    const ifCurrent = (act: () => void) => () => {
      if (this.socket === socket) act()
    }
    socket.addEventListener('open', ifCurrent(this.begin))
    socket.addEventListener('close', ifCurrent(this.lose))
    socket.addEventListener('message', ({ data }) => {
      if (this.socket !== socket) return
      const message = JSON.parse(String(data)) as StreamMessage
      for (const listener of this.messageListeners) listener(message)
    })
  }

  private readonly begin = (): void => {
    clearTimeout(this.timer)
    this.failures = 0
    this.enter('open')
    for (const [requestId, afterSeq] of this.watched) this.say({ type: 'watch', requestId, afterSeq: afterSeq() })
  }

  private readonly lose = (): void => {
    this.drop()
    if (this.closed) return
    this.enter('lost')
    this.later(backoffMs(this.failures, randomFraction()), () => this.connect())
    this.failures += 1
  }

  private drop(): void {
    const { socket } = this
    this.socket = undefined
    socket?.close()
  }

  private enter(state: StreamState): void {
    if (state === this.state) return
    this.state = state
    for (const listener of this.stateListeners) listener(state)
  }

  private later(ms: number, work: () => void): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(work, ms)
  }
}

/** Where the websocket is, seen from the page. */
export function streamAddress(): string {
  const address = new URL('./api/console/stream', document.baseURI)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}
