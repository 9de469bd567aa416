import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import path from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'

/** What the mock's bot answers: activities without addresses. */
export type MockBot = (activity: Record<string, unknown>) => readonly Record<string, unknown>[]

/**
 * A chat server of the least kind: the built pages under a strict content security policy, sessions and Direct Line 3.0
 * in memory, and a bot that a test writes. It can be made to fail in every way a network or server does.
 */
export interface MockChatServer {
  readonly origin: string
  bot: MockBot
  /** Milliseconds before the bot answers. */
  answerAfterMs: number
  /** The next posts that are refused, each with its answer; `arrives` tells whether the activity counts all the same. */
  failures: { status: number; body?: unknown; arrives?: boolean }[]
  /** While true every request is answered 503 with a kind sentence. */
  down: boolean
  /** While false no websocket opens. */
  sockets: boolean
  /** While true open sockets bring nothing, as after a laptop's sleep. */
  mute: boolean
  refusedTokens: Set<string>
  /** Every activity accepted, once for each time it was accepted. */
  readonly accepted: Record<string, unknown>[]
  readonly sessionsOpened: { memberToken?: string; resume?: string }[]
  dropSockets(): void
  /** Says something unasked, in every conversation. */
  say(activity: Record<string, unknown>): void
  /** Says something to who is there, without keeping it. */
  whisper(activity: Record<string, unknown>): void
  /** Forgets every conversation, as after the loss of a database. */
  endConversations(): void
  close(): Promise<void>
}

