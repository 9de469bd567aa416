import { once } from 'node:events'
import { WebSocket } from 'ws'
import { useDatabase } from '../support/database'
import { getJson, openSession, postJson } from './support/direct-line'
import { type RunningApp, startTestApp, testConfig } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp
// Pushed by tests that need time to pass.
let aheadMs = 0

beforeAll(async () => {
  const rates = { conversation: { burst: 8, perSecond: 1 }, session: { burst: 200, perSecond: 1 } }
  app = await startTestApp(current(), { clock: () => new Date(Date.now() + aheadMs), settings: { rates } })
})

beforeEach(() => {
  aheadMs = 0
})

afterAll(() => app.close())

const SECRET = { authorization: `Bearer ${testConfig.directLineSecret}` }
const at = (path: string) => `${app.url}/v3/directline${path}`
const bearer = (token: unknown) => ({ authorization: `Bearer ${token}` })
const message = (text: string, changes: object = {}) => ({ type: 'message', text, ...changes })

async function activities(token: string, id: string, watermark = '') {
  const { body } = await getJson(at(`/conversations/${id}/activities?watermark=${watermark}`), bearer(token))
  return body as unknown as { activities: { [key: string]: unknown; text?: string }[]; watermark: string }
}

describe('tokens', () => {
  test('the secret makes one for a user, which opens a conversation and nothing else', async () => {
    const made = await postJson(at('/tokens/generate'), { user: { id: 'dl_ana' } }, SECRET)
    expect(made).toMatchObject({ status: 200, body: { expires_in: 1800, token: expect.any(String) } })
    const started = await postJson(at('/conversations'), {}, bearer(made.body.token))
    expect(started).toMatchObject({ status: 201, body: { conversationId: made.body.conversationId } })
    const own = String(started.body.conversationId)
    const other = await openSession(app.url)
    expect(
      (await postJson(at(`/conversations/${own}/activities`), message('echo'), bearer(made.body.token))).status,
    ).toBe(200)
    for (const path of [
      `/conversations/${other.conversationId}/activities`,
      `/conversations/${other.conversationId}`,
    ]) {
      expect((await getJson(at(path), bearer(made.body.token))).status).toBe(403)
    }
    const foreign = await postJson(
      at(`/conversations/${other.conversationId}/activities`),
      message('echo'),
      bearer(made.body.token),
    )
    expect(foreign).toMatchObject({ status: 403, body: { error: { code: 'foreign-conversation' } } })
  })

  test('the secret opens a conversation too, greeted in the language of the page', async () => {
    const started = await postJson(at('/conversations'), { user: { id: '' }, locale: 'zh-CN' }, SECRET)
    expect(started.status).toBe(201)
    const { token, conversationId } = started.body as { token: string; conversationId: string }
    const { activities: log } = await activities(token, conversationId)
    expect(log.map(({ text }) => text)).toEqual([expect.stringMatching(/^您好/)])
    const again = await postJson(at('/conversations'), {}, bearer(token))
    expect(again.body.conversationId).toBe(conversationId)
    expect((await activities(String(again.body.token), conversationId)).activities).toHaveLength(1)
  })

  test.each([
    ['nothing', {}],
    ['another', bearer('x'.repeat(48))],
    ['a part of it', bearer('the')],
  ])('%s in place of the secret makes none', async (_what, headers) => {
    expect((await postJson(at('/tokens/generate'), {}, headers)).status).toBe(403)
  })

  test.each([['ana'], ['dl_'], ['dl_a b'], [7], ['dl_\u0000']])('no token is made for the user id %j', async (id) => {
    expect((await postJson(at('/tokens/generate'), { user: { id } }, SECRET)).status).toBe(400)
  })

  test('one is renewed while it is good, and refused with 403 when it has expired', async () => {
    const { token, conversationId } = await openSession(app.url)
    aheadMs = 29 * 60_000
    const renewed = await postJson(at('/tokens/refresh'), {}, bearer(token))
    expect(renewed).toMatchObject({ status: 200, body: { conversationId } })
    aheadMs = 31 * 60_000
    expect(await postJson(at('/tokens/refresh'), {}, bearer(token))).toMatchObject({
      status: 403,
      body: { error: { code: 'token-expired' } },
    })
    expect((await getJson(at(`/conversations/${conversationId}`), bearer(token))).status).toBe(403)
    expect((await getJson(at(`/conversations/${conversationId}`), bearer(renewed.body.token))).status).toBe(200)
  })

  test('one that was tampered with is refused; none at all is 401', async () => {
    const { token, conversationId } = await openSession(app.url)
    const [head = '', , signature = ''] = token.split('.')
    const forged = Buffer.from(JSON.stringify({ conv: conversationId, user: 'dl_admin', exp: 9e9 })).toString(
      'base64url',
    )
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const bad of ['x', 'a.b.c', `${head}.${forged}.${signature}`, `${unsigned}.${forged}.`]) {
      expect((await getJson(at(`/conversations/${conversationId}`), bearer(bad))).status).toBe(403)
    }
    expect((await getJson(at(`/conversations/${conversationId}`))).status).toBe(401)
  })
})

