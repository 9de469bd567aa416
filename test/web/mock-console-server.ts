import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'
import type {
  DeskMessage,
  DeskView,
  Me,
  RequestRow,
  SessionView,
  StreamCommand,
  StreamMessage,
} from '../../src/http/api/console/types'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../../src/http/route'
import { createHttpServer, nodeServerOf } from '../../src/http/server'
import { ago, assist, canned, earlier, people, picture, report, sampleRequests } from './console-sample'

interface Held {
  row: RequestRow
  messages: DeskMessage[]
}

/**
 * A desk in memory under the real page and its real policy: what the console asks for, and ways to make it fail that the
 * real one has no button for.
 */
export interface MockConsole {
  readonly url: string
  readonly requests: Map<number, Held>
  /** The next messages that get no answer: whether the server has taken them is for the test to say. */
  lost: { arrives: boolean }[]
  /** While true no websocket opens. */
  deaf: boolean
  /** While set every answer to "who is signed in" is this. */
  session: SessionView | undefined
  /** What was posted, by path. */
  readonly posted: { path: string; body: Record<string, unknown> }[]
  memberSays(requestId: number, text: string): void
  tell(message: StreamMessage): void
  dropSockets(): void
  close(): Promise<void>
}

const merchant = { en: 'Kettlewick Tea & Home', zh: '壶光茶居' }
const ok = (body: object = {}): ApiResponse => ({ status: 200, body })

