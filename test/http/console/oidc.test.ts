import { type MutableToken, OAuth2Server } from 'oauth2-mock-server'
import type { RunningApp } from '../../bot/support/test-app'
import { addPerson, eventsOf } from '../../core/staff/people'
import { useDatabase } from '../../support/database'
import { type Answered, Browser, liveConfig, PUBLIC_URL, send, startConsole } from './client'

const database = useDatabase()
const provider = new OAuth2Server()
let app: RunningApp
let now = new Date('2026-03-01T10:00:00Z')

beforeAll(async () => {
  await provider.issuer.keys.generate('RS256')
  await provider.start(0, 'localhost')
  app = await startConsole(database.current(), {
    clock: () => now,
    config: {
      ...liveConfig,
      oidc: { issuer: provider.issuer.url ?? '', clientId: 'regulars', clientSecret: 'the secret of the client' },
    },
  })
})
afterAll(async () => {
  await app.close()
  await provider.stop()
})
beforeEach(async () => {
  provider.service.removeAllListeners()
  await database.current().sql`truncate staff, staff_event, staff_ticket, staff_session restart identity cascade`
})

const EMAIL = 'ana@shop.example'

/** What the provider says of whoever signs in next. */
function says(claims: Record<string, unknown>): void {
  provider.service.on('beforeTokenSigning', (token: MutableToken) => {
    Object.assign(token.payload, claims)
  })
}

const verified = { sub: 'provider-7', email: EMAIL, email_verified: true }