describe('activities', () => {
  test('show who wrote by the token, whatever the client says', async () => {
    const { token, conversationId, userId } = await openSession(app.url)
    await postJson(
      at(`/conversations/${conversationId}/activities`),
      message('who', { from: { id: 'dl_somebody', role: 'bot' }, id: 'mine', recipient: { id: 'x' } }),
      bearer(token),
    )
    const { activities: log, watermark } = await activities(token, conversationId)
    expect(log).toMatchObject([
      { id: `${conversationId}|0000001`, from: { id: userId, role: 'user' }, text: 'who' },
      {
        id: `${conversationId}|0000002`,
        from: { role: 'bot' },
        text: 'a stranger',
        conversation: { id: conversationId },
      },
    ])
    expect(log[1]).not.toHaveProperty('replyToId')
    expect(watermark).toBe('2')
  })

  test('come from a watermark on, and it stays where it was when there are none', async () => {
    const { token, conversationId } = await openSession(app.url)
    for (const text of ['echo 1', 'echo 2']) {
      await postJson(at(`/conversations/${conversationId}/activities`), message(text), bearer(token))
    }
    expect((await activities(token, conversationId, '2')).activities.map(({ text }) => text)).toEqual([
      'echo 2',
      'en: echo 2',
    ])
    expect(await activities(token, conversationId, '4')).toEqual({ activities: [], watermark: '4' })
    expect(await activities(token, conversationId, '999')).toEqual({ activities: [], watermark: '999' })
    for (const watermark of ['-1', 'x', '1.5', '99999999999999999999']) {
      const refused = await getJson(
        at(`/conversations/${conversationId}/activities?watermark=${watermark}`),
        bearer(token),
      )
      expect(refused.status).toBe(400)
    }
  })

  test('buttons carry their value, in the reply and back', async () => {
    const { token, conversationId } = await openSession(app.url)
    await postJson(at(`/conversations/${conversationId}/activities`), message('buttons'), bearer(token))
    const { activities: log } = await activities(token, conversationId)
    const suggested = log[1]?.suggestedActions as { actions: { type: string; value: unknown }[] } | undefined
    const actions = suggested?.actions ?? []
    expect(actions.map(({ type }) => type)).toEqual(['messageBack', 'imBack'])
    const pressed = message('Do it', { value: actions[0]?.value, channelData: { displayText: 'Do it' } })
    await postJson(at(`/conversations/${conversationId}/activities`), pressed, bearer(token))
    const marks = await current().sql<{
      body: string
    }>`select body from mail where subject like ${`%${conversationId}%`}`
    expect(marks.map(({ body }) => JSON.parse(body))).toEqual([{ verb: 'effect', args: { amount: 2 } }])
    const after = await activities(token, conversationId, '2')
    expect(after.activities[0]).toMatchObject({ text: 'Do it', channelData: { displayText: 'Do it' } })
  })

  test.each([
    ['no type', { text: 'x' }],
    ['a type that is a number', { type: 1 }],
    ['a text that is an object', message({} as string)],
    ['a client id that is a list', message('x', { channelData: { clientActivityID: [] } })],
    ['a client id with a NUL', message('x', { channelData: { clientActivityID: 'a\u0000' } })],
    ['attachments without a type', message('x', { attachments: [{}] })],
    ['null', null],
    ['a list', []],
  ])('%s is refused with a reason', async (_what, body) => {
    const { token, conversationId } = await openSession(app.url)
    const refused = await postJson(at(`/conversations/${conversationId}/activities`), body, bearer(token))
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'malformed-activity' } } })
    expect((await activities(token, conversationId)).activities).toEqual([])
  })

  test('odd texts are taken and shown as far as they can be', async () => {
    const { token, conversationId } = await openSession(app.url)
    const odd = ['', '\u0000', '\ud800 half', 'مرحبا \u202e', '😀'.repeat(10), 'echo '.repeat(2_000)]
    for (const text of odd) {
      const posted = await postJson(at(`/conversations/${conversationId}/activities`), message(text), bearer(token))
      expect(posted.status).toBe(200)
    }
    expect((await activities(token, conversationId)).activities.length).toBeGreaterThanOrEqual(12)
  })

  test('a value larger or deeper than any button of ours is let go', async () => {
    const { token, conversationId } = await openSession(app.url)
    const path = at(`/conversations/${conversationId}/activities`)
    const large = message('echo', { value: { verb: 'effect', args: { note: 'x'.repeat(9_000) } } })
    expect((await postJson(path, large, bearer(token))).status).toBe(200)
    const deep = JSON.stringify(message('echo', { value: 'DEEP' })).replace(
      '"DEEP"',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    )
    const headers = { 'content-type': 'application/json', ...bearer(token) }
    expect((await fetch(path, { method: 'POST', headers, body: deep })).status).toBe(200)
    const { activities: log } = await activities(token, conversationId)
    expect(log.map(({ text }) => text)).toEqual(['echo', 'en: echo', 'echo', 'en: echo'])
    expect(log.every((activity) => !('value' in activity))).toBe(true)
  })

  test('typing and events need no answer', async () => {
    const { token, conversationId } = await openSession(app.url)
    for (const type of ['typing', 'event', 'conversationUpdate']) {
      expect((await postJson(at(`/conversations/${conversationId}/activities`), { type }, bearer(token))).status).toBe(
        200,
      )
    }
    expect((await activities(token, conversationId)).activities).toEqual([])
  })

  test('a file is declined kindly', async () => {
    const { token, conversationId } = await openSession(app.url)
    const body = new FormData()
    body.append('file', new Blob(['x'.repeat(500_000)], { type: 'image/png' }), 'a.png')
    const upload = await fetch(at(`/conversations/${conversationId}/upload?userId=x`), {
      method: 'POST',
      headers: bearer(token),
      body,
    })
    expect(upload.status).toBe(200)
    const { activities: log } = await activities(token, conversationId)
    expect(log.map(({ text }) => text)).toEqual([expect.stringContaining('pictures or files')])
  })

  test('too many at once are put off for a while', async () => {
    const { token, conversationId } = await openSession(app.url)
    const post = () => postJson(at(`/conversations/${conversationId}/activities`), message('echo'), bearer(token))
    const statuses = []
    for (let count = 0; count < 10; count++) statuses.push((await post()).status)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(8)
    const limited = await post()
    expect(limited).toMatchObject({ status: 429, body: { error: { code: 'rate-limited' } } })
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    aheadMs = 10_000
    expect((await post()).status).toBe(200)
  })

  test('a conversation that was never there is 404', async () => {
    const { token, conversationId } = await openSession(app.url)
    await current().sql`delete from directline_conversation where id = ${conversationId}`
    expect((await getJson(at(`/conversations/${conversationId}`), bearer(token))).status).toBe(404)
  })
})

