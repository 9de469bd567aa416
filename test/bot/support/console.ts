import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { DeskMessage, StreamCommand, StreamMessage } from '../../../src/http/api/console/types'

/** A console: its requests, its websocket, and what it saw. */
export class Console {
  readonly seen: StreamMessage[] = []
  /** Messages of watched requests, in the order they came. */
  readonly messages: DeskMessage[] = []
  private socket: WebSocket | undefined
  private readonly waiting = new Set<() => void>()

  constructor(
    private readonly url: string,
    readonly staffId: number,
  ) {}

  async get(path: string) {
    return read(await fetch(`${this.url}/api/console/${path}`, { headers: this.headers() }))
  }

  async post(path: string, body?: object) {
    return read(
      await fetch(`${this.url}/api/console/${path}`, {
        method: 'POST',
        headers: { ...this.headers(), 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    )
  }

  async open(): Promise<this> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/api/console/stream`, { headers: this.headers() })
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as StreamMessage
      this.seen.push(message)
      if (message.type === 'messages') this.messages.push(...message.messages)
      for (const check of this.waiting) check()
    })
    await once(socket, 'open')
    this.socket = socket
    return this
  }

  send(command: StreamCommand): void {
    this.socket?.send(JSON.stringify(command))
  }

  /** Resolves when something holds of what was seen. */
  until(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(check)
        reject(new Error(`the console never saw ${what}: ${JSON.stringify(this.seen)}`))
      }, 15_000)
      const check = () => {
        if (!holds()) return
        clearTimeout(timer)
        this.waiting.delete(check)
        resolve()
      }
      this.waiting.add(check)
      check()
    })
  }

  /** Cuts the websocket as a bad network would. */
  cut(): void {
    this.socket?.terminate()
  }

  private headers() {
    return { cookie: `staff=${this.staffId}` }
  }
}

async function read(
  response: Response,
): Promise<{ status: number; body: Record<string, never> & { error?: { code: string } } }> {
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}