/** Goes to the provider and comes back with its answer, which has not been handed in yet. */
async function fetched(browser: Browser): Promise<string> {
  const { status, headers } = await browser.get('oidc/start')
  expect(status).toBe(302)
  const there = new URL(String(headers.location))
  expect(there.searchParams.get('code_challenge_method')).toBe('S256')
  expect(there.searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/api/console/oidc/return`)
  const back = new URL(String((await send(there.href)).headers.location))
  return `oidc/return${back.search}`
}

const handIn = (browser: Browser, path: string): Promise<Answered> => browser.get(path)

async function signIn(browser = new Browser(app)): Promise<Browser> {
  const answered = await handIn(browser, await fetched(browser))
  expect(answered).toMatchObject({ status: 302, headers: { location: `${PUBLIC_URL}/console` } })
  return browser
}

/** Back at the console, with the reason, and not signed in. */
async function expectRefused(browser: Browser, answered: Answered, why: string): Promise<void> {
  expect(answered).toMatchObject({ status: 302, headers: { location: `${PUBLIC_URL}/console?oidc=${why}` } })
  expect((await browser.get('session')).body.state).not.toBe('signed-in')
}

test('who was added signs in by a verified address, and from then on by the provider’s own id', async () => {
  const id = await addPerson(database.current(), { email: EMAIL, password: null })
  expect((await new Browser(app).get('session')).body).toMatchObject({ state: 'first-run' })
  says({ ...verified, email: 'Ana@Shop.example' })
  const browser = await signIn()
  expect(await browser.get('session')).toMatchObject({ body: { state: 'signed-in', me: { id, hasPassword: false } } })
  expect(await new Browser(app).get('session')).toMatchObject({ body: { state: 'signed-out', oidc: true } })
  provider.service.removeAllListeners()
  // The address changed, and is not even verified: the id counts now.
  says({ sub: 'provider-7', email: 'married@shop.example', email_verified: false })
  await signIn()
  expect(await eventsOf(database.current(), id)).toEqual(['added', 'oidc-linked', 'signed-in', 'signed-in'])
})

test('an address that is in no token is asked for', async () => {
  const id = await addPerson(database.current(), { email: EMAIL })
  says({ sub: 'provider-9' })
  provider.service.on('beforeUserinfo', (response) => {
    response.body = { ...verified, sub: 'provider-9' }
  })
  expect(await (await signIn()).get('session')).toMatchObject({ body: { me: { id } } })
})

test('the cookie of the way there is for the way back alone', async () => {
  await addPerson(database.current(), { email: EMAIL })
  const { headers } = await new Browser(app).get('oidc/start')
  expect(headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^regulars_oidc=[\w-]{43}; Path=\/api\/console\/oidc; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
    ),
  ])
  const secret = /regulars_oidc=([\w-]+)/.exec(String(headers['set-cookie']))?.[1] ?? ''
  const kept = JSON.stringify(await database.current().sql`select data from staff_ticket`)
  expect(kept).not.toContain(secret)
  expect(String(headers.location)).not.toContain(secret)
})

test('an answer counts once', async () => {
  await addPerson(database.current(), { email: EMAIL })
  says(verified)
  const browser = new Browser(app)
  const answer = await fetched(browser)
  const results = await Promise.all([handIn(browser, answer), handIn(browser, answer)])
  const locations = results.map(({ headers }) => headers.location)
  expect(locations.sort()).toEqual([`${PUBLIC_URL}/console`, `${PUBLIC_URL}/console?oidc=failed`])
  expect((await handIn(browser, answer)).headers.location).toContain('oidc=failed')
})

describe('is not let in', () => {
  beforeEach(async () => {
    await addPerson(database.current(), { email: EMAIL })
    says(verified)
  })

  test.each([
    ['another state', (answer: string) => answer.replace(/state=[\w-]+/, `state=${'a'.repeat(43)}`)],
    ['no state', (answer: string) => answer.replace(/state=[\w-]+/, '')],
    ['no code', (answer: string) => answer.replace(/code=[\w-]+/, '')],
    ['an error in place of a code', (answer: string) => `${answer.replace(/code=[\w-]+/, '')}&error=access_denied`],
    ['another issuer', (answer: string) => `${answer}&iss=https://evil.example`],
  ])('%s', async (_what, change) => {
    const browser = new Browser(app)
    await expectRefused(browser, await handIn(browser, change(await fetched(browser))), 'failed')
  })

  test('an answer that another browser fetched', async () => {
    const answer = await fetched(new Browser(app))
    const [without, other] = [new Browser(app), new Browser(app)]
    await fetched(other)
    await expectRefused(other, await handIn(other, answer), 'failed')
    await expectRefused(without, await handIn(without, await fetched(new Browser(app))), 'failed')
  })

  test('an answer after ten minutes', async () => {
    const browser = new Browser(app)
    const answer = await fetched(browser)
    now = new Date(now.getTime() + 10 * 60_000)
    await expectRefused(browser, await handIn(browser, answer), 'failed')
  })

  test.each([
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: undefined }],
    ['a token for somebody else', { aud: 'another-client' }],
    ['a token of another issuer', { iss: 'https://evil.example' }],
    ['a token that is over', { exp: 1_600_000_000 }],
  ])('%s', async (_what, claims) => {
    says(claims)
    const browser = new Browser(app)
    await expectRefused(browser, await handIn(browser, await fetched(browser)), 'failed')
  })

  test('a token that somebody else signed', async () => {
    provider.service.on('beforeResponse', (response) => {
      const body = response.body as { id_token?: string }
      const [head, payload = '', signature] = (body.id_token ?? '').split('.')
      // All in it is right but for one claim more.
      const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), locale: 'en' }
      body.id_token = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
    })
    const browser = new Browser(app)
    await expectRefused(browser, await handIn(browser, await fetched(browser)), 'failed')
  })

  test.each([
    ['an address that the provider has not verified', { email_verified: false }, 'email-unverified'],
    ['one of which it does not say', { email_verified: undefined }, 'email-unverified'],
    ['one that is only said to be verified', { email_verified: 'true' }, 'email-unverified'],
    ['somebody whom nobody added', { email: 'eve@shop.example' }, 'not-added'],
  ])('%s', async (_what, claims, why) => {
    says(claims)
    const browser = new Browser(app)
    await expectRefused(browser, await handIn(browser, await fetched(browser)), why)
    expect(await database.current().sql`select id from staff where oidc_subject is not null`).toEqual([])
    expect(await eventsOf(database.current(), null)).toEqual(['oidc-refused'])
  })

  test('somebody with an address that is another’s by now', async () => {
    await signIn()
    says({ sub: 'provider-8' })
    const browser = new Browser(app)
    await expectRefused(browser, await handIn(browser, await fetched(browser)), 'not-added')
  })

  test('who is disabled, at first and later', async () => {
    const { sql } = database.current()
    await sql`update staff set disabled_at = ${now}`
    const browser = new Browser(app)
    await expectRefused(browser, await handIn(browser, await fetched(browser)), 'not-added')
    await sql`update staff set disabled_at = null`
    const inside = await signIn()
    await sql`update staff set disabled_at = ${now}`
    await expectRefused(inside, await handIn(inside, await fetched(inside)), 'not-added')
  })
})

test('where the provider is away the console says so, and there is nothing without one', async () => {
  const oidc = { issuer: 'http://localhost:9', clientId: 'regulars', clientSecret: 'x' }
  const lonely = await startConsole(database.current(), { config: { ...liveConfig, oidc } })
  const plain = await startConsole(database.current())
  try {
    const answered = await new Browser(lonely).get('oidc/start')
    expect(answered).toMatchObject({ status: 302, headers: { location: `${PUBLIC_URL}/console?oidc=unreachable` } })
    for (const path of ['oidc/start', 'oidc/return?code=1&state=2']) {
      expect(await new Browser(plain).get(path)).toMatchObject({ status: 404, body: { error: { code: 'oidc-off' } } })
    }
  } finally {
    await Promise.all([lonely.close(), plain.close()])
  }
})
