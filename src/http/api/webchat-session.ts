import { type ApiResponse, failure, type Route } from '../route'

type SessionResult =
  | {
      readonly ok: true
      readonly token: string
      readonly conversationId: string
      readonly userId: string
      readonly expiresInSeconds: number
      readonly linked: boolean
      readonly resumed: boolean
      readonly locale?: string
    }
  | { readonly ok: false; readonly code: string; readonly reason: string }

export interface WebchatSessionOptions {
  openSession(body: unknown): Promise<SessionResult>
  /** Takes one of an address's sessions; seconds to wait when it has had too many. */
  takeSession(address: string): number
}

/**
 * `POST /api/webchat/session` `{memberToken?, locale?, resume?}`: a conversation and its token for the chat widget. 400
 * malformed; 401 the member token is not good (`token-…`, `unknown-member`, `member-tokens-off`); 429 too many.
 */
export function webchatSessionRoute({ openSession, takeSession }: WebchatSessionOptions): Route {
  return {
    method: 'post',
    path: '/api/webchat/session',
    body: 'optional-json',
    crossOrigin: true,
    async handle({ body, address }): Promise<ApiResponse> {
      const waitSeconds = takeSession(address)
      if (waitSeconds > 0) {
        return failure(429, 'rate-limited', 'too many conversations at once', { 'retry-after': String(waitSeconds) })
      }
      const result = await openSession(body)
      if (!result.ok) return failure(result.code === 'malformed-request' ? 400 : 401, result.code, result.reason)
      const { token, conversationId, userId, linked, resumed, locale, expiresInSeconds: expiresIn } = result
      return { status: 200, body: { token, conversationId, userId, locale, expiresIn, linked, resumed } }
    },
  }
}
