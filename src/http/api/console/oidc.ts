import { createHash } from 'node:crypto'
import type { Clock, SecretBytes } from '../../../core/clock'
import { signInElsewhere, type Vouched } from '../../../core/staff/sign-in-elsewhere'
import { issueTicket, takeTicket } from '../../../core/staff/ticket'
import type { Database } from '../../../db/open'
import { cookieIn, setCookie } from '../../cookies'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../../route'
import { type Guard, SESSION_COOKIE } from './guard'
import { sessionCookie } from './session-cookie'

/** An OpenID provider: the authorization code flow with PKCE (RFC 7636, S256), state and nonce. */
export interface OidcProvider {
  /** Where the browser goes to sign in; undefined, and logged, when the provider cannot be reached. */
  start(options: { redirectUrl: string; state: string; nonce: string; verifier: string }): Promise<URL | undefined>
  /** Whom the provider vouches for; undefined, and logged, where anything about the answer is not right. */
  finish(options: { callback: URL; state: string; nonce: string; verifier: string }): Promise<Vouched | undefined>
}

export interface OidcOptions {
  readonly database: Database
  readonly clock: Clock
  readonly secretBytes: SecretBytes
  readonly guard: Guard
  readonly demo: boolean
  readonly inTeams: boolean
  /** Absent: nobody signs in elsewhere. */
  readonly provider?: OidcProvider | undefined
  /** Takes one of an address's tries; seconds to wait when it has had too many. */
  takeTry(address: string): number
}

const START = '/api/console/oidc/start'
const RETURN = '/api/console/oidc/return'
/** Holds what binds a sign-in to the browser that began it; as long as its ticket is good. */
const COOKIE = 'regulars_oidc'
const LIFETIME_SECONDS = 600
const SECRET_BYTES = 32

/**
 * `GET oidc/start` leads to the provider, `GET oidc/return` back to the console, signed in or with `?oidc=` and why not:
 * `failed`, `unreachable`, `not-added`, `email-unverified`. 404 `oidc-off` without a provider, 429 `locked`.
 */
export function oidcRoutes(options: OidcOptions): readonly Route[] {
  return options.guard.open([
    { method: 'get', path: START, handle: (request) => start(options, request) },
    { method: 'get', path: RETURN, handle: (request) => comeBack(options, request) },
  ])
}

async function start(options: OidcOptions, { baseUrl, address }: ApiRequest): Promise<ApiResponse> {
  const { database, clock, secretBytes, provider, demo } = options
  if (!provider) return off()
  const seconds = options.takeTry(address)
  if (seconds > 0) return failure(429, 'locked', 'too many tries', { 'retry-after': String(seconds) })
  const secret = secretBytes(SECRET_BYTES).toString('base64url')
  const data = { browser: derived(secret, 'browser') }
  const state = await issueTicket(database, { kind: 'oidc', data, secretBytes, at: clock() })
  const url = await provider.start({ redirectUrl: baseUrl + RETURN, state, ...boundTo(secret) })
  if (!url) return { status: 302, headers: { location: `${baseUrl}/console?oidc=unreachable` } }
  // Lax, because it is the provider's page that leads back here.
  const flags = { path: '/api/console/oidc', sameSite: 'Lax', secure: !demo, maxAgeSeconds: LIFETIME_SECONDS } as const
  return { status: 302, headers: { location: url.href, 'set-cookie': setCookie(COOKIE, secret, flags) } }
}

async function comeBack(options: OidcOptions, request: ApiRequest): Promise<ApiResponse> {
  const { database, clock, secretBytes, provider } = options
  if (!provider) return off()
  const { baseUrl, query, cookie } = request
  const leadBack = (why?: string, headers?: Record<string, string>): ApiResponse => ({
    status: 302,
    headers: { location: `${baseUrl}/console${why ? `?oidc=${why}` : ''}`, ...headers },
  })
  const state = query.get('state') ?? ''
  const secret = cookieIn(cookie, COOKIE)
  // Taken before anything is asked: what comes a second time is not looked at again.
  const ticket = await takeTicket(database, { kind: 'oidc', token: state, at: clock() })
  const bound = (ticket?.data as { browser?: unknown } | null | undefined)?.browser
  if (!secret || bound !== derived(secret, 'browser')) return leadBack('failed')
  const callback = new URL(`${baseUrl}${RETURN}?${query}`)
  const vouched = await provider.finish({ callback, state, ...boundTo(secret) })
  if (!vouched) return leadBack('failed')
  const replaces = cookieIn(cookie, SESSION_COOKIE)
  const signedIn = await database.tx((tx) => signInElsewhere(tx, { vouched, replaces, secretBytes, at: clock() }))
  if (!signedIn.ok) return leadBack(signedIn.code)
  return leadBack(undefined, { 'set-cookie': sessionCookie(signedIn.token, options) })
}

/** What only the browser's secret leads to, so that none of it need be kept here. */
function boundTo(secret: string): { nonce: string; verifier: string } {
  return { nonce: derived(secret, 'nonce'), verifier: derived(secret, 'verifier') }
}

function derived(secret: string, purpose: string): string {
  return createHash('sha256').update(`${purpose} ${secret}`).digest('base64url')
}

function off(): ApiResponse {
  return failure(404, 'oidc-off', 'signing in elsewhere is not set up (REGULARS_OIDC_ISSUER)')
}
