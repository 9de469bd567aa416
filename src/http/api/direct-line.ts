import { timingSafeEqual } from 'node:crypto'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../route'

interface OpenConversation {
  readonly conversationId: string
  readonly userId: string
  readonly token: string
  readonly expiresInSeconds: number
}

interface Refusal {
  readonly ok: false
  readonly code: string
  readonly reason?: string
  readonly message?: string
  readonly retryAfterSeconds?: number
}

type Result<T> = ({ readonly ok: true } & T) | Refusal

/** The channel behind the routes. */
export interface DirectLineService {
  open(options: { userId?: string; locale?: string }): Promise<OpenConversation>
  refresh(token: string): Promise<Result<OpenConversation>>
  start(token: string, options?: { conversationId?: string; locale?: string }): Promise<Result<OpenConversation>>
  read(token: string, conversationId: string, watermark: number): Promise<Result<{ set: object }>>
  post(
    token: string,
    conversationId: string,
    options: { body: unknown; address: string },
  ): Promise<Result<{ id: string }>>
  upload(token: string, conversationId: string, address: string): Promise<Result<{ id: string }>>
}

export interface DirectLineRoutesOptions {
  readonly service: DirectLineService
  /** What a server of the merchant's presents to get tokens for its visitors. */
  readonly secret: string
}

const BASE = '/v3/directline'

/** Direct Line 3.0 as its clients speak it. 403 means a token that is no longer good: clients renew it then. */
export function directLineRoutes({ service, secret }: DirectLineRoutesOptions): readonly Route[] {
  return [
    {
      method: 'post',
      path: `${BASE}/tokens/generate`,
      body: 'optional-json',
      handle: (request) => generate(service, secret, request),
    },
    tokenRoute({
      method: 'post',
      path: '/tokens/refresh',
      body: 'unread',
      handle: async (token) => opened(await service.refresh(token), 200),
    }),
    tokenRoute({
      method: 'post',
      path: '/conversations',
      body: 'optional-json',
      handle: (token, request) => begin(service, secret, { bearer: token, request }),
    }),
    tokenRoute({
      method: 'get',
      path: '/conversations/:id',
      handle: async (token, request) =>
        started(request, await service.start(token, { conversationId: idOf(request) }), 200),
    }),
    tokenRoute({
      method: 'get',
      path: '/conversations/:id/activities',
      handle: (token, request) => read(service, request, token),
    }),
    tokenRoute({
      method: 'post',
      path: '/conversations/:id/activities',
      body: 'json',
      handle: async (token, request) => {
        const { body, address } = request
        return posted(await service.post(token, idOf(request), { body, address }))
      },
    }),
    tokenRoute({
      method: 'post',
      path: '/conversations/:id/upload',
      body: 'unread',
      handle: async (token, request) => posted(await service.upload(token, idOf(request), request.address)),
    }),
  ]
}

/** A route that pages of the shop may call, with a bearer token. */
function tokenRoute({
  path,
  handle,
  ...route
}: Pick<Route, 'method' | 'path' | 'body'> & {
  handle(token: string, request: ApiRequest): Promise<ApiResponse>
}): Route {
  return {
    ...route,
    path: `${BASE}${path}`,
    crossOrigin: true,
    handle(request) {
      const token = bearerOf(request)
      return token === '' ? failure(401, 'token-missing', 'this needs a Direct Line token') : handle(token, request)
    },
  }
}

async function generate(service: DirectLineService, secret: string, request: ApiRequest): Promise<ApiResponse> {
  if (!isSecret(bearerOf(request), secret)) return failure(403, 'wrong-secret', 'this needs the Direct Line secret')
  const made = await open(service, request)
  return made.ok ? opened(made, 200) : refused(made)
}

/** With a token its conversation, with the secret a new one. */
async function begin(
  service: DirectLineService,
  secret: string,
  { bearer, request }: { bearer: string; request: ApiRequest },
): Promise<ApiResponse> {
  const locale = localeOf(request)
  if (!isSecret(bearer, secret)) return started(request, await service.start(bearer, { locale }), 201)
  const made = await open(service, request)
  return made.ok ? started(request, await service.start(made.token, { locale }), 201) : refused(made)
}

async function open(service: DirectLineService, request: ApiRequest): Promise<Result<OpenConversation>> {
  const id = (request.body as { user?: { id?: unknown } } | null | undefined)?.user?.id
  // Web Chat's client sends an empty id when it was given none.
  if (id === undefined || id === '') return { ok: true, ...(await service.open({ locale: localeOf(request) })) }
  if (typeof id === 'string' && USER_ID.test(id)) {
    return { ok: true, ...(await service.open({ userId: id, locale: localeOf(request) })) }
  }
  const reason = 'user.id: must start with dl_ and have letters, digits, . : @ _ - only'
  return { ok: false, code: 'malformed-request', reason }
}

const USER_ID = /^dl_[\w.:@-]{1,200}$/

function localeOf({ body }: ApiRequest): string | undefined {
  const locale = (body as { locale?: unknown } | null | undefined)?.locale
  return typeof locale === 'string' && locale.length <= 64 ? locale : undefined
}

/** The place in a log that a watermark names; undefined when it names none. */
export function parseWatermark(text: string | null): number | undefined {
  if (text === null || text === '') return 0
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

async function read(service: DirectLineService, request: ApiRequest, token: string): Promise<ApiResponse> {
  const watermark = parseWatermark(request.query.get('watermark'))
  if (watermark === undefined) return failure(400, 'malformed-request', 'watermark: must be one of ours, or empty')
  const result = await service.read(token, idOf(request), watermark)
  return result.ok ? { status: 200, body: result.set } : refused(result)
}

function opened(result: Result<OpenConversation>, status: number): ApiResponse {
  if (!result.ok) return refused(result)
  const { conversationId, token, expiresInSeconds } = result
  return { status, body: { conversationId, token, expires_in: expiresInSeconds } }
}

function started(request: ApiRequest, result: Result<OpenConversation>, status: number): ApiResponse {
  if (!result.ok) return refused(result)
  const watermark = parseWatermark(request.query.get('watermark')) ?? 0
  const stream = new URL(`${BASE}/conversations/${result.conversationId}/stream`, request.baseUrl)
  stream.protocol = stream.protocol === 'https:' ? 'wss:' : 'ws:'
  stream.searchParams.set('watermark', String(watermark))
  stream.searchParams.set('t', result.token)
  const response = opened(result, status)
  return { ...response, body: { ...response.body, streamUrl: stream.href } }
}

function posted(result: Result<{ id: string }>): ApiResponse {
  return result.ok ? { status: 200, body: { id: result.id } } : refused(result)
}

const STATUSES: Readonly<Record<string, number>> = {
  'token-expired': 403,
  'token-invalid': 403,
  'foreign-conversation': 403,
  'unknown-conversation': 404,
  'malformed-activity': 400,
  'malformed-request': 400,
  'rate-limited': 429,
  unavailable: 503,
}

function refused({ code, reason, message, retryAfterSeconds }: Refusal): ApiResponse {
  const headers = retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) }
  return failure(STATUSES[code] ?? 400, code, message ?? reason ?? code.replaceAll('-', ' '), headers)
}

function bearerOf({ authorization }: ApiRequest): string {
  return /^Bearer +(.+)$/i.exec(authorization)?.[1]?.trim() ?? ''
}

function idOf({ params }: ApiRequest): string {
  return params.id ?? ''
}

function isSecret(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return secret !== '' && a.length === b.length && timingSafeEqual(a, b)
}
