import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the bot sent. */
export interface Received {
  readonly path: string
  readonly authorization: string | undefined
  readonly activity: { readonly [key: string]: unknown; readonly text?: string; readonly replyToId?: string }
}

/** A channel of our own on loopback: keeps what the bot sends, and answers as it is told to. */
export interface LoopbackConnector {
  readonly serviceUrl: string
  readonly received: readonly Received[]
  /** Resolves when it has received so many; rejects after `withinMs` (10 s unless given) in which nothing came. */
  has(count: number, options?: { withinMs: number }): Promise<void>
  /** Answers the next requests with these, then 200 again. */
  answerNext(...answers: Answer[]): void
  close(): Promise<void>
}

/** A status; `hang` never answers, `reset` breaks off, `slow` takes what it gets and says so 150 ms later. */
export type Answer = number | 'hang' | 'reset' | 'slow' | { status: number; retryAfter: string }

export async function startLoopbackConnector(port = 0): Promise<LoopbackConnector> {
  const received: Received[] = []
  const answers: Answer[] = []
  const arrivals = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const received1 = await read(request)
    const answer = answers.shift() ?? 200
    if (answer === 'reset') return request.socket.destroy()
    if (answer === 200 || answer === 'hang' || answer === 'slow') received.push(received1)
    for (const arrival of arrivals) arrival()
    if (answer === 'slow') setTimeout(() => reply(response, 200), 150)
    else if (answer !== 'hang') reply(response, answer)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    serviceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/channel/`,
    received,
    async has(count, { withinMs } = { withinMs: 10_000 }) {
      while (received.length < count) {
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(
            () => reject(new Error(`${received.length} of ${count} arrived, and nothing for ${withinMs} ms`)),
            withinMs,
          )
          const arrival = () => {
            clearTimeout(timer)
            arrivals.delete(arrival)
            resolve()
          }
          arrivals.add(arrival)
        })
      }
    },
    answerNext(...next) {
      answers.push(...next)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const activity = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  return { path: request.url ?? '', authorization: request.headers.authorization, activity }
}

function reply(response: ServerResponse, answer: number | { status: number; retryAfter: string }): void {
  const status = typeof answer === 'number' ? answer : answer.status
  const headers = typeof answer === 'number' ? {} : { 'retry-after': answer.retryAfter }
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end('{"id":"sent"}')
}