describe('the websocket', () => {
  const streamUrl = async (token: string, id: string) => {
    const { body } = await getJson(at(`/conversations/${id}`), bearer(token))
    return String(body.streamUrl)
  }

  test('opens at the address that the conversation names', async () => {
    const { token, conversationId } = await openSession(app.url)
    const address = await streamUrl(token, conversationId)
    expect(address).toMatch(
      new RegExp(`^ws://127\\.0\\.0\\.1:\\d+/v3/directline/conversations/${conversationId}/stream\\?`),
    )
    const socket = new WebSocket(address)
    const [data] = await once(socket, 'message')
    expect(JSON.parse(String(data))).toMatchObject({
      activities: [{ text: expect.stringMatching(/^Hello/) }],
      watermark: '1',
    })
    socket.terminate()
  })

  test.each([
    ['another token', (url: URL) => url.searchParams.set('t', 'nonsense'), {}, 403],
    ['no token', (url: URL) => url.searchParams.delete('t'), {}, 403],
    ['a watermark that is none', (url: URL) => url.searchParams.set('watermark', 'x'), {}, 400],
    [
      'another address',
      (url: URL) => {
        url.pathname = '/v3/elsewhere'
      },
      {},
      404,
    ],
    [
      'a broken address',
      (url: URL) => {
        url.pathname = '/v3/directline/conversations/%E0%A4%A/stream'
      },
      {},
      0,
    ],
    ['a page of a foreign site', () => undefined, { origin: 'https://evil.example' }, 403],
  ])('%s is refused', async (_what, change, headers, status) => {
    const { token, conversationId } = await openSession(app.url)
    const url = new URL(await streamUrl(token, conversationId))
    change(url)
    const socket = new WebSocket(url, { headers })
    const refused = await new Promise<number>((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('error', () => resolve(0))
      socket.on('open', () => resolve(101))
    })
    socket.terminate()
    expect(refused).toBe(status)
  })

  test('a page of the shop may open it, and what clients send there is no message', async () => {
    const { token, conversationId } = await openSession(app.url)
    const socket = new WebSocket(await streamUrl(token, conversationId), {
      headers: { origin: 'https://shop.example' },
    })
    await once(socket, 'open')
    socket.send(JSON.stringify(message('effect smuggled')))
    socket.send('')
    await postJson(at(`/conversations/${conversationId}/activities`), message('echo'), bearer(token))
    expect((await activities(token, conversationId)).activities.map(({ text }) => text)).not.toContain(
      'effect smuggled',
    )
    socket.terminate()
  })

  test('closing the server tells its clients to come again', async () => {
    const other = await startTestApp(current())
    const { token, conversationId } = await openSession(other.url)
    const { body } = await getJson(`${other.url}/v3/directline/conversations/${conversationId}`, bearer(token))
    const socket = new WebSocket(String(body.streamUrl))
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await other.close()
    expect((await closed)[0]).toBe(1001)
  })
})