interface Conversation {
  readonly id: string
  readonly userId: string
  readonly log: Record<string, unknown>[]
  readonly sockets: Set<WebSocket>
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: https:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export const kindSentence = 'We are having trouble on our side and are working on it. Please try again in a moment.'

export async function startMockChatServer(folder: string): Promise<MockChatServer> {
  const conversations = new Map<string, Conversation>()
  const server = createServer((request, response) => void serve(request, response))
  const webSockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
    const [, , , , id = ''] = new URL(request.url ?? '/', 'http://mock').pathname.split('/')
    const conversation = conversations.get(id)
    if (!conversation || !mock.sockets || mock.down) return socket.destroy()
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      conversation.sockets.add(webSocket)
      webSocket.on('close', () => conversation.sockets.delete(webSocket))
      webSocket.send(JSON.stringify(since(conversation, request.url)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const append = (conversation: Conversation, activity: Record<string, unknown>): Record<string, unknown> => {
    const id = `${conversation.id}|${String(conversation.log.length).padStart(7, '0')}`
    const logged = { ...activity, id, timestamp: new Date().toISOString(), conversation: { id: conversation.id } }
    conversation.log.push(logged)
    const group = JSON.stringify({ activities: [logged], watermark: String(conversation.log.length) })
    if (!mock.mute) for (const webSocket of conversation.sockets) webSocket.send(group)
    return logged
  }
  const fromBot = (activity: Record<string, unknown>) => ({
    type: 'message',
    textFormat: 'markdown',
    ...activity,
    from: { id: 'bot', role: 'bot' },
  })

  const post = (conversation: Conversation, activity: Record<string, unknown>): string => {
    const { clientActivityID } = activity.channelData as { clientActivityID?: string }
    const known = conversation.log.find(
      (other) =>
        (other.channelData as { clientActivityID?: string } | undefined)?.clientActivityID === clientActivityID,
    )
    if (known) return String(known.id)
    mock.accepted.push(activity)
    const logged = append(conversation, { ...activity, from: { id: conversation.userId, role: 'user' } })
    const answer = (): void => {
      for (const reply of mock.bot(activity)) append(conversation, fromBot(reply))
    }
    if (mock.answerAfterMs > 0) setTimeout(answer, mock.answerAfterMs)
    else answer()
    return String(logged.id)
  }

  const openSession = (body: { memberToken?: string; resume?: string }): { status: number; body: unknown } => {
    mock.sessionsOpened.push(body)
    if (body.memberToken && mock.refusedTokens.has(body.memberToken)) return { status: 401, body: {} }
    const resumed = body.resume ? conversations.get(body.resume) : undefined
    if (body.resume && !resumed) return { status: 403, body: {} }
    const id = `c${conversations.size + 1}-${Math.round(performance.now())}`
    const conversation = resumed ?? { id, userId: `dl_${id}`, log: [], sockets: new Set<WebSocket>() }
    if (!resumed) {
      conversations.set(id, conversation)
      for (const reply of mock.bot({ type: 'conversationUpdate' })) append(conversation, fromBot(reply))
    }
    const { userId } = conversation
    return { status: 200, body: { token: conversation.id, conversationId: conversation.id, userId, expiresIn: 1_800 } }
  }

  const directLine = async (request: IncomingMessage, parts: string[]): Promise<{ status: number; body: unknown }> => {
    const conversation = conversations.get(parts[1] ?? '')
    if (parts[0] === 'tokens') return { status: 200, body: { token: bearer(request), expires_in: 1_800 } }
    if (!conversation) return { status: 404, body: {} }
    if (request.method === 'GET' && parts[2] === 'activities')
      return { status: 200, body: since(conversation, request.url) }
    if (request.method === 'GET') {
      const query = new URL(request.url ?? '/', 'http://mock').search
      const streamUrl = `${mock.origin.replace('http', 'ws')}/v3/directline/conversations/${conversation.id}/stream${query}`
      return { status: 200, body: { conversationId: conversation.id, token: bearer(request), streamUrl } }
    }
    const activity = JSON.parse(await textOf(request)) as Record<string, unknown>
    const failure = mock.failures.shift()
    if (!failure || failure.arrives) {
      const id = post(conversation, activity)
      if (!failure) return { status: 200, body: { id } }
    }
    return { status: failure.status, body: failure.body ?? {} }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://mock')
    const parts = pathname.split('/').filter(Boolean)
    let answer: { status: number; body: unknown } | undefined
    if (mock.down && (parts[0] === 'api' || parts[0] === 'v3')) {
      answer = { status: 503, body: { error: { code: 'unavailable', message: kindSentence } } }
    } else if (pathname === '/api/webchat/session') answer = openSession(JSON.parse(await textOf(request)))
    else if (parts[0] === 'v3') answer = await directLine(request, parts.slice(2))
    else if (pathname === '/api/demo/members') answer = { status: 200, body: { members: mockMembers } }
    else if (pathname === '/api/demo/token') {
      answer = { status: 200, body: { memberToken: JSON.parse(await textOf(request)).memberId } }
    } else if (pathname === '/api/demo/mailbox') answer = { status: 200, body: { mails: [] } }
    if (answer) {
      // Not chained: restify, loaded by another test file in this process, makes writeHead return nothing.
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer.body))
    } else servePage(folder, pathname, response)
  }

  const mock: MockChatServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bot: (activity) => (activity.type === 'message' ? [{ text: `Heard ${String(activity.text)}` }] : []),
    answerAfterMs: 0,
    failures: [],
    down: false,
    sockets: true,
    mute: false,
    refusedTokens: new Set(),
    accepted: [],
    sessionsOpened: [],
    dropSockets() {
      for (const { sockets } of conversations.values()) for (const webSocket of sockets) webSocket.terminate()
    },
    say(activity) {
      for (const conversation of conversations.values()) append(conversation, fromBot(activity))
    },
    whisper(activity) {
      for (const { id, sockets } of conversations.values()) {
        const said = { ...fromBot(activity), id: `${id}|${randomUUID()}` }
        for (const webSocket of sockets) webSocket.send(JSON.stringify({ activities: [said] }))
      }
    },
    endConversations() {
      mock.dropSockets()
      conversations.clear()
    },
    async close() {
      mock.dropSockets()
      webSockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return mock
}

const mockMembers = [
  {
    id: 'M0001',
    displayName: 'Ada Marsh',
    locale: 'en',
    points: 1_284,
    tier: 'gold',
    description: { en: 'Buys coffee every three weeks', zh: '每三周买一次咖啡' },
  },
  {
    id: 'M0002',
    displayName: '林小雨',
    locale: 'zh',
    points: 320,
    tier: 'member',
    description: { en: 'New here', zh: '新会员' },
  },
]

function since(conversation: Conversation, address = '/'): object {
  const watermark = Number(new URL(address, 'http://mock').searchParams.get('watermark') ?? 0)
  return { activities: conversation.log.slice(watermark), watermark: String(conversation.log.length) }
}

function bearer(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace('Bearer ', '')
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

function servePage(folder: string, pathname: string, response: ServerResponse): void {
  const name = pathname === '/' ? 'index.html' : pathname === '/mailbox' ? 'mailbox.html' : pathname.slice(1)
  const file = path.join(folder, path.normalize(name))
  if (!file.startsWith(folder) || !existsSync(file)) {
    response.writeHead(404)
    response.end()
    return
  }
  response.writeHead(200, {
    'content-type': types[path.extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  })
  createReadStream(file).pipe(response)
}
