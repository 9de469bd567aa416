import { type ConnectionStatus, DirectLine } from 'botframework-directlinejs'
import { Observable } from 'rxjs/Observable'
import { WebSocket } from 'ws'

/** A session of the chat widget. */
export interface Session {
  readonly token: string
  readonly conversationId: string
  readonly userId: string
  readonly linked: boolean
  readonly resumed: boolean
  readonly expiresIn: number
  readonly locale?: string
}

/** Opens a session as the widget does. */
export async function openSession(url: string, body: object = {}): Promise<Session> {
  const response = await postJson(`${url}/api/webchat/session`, body)
  if (response.status !== 200) throw new Error(`the session was refused: ${JSON.stringify(response)}`)
  return response.body as unknown as Session
}

/** Posts JSON; resolves to status and parsed body. */
export async function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Headers; body: { readonly [key: string]: unknown } }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
}

/** Reads JSON. */
export async function getJson(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Headers; body: { readonly [key: string]: unknown } }> {
  const response = await fetch(url, { headers })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
}

// The client polls where the environment has no WebSocket, as Node 20 has none, even when it is given one.
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket

/** What a client saw, as the widget would show it. */
export interface Seen {
  readonly id: string
  readonly from: 'user' | 'bot'
  readonly text: string
}

/** The real Direct Line client of Web Chat, with what it saw. */
export interface Client {
  readonly seen: readonly Seen[]
  readonly statuses: readonly ConnectionStatus[]
  /** Says something; resolves to the id that it got, or 'retry'. */
  say(text: string, changes?: object): Promise<string>
  /** Resolves when it has seen so many messages of the bot. */
  heard(count: number): Promise<void>
  /** Cuts its websocket as a bad network would; resolves to how many were cut. */
  cut(): number
  end(): void
}

export interface ClientOptions {
  readonly url: string
  /** Where its messages go, when that is another process than its websocket's. */
  readonly postUrl?: string
  readonly token: string
  readonly conversationId?: string
  readonly watermark?: string
  readonly webSocket: boolean
}

/** Connects a client. End it, or its timers keep the test alive. */
export function connectClient(options: ClientOptions): Client {
  const sockets = new Set<WebSocket>()
  const seen: Seen[] = []
  const statuses: ConnectionStatus[] = []
  const waiting = new Set<() => void>()
  class TrackedWebSocket extends WebSocket {
    constructor(address: string) {
      super(address)
      sockets.add(this)
      this.on('close', () => sockets.delete(this))
    }
  }
  // The client's own hooks for its network: Node has no XMLHttpRequest. They are not in its published types.
  const hooks = {
    ajax: (request: AjaxRequest) => ajax(request, options),
    WebSocket: TrackedWebSocket,
    random: () => 0,
  } as object
  const line = new DirectLine({
    domain: `${options.url}/v3/directline`,
    token: options.token,
    webSocket: options.webSocket,
    pollingInterval: 200,
    ...(options.conversationId ? { conversationId: options.conversationId } : {}),
    ...(options.watermark ? { watermark: options.watermark } : {}),
    ...hooks,
  })
  const subscriptions = [
    line.connectionStatus$.subscribe((status) => statuses.push(status)),
    line.activity$.subscribe((activity) => {
      const { id = '', from, text = '' } = activity as { id?: string; from: { role?: string }; text?: string }
      seen.push({ id, from: from.role === 'user' ? 'user' : 'bot', text })
      for (const check of waiting) check()
    }),
  ]
  const heard = () => seen.filter(({ from }) => from === 'bot').length
  return {
    seen,
    statuses,
    say: (text, changes = {}) =>
      new Promise((resolve, reject) => {
        const activity = { type: 'message', from: { id: 'somebody else' }, text, ...changes } as never
        line.postActivity(activity).subscribe(resolve, reject)
      }),
    heard: (count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`heard ${heard()} of ${count}: ${JSON.stringify(seen)}`)),
          15_000,
        )
        const check = () => {
          if (heard() < count) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    cut() {
      const count = sockets.size
      for (const socket of sockets) socket.terminate()
      return count
    },
    end() {
      for (const subscription of subscriptions) subscription.unsubscribe()
      line.end()
      for (const socket of sockets) socket.terminate()
    },
  }
}

interface AjaxRequest {
  method: string
  url: string
  body?: unknown
  headers?: Record<string, string>
}

/** What rxjs's ajax does over XMLHttpRequest, over fetch. */
function ajax({ method, url, body, headers = {} }: AjaxRequest, { url: base, postUrl }: ClientOptions) {
  return new Observable<{ status: number; response: unknown }>((subscriber) => {
    const abort = new AbortController()
    const address = postUrl && method === 'POST' && url.endsWith('/activities') ? url.replace(base, postUrl) : url
    const text = body === undefined ? undefined : JSON.stringify(body)
    fetch(address, { method, headers, signal: abort.signal, ...(text === undefined ? {} : { body: text }) })
      .then(async (response) => {
        const answer = await response.text()
        const result = {
          status: response.status,
          response: answer === '' ? null : JSON.parse(answer),
          xhr: xhr(response),
        }
        if (response.ok) {
          subscriber.next(result)
          subscriber.complete()
        } else {
          subscriber.error(result)
        }
      })
      .catch((error) => (abort.signal.aborted ? undefined : subscriber.error({ status: 0, error })))
    return () => abort.abort()
  })
}

function xhr(response: Response) {
  return { getResponseHeader: (name: string) => response.headers.get(name) }
}
