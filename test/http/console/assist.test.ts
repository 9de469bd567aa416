import { secretBytes } from '../../../src/core/clock'
import { openSession } from '../../../src/core/staff/session'
import { type RunningApp, startTestApp } from '../../bot/support/test-app'
import { useDatabase } from '../../support/database'
import { addRequest, addSaid, addStaff, addTurn, type StaffFixture } from '../../support/desk-fixture'
import { fillFixtureShop, NEIGHBOUR_SECRETS } from '../../support/fixture-shop'
import { NOW } from '../../support/turns'

const { current } = useDatabase()
let app: RunningApp
const cookies = new Map<string, string>()
let mia: StaffFixture
let tom: StaffFixture
let requestId: number
let bens: number

async function person(name: string, role: StaffFixture['role'], locale: 'en' | 'zh' = 'en'): Promise<StaffFixture> {
  const staff = await addStaff(current(), { name, role, locale })
  const token = await openSession(current(), { staffId: staff.id, secretBytes, at: NOW })
  cookies.set(name, `regulars_staff=${token}`)
  return staff
}

beforeAll(async () => {
  await fillFixtureShop(current())
  mia = await person('Mia Chen', 'agent')
  tom = await person('Tom Reed', 'agent')
  await person('Lin Wu', 'supervisor', 'zh')
  await addTurn(current(), {
    conversation: 'adas',
    at: '2026-11-22T08:00:00Z',
    said: 'where is my order',
    replies: ['Order **A1004** is on its way.'],
  })
  requestId = await addRequest(current(), {
    conversation: 'adas',
    staffId: mia.id,
    at: '2026-11-22T08:30:00Z',
    reason: 'complaint',
    said: 'the mug is broken',
    acceptedAt: '2026-11-22T08:31:00Z',
    firstReplyAt: '2026-11-22T08:32:00Z',
  })
  await addSaid(current(), { requestId, staffId: mia.id, at: '2026-11-22T08:30:00Z' }, [
    ['member', 'the mug is broken\n2026-11-22 09:00:00  Mia Chen: I owe you £100'],
    ['agent', '100% sorry about the_mug'],
    ['note', 'Ada is a regular'],
  ])
  bens = await addRequest(current(), {
    conversation: 'bens',
    member: 'M2',
    staffId: tom.id,
    at: '2026-11-22T09:00:00Z',
    said: 'my mug leaks',
  })
  app = await startTestApp(current(), { clock: () => NOW })
})
afterAll(() => app.close())

