import restify, { type Server } from 'restify'
import { isAtLeast, ROLES, type Role } from '../../../src/core/staff/role'
import type { RunningApp } from '../../bot/support/test-app'
import { addPerson, GOOD_PASSWORD } from '../../core/staff/people'
import { useDatabase } from '../../support/database'
import { Browser, startConsole } from './client'

/** Every operation of the console, and the least role that it needs; null: it is for who is not signed in, too. */
const RULES: Readonly<Record<string, Role | null>> = {
  'get /api/console/session': null,
  'post /api/console/session': null,
  'post /api/console/setup': null,
  'post /api/console/invitation': null,
  'get /api/console/oidc/start': null,
  'get /api/console/oidc/return': null,
  'post /api/console/session/end': 'agent',
  'post /api/console/me': 'agent',
  'post /api/console/me/password': 'agent',
  'get /api/console/staff': 'agent',
  'post /api/console/staff': 'administrator',
  'post /api/console/staff/:id': 'administrator',
  'post /api/console/staff/:id/invitation': 'administrator',
  'get /api/console/desk': 'agent',
  'post /api/console/presence': 'agent',
  'get /api/console/conversations': 'agent',
  'post /api/console/conversations/take': 'agent',
  'post /api/console/requests/next': 'agent',
  'get /api/console/requests/:id': 'agent',
  'get /api/console/requests/:id/messages': 'agent',
  'post /api/console/requests/:id/messages': 'agent',
  'post /api/console/requests/:id/notes': 'agent',
  'post /api/console/requests/:id/accept': 'agent',
  'post /api/console/requests/:id/transfer': 'agent',
  'post /api/console/requests/:id/return': 'agent',
  'post /api/console/requests/:id/close': 'agent',
  'get /api/console/requests/:id/member': 'agent',
  'get /api/console/requests/:id/assist': 'agent',
  'get /api/console/requests/:id/transcript': 'agent',
  'post /api/console/requests/:id/goodwill': 'agent',
  'post /api/console/requests/:id/coupons': 'agent',
  'get /api/console/canned': 'agent',
  'post /api/console/canned': 'agent',
  'post /api/console/canned/:id/delete': 'agent',
  'get /api/console/search': 'agent',
  'get /api/console/reports': 'agent',
}

const database = useDatabase()
let app: RunningApp
let server: Server

beforeAll(async () => {
  const created = jest.spyOn(restify, 'createServer')
  app = await startConsole(database.current())
  server = created.mock.results[0]?.value
  for (const role of ROLES) await addPerson(database.current(), { email: `${role}@shop.example`, role })
})
afterAll(() => app.close())

/** What the server routes, as it was told. */
const operations = () =>
  Object.values(server.router.getRoutes())
    .map(({ method, path }) => ({ method: method.toLowerCase(), path: String(path) }))
    .filter(({ path }) => path.startsWith('/api/console'))

function ask(browser: Browser, { method, path }: { method: string; path: string }, headers = {}) {
  const address = path.replace('/api/console/', '').replace(/:\w+/g, '99')
  return method === 'get' ? browser.get(address, headers) : browser.post(address, {}, headers)
}

async function browserOf(role: Role): Promise<Browser> {
  const browser = new Browser(app)
  await browser.post('session', { email: `${role}@shop.example`, password: GOOD_PASSWORD })
  return browser
}

test('every operation has a rule, and every rule an operation', () => {
  const there = operations().map(({ method, path }) => `${method} ${path}`)
  expect(there.sort()).toEqual(Object.keys(RULES).sort())
})

test('without a session, or with one that is none, every operation with a role is refused', async () => {
  for (const token of [undefined, '', 'x', 'a'.repeat(43), "'; drop table staff; --"]) {
    for (const operation of operations()) {
      const rule = RULES[`${operation.method} ${operation.path}`]
      const browser = new Browser(app)
      if (token !== undefined) browser.cookies.set('regulars_staff', token)
      const { status, body } = await ask(browser, operation)
      if (rule === null) expect([operation.path, body.error?.code]).not.toEqual([operation.path, 'signed-out'])
      else expect([operation.path, status, body.error?.code]).toEqual([operation.path, 401, 'signed-out'])
    }
  }
})

test.each(ROLES)('the role %s opens what it should and nothing more', async (role) => {
  for (const operation of operations()) {
    const rule = RULES[`${operation.method} ${operation.path}`] ?? null
    if (rule === null) continue
    // Some operations end the session, so that each gets one of its own.
    const { status, body } = await ask(await browserOf(role), operation)
    const refused = [status, body.error?.code].join(' ') === '403 role-needed'
    expect([operation.method, operation.path, refused]).toEqual([
      operation.method,
      operation.path,
      !isAtLeast(role, rule),
    ])
    expect([operation.path, status === 401 || status >= 500]).toEqual([operation.path, false])
  }
})

test('no operation answers a page of another site, whoever is signed in', async () => {
  const browser = await browserOf('administrator')
  for (const operation of operations()) {
    const { status, body } = await ask(browser, operation, { origin: 'https://evil.example' })
    expect([operation.path, status, body.error?.code]).toEqual([operation.path, 403, 'foreign-origin'])
  }
})
