import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { type RunningApp, startTestApp } from '../bot/support/test-app'
import { useDatabase } from '../support/database'

const { current } = useDatabase()
const webFolder = mkdtempSync(path.join(os.tmpdir(), 'regulars-pages-'))
let app: RunningApp

beforeAll(async () => {
  mkdirSync(path.join(webFolder, 'assets'))
  const script = 'const answer = 42\n'.repeat(100)
  for (const name of ['widget.js', 'assets/chat-abc.js', 'assets/chat-abc.css']) {
    writeFileSync(path.join(webFolder, name), script)
    writeFileSync(path.join(webFolder, `${name}.gz`), gzipSync(script))
  }
  writeFileSync(path.join(webFolder, 'assets/plain.js'), script)
  app = await startTestApp(current(), { webFolder })
})
afterAll(async () => {
  await app.close()
  rmSync(webFolder, { recursive: true })
})

/** By hand, for fetch unpacks by itself. */
const get = (address: string, encoding?: string, method = 'GET') =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; bytes: number }>((resolve, reject) => {
    const headers = encoding ? { 'accept-encoding': encoding } : {}
    const request = httpRequest(new URL(app.url), { path: address, method, headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }))
    })
    request.on('error', reject)
    request.end()
  })

test.each([
  ['/widget.js', 'text/javascript', 'public, max-age=300'],
  ['/assets/chat-abc.js', 'text/javascript', 'public, max-age=31536000, immutable'],
  ['/assets/chat-abc.css', 'text/css', 'public, max-age=31536000, immutable'],
])('%s goes out packed, under its own type', async (address, type, kept) => {
  const { status, headers, bytes } = await get(address, 'br, gzip;q=0.8')
  expect(status).toBe(200)
  expect(bytes).toBeLessThan(200)
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding', 'cache-control': kept })
  expect(headers['content-type']).toContain(type)
  expect(headers['cross-origin-resource-policy']).toBe('cross-origin')
})

test.each([
  ['who cannot unpack', '/widget.js', undefined],
  ['who will not', '/widget.js', 'gzip;q=0, br'],
  ['where nothing was packed', '/assets/plain.js', 'gzip'],
])('a file goes out as it is to one %s', async (_who, address, encoding) => {
  const { status, headers, bytes } = await get(address, encoding)
  expect(status).toBe(200)
  expect(bytes).toBe(1_800)
  expect(headers['content-encoding']).toBeUndefined()
})

test('a packed file is asked about without being sent', async () => {
  const { status, headers, bytes } = await get('/widget.js', 'gzip', 'HEAD')
  expect([status, headers['content-encoding'], bytes]).toEqual([200, 'gzip', 0])
})

test.each(['/missing.js', '/../package.js', '/assets/../../x.js', '/%2e%2e/x.js'])('%s is nowhere', async (address) => {
  const { status, headers } = await get(address, 'gzip')
  expect(status).toBeGreaterThanOrEqual(400)
  expect(headers['content-encoding']).toBeUndefined()
})
