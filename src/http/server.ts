import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server as NodeServer } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import restify, { type Request, type Response, type Server } from 'restify'
import { addressOf } from './address'
import { readJson } from './body'
import { servePages } from './pages'
import { type ApiRequest, type ApiResponse, failure, type Route } from './route'
import { COMMON_HEADERS, crossOriginHeaders, type OriginRules, PREFLIGHT_HEADERS } from './security'

export interface HttpOptions extends OriginRules {
  readonly routes: readonly Route[]
  readonly logger: Logger
  /** Where the built pages are. */
  readonly webFolder: string
  /** Whether the console may stand in a tab of Teams. */
  readonly consoleInTeams?: boolean
  /** Where callers reach us; absent: as they say (their Host header). */
  readonly publicUrl?: string
  /** Whether an error means that the database is away, so that the caller should come again. */
  isUnavailable(error: unknown): boolean
  /** Takes over a websocket's first request. */
  onUpgrade?(upgrade: Upgrade): void
}

/** A request to become a websocket. */
export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly baseUrl: string
}

/** Builds the server: every operation, the pages, one shape of error, one line of log a request. It does not listen yet. */
export function createHttpServer(options: HttpOptions): Server {
  const server = restify.createServer({ name: 'regulars', handleUncaughtExceptions: false, ignoreTrailingSlash: true })
  server.pre((request, response, next) => {
    response.header('x-request-id', requestId(request))
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.header(name, value)
    if (hasReadableAddress(request)) return next()
    write(response, failure(400, 'malformed-request', ERROR_MESSAGES[400] ?? ''))
    next(false)
  })
  for (const route of options.routes) {
    server[route.method](route.path, async (request: Request, response: Response) =>
      respond(options, route, request, response),
    )
  }
  for (const path of new Set(options.routes.filter((route) => route.crossOrigin).map((route) => route.path))) {
    server.opts(path, async (request: Request, response: Response) => {
      const origin = headerOf(request, 'origin')
      write(response, { status: 204, headers: { ...crossOriginHeaders(origin, options), ...PREFLIGHT_HEADERS } })
    })
  }
  servePages(server, options)
  tellErrorsAlike(server)
  server.on('after', (request: Request, response: Response) => logRequest(options.logger, request, response))
  nodeServerOf(server).on('upgrade', (request, socket, head) => {
    if (options.onUpgrade) options.onUpgrade({ request, socket, head, baseUrl: baseUrlOf(options, request) })
    else socket.destroy()
  })
  return server
}

/** Restify makes a URL of Host and path, and one that can't be made ends the process: such a request goes no further. */
function hasReadableAddress({ url = '', headers }: IncomingMessage): boolean {
  const host = headers.host || 'localhost'
  // A path or a user in Host would shift what the request asks for.
  if (/[/?#@\\\s]/.test(host)) return false
  const base = `http://${host}`
  return url.startsWith('/') ? URL.canParse(base + url) : URL.canParse(url, base)
}

/** The Node server underneath. */
export function nodeServerOf(server: Server): NodeServer {
  return server.server as NodeServer
}

async function respond(options: HttpOptions, route: Route, request: Request, response: Response): Promise<void> {
  const origin = headerOf(request, 'origin')
  const crossOrigin = route.crossOrigin ? crossOriginHeaders(origin, options) : {}
  try {
    const read = await readBody(route, request)
    const answered = read.ok ? await route.handle(apiRequest(options, request, read.body)) : read.response
    write(response, { ...answered, headers: { ...crossOrigin, ...answered.headers } })
  } catch (error) {
    options.logger.error({ err: error, requestId: requestId(request), route: route.path }, 'request failed')
    const answered = options.isUnavailable(error)
      ? failure(503, 'unavailable', 'our records cannot be reached right now; please try again', { 'retry-after': '5' })
      : failure(500, 'internal-error', 'something went wrong on our side')
    write(response, { ...answered, headers: { ...crossOrigin, ...answered.headers } })
  }
}

async function readBody(route: Route, request: Request) {
  switch (route.body) {
    case 'json':
      return readJson(request, { optional: false })
    case 'optional-json':
      return readJson(request, { optional: true })
    case 'unread':
      request.resume()
      return { ok: true as const, body: undefined }
    case undefined:
      return { ok: true as const, body: undefined }
  }
}

function apiRequest(options: HttpOptions, request: Request, body: unknown): ApiRequest {
  const url = request.url ?? ''
  const queryAt = url.indexOf('?')
  return {
    params: request.params ?? {},
    query: new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1)),
    body,
    authorization: headerOf(request, 'authorization') ?? '',
    cookie: headerOf(request, 'cookie') ?? '',
    address: addressOf(request),
    baseUrl: baseUrlOf(options, request),
    origin: headerOf(request, 'origin'),
  }
}

function baseUrlOf({ publicUrl }: HttpOptions, request: IncomingMessage): string {
  return publicUrl ?? `http://${request.headers.host ?? 'localhost'}`
}

/** Past restify's content negotiation: what we send is JSON, whatever is asked for. */
function write(response: Response, { status, body, text: plain, headers }: ApiResponse): void {
  if (response.writableEnded || response.headersSent) return
  const text = plain ?? (body === undefined ? '' : JSON.stringify(body))
  response.writeHead(status, {
    ...headers,
    'cache-control': 'no-store',
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(text) }),
  })
  response.end(text)
}

/** Restify's own errors (no such route, wrong method) in our shape. */
function tellErrorsAlike(server: Server): void {
  server.on('restifyError', (_request: Request, response: Response, error: Error & { statusCode?: number }) => {
    // A folder, or what lies outside the pages: whether there is something is nobody's business.
    const status = error.statusCode === 403 ? 404 : (error.statusCode ?? 500)
    write(
      response,
      failure(status, ERROR_CODES[status] ?? 'internal-error', ERROR_MESSAGES[status] ?? 'something went wrong'),
    )
  })
}

const ERROR_CODES: Readonly<Record<number, string>> = {
  400: 'malformed-request',
  404: 'not-found',
  405: 'method-not-allowed',
}
const ERROR_MESSAGES: Readonly<Record<number, string>> = {
  400: 'the request cannot be read',
  404: 'there is nothing here',
  405: 'this address takes another method',
}

function logRequest(logger: Logger, request: Request, response: Response): void {
  const level = response.statusCode >= 500 && response.statusCode !== 501 ? 'error' : 'debug'
  if (!logger.isLevelEnabled(level)) return
  // The route as it is written, never the address: that one may carry ids and tokens.
  const route = (request.getRoute() as { path?: unknown } | undefined)?.path ?? 'none'
  const ms = Math.round(performance.now() - startedAt(request))
  logger[level](
    { requestId: requestId(request), method: request.method, route, status: response.statusCode, ms },
    'request',
  )
}

interface Tagged extends IncomingMessage {
  regulars?: { id: string; startedAt: number }
}

function tagged(request: Tagged): { id: string; startedAt: number } {
  request.regulars ??= { id: randomUUID(), startedAt: performance.now() }
  return request.regulars
}

function requestId(request: IncomingMessage): string {
  return tagged(request).id
}

function startedAt(request: IncomingMessage): number {
  return tagged(request).startedAt
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}
