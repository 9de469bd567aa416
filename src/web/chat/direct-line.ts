import { type Activity, ConnectionStatus, DirectLine, type Services } from 'botframework-directlinejs'
import { ajax } from 'rxjs/observable/dom/ajax'
import { queue } from 'rxjs/scheduler/queue'
import type { IncomingActivity } from './model/transcript'
import { kindSentenceOf } from './session'

/** What became of a posted activity. `troubled`: it may or may not have arrived; sending it again is safe and right. */
export type Posted =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'troubled' | 'refused'; readonly kindSentence?: string }

/** One connection to a conversation, until it breaks. It does not heal itself: a new one takes its place. */
export interface Link {
  /** The server's position up to which activities were handed over. */
  watermark(): string
  token(): string
  post(activity: object): Promise<Posted>
  close(): void
}

export interface LinkOptions {
  readonly domain: string
  readonly token: string
  readonly conversationId: string
  /** Empty: from the beginning of the conversation. */
  readonly watermark: string
  readonly webSocket: boolean
  onOpen(): void
  onActivity(activity: IncomingActivity): void
  /** Once: the connection is gone. `opened` tells whether it had ever stood. */
  onBroken(why: { opened: boolean; status: ConnectionStatus }): void
}

/** Opens a Direct Line 3.0 connection by Microsoft's own client. */
export function openLink(options: LinkOptions): Link {
  let opened = false
  let closed = false
  let lastStatus: ConnectionStatus = ConnectionStatus.Uninitialized
  const refusal: Refusal = {}

  const broken = (): void => {
    if (closed) return
    link.close()
    options.onBroken({ opened, status: lastStatus })
  }
  const open = (): void => {
    if (closed || opened) return
    opened = true
    options.onOpen()
  }

  const services: Partial<Services> = {
    WebSocket: watchedWebSocket(open, broken),
    // Hands over what arrives at once, so that the watermark never runs ahead of what was shown.
    scheduler: queue,
    ajax: watchedAjax(refusal),
  }
  const directLine = new DirectLine({
    ...services,
    domain: options.domain,
    token: options.token,
    conversationId: options.conversationId,
    watermark: options.watermark,
    webSocket: options.webSocket,
  })
  const statuses = directLine.connectionStatus$.subscribe((status) => {
    lastStatus = status
    if (status === ConnectionStatus.Online && !options.webSocket) open()
    if (status === ConnectionStatus.FailedToConnect || status === ConnectionStatus.ExpiredToken) setTimeout(broken)
  })
  const activities = directLine.activity$.subscribe({
    next: (activity) => options.onActivity(activity as IncomingActivity),
    error: () => setTimeout(broken),
    complete: () => setTimeout(broken),
  })
  const link: Link = {
    // biome-ignore lint/complexity/useLiteralKeys: the client keeps them private, but a conversation needs them to go on
    watermark: () => directLine['watermark'],
    // biome-ignore lint/complexity/useLiteralKeys: as above
    token: () => directLine['token'],
    post: (activity) => postOver(directLine, activity, refusal),
    close() {
      if (closed) return
      closed = true
      activities.unsubscribe()
      statuses.unsubscribe()
      directLine.end()
    },
  }
  return link
}

/** What the server's last refusal says to people. */
interface Refusal {
  kindSentence?: string
}

/** The client keeps the body of a refusal to itself, and with it the server's sentence for people. */
function watchedAjax(refusal: Refusal): Services['ajax'] {
  const watched = (request: Parameters<typeof ajax>[0]) =>
    ajax(request).do({
      error: (error: { status?: number; xhr?: { response?: unknown } }) => {
        refusal.kindSentence = kindSentenceOf(error.status ?? 0, parsed(error.xhr?.response))
      },
    })
  return Object.assign(watched, ajax)
}

function postOver(directLine: DirectLine, activity: object, refusal: Refusal): Promise<Posted> {
  delete refusal.kindSentence
  return new Promise((resolve) => {
    directLine.postActivity(activity as Activity).subscribe({
      next: (id: string) => resolve(id === 'retry' ? { ok: false, code: 'troubled', ...refusal } : { ok: true }),
      error: ({ status = 0 }: { status?: number }) => {
        const final = status >= 400 && status < 500 && status !== 429 && status !== 408
        resolve({ ok: false, code: final ? 'refused' : 'troubled', ...refusal })
      },
    })
  })
}

/** The client reconnects by itself, but slowly and in silence; so its socket is watched from outside. */
function watchedWebSocket(onOpen: () => void, onClose: () => void): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      this.addEventListener('open', onOpen)
      this.addEventListener('close', onClose)
    }
  }
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
