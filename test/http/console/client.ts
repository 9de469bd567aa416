import { request as httpRequest } from 'node:http'
import type { AppDeps } from '../../../src/app'
import type { Config } from '../../../src/config'
import type { Database } from '../../../src/db/open'
import { type RunningApp, startTestApp, testConfig } from '../../bot/support/test-app'
import { cheapCost } from '../../core/staff/people'

export const PUBLIC_URL = 'https://bot.shop.example'

/** A configuration as in production: people sign in, cookies are for https. */
export const liveConfig: Config = {
  ...testConfig,
  demo: false,
  publicUrl: PUBLIC_URL,
  botApp: { id: '00000000-0000-0000-0000-000000000001', password: 'p', type: 'MultiTenant', tenantId: '' },
}

/** An application whose hashes are cheap, and whose addresses have as many tries as they like. */
export function startConsole(database: Database, deps: Partial<AppDeps> = {}): Promise<RunningApp> {
  const settings = { passwordCost: cheapCost, rates: { signIn: { burst: 10_000, perSecond: 1 } }, ...deps.settings }
  return startTestApp(database, { config: liveConfig, ...deps, settings })
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: { readonly error?: { readonly code: string } } & Readonly<Record<string, unknown>>
}

export interface Asked {
  readonly method?: 'GET' | 'POST'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends one request with any headers, Host and Origin included. */
export function send(url: string, { method = 'GET', body, headers = {} }: Asked = {}): Promise<Answered> {
  const text = body === undefined ? '' : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(text)) } : {}
    const request = httpRequest(url, { method, headers: { ...type, ...length, ...headers } }, (response) => {
      let said = ''
      response.on('data', (part) => {
        said += part
      })
      response.on('end', () => {
        const { statusCode: status = 0, headers: received } = response
        resolve({ status, headers: received, body: said.startsWith('{') ? JSON.parse(said) : said })
      })
    })
    request.on('error', reject)
    request.end(text)
  })
}

/** A browser of one person: keeps cookies, and names our own page with each write. */
export class Browser {
  readonly cookies = new Map<string, string>()

  constructor(
    readonly app: { readonly url: string },
    readonly origin = PUBLIC_URL,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return this.ask(path, { headers })
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    return this.ask(path, { method: 'POST', body, headers: { origin: this.origin, ...headers } })
  }

  private async ask(path: string, asked: Asked): Promise<Answered> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie ? { cookie } : {}), ...asked.headers }
    const answered = await send(`${this.app.url}/api/console/${path}`, { ...asked, headers })
    for (const line of [answered.headers['set-cookie'] ?? []].flat()) this.keep(line)
    return answered
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/Max-Age=0\b/.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}
