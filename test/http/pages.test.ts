import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { type RunningApp, startTestApp, testConfig } from '../bot/support/test-app'
import { useDatabase } from '../support/database'

const { current } = useDatabase()
let app: RunningApp

beforeAll(async () => {
  app = await startTestApp(current())
})

afterAll(() => app.close())

/** Not by fetch, which tidies addresses up and tells that it wants no stored answer. */
const statusOf = (path: string, headers: Record<string, string> = {}) =>
  new Promise((resolve, reject) => {
    const request = httpRequest(new URL(app.url), { path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
    request.end()
  })

const get = (path: string, init: RequestInit = {}) => fetch(`${app.url}${path}`, init)

test.each([
  ['/', 'Shop'],
  ['/index.html', 'Shop'],
  ['/mailbox', 'Mailbox'],
  ['/mailbox/', 'Mailbox'],
  ['/mailbox.html', 'Mailbox'],
  ['/chat', 'Chat'],
  ['/chat.html?locale=zh', 'Chat'],
])('%s is the page %s, asked for anew each time', async (path, title) => {
  const response = await get(path)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  expect(response.headers.get('cache-control')).toBe('no-cache')
  expect(await response.text()).toContain(`<title>${title}</title>`)
})

test('the chat may be framed by the pages of the shop, other pages by none but ours', async () => {
  const policy = async (path: string) => (await get(path)).headers.get('content-security-policy')
  expect(await policy('/chat.html')).toContain("frame-ancestors 'self' https://shop.example")
  expect(await policy('/')).toMatch(/frame-ancestors 'self'$/)
  expect(await policy('/mailbox')).toMatch(/frame-ancestors 'self'$/)
})

test('files may be loaded by the pages of the shop; those with a hash in their name are kept', async () => {
  const widget = await get('/widget.js')
  expect(widget.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(widget.headers.get('cache-control')).toBe('public, max-age=300')
  const part = await get('/assets/part-1a2b3c.js')
  expect(part.headers.get('cache-control')).toContain('immutable')
  expect(await statusOf('/widget.js', { 'if-none-match': widget.headers.get('etag') ?? '' })).toBe(304)
})

test('HEAD is answered like GET, without the body', async () => {
  const response = await get('/', { method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('')
})

test.each([
  '/nothing',
  '/assets/',
  '/assets',
  '/.env',
  '/%2e%2e/test-app.ts',
  '/..%2ftest-app.ts',
  '/%00',
  '/assets/../../x',
])('there is nothing at %s', async (path) => {
  expect([400, 404]).toContain(await statusOf(path))
})

test('every answer carries what keeps browsers careful, and an id for the log', async () => {
  for (const path of ['/', '/live', '/nothing', '/api/demo/mailbox']) {
    const { headers } = await get(path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})

describe('other sites', () => {
  const preflight = (path: string, origin: string) =>
    get(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    })

  test('the shop on the list may call the chat, and read the answer', async () => {
    for (const path of [
      '/api/webchat/session',
      '/v3/directline/conversations',
      '/v3/directline/conversations/x/activities',
    ]) {
      const { status, headers } = await preflight(path, 'https://shop.example')
      expect(status).toBe(204)
      expect(headers.get('access-control-allow-origin')).toBe('https://shop.example')
      expect(headers.get('access-control-allow-headers')).toContain('authorization')
    }
    const opened = await get('/api/webchat/session', { method: 'POST', headers: { origin: 'https://shop.example' } })
    expect(opened.headers.get('access-control-allow-origin')).toBe('https://shop.example')
  })

  test('another site may not', async () => {
    for (const origin of ['https://evil.example', 'null', 'https://shop.example.evil.example', 'http://shop.example']) {
      expect((await preflight('/api/webchat/session', origin)).headers.get('access-control-allow-origin')).toBeNull()
      const opened = await get('/api/webchat/session', { method: 'POST', headers: { origin } })
      expect(opened.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('nobody from elsewhere may ask for tokens or the mailbox of the demo', async () => {
    const tokens = await preflight('/api/demo/token', 'https://shop.example')
    expect(tokens.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('the addresses of the demo are there in demo mode only', async () => {
  const live = await startTestApp(current(), {
    config: {
      ...testConfig,
      demo: false,
      botApp: { ...testConfig.botApp, id: 'app', password: 'secret', type: 'MultiTenant' },
    },
  })
  for (const path of ['/api/demo/members', '/api/demo/mailbox']) {
    expect((await get(path)).status).toBe(200)
    expect((await fetch(`${live.url}${path}`)).status).toBe(404)
  }
  const token = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"memberId":"M1"}' }
  expect(await (await get('/api/demo/token', token)).json()).toMatchObject({ error: { code: 'unknown-member' } })
  expect((await fetch(`${live.url}/api/demo/token`, token)).status).not.toBe(200)
  await live.close()
})

test('pages that were not built are told as missing', async () => {
  const bare = await startTestApp(current(), { webFolder: '/nowhere/at/all' })
  for (const path of ['/', '/mailbox', '/widget.js']) expect((await fetch(`${bare.url}${path}`)).status).toBe(404)
  await bare.close()
})

test.each(['a b', 'shop.example:x', 'shop.example:99999', '[', '%', 'a/b', 'a@b', 'a?b', '<x>'])(
  'a Host that no address can have ("%s") is refused, and the next request is answered',
  async (host) => {
    expect([400, 403]).toContain(await statusOf('/api/demo/mailbox', { host }))
    expect(await statusOf('/')).toBe(200)
  },
)

test.each(['*', 'http://[/', 'a b', '//[/x'])('nor does the target "%s" end the process', async (target) => {
  const { hostname, port } = new URL(app.url)
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`OPTIONS ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    )
    socket.setEncoding('utf8').on('data', resolve).on('error', reject)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 [24]\d\d /)
  expect(await statusOf('/')).toBe(200)
})

describe('the demo', () => {
  const token = (memberId: unknown) =>
    get('/api/demo/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ memberId }),
    })

  test.each(['/api/demo/members', '/api/demo/mailbox'])('%s answers names of this machine alone', async (path) => {
    const { port } = new URL(app.url)
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect(await statusOf(path, { host })).toBe(200)
    }
    for (const host of ['evil.example', `localhost.evil.example:${port}`, '127.0.0.1.evil.example']) {
      expect(await statusOf(path, { host })).toBe(403)
    }
  })

  test('a member that nobody can be is not found, whatever it is called', async () => {
    for (const memberId of ['nobody', 'a\u0000', '\u0000', 'x'.repeat(10_000)]) {
      expect((await token(memberId)).status).toBe(404)
    }
    for (const memberId of [5, null, { a: 1 }, undefined]) expect((await token(memberId)).status).toBe(400)
    expect(await statusOf('/api/demo/members?search=%00')).toBe(200)
  })
})
