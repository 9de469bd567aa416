import { secretBytes } from '../../../src/core/clock'
import { ensureDemoStaff } from '../../../src/core/staff/demo-staff'
import { issueSetUpCode } from '../../../src/core/staff/set-up'
import { type RunningApp, testConfig } from '../../bot/support/test-app'
import { addPerson, eventsOf, GOOD_PASSWORD } from '../../core/staff/people'
import { useDatabase } from '../../support/database'
import { Browser, PUBLIC_URL, send, startConsole } from './client'

const database = useDatabase()
let app: RunningApp
let now = new Date('2026-03-01T10:00:00Z')
const NEXT_PASSWORD = 'eleven purple spoons'

beforeAll(async () => {
  app = await startConsole(database.current(), { clock: () => now })
})
afterAll(() => app.close())
beforeEach(async () => {
  now = new Date('2026-03-01T10:00:00Z')
  await database.current().sql`truncate staff, staff_event, staff_ticket, staff_session restart identity cascade`
})

const credentials = { email: 'ana@shop.example', password: GOOD_PASSWORD }

async function signedIn(): Promise<Browser> {
  const browser = new Browser(app)
  expect(await browser.post('session', credentials)).toMatchObject({ status: 200 })
  return browser
}

const stateOf = async (browser: Browser) => (await browser.get('session')).body.state

test('the first start: a code makes the first administrator, who is signed in then', async () => {
  const browser = new Browser(app)
  const merchant = { en: 'Kettlewick Tea & Home', zh: '壶光茶居' }
  expect((await browser.get('session')).body).toEqual({ state: 'first-run', merchant, needsCode: true })
  const code = await issueSetUpCode(database.current(), { secretBytes, at: now })
  const wanted = { email: 'Ada@Shop.example', displayName: 'Ada Obi', password: GOOD_PASSWORD, locale: 'zh' }
  const refusals = [
    [{ ...wanted, code: 'no' }, 403, 'wrong-code'],
    [wanted, 403, 'wrong-code'],
    [{ ...wanted, code, password: 'short' }, 422, 'weak-password'],
    [{ ...wanted, code, email: 'no address' }, 422, 'bad-input'],
    [{ ...wanted, code, displayName: 'Ada\u0000' }, 422, 'bad-input'],
    [{ ...wanted, code, locale: 'fr' }, 422, 'bad-input'],
    [[], 422, 'bad-input'],
  ] as const
  for (const [body, status, error] of refusals) {
    expect(await browser.post('setup', body)).toMatchObject({ status, body: { error: { code: error } } })
  }
  const made = await browser.post('setup', { ...wanted, code })
  const me = {
    email: 'ada@shop.example',
    displayName: 'Ada Obi',
    role: 'administrator',
    locale: 'zh',
    hasPassword: true,
  }
  expect(made).toMatchObject({ status: 200, body: { state: 'signed-in', me, demo: false } })
  expect(await browser.get('session')).toMatchObject({ body: { state: 'signed-in', me } })
  expect(made.body.me).not.toHaveProperty('load')
  expect(await new Browser(app).get('session')).toMatchObject({
    body: { state: 'signed-out', oidc: false, demoAccounts: [] },
  })
  expect(await browser.post('setup', { ...wanted, code })).toMatchObject({
    status: 409,
    body: { error: { code: 'set-up-already' } },
  })
})

