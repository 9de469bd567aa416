import http from 'node:http'
import https from 'node:https'
import { urlToHttpOptions } from 'node:url'

/** Where a reply goes. */
export interface Reference {
  readonly serviceUrl: string
  readonly channelId: string
  readonly conversation: object & { readonly id: string }
  readonly bot?: object
  readonly user?: object
  readonly locale?: string
}

/** What became of one activity. */
export type SendResult =
  | { readonly kind: 'sent' }
  /** It did not arrive; worth another try, not before `afterMs` when the channel named a time. */
  | {
      readonly kind: 'retry'
      readonly afterMs?: number
      /** The channel says that it gets too much (429). */
      readonly isThrottled: boolean
      readonly error: string
    }
  /** The channel does not take it, now or later. `isUnreachable`: nothing for them, since we are blocked or they are gone. */
  | { readonly kind: 'refused'; readonly isUnreachable: boolean; readonly error: string }
  /** It may have arrived: sending it again could show it twice. */
  | { readonly kind: 'unknown'; readonly error: string }

export interface ConnectorClient {
  send(reference: Reference, activity: { readonly replyToId?: string }): Promise<SendResult>
  close(): void
}

export interface ConnectorClientOptions {
  token(): Promise<string | undefined>
  /** From the first byte sent to the last received. Default 10,000. */
  timeoutMs?: number
  /** Connections kept to one channel. Default 50. */
  connectionsMax?: number
  /** Default `replies`. */
  purpose?: Purpose
}

/**
 * A reply in doubt is better sent twice than never. A campaign's message must never arrive twice: where a kept connection turns
 * out to be closed, or the channel's answer leaves open whether it took the message, it counts as `unknown`.
 */
type Purpose = 'replies' | 'campaigns'

/** The longest that a channel can have us wait: somebody is there for a reply, and a header may be wrong. */
const WAIT_MAX_MS = { replies: 5 * 60_000, campaigns: 3_600_000 } as const

/** Longer than any send takes at the default. */
export const SEND_TIMEOUT_MS = 10_000

/**
 * Sends activities by the connector's REST interface. Not botbuilder's client: that one resends by itself after an
 * answer that got lost, and then a reply shows twice.
 */
export function createConnectorClient(options: ConnectorClientOptions): ConnectorClient {
  const settings = { keepAlive: true, maxSockets: options.connectionsMax ?? 50, scheduling: 'lifo' as const }
  const agents = { http: new http.Agent(settings), https: new https.Agent(settings) }
  return {
    async send(reference, activity) {
      let token: string | undefined
      try {
        token = await options.token()
      } catch (error) {
        return { kind: 'retry', isThrottled: false, error: `no token: ${(error as Error).message}` }
      }
      return post(addressOf(reference, activity.replyToId), JSON.stringify(activity), {
        ...agents,
        token,
        timeoutMs: options.timeoutMs ?? SEND_TIMEOUT_MS,
        purpose: options.purpose ?? 'replies',
      })
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

/** Where a request goes, as Node's client takes it. */
type Address = Readonly<http.ClientRequestArgs>

/** What service addresses came to: a channel has a few, and each reply goes to one of them. */
const services = new Map<string, { readonly address: Address; readonly folder: string }>()
const SERVICES_MAX = 100

function serviceOf(serviceUrl: string): { readonly address: Address; readonly folder: string } {
  const known = services.get(serviceUrl)
  if (known) return known
  const url = new URL(serviceUrl.endsWith('/') ? serviceUrl : `${serviceUrl}/`)
  const service = { address: urlToHttpOptions(url), folder: url.pathname.replace(/[^/]*$/, '') }
  if (services.size >= SERVICES_MAX) services.clear()
  services.set(serviceUrl, service)
  return service
}

function addressOf({ serviceUrl, conversation }: Reference, replyToId: string | undefined): Address {
  const { address, folder } = serviceOf(serviceUrl)
  const activity = replyToId === undefined ? '' : `/${encodeURIComponent(replyToId)}`
  const path = `${folder}v3/conversations/${encodeURIComponent(conversation.id)}/activities${activity}`
  return { ...address, path }
}

interface PostOptions {
  http: http.Agent
  https: https.Agent
  token: string | undefined
  timeoutMs: number
  purpose: Purpose
}

function post(address: Address, body: string, options: PostOptions): Promise<SendResult> {
  return new Promise((resolve) => {
    const secure = address.protocol === 'https:'
    const headers: http.OutgoingHttpHeaders = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    }
    const request = (secure ? https : http).request({
      ...address,
      method: 'POST',
      headers,
      agent: secure ? options.https : options.http,
    })
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${options.timeoutMs} ms`)),
      options.timeoutMs,
    )
    const settle = (result: SendResult) => {
      clearTimeout(timer)
      resolve(result)
    }
    let connected = false
    const onConnected = () => {
      connected = true
    }
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', onConnected)
      else onConnected()
    })
    request.on('response', (response) => {
      response.resume()
      response.on('end', () => settle(resultOf(response, options.purpose)))
      // The status line came: that is the answer, whatever became of the rest.
      response.on('error', () => settle(resultOf(response, options.purpose)))
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the other side had closed in the meantime: it never read the request.
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      const text = error.code ? `${error.code}: ${error.message}` : error.message
      const arrived = connected && !(stale && options.purpose === 'replies')
      settle(arrived ? { kind: 'unknown', error: text } : { kind: 'retry', isThrottled: false, error: text })
    })
    request.end(body)
  })
}

// Teams names 412, 429, 502 and 504 as worth a retry. 401 and 403 differ: a token may just have expired; blocked stays blocked.
const RETRY_STATUSES = new Set([401, 408, 412, 425, 429])

// A timeout, or an error of whoever stands between or behind: it may have been taken. 503 says that it was not.
const isDoubtful = (status: number) => status === 408 || (status >= 500 && status !== 503)

// Blocked by the user, uninstalled, or the conversation is gone.
const UNREACHABLE_STATUSES = new Set([403, 404, 410])
const THROTTLED = 429

function resultOf(response: http.IncomingMessage, purpose: Purpose): SendResult {
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return { kind: 'sent' }
  const error = `the channel answered ${status}`
  if (purpose === 'campaigns' && isDoubtful(status)) return { kind: 'unknown', error }
  if (status < 500 && !RETRY_STATUSES.has(status)) {
    return { kind: 'refused', isUnreachable: UNREACHABLE_STATUSES.has(status), error }
  }
  const afterMs = retryAfterMs(response.headers, WAIT_MAX_MS[purpose])
  const isThrottled = status === THROTTLED
  return { kind: 'retry', isThrottled, error, ...(afterMs === undefined ? {} : { afterMs }) }
}

/** Seconds, or a date in relation to the answer's own clock. */
function retryAfterMs({ 'retry-after': header, date }: http.IncomingHttpHeaders, mostMs: number): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.parse(date ?? '')
  return ms >= 0 ? Math.min(ms, mostMs) : undefined
}
