import { useDatabase } from '../support/database'
import { messageActivity, postActivity } from './support/activity'
import { type RunningApp, startTestApp } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp

beforeAll(async () => {
  app = await startTestApp(current())
})

afterAll(() => app.close())

const good = () => messageActivity('http://127.0.0.1:9/', 'echo')
const changed = (changes: object) => ({ ...good(), ...changes })

test.each([
  ['no JSON', '{"type":', 'malformed-json', /not JSON/],
  ['nothing', '', 'malformed-json', /empty/],
  ['null', null, 'malformed-activity', /not an object/],
  ['a list', [good()], 'malformed-activity', /not an object/],
  ['a number', 7, 'malformed-activity', /not an object/],
  ['a text', '"message"', 'malformed-activity', /not an object/],
  ['an empty object', {}, 'malformed-activity', /^type/],
  ['no type', changed({ type: undefined }), 'malformed-activity', /^type/],
  ['an empty type', changed({ type: '' }), 'malformed-activity', /^type/],
  ['a type that is a number', changed({ type: 5 }), 'malformed-activity', /^type/],
  ['no channelId', changed({ channelId: undefined }), 'malformed-activity', /^channelId/],
  ['no conversation', changed({ conversation: undefined }), 'malformed-activity', /^conversation/],
  ['a conversation without an id', changed({ conversation: {} }), 'malformed-activity', /^conversation\.id/],
  ['a conversation id that is an object', changed({ conversation: { id: {} } }), 'malformed-activity', /^conversation/],
  ['an endless conversation id', changed({ conversation: { id: 'x'.repeat(5_000) } }), 'malformed-activity', /^conv/],
  ['no serviceUrl', changed({ serviceUrl: undefined }), 'malformed-activity', /^serviceUrl/],
  ['a serviceUrl that is none', changed({ serviceUrl: 'not a url' }), 'malformed-activity', /^serviceUrl/],
  ['a serviceUrl of a file', changed({ serviceUrl: 'file:///etc/passwd' }), 'malformed-activity', /^serviceUrl/],
  [
    'a serviceUrl that is a script',
    changed({ serviceUrl: 'javascript:alert(1)' }),
    'malformed-activity',
    /^serviceUrl/,
  ],
  ['no sender', changed({ from: undefined }), 'malformed-activity', /^from/],
  ['a sender without an id', changed({ from: { name: 'Ana' } }), 'malformed-activity', /^from\.id/],
  ['no recipient', changed({ recipient: null }), 'malformed-activity', /^recipient/],
  ['no id', changed({ id: undefined }), 'malformed-activity', /^id/],
  ['a text that is a list', changed({ text: ['a'] }), 'malformed-activity', /^text/],
  [
    'members that are none',
    changed({ type: 'conversationUpdate', membersAdded: [{}] }),
    'malformed-activity',
    /^members/,
  ],
  ['entities that are none', changed({ entities: 'x' }), 'malformed-activity', /^entities/],
  [
    'a NUL in the conversation id',
    changed({ conversation: { id: 'a\u0000b' } }),
    'malformed-activity',
    /^conversation/,
  ],
  ['a NUL in the id', changed({ id: 'a\u0000b' }), 'malformed-activity', /^id/],
  ['a NUL in the sender', changed({ from: { id: '\u0000' } }), 'malformed-activity', /^from/],
])('%s is refused with a reason', async (_what, body, code, reason) => {
  const answer = await postActivity(app.url, typeof body === 'string' ? body : JSON.stringify(body))
  expect(answer).toMatchObject({ status: 400, body: { error: { code, message: expect.stringMatching(reason) } } })
})

test('a body that is no JSON by its type is refused', async () => {
  const body = JSON.stringify(good())
  expect((await postActivity(app.url, body, { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await postActivity(app.url, body, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
  expect((await postActivity(app.url, body, { 'content-type': 'application/jsonp' })).status).toBe(415)
})

test('a body of more than 256 KB is refused, declared or not', async () => {
  const body = JSON.stringify(changed({ text: 'x'.repeat(300_000) }))
  expect((await postActivity(app.url, body)).status).toBe(413)
  const chunks = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body))
      controller.close()
    },
  })
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: chunks, duplex: 'half' } as RequestInit
  const status = await fetch(`${app.url}/api/messages`, init).then(
    (response) => response.status,
    () => 'cut off',
  )
  expect([413, 'cut off']).toContain(status)
})

test('odd but legal bodies are taken', async () => {
  const odd = {
    entities: [{}, { type: 'mention' }, { type: 'mention', mentioned: { id: '28:bot' }, text: '' }],
    attachments: [],
    value: 'a text',
    channelData: 'a text',
    locale: 'xx-unknown',
    extra: { nested: [1, { deep: null }] },
  }
  for (const type of ['message', 'conversationUpdate', 'typing']) {
    expect((await postActivity(app.url, changed({ ...odd, type, id: `odd-${type}` }))).status).toBe(200)
  }
  for (const text of ['', '\u0000\u0007', '😀😀', 'مرحبا', '\ud800', 'x'.repeat(10_000), '\u202eabc']) {
    const answer = await postActivity(app.url, changed({ text, id: `text-${text.length}-${text.codePointAt(0)}` }))
    expect(answer.status).toBe(200)
  }
})

test('the wrong method and an unknown address are told in the same shape', async () => {
  const wrong = await fetch(`${app.url}/api/messages`, { method: 'PUT' })
  expect(wrong.status).toBe(405)
  expect(await wrong.json()).toEqual({ error: { code: 'method-not-allowed', message: expect.any(String) } })
  const unknown = await fetch(`${app.url}/nowhere/at/all`)
  expect(unknown.status).toBe(404)
  expect(await unknown.json()).toEqual({ error: { code: 'not-found', message: expect.any(String) } })
})