describe('signing in', () => {
  test('gives a cookie that no script reads, no other site sends, and only https carries', async () => {
    await addPerson(database.current(), credentials)
    const { headers, body } = await new Browser(app).post('session', credentials)
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^regulars_staff=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/),
    ])
    expect(headers['cache-control']).toBe('no-store')
    expect(JSON.stringify(body)).not.toMatch(/scrypt|"password/i)
  })

  test('does not say who is there', async () => {
    await addPerson(database.current(), credentials)
    const tries = [
      { ...credentials, password: 'wrong' },
      { ...credentials, email: 'nobody@shop.example' },
      { ...credentials, email: 'no address' },
      { ...credentials, password: '' },
    ]
    const answers = await Promise.all(tries.map((body) => new Browser(app).post('session', body)))
    for (let guess = 0; guess < 6; guess++) answers.push(await new Browser(app).post('session', tries[0]))
    // It pauses by now, and says so to nobody.
    answers.push(await new Browser(app).post('session', credentials))
    for (const { status, body, headers } of answers) {
      expect([status, body]).toEqual([401, answers[0]?.body])
      expect(headers['set-cookie']).toBeUndefined()
      expect(headers['retry-after']).toBeUndefined()
    }
    now = new Date(now.getTime() + 3_600_000)
    await signedIn()
  })

  test.each([[{}], [{ email: 1, password: 2 }], ['text'], [null], [{ email: 'a@b.c' }], [{ demoStaffId: -1 }]])(
    'refuses %j as bad input',
    async (body) => {
      expect(await new Browser(app).post('session', body)).toMatchObject({ status: 422 })
    },
  )

  test('never takes over a session that the browser brought along', async () => {
    await addPerson(database.current(), credentials)
    const victim = new Browser(app)
    victim.cookies.set('regulars_staff', 'a'.repeat(43))
    await victim.post('session', credentials)
    expect(victim.cookies.get('regulars_staff')).not.toBe('a'.repeat(43))
    const thief = new Browser(app)
    thief.cookies.set('regulars_staff', 'a'.repeat(43))
    expect(await stateOf(thief)).toBe('signed-out')
  })

  test('again ends the session before, and a new token comes each time', async () => {
    await addPerson(database.current(), credentials)
    const browser = await signedIn()
    const before = browser.cookies.get('regulars_staff') ?? ''
    await browser.post('session', credentials)
    expect(browser.cookies.get('regulars_staff')).not.toBe(before)
    const old = new Browser(app)
    old.cookies.set('regulars_staff', before)
    expect(await stateOf(old)).toBe('signed-out')
    expect(await stateOf(browser)).toBe('signed-in')
  })

  test('of twelve at once gives twelve sessions', async () => {
    await addPerson(database.current(), credentials)
    const browsers = await Promise.all(Array.from({ length: 12 }, () => signedIn()))
    expect(new Set(browsers.map(({ cookies }) => cookies.get('regulars_staff'))).size).toBe(12)
    for (const browser of browsers) expect(await stateOf(browser)).toBe('signed-in')
  })

  test('is limited for each network address', async () => {
    await addPerson(database.current(), credentials)
    const limited = await startConsole(database.current(), {
      clock: () => now,
      settings: { rates: { signIn: { burst: 3, perSecond: 0.1 } } },
    })
    try {
      const from = (address: string) =>
        new Browser(limited).post('session', { ...credentials, password: 'x' }, { 'x-forwarded-for': address })
      for (let guess = 0; guess < 3; guess++) expect((await from('198.51.100.7')).status).toBe(401)
      expect(await from('198.51.100.7')).toMatchObject({
        status: 429,
        headers: { 'retry-after': '10' },
        body: { error: { code: 'locked' } },
      })
      expect((await from('198.51.100.8')).status).toBe(401)
    } finally {
      await limited.close()
    }
  })
})

test('a flood of passwords is told to come again, and costs no more than its share', async () => {
  const flooded = await startConsole(database.current(), { settings: { passwordCost: { log2N: 14, r: 8, p: 1 } } })
  try {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        new Browser(flooded).post('session', { email: `nobody-${index}@shop.example`, password: 'guess' }),
      ),
    )
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length
    expect(count(401)).toBeGreaterThanOrEqual(18)
    expect(count(503)).toBeGreaterThan(0)
    expect(count(401) + count(503)).toBe(40)
    expect(answers.find(({ status }) => status === 503)).toMatchObject({
      headers: { 'retry-after': '2' },
      body: { error: { code: 'busy' } },
    })
  } finally {
    await flooded.close()
  }
})

describe('signing out', () => {
  test('here leaves the other sessions, everywhere leaves none', async () => {
    const id = await addPerson(database.current(), credentials)
    const [one, other, third] = [await signedIn(), await signedIn(), await signedIn()]
    const kept = one.cookies.get('regulars_staff') ?? ''
    const ended = await one.post('session/end')
    expect(ended).toMatchObject({ status: 204 })
    expect(ended.headers['set-cookie']).toEqual([expect.stringContaining('regulars_staff=; Path=/; Max-Age=0;')])
    one.cookies.set('regulars_staff', kept)
    expect(await stateOf(one)).toBe('signed-out')
    expect(await stateOf(other)).toBe('signed-in')
    expect(await other.post('session/end', { everywhere: true })).toMatchObject({ status: 204 })
    expect(await stateOf(third)).toBe('signed-out')
    expect((await third.post('session/end')).status).toBe(401)
    expect((await eventsOf(database.current(), id)).slice(-2)).toEqual(['signed-out', 'signed-out-everywhere'])
  })

  test('comes by itself after 12 hours without a request', async () => {
    await addPerson(database.current(), credentials)
    const browser = await signedIn()
    now = new Date(now.getTime() + 12 * 3_600_000)
    expect(await stateOf(browser)).toBe('signed-out')
  })
})

