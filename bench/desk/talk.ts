import { once } from 'node:events'
import http from 'node:http'
import { WebSocket } from 'ws'

/** What was said and when, and what of it arrived where it should, how often and how late. */
export class Ledger {
  private readonly sentAt = new Map<string, number>()
  private readonly arrivals = new Map<string, number>()
  readonly tookMs: number[] = []

  sent(text: string): void {
    this.sentAt.set(text, performance.now())
  }

  /** Whether it is the first time that it arrived. */
  arrived(text: string): boolean {
    const sentAt = this.sentAt.get(text)
    if (sentAt === undefined) return false
    const times = (this.arrivals.get(text) ?? 0) + 1
    this.arrivals.set(text, times)
    if (times === 1) this.tookMs.push(performance.now() - sentAt)
    return times === 1
  }

  get lost(): number {
    return this.sentAt.size - this.arrivals.size
  }

  get doubled(): number {
    return [...this.arrivals.values()].filter((times) => times > 1).length
  }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 300 })

/** Posts JSON and resolves to what came back. Throws unless it was taken. */
export function post(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(text)
    const all = { 'content-type': 'application/json', 'content-length': length, ...headers }
    const request = http.request(url, { method: 'POST', agent, headers: all }, (response) => {
      let answer = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        answer += chunk
      })
      response.on('end', () => {
        const isTaken = (response.statusCode ?? 500) < 300
        if (isTaken) resolve(answer === '' ? {} : JSON.parse(answer))
        else reject(new Error(`${url} answered ${response.statusCode}: ${answer}`))
      })
    })
    request.on('error', reject)
    request.end(text)
  })
}

export function closeConnections(): void {
  agent.destroy()
}

interface Heard {
  readonly activities: readonly { readonly from: { readonly role?: string }; readonly text?: string }[]
}

/** A member in the web chat, with the websocket that the widget has. */
export async function openMember(
  url: string,
  onText: (text: string) => void,
): Promise<{ conversationId: string; say(text: string): Promise<unknown>; end(): void }> {
  const { conversationId, token } = await post(`${url}/api/webchat/session`, {})
  const path = `/v3/directline/conversations/${conversationId}`
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}/stream?watermark=0&t=${token}`)
  socket.on('message', (data) => {
    const text = String(data)
    if (text === '') return
    for (const { from, text: words } of (JSON.parse(text) as Heard).activities) {
      // Their own words come back to them, too.
      if (from.role === 'bot') onText(words ?? '')
    }
  })
  await once(socket, 'open')
  const headers = { authorization: `Bearer ${token}` }
  return {
    conversationId: String(conversationId),
    say: (text) => post(`${url}${path}/activities`, { type: 'message', text }, headers),
    end: () => socket.terminate(),
  }
}

/** An agent's console, with its websocket. */
export async function openConsole(
  url: string,
  staffId: number,
  onText: (requestId: number, text: string) => void,
): Promise<{ watch(requestId: number): void; say(requestId: number, text: string): Promise<unknown>; end(): void }> {
  const headers = { cookie: `staff=${staffId}` }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/console/stream`, { headers })
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as {
      type: string
      requestId: number
      messages: { author: string; text: string }[]
    }
    if (message.type !== 'messages') return
    for (const { author, text } of message.messages) if (author === 'member') onText(message.requestId, text)
  })
  await once(socket, 'open')
  return {
    watch: (requestId) => socket.send(JSON.stringify({ type: 'watch', requestId, afterSeq: 0 })),
    say: (requestId, text) =>
      post(`${url}/api/console/requests/${requestId}/messages`, { key: text.replaceAll(' ', '-'), text }, headers),
    end: () => socket.terminate(),
  }
}