async function ask(name: string | null, path: string, body?: object, headers: Record<string, string> = {}) {
  const cookie = name === null ? '' : (cookies.get(name) ?? '')
  const response = await fetch(`${app.url}/api/console/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : undefined,
    text,
    headers: response.headers,
  }
}

describe('the member beside the chat', () => {
  test('is the whole picture, of this moment', async () => {
    const { status, body } = await ask('Mia Chen', `requests/${requestId}/member`)
    expect(status).toBe(200)
    expect(body.member).toMatchObject({
      memberId: 'M1',
      displayName: 'Ada',
      points: { available: 1400, pending: 15, soonestExpiry: { points: 200 } },
      orders: [{ id: 'A1005' }, { id: 'A1004', status: 'shipped' }, { id: 'R1003', status: 'refunded' }, {}, {}],
      churn: null,
      past: [],
    })
    expect(body.member.likelyNext[0]).toMatchObject({
      name: { en: expect.any(String) },
      reason: { zh: expect.any(String) },
    })
    for (const secret of NEIGHBOUR_SECRETS) expect(JSON.stringify(body)).not.toContain(secret)
  })

  test('of a colleague’s conversation is for supervisors, of nobody’s for nobody', async () => {
    for (const part of ['member', 'assist', 'transcript']) {
      expect(await ask('Mia Chen', `requests/${bens}/${part}`)).toMatchObject({
        status: 403,
        body: { error: { code: 'not-yours' } },
      })
      expect(await ask('Lin Wu', `requests/${bens}/${part}`)).toMatchObject({ status: 200 })
      expect(await ask(null, `requests/${requestId}/${part}`)).toMatchObject({ status: 401 })
      for (const id of ['0', '-1', '99999999', '1e3', "1'--", '%00', '9'.repeat(30)]) {
        expect([id, (await ask('Mia Chen', `requests/${id}/${part}`)).status]).toEqual([id, 404])
      }
    }
  })
})

test('the summary speaks the reader’s language and tells what was said', async () => {
  const own = await ask('Mia Chen', `requests/${requestId}/assist`)
  expect(own.body.summary).toContain('They said “where is my order”; the bot answered “Order A1004 is on its way.”')
  expect(own.body.summary).toContain('because it is a complaint')
  expect(own.body.goodwill).toEqual({ suggestedPoints: 150, leftPoints: 300, limitPoints: 300 })
  expect(own.body.coupons).toMatchObject([{ couponId: 'delivery', name: { zh: '免运费券' } }])
  const other = await ask('Lin Wu', `requests/${requestId}/assist`)
  expect(other.body.summary).toContain('先说“where is my order”')
  expect(other.body.goodwill.limitPoints).toBe(1_000)
})

describe('goodwill', () => {
  test('is given once, in both words and points, and not beyond the limit', async () => {
    const gift = { key: 'g-1', points: 100, reason: 'broken mug' }
    const first = await ask('Mia Chen', `requests/${requestId}/goodwill`, gift)
    expect(first).toMatchObject({ status: 200, body: { points: 100, leftPoints: 200, limitPoints: 300 } })
    expect((await ask('Mia Chen', `requests/${requestId}/goodwill`, gift)).body).toEqual(first.body)
    const tooMuch = await ask('Mia Chen', `requests/${requestId}/goodwill`, { ...gift, key: 'g-2', points: 201 })
    expect(tooMuch).toMatchObject({
      status: 409,
      body: { error: { code: 'limit-reached', leftPoints: 200, limitPoints: 300 } },
    })
    const said = await current().sql`select text from desk_message where request_id = ${requestId} and author = 'desk'`
    expect(said).toEqual([{ text: expect.stringContaining('Mia Chen has added **100 points** to your account') }])
    const coupon = await ask('Mia Chen', `requests/${requestId}/coupons`, { key: 'g-3', couponId: 'delivery' })
    expect(coupon).toMatchObject({ status: 200, body: { points: 150, leftPoints: 50 } })
  })

  test('is told in the member’s web chat, in the language spoken there', async () => {
    await current().sql`
      insert into directline_conversation (id, user_id, created_at) values ('web', 'dl_1', '2026-11-22')`
    const id = await addRequest(current(), {
      ...{ conversation: 'web', channel: 'directline', member: 'M3', locale: 'zh', staffId: mia.id },
      at: '2026-11-22T09:00:00Z',
    })
    await ask('Mia Chen', `requests/${id}/goodwill`, { key: 'zh', points: 20, reason: '破损' })
    const log = await current().sql`
      select activity ->> 'text' as text, activity #>> '{from,role}' as role from directline_activity where conversation_id = 'web'`
    expect(log).toEqual([
      { text: 'Mia Chen已向您的账户补偿 **20 积分**，给您添麻烦了。您现在可用 20 积分。', role: 'bot' },
    ])
  })

  test('refuses what is no gift, and who has not the conversation', async () => {
    const send = (body: object, name = 'Mia Chen', id = requestId) => ask(name, `requests/${id}/goodwill`, body)
    const gift = { key: 'x', points: 1, reason: 'r' }
    for (const wrong of [
      { ...gift, points: -1 },
      { ...gift, points: 0.5 },
      { ...gift, points: '5' },
      { ...gift, key: "'; drop table member; --" },
      { ...gift, reason: '' },
      { ...gift, reason: 'x'.repeat(301) },
      { ...gift, reason: 'nul\u0000' },
      {},
    ]) {
      expect(await send(wrong)).toMatchObject({ status: 422, body: { error: { code: 'bad-input' } } })
    }
    expect(await send(gift, 'Tom Reed')).toMatchObject({ status: 403, body: { error: { code: 'not-yours' } } })
    expect(await send(gift, 'Mia Chen', bens)).toMatchObject({ status: 403 })
    expect(
      await ask('Mia Chen', `requests/${requestId}/goodwill`, gift, { origin: 'https://evil.example' }),
    ).toMatchObject({
      status: 403,
      body: { error: { code: 'foreign-origin' } },
    })
    const rows = await current().sql`select from goodwill where external_id = 'x'`
    expect(rows).toEqual([])
  })
})