/** Starts it. `webFolder` holds the built pages. */
export async function startMockConsole(webFolder: string): Promise<MockConsole> {
  const requests = new Map<number, Held>(sampleRequests().map((held) => [held.row.id, held]))
  const sockets = new Map<WebSocket, Set<number>>()
  const webSockets = new WebSocketServer({ noServer: true })

  const tell = (message: StreamMessage): void => {
    for (const [socket, watched] of sockets) {
      if (!('requestId' in message) || watched.has(message.requestId)) socket.send(JSON.stringify(message))
    }
  }
  const change = (id: number, part: Partial<RequestRow>): void => {
    const held = requests.get(id)
    if (held) held.row = { ...held.row, ...part }
    tell({ type: 'desk' })
  }
  const append = (id: number, part: Pick<DeskMessage, 'author' | 'text' | 'key' | 'staff'>): void => {
    const held = requests.get(id)
    if (!held || held.messages.some(({ key }) => key === part.key)) return
    const seq = held.messages.length + 1
    const message: DeskMessage = { ...part, seq, at: ago(0), delivery: part.author === 'agent' ? 'sent' : null }
    held.messages.push(message)
    tell({ type: 'messages', requestId: id, messages: [message] })
    const unread = part.author === 'member' ? held.row.unread + 1 : held.row.unread
    change(id, { lastSeq: seq, unread, last: { author: part.author, text: part.text, at: message.at } })
  }
  const listen = (socket: WebSocket): void => {
    const watched = new Set<number>()
    sockets.set(socket, watched)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data) => {
      const command = JSON.parse(String(data)) as StreamCommand
      if (command.type === 'watch') {
        watched.add(command.requestId)
        const messages = requests.get(command.requestId)?.messages.filter(({ seq }) => seq > command.afterSeq) ?? []
        socket.send(JSON.stringify({ type: 'messages', requestId: command.requestId, messages }))
      } else if (command.type === 'unwatch') watched.delete(command.requestId)
      else if (command.type === 'read') change(command.requestId, { unread: 0 })
    })
    socket.send(JSON.stringify({ type: 'desk' }))
  }

  const world = { requests, change, append, mock: () => mock }
  const server = createHttpServer({
    routes: routesOf(world),
    logger: pino({ level: 'silent' }),
    webFolder,
    allowedOrigins: [],
    isUnavailable: () => false,
    onUpgrade({ request, socket, head }) {
      if (mock.deaf || !request.url?.endsWith('/stream')) return socket.destroy()
      webSockets.handleUpgrade(request, socket, head, listen)
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const mock: MockConsole = {
    url: `http://127.0.0.1:${(nodeServerOf(server).address() as AddressInfo).port}`,
    requests,
    lost: [],
    deaf: false,
    session: undefined,
    posted: [],
    memberSays: (id, text) => append(id, { author: 'member', text, key: `m${ago(0)}${text}`, staff: null }),
    tell,
    dropSockets() {
      for (const socket of sockets.keys()) socket.terminate()
    },
    async close() {
      mock.dropSockets()
      webSockets.close()
      nodeServerOf(server).closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return mock
}

interface World {
  readonly requests: Map<number, Held>
  change(id: number, part: Partial<RequestRow>): void
  append(id: number, part: Pick<DeskMessage, 'author' | 'text' | 'key' | 'staff'>): void
  mock(): MockConsole
}

/** Whoever has the cookie; one press makes it. */
function whoIs({ cookie }: ApiRequest): Me | undefined {
  const id = Number(/regulars_staff=(\d+)/.exec(cookie)?.[1])
  return people.find((one) => one.id === id)
}

function routesOf(world: World): Route[] {
  const get = (path: string, handle: (request: ApiRequest, me: Me) => ApiResponse): Route => ({
    method: 'get',
    path: `/api/console/${path}`,
    handle: (request) => {
      const me = whoIs(request)
      return me ? handle(request, me) : failure(401, 'signed-out', 'nobody is signed in')
    },
  })
  const post = (
    path: string,
    handle: (given: { id: number; body: Record<string, unknown>; me: Me }) => ApiResponse | Promise<ApiResponse>,
  ): Route => ({
    method: 'post',
    path: `/api/console/${path}`,
    body: 'optional-json',
    handle: (request) => {
      const me = whoIs(request)
      const body = (request.body ?? {}) as Record<string, unknown>
      world.mock().posted.push({ path: path.replace(':id', request.params.id ?? ''), body })
      return me ? handle({ id: Number(request.params.id), body, me }) : failure(401, 'signed-out', 'nobody')
    },
  })
  return [...sessionRoutes(world), ...deskRoutes(world, get, post), ...otherRoutes(get, post)]
}

function sessionRoutes({ mock }: World): Route[] {
  return [
    {
      method: 'get',
      path: '/api/console/session',
      handle: (request) => ok(mock().session ?? sessionOf(whoIs(request))),
    },
    {
      method: 'post',
      path: '/api/console/session',
      body: 'json',
      handle({ body }) {
        const { demoStaffId, password } = body as { demoStaffId?: number; password?: string }
        if (demoStaffId === undefined) {
          return failure(401, password === 'locked out' ? 'locked' : 'wrong-credentials', 'no')
        }
        return {
          ...ok(),
          headers: { 'set-cookie': `regulars_staff=${demoStaffId}; HttpOnly; SameSite=Strict; Path=/` },
        }
      },
    },
    {
      method: 'post',
      path: '/api/console/session/end',
      body: 'optional-json',
      handle: () => ({ ...ok(), headers: { 'set-cookie': 'regulars_staff=; Path=/; Max-Age=0' } }),
    },
    { method: 'post', path: '/api/console/setup', body: 'json', handle: () => failure(422, 'wrong-code', 'no') },
    {
      method: 'post',
      path: '/api/console/invitation',
      body: 'json',
      handle: () => failure(404, 'ticket-unknown', 'no'),
    },
  ]
}

function sessionOf(me: Me | undefined): SessionView {
  if (me) return { state: 'signed-in', me, merchant, demo: true }
  return { state: 'signed-out', merchant, oidc: true, demoAccounts: people }
}

type Get = (path: string, handle: (request: ApiRequest, me: Me) => ApiResponse) => Route
type Post = (
  path: string,
  handle: (given: { id: number; body: Record<string, unknown>; me: Me }) => ApiResponse | Promise<ApiResponse>,
) => Route

function deskRoutes({ requests, change, append, mock }: World, get: Get, post: Post): Route[] {
  const take = (id: number, me: Me): ApiResponse => {
    const staff = { id: me.id, displayName: me.displayName }
    change(id, { status: 'agent', staff, version: (requests.get(id)?.row.version ?? 0) + 1, acceptedAt: ago(0) })
    return ok({ id })
  }
  const end = (status: 'returned' | 'closed' | 'waiting') => (given: { id: number; body: Record<string, unknown> }) => {
    const row = requests.get(given.id)?.row
    if (!row || row.version !== given.body.version) return failure(409, 'changed', 'somebody was faster')
    change(given.id, {
      status,
      version: row.version + 1,
      closedAt: ago(0),
      ...(status === 'waiting' ? { staff: null } : {}),
    })
    return ok()
  }
  const write = (author: 'agent' | 'note') => (given: { id: number; body: Record<string, unknown>; me: Me }) => {
    const lost = mock().lost.shift()
    const staff = { id: given.me.id, displayName: given.me.displayName }
    if (!lost || lost.arrives)
      append(given.id, { author, text: String(given.body.text), key: String(given.body.key), staff })
    return lost ? failure(503, 'unavailable', 'away') : ok()
  }
  return [
    get('desk', (_request, me) => ok(viewOf(requests, me))),
    post('presence', () => ok()),
    post('requests/next', ({ me }) => {
      const next = [...requests.values()].find(({ row }) => row.status === 'waiting')
      return next ? take(next.row.id, me) : failure(404, 'nothing-waiting', 'nobody waits')
    }),
    post('requests/:id/accept', ({ id, me }) => take(id, me)),
    get('requests/:id', ({ params }) => {
      const held = requests.get(Number(params.id))
      if (!held) return failure(404, 'unknown-request', 'none')
      return ok({ request: held.row, earlier, hasEarlier: true, messages: held.messages, events: [] })
    }),
    get('requests/:id/messages', ({ params, query }) => {
      const after = Number(query.get('after'))
      return ok({ messages: requests.get(Number(params.id))?.messages.filter(({ seq }) => seq > after) ?? [] })
    }),
    post('requests/:id/messages', write('agent')),
    post('requests/:id/notes', write('note')),
    post('requests/:id/transfer', end('waiting')),
    post('requests/:id/return', end('returned')),
    post('requests/:id/close', end('closed')),
  ]
}

function viewOf(requests: Map<number, Held>, me: Me): DeskView {
  const rows = [...requests.values()].map(({ row }) => row)
  const open = rows.filter(({ status }) => status === 'agent')
  return {
    waiting: rows.filter(({ status }) => status === 'waiting'),
    mine: open.filter(({ staff }) => staff?.id === me.id),
    others: me.role === 'agent' ? [] : open.filter(({ staff }) => staff?.id !== me.id),
    colleagues: people.map((one) => ({ ...one, load: 1 })),
    teams: ['Orders', 'Points'],
    open: { isOpen: true, opensAt: null },
    expectedWaitSeconds: 180,
  }
}

function otherRoutes(get: Get, post: Post): Route[] {
  return [
    get('requests/:id/member', ({ params }) => ok({ member: params.id === '3' ? null : picture })),
    get('requests/:id/assist', (_request, me) => ok(assist[me.locale])),
    post('requests/:id/goodwill', () => ok()),
    post('requests/:id/coupons', () => ok()),
    get('conversations', () =>
      ok({
        conversations: [
          {
            channel: 'directline',
            conversationId: 'c1',
            memberId: 'M0009',
            displayName: 'Hugo Marsh',
            lastText: 'what is on sale?',
            updatedAt: ago(30_000),
          },
        ],
      }),
    ),
    get('canned', () => ok({ replies: canned })),
    post('canned', () => ok({ id: 9 })),
    get('search', ({ query }) => {
      const wanted = query.get('q') ?? ''
      const snippet = `… my points for order K-10442 never came. ${wanted} and more …`
      const marks = [{ from: snippet.indexOf(wanted), length: wanted.length }]
      const place = { requestId: 1, displayName: 'Olivia Bennett', at: ago(1_000), snippet, marks }
      return ok({ results: wanted === 'nothing' ? [] : [{ ...place, status: 'closed', author: 'member' }] })
    }),
    get('reports', () => ok(report)),
    get('staff', () =>
      ok({ staff: people.map((one) => ({ ...one, disabled: one.id === 4, lockedUntil: null, load: 1 })) }),
    ),
    post('staff', () => ok({ id: 9, invitationUrl: 'https://desk.kettlewick.example/console#/invitation/abc123' })),
    post('me', () => ok()),
  ]
}
