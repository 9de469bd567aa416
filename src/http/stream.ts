import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { parseWatermark } from './api/direct-line'
import { isOriginAllowed, type OriginRules } from './security'
import type { Upgrade } from './server'

/** What stands behind the stream: who may listen, and what they hear. */
export interface StreamService {
  admit(
    token: string,
    conversationId: string,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: string }>
  watch(watcher: { conversationId: string; afterSeq: number; send(set: object): void }): { stop(): void }
}

export interface Streams {
  onUpgrade(upgrade: Upgrade): void
  /** Asks every client to come again elsewhere, and lets go of those that do not hear. */
  close(): Promise<void>
}

const PATH = /^\/v3\/directline\/conversations\/([^/]+)\/stream$/
const PING_EVERY_MS = 25_000
/** A client that reads so slowly that this much waits for it is let go; it comes back with its watermark. */
const BUFFERED_BYTES_MAX = 1024 * 1024
const GOING_AWAY = 1001
const TRY_AGAIN_LATER = 1013

/** The websocket of Direct Line: `GET …/stream?watermark=…&t=TOKEN`. */
export function createStreams(service: StreamService, rules: OriginRules): Streams {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1_024 })
  const alive = new WeakSet<WebSocket>()
  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.has(socket)) socket.terminate()
      alive.delete(socket)
      socket.ping()
    }
  }, PING_EVERY_MS)
  pinging.unref()

  function attend(socket: WebSocket, { conversationId, afterSeq }: { conversationId: string; afterSeq: number }): void {
    alive.add(socket)
    const watching = service.watch({
      conversationId,
      afterSeq,
      send(set) {
        if (socket.readyState !== socket.OPEN) return
        socket.send(JSON.stringify(set))
        if (socket.bufferedAmount > BUFFERED_BYTES_MAX) socket.close(TRY_AGAIN_LATER)
      },
    })
    // What clients send are signs of life; messages come by POST.
    socket.on('message', () => alive.add(socket))
    socket.on('pong', () => alive.add(socket))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => watching.stop())
  }

  async function onUpgrade({ request, socket, head, baseUrl }: Upgrade): Promise<void> {
    socket.on('error', () => socket.destroy())
    const url = new URL(request.url ?? '/', 'http://localhost')
    const encoded = PATH.exec(url.pathname)?.[1]
    if (encoded === undefined) return refuse(socket, 404)
    const conversationId = decodeURIComponent(encoded)
    if (!isOriginAllowed(request.headers.origin, baseUrl, rules)) return refuse(socket, 403)
    const afterSeq = parseWatermark(url.searchParams.get('watermark'))
    if (afterSeq === undefined) return refuse(socket, 400)
    const admitted = await service.admit(url.searchParams.get('t') ?? '', conversationId)
    if (!admitted.ok) return refuse(socket, 403)
    sockets.handleUpgrade(request, socket, head, (opened) => attend(opened, { conversationId, afterSeq }))
  }

  return {
    onUpgrade: (upgrade) => void onUpgrade(upgrade).catch(() => upgrade.socket.destroy()),
    async close() {
      clearInterval(pinging)
      for (const socket of sockets.clients) socket.close(GOING_AWAY)
      await new Promise((resolve) => setTimeout(resolve, sockets.clients.size > 0 ? 100 : 0))
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