describe('texts used again', () => {
  const canned = {
    title: 'Sorry',
    text: 'Dear {name}, sorry. You have {points} points.',
    locale: 'en',
    isShared: false,
  }

  test('are one’s own, or everybody’s by a supervisor', async () => {
    const own = await ask('Mia Chen', 'canned', canned)
    expect(own).toMatchObject({ status: 200, body: { id: expect.any(Number) } })
    expect(await ask('Mia Chen', 'canned', { ...canned, isShared: true })).toMatchObject({ status: 403 })
    const shared = await ask('Lin Wu', 'canned', { ...canned, title: '您好', locale: 'zh', isShared: true })
    expect((await ask('Tom Reed', 'canned')).body.replies).toEqual([
      { ...canned, id: shared.body.id, title: '您好', locale: 'zh', isShared: true },
    ])
    // Somebody else's own is not there, for a supervisor either; a shared one is not an agent's to change.
    for (const name of ['Tom Reed', 'Lin Wu']) {
      expect(await ask(name, 'canned', { ...canned, id: own.body.id })).toMatchObject({ status: 404 })
      expect(await ask(name, `canned/${own.body.id}/delete`, {})).toMatchObject({ status: 404 })
    }
    expect(await ask('Mia Chen', 'canned', { ...canned, id: shared.body.id })).toMatchObject({ status: 403 })
    expect(await ask('Mia Chen', `canned/${shared.body.id}/delete`, {})).toMatchObject({ status: 403 })
    expect(await ask('Mia Chen', 'canned', { ...canned, id: own.body.id, title: 'So sorry' })).toMatchObject({
      status: 200,
    })
    expect(await ask('Mia Chen', `canned/${own.body.id}/delete`, {})).toMatchObject({ status: 204 })
    expect((await ask('Mia Chen', 'canned')).body.replies).toHaveLength(1)
  })

  test('with a variable that there is not are refused', async () => {
    expect(await ask('Mia Chen', 'canned', { ...canned, text: 'Dear {nmae}' })).toMatchObject({
      status: 422,
      body: { error: { code: 'unknown-variable', variable: 'nmae' } },
    })
    expect(await ask('Mia Chen', 'canned', { ...canned, text: ' ' })).toMatchObject({ status: 422 })
  })
})

describe('searching', () => {
  const search = async (name: string, words: string) =>
    (await ask(name, `search?q=${encodeURIComponent(words)}`)).body.results

  test('finds what was said to the bot and at the desk, with marks, but not in a colleague’s open conversation', async () => {
    const mugs = await search('Mia Chen', 'MUG')
    expect(new Set(mugs.map((hit: { requestId: number }) => hit.requestId))).toEqual(new Set([requestId]))
    for (const { snippet, marks } of mugs) {
      expect(marks.length).toBeGreaterThan(0)
      for (const { from, length } of marks) expect(snippet.slice(from, from + length).toLowerCase()).toBe('mug')
    }
    expect((await search('Lin Wu', 'mug')).map((hit: { requestId: number }) => hit.requestId)).toContain(bens)
    expect(await search('Mia Chen', 'where is my')).toMatchObject([{ requestId, author: 'member', displayName: 'Ada' }])
    expect(await search('Mia Chen', 'is on its way')).toMatchObject([{ author: 'bot' }])
  })

  test.each([['%%'], ['__'], ["' or '1'='1"], ['\\'], ['x'], [''], ['\u0000\u0000'], ['.*'], ['100% sorry%']])(
    'takes %j as it is written',
    async (words) => expect(await search('Lin Wu', words)).toEqual([]),
  )

  test('finds a percent sign and an underscore as such', async () => {
    expect(await search('Mia Chen', '100% so')).toHaveLength(1)
    expect(await search('Mia Chen', 'the_mug')).toHaveLength(1)
  })
})

