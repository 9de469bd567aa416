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
  open(options: { userId?: string }): Promise<OpenConversation>
  refresh(token: string): Promise<Result<OpenConversation>>
  start(token: string, conversationId?: string): Promise<Result<OpenConversation>>
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
  const shared = { crossOrigin: true } as const
  return [
    { method: 'post', path: `${BASE}/tokens/generate`, body: 'optional-json', handle: (request) => generate(request) },
    {
      ...shared,
      method: 'post',
      path: `${BASE}/tokens/refresh`,
      body: 'unread',
      handle: (request) => withToken(request, async (token) => opened(await service.refresh(token), 200)),
    },
    {
      ...shared,
      method: 'post',
      path: `${BASE}/conversations`,
      body: 'optional-json',
      handle: (request) => withToken(request, async (token) => started(request, await service.start(token), 201)),
    },
    {
      ...shared,
      method: 'get',
      path: `${BASE}/conversations/:id`,
      handle: (request) =>
        withToken(request, async (token) => started(request, await service.start(token, idOf(request)), 200)),
    },
    {
      ...shared,
      method: 'get',
      path: `${BASE}/conversations/:id/activities`,
      handle: (request) => withToken(request, (token) => read(service, request, token)),
    },
    {
      ...shared,
      method: 'post',
      path: `${BASE}/conversations/:id/activities`,
      body: 'json',
      handle: (request) =>
        withToken(request, async (token) => {
          const { body, address } = request
          return posted(await service.post(token, idOf(request), { body, address }))
        }),
    },
    {
      ...shared,
      method: 'post',
      path: `${BASE}/conversations/:id/upload`,
      body: 'unread',
      handle: (request) =>
        withToken(request, async (token) => posted(await service.upload(token, idOf(request), request.address))),
    },
  ]

  async function generate(request: ApiRequest): Promise<ApiResponse> {
    if (!isSecret(bearerOf(request), secret)) return failure(403, 'wrong-secret', 'this needs the Direct Line secret')
    const user = (request.body as { user?: { id?: unknown } } | null | undefined)?.user?.id
    if (user !== undefined && !(typeof user === 'string' && /^dl_[\w.:@-]{1,200}$/.test(user))) {
      return failure(400, 'malformed-request', 'user.id: must start with dl_ and have letters, digits, . : @ - only')
    }
    return opened({ ok: true, ...(await service.open(typeof user === 'string' ? { userId: user } : {})) }, 200)
  }
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
  'rate-limited': 429,
  unavailable: 503,
}

function refused({ code, reason, message, retryAfterSeconds }: Refusal): ApiResponse {
  const headers = retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) }
  return failure(STATUSES[code] ?? 400, code, message ?? reason ?? code.replaceAll('-', ' '), headers)
}

async function withToken(request: ApiRequest, work: (token: string) => Promise<ApiResponse>): Promise<ApiResponse> {
  const token = bearerOf(request)
  return token === '' ? failure(401, 'token-missing', 'this needs a Direct Line token') : work(token)
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