describe('one’s own account', () => {
  test('can be changed, and nothing of it that is an administrator’s to say', async () => {
    await addPerson(database.current(), credentials)
    const browser = await signedIn()
    const change = { displayName: '安娜', locale: 'zh', languages: ['zh'], autoAccept: false }
    expect(await browser.post('me', { ...change, role: 'administrator', capacity: 50 })).toMatchObject({
      status: 200,
      body: { state: 'signed-in', me: { ...change, role: 'agent', capacity: 4 } },
    })
    expect(await browser.post('me', { languages: [] })).toMatchObject({ status: 422 })
  })

  test('a new password takes the old one, ends all other sessions, and goes on here', async () => {
    await addPerson(database.current(), credentials)
    const [browser, other] = [await signedIn(), await signedIn()]
    const before = browser.cookies.get('regulars_staff')
    const change = (current: string, next: string) => browser.post('me/password', { current, next })
    expect(await change('wrong', NEXT_PASSWORD)).toMatchObject({
      status: 403,
      body: { error: { code: 'wrong-password' } },
    })
    expect(await change(GOOD_PASSWORD, 'ana@shop.example')).toMatchObject({
      status: 422,
      body: { error: { code: 'weak-password' } },
    })
    expect(await change(GOOD_PASSWORD, NEXT_PASSWORD)).toMatchObject({ status: 200 })
    expect(browser.cookies.get('regulars_staff')).not.toBe(before)
    expect(await stateOf(browser)).toBe('signed-in')
    expect(await stateOf(other)).toBe('signed-out')
    expect(await new Browser(app).post('session', credentials)).toMatchObject({ status: 401 })
    expect(await new Browser(app).post('session', { ...credentials, password: NEXT_PASSWORD })).toMatchObject({
      status: 200,
    })
  })
})

test('other sites’ pages can do nothing, not even sign somebody in', async () => {
  await addPerson(database.current(), credentials)
  const browser = await signedIn()
  for (const origin of [
    'https://evil.example',
    'null',
    'http://bot.shop.example',
    `${PUBLIC_URL}.evil.example`,
    'https://shop.example',
  ]) {
    for (const [path, body] of [
      ['session', credentials],
      ['session/end', {}],
      ['setup', {}],
      ['invitation', {}],
      ['me', {}],
    ] as const) {
      const answered = await browser.post(path, body, { origin })
      expect([origin, path, answered.status, answered.body.error?.code]).toEqual([origin, path, 403, 'foreign-origin'])
      expect(answered.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect(await browser.get('session', { origin })).toMatchObject({ status: 403 })
  }
  expect(await stateOf(browser)).toBe('signed-in')
  // A program that is no browser names no page.
  const cookie = `regulars_staff=${browser.cookies.get('regulars_staff')}`
  const direct = await send(`${app.url}/api/console/me`, { method: 'POST', body: {}, headers: { cookie } })
  expect(direct.status).toBe(200)
})

describe('the demo', () => {
  let demo: RunningApp
  beforeAll(async () => {
    demo = await startConsole(database.current(), { config: testConfig })
  })
  afterAll(() => demo.close())
  const visitor = () => new Browser(demo, demo.url)

  test('signs anybody on this machine in as one of its four people', async () => {
    await ensureDemoStaff(database.current(), { at: now })
    await ensureDemoStaff(database.current(), { at: now })
    const browser = visitor()
    const { body } = await browser.get('session')
    expect(body).toMatchObject({ state: 'signed-out', oidc: false })
    const accounts = body.demoAccounts as { id: number; role: string; locale: string }[]
    expect(accounts.map(({ role, locale }) => [role, locale])).toEqual([
      ['agent', 'en'],
      ['agent', 'zh'],
      ['supervisor', 'en'],
      ['administrator', 'en'],
    ])
    const answered = await browser.post('session', { demoStaffId: accounts[1]?.id })
    expect(answered).toMatchObject({ status: 200, body: { me: { languages: ['zh'], hasPassword: false }, demo: true } })
    // No https on this machine.
    expect(answered.headers['set-cookie']).toEqual([expect.stringMatching(/HttpOnly; SameSite=Strict$/)])
    expect(await browser.post('me/password', { current: '', next: NEXT_PASSWORD })).toMatchObject({
      status: 409,
      body: { error: { code: 'no-password' } },
    })
  })

  test('does so for nobody else, not for a foreign name of this machine, and nowhere outside itself', async () => {
    await ensureDemoStaff(database.current(), { at: now })
    const id = await addPerson(database.current(), credentials)
    expect(await visitor().post('session', { demoStaffId: id })).toMatchObject({ status: 404 })
    expect(await visitor().post('session', { demoStaffId: 999 })).toMatchObject({ status: 404 })
    for (const host of ['evil.example', '192.0.2.1', 'localhost.evil.example']) {
      const foreign = { host, origin: `http://${host}` }
      expect(await visitor().post('session', { demoStaffId: 1 }, foreign)).toMatchObject({ status: 403 })
      expect(await visitor().get('session', { host })).toMatchObject({ status: 403 })
    }
    expect(await new Browser(app).post('session', { demoStaffId: 1 })).toMatchObject({ status: 403 })
    expect((await new Browser(app).get('session')).body.demoAccounts).toEqual([])
  })

  test('without its people asks for a first administrator, without a code', async () => {
    const browser = visitor()
    expect((await browser.get('session')).body).toMatchObject({ state: 'first-run', needsCode: false })
    const wanted = { email: 'ada@shop.example', displayName: 'Ada Obi', password: GOOD_PASSWORD, locale: 'en' }
    expect(await browser.post('setup', wanted)).toMatchObject({ status: 200 })
  })
})