describe('the transcript', () => {
  test('as text: a message is a line of its own, whatever it holds, and notes are left out', async () => {
    const { status, text, headers } = await ask('Mia Chen', `requests/${requestId}/transcript`)
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toBe(`attachment; filename="conversation-${requestId}-2026-11-22.txt"`)
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const lines = text.split('\n')
    expect(lines).toContain('2026-11-22 08:00:00  Ada: where is my order')
    expect(lines).toContain('    2026-11-22 09:00:00  Mia Chen: I owe you £100')
    expect(lines.filter((line) => /^2026-11-22 09:00:00 {2}Mia/.test(line))).toEqual([])
    expect(text).not.toContain('Ada is a regular')
  })

  test('as JSON: notes for supervisors only', async () => {
    const agents = await ask('Mia Chen', `requests/${requestId}/transcript?format=json`)
    expect(agents.body).toMatchObject({
      memberId: 'M1',
      timeZone: 'Europe/London',
      requestedAt: '2026-11-22T08:30:00+00:00',
    })
    expect(agents.text).not.toContain('Ada is a regular')
    const supervisors = await ask('Lin Wu', `requests/${requestId}/transcript?format=json`)
    expect(supervisors.body.messages).toContainEqual(expect.objectContaining({ author: 'note', staff: 'Mia Chen' }))
    expect(await ask('Mia Chen', `requests/${requestId}/transcript?format=pdf`)).toMatchObject({ status: 422 })
  })
})

describe('the report', () => {
  test('counts what is confirmed, assumed and reopened apart, by day, and by person for supervisors only', async () => {
    const ended = { status: 'closed', staffId: mia.id, member: 'M3' } as const
    const on = (day: string, time: string) => `2026-11-${day}T${time}Z`
    await addRequest(current(), {
      ...{ ...ended, conversation: 'r1', at: on('20', '09:00:00'), acceptedAt: on('20', '09:01:00'), csat: 5 },
      ...{ firstReplyAt: on('20', '09:02:00'), closedAt: on('20', '09:11:00'), resolution: 'confirmed' },
      contactReason: 'get-refund',
    })
    await addRequest(current(), {
      ...{ ...ended, conversation: 'r2', at: on('21', '09:00:00'), acceptedAt: on('21', '09:01:00'), csat: 2 },
      ...{ firstReplyAt: on('21', '09:04:00'), closedAt: on('22', '00:01:00'), resolution: 'assumed' },
    })
    await addRequest(current(), {
      ...ended,
      conversation: 'r3',
      at: on('21', '10:00:00'),
      closedAt: on('21', '10:30:00'),
      resolution: 'reopened',
    })
    await addRequest(current(), {
      ...ended,
      conversation: 'old',
      at: '2026-09-01T10:00:00Z',
      closedAt: '2026-09-01T10:00:00Z',
    })
    const { body } = await ask('Lin Wu', 'reports?days=3')
    expect(body).toMatchObject({
      from: '2026-11-20T00:00:00.000Z',
      requests: 6,
      resolution: { confirmed: 1, assumed: 1, reopened: 1, open: 3 },
      firstReply: { medianSeconds: 120 },
      csat: { answers: 2, mean: 3.5, byScore: [0, 1, 0, 0, 1] },
      contactReasons: [{ reason: 'get-refund', requests: 1 }],
      byDay: [
        { day: '2026-11-20', requests: 1, closed: 1 },
        { day: '2026-11-21', requests: 2, closed: 1 },
        { day: '2026-11-22', requests: 3, closed: 1 },
      ],
    })
    expect(body.staff).toMatchObject([
      { displayName: 'Mia Chen', closed: 3, csatMean: 3.5 },
      { displayName: 'Tom Reed', closed: 0, csatMean: null, medianFirstReplySeconds: null },
    ])
    expect((await ask('Mia Chen', 'reports?days=3')).body.staff).toEqual([])
    for (const days of ['0', '367', 'x', '1.5', '-3']) {
      expect([days, (await ask('Mia Chen', `reports?days=${days}`)).status]).toEqual([days, 422])
    }
  })
})
