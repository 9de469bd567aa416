import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** So many people at a time who each wait for an answer, and the channel they write through. */
export interface Load {
  /** Lets them talk for a while; resolves to the milliseconds that each answer took. */
  run(target: { url: string; seconds: number }): Promise<Float64Array>
  close(): Promise<void>
}

export interface LoadOptions {
  readonly concurrency: number
  /** They take turns: a channel takes only so many messages a second in one conversation. At least `concurrency`. */
  readonly people: number
  /** What person number `n` says. */
  readonly text: string
  /** The user id of person number `n`. */
  userId(person: number): string
}

const ANSWER_WITHIN_MS = 30_000

/** Starts the channel. A turn is over when its request is answered and its reply has arrived at the channel. */
export async function startLoad({ concurrency, people, text, userId }: LoadOptions): Promise<Load> {
  const arrivals = new Map<string, () => void>()
  const channel = http.createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end('{"id":"1"}')
      const conversation = /\/conversations\/([^/]+)\//.exec(request.url ?? '')?.[1] ?? ''
      arrivals.get(decodeURIComponent(conversation))?.()
    })
  })
  channel.keepAliveTimeout = 60_000
  channel.listen(0, '127.0.0.1')
  await once(channel, 'listening')
  const serviceUrl = `http://127.0.0.1:${(channel.address() as AddressInfo).port}/`
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency })
  let asked = 0

  function ask(url: string, person: number): Promise<void> {
    asked += 1
    const conversation = `load-${person}`
    const activity = JSON.stringify({
      type: 'message',
      id: `load-${asked}`,
      channelId: 'msteams',
      serviceUrl,
      timestamp: new Date().toISOString(),
      from: { id: userId(person), name: 'Load' },
      recipient: { id: '28:bot', name: 'Bot' },
      conversation: { id: conversation, conversationType: 'personal', tenantId: 'load' },
      channelData: { tenant: { id: 'load' } },
      locale: 'en-GB',
      text,
    })
    const replied = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no reply arrived')), ANSWER_WITHIN_MS)
      arrivals.set(conversation, () => {
        clearTimeout(timer)
        arrivals.delete(conversation)
        resolve()
      })
    })
    return Promise.all([replied, post(url, activity, agent)]).then(() => undefined)
  }

  return {
    async run({ url, seconds }) {
      const tookMs: number[] = []
      const until = performance.now() + seconds * 1_000
      const inTurn = async () => {
        while (performance.now() < until) {
          const startedAt = performance.now()
          await ask(url, asked % people)
          tookMs.push(performance.now() - startedAt)
        }
      }
      await Promise.all(Array.from({ length: concurrency }, inTurn))
      return Float64Array.from(tookMs)
    },
    async close() {
      agent.destroy()
      channel.closeAllConnections()
      channel.close()
      await once(channel, 'close')
    },
  }
}

function post(url: string, body: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = http.request(`${url}/api/messages`, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`the bot answered ${response.statusCode}`)),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}
