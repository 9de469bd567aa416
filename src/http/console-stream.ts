import { STATUS_CODES } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { addressOf } from './address'
import type { Staff, StaffAccess } from './api/console/access'
import type { StreamCommand, StreamMessage } from './api/console/types'
import type { ApiRequest } from './route'
import { isOriginAllowed } from './security'
import type { Upgrade } from './server'

/** What stands behind a console's websocket. */
export interface ConsoleStreamService {
  /** Somebody's console is open: what it is told from now on, and what it says. */
  open(staff: Staff, send: (message: StreamMessage) => void): ConsoleConnection
  /** These have an open console here. */
  seen(staffIds: readonly number[]): Promise<void>
}

export interface ConsoleConnection {
  command(command: StreamCommand): Promise<void>
  close(): void
}

export interface ConsoleStreams {
  /** Whether this is the console's address; if so it is taken care of. */
  onUpgrade(upgrade: Upgrade): boolean
  close(): Promise<void>
}

const PATH = '/api/console/stream'
const BEAT_EVERY_MS = 20_000
/** A console that reads so slowly that this much waits for it is let go; it comes back with what it has. */
const BUFFERED_BYTES_MAX = 1024 * 1024
const GOING_AWAY = 1001
const POLICY_VIOLATION = 1008
const INTERNAL_ERROR = 1011
const TRY_AGAIN_LATER = 1013

const seq = z.int().min(0)
const requestId = z.int().min(1)
const commandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('watch'), requestId, afterSeq: seq }),
  z.object({ type: z.literal('unwatch'), requestId }),
  z.object({ type: z.literal('typing'), requestId }),
  z.object({ type: z.literal('read'), requestId, seq }),
])

interface Attending {
  readonly staff: Staff
  readonly request: ApiRequest
  alive: boolean
}

/** The websocket of the console: `GET /api/console/stream` with the cookie of the session, from pages of our own only. */
export function createConsoleStreams(service: ConsoleStreamService, access: StaffAccess): ConsoleStreams {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1_024 })
  const attending = new Map<WebSocket, Attending>()
  const beat = setInterval(() => void beatOnce(attending, service, access), BEAT_EVERY_MS)
  beat.unref()

  function attend(socket: WebSocket, staff: Staff, request: ApiRequest): void {
    const each: Attending = { staff, request, alive: true }
    attending.set(socket, each)
    const connection = service.open(staff, (message) => send(socket, message))
    // One after the other: "watch" and "unwatch" in the order they were said.
    let turn: Promise<unknown> = service.seen([staff.id])
    socket.on('message', (data) => {
      each.alive = true
      const command = readCommand(String(data))
      if (!command) return socket.close(POLICY_VIOLATION)
      turn = turn.then(() => connection.command(command)).catch(() => socket.close(INTERNAL_ERROR))
    })
    socket.on('pong', () => {
      each.alive = true
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      attending.delete(socket)
      connection.close()
    })
    turn = turn.catch(() => undefined)
    send(socket, { type: 'desk' })
  }

  async function admit({ request, socket, head, baseUrl }: Upgrade): Promise<void> {
    const asked = requestOf(request, baseUrl)
    const isOurs = isOriginAllowed(asked.origin, baseUrl, { allowedOrigins: [] })
    const admitted = isOurs ? await access(asked, 'agent') : undefined
    if (!admitted?.ok) {
      const status = admitted?.response.status ?? 403
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => attend(opened, admitted.staff, asked))
  }

  return {
    onUpgrade(upgrade) {
      const { pathname } = new URL(upgrade.request.url ?? '/', 'http://localhost')
      if (pathname !== PATH) return false
      upgrade.socket.on('error', () => upgrade.socket.destroy())
      void admit(upgrade).catch(() => upgrade.socket.destroy())
      return true
    },
    async close() {
      clearInterval(beat)
      for (const socket of sockets.clients) socket.close(GOING_AWAY)
      await new Promise((resolve) => setTimeout(resolve, sockets.clients.size > 0 ? 100 : 0))
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

/** Tells the dead from the living, and lets nobody listen on whose session has ended or whose role is another by now. */
async function beatOnce(
  attending: ReadonlyMap<WebSocket, Attending>,
  service: ConsoleStreamService,
  access: StaffAccess,
): Promise<void> {
  for (const [socket, each] of attending) {
    if (!each.alive) socket.terminate()
    each.alive = false
    socket.ping()
  }
  // Without the database nobody is seen, nor signed out; the next beat tries again.
  await service.seen([...new Set([...attending.values()].map(({ staff }) => staff.id))]).catch(() => undefined)
  for (const [socket, { request, staff }] of attending) {
    const admitted = await access(request, 'agent').catch(() => undefined)
    if (!admitted || (admitted.ok && admitted.staff.role === staff.role)) continue
    send(socket, { type: 'signed-out' })
    socket.close(POLICY_VIOLATION)
  }
}

function send(socket: WebSocket, message: StreamMessage): void {
  if (socket.readyState !== socket.OPEN) return
  socket.send(JSON.stringify(message))
  if (socket.bufferedAmount > BUFFERED_BYTES_MAX) socket.close(TRY_AGAIN_LATER)
}

function readCommand(text: string): StreamCommand | undefined {
  try {
    const parsed = commandSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** The upgrade as what it is: a GET with the session's cookie. */
function requestOf(request: Upgrade['request'], baseUrl: string): ApiRequest {
  return {
    params: {},
    query: new URLSearchParams(),
    body: undefined,
    authorization: '',
    cookie: request.headers.cookie ?? '',
    address: addressOf(request),
    baseUrl,
    origin: request.headers.origin,
  }
}
