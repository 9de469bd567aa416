import { conversations } from '../../../dialogs'
import type { Staff } from '../../../src/http/api/console/access'
import type { DeskView, RequestRow, RequestView } from '../../../src/http/api/console/types'
import { useDatabase } from '../../support/database'
import { fillFixtureShop } from '../../support/fixture-shop'
import { standInRecogniser } from '../../support/stand-in-recogniser'
import { messageActivity, postActivity } from '../support/activity'
import { Console } from '../support/console'
import { accessFor, addStaff, type StaffFixture } from '../support/desk-staff'
import { type Client, connectClient, openSession } from '../support/direct-line'
import { startLoopbackConnector } from '../support/loopback-connector'
import { type RunningApp, startTestApp } from '../support/test-app'

const database = useDatabase({ connectionsMax: 20 })
const staff = new Map<number, Staff>()
let app: RunningApp
let other: RunningApp
const ends: (() => void)[] = []

beforeAll(async () => {
  await fillFixtureShop(database.current())
  const deps = {
    conversations,
    recogniser: {
      recognise: (said: string, { locale }: { locale?: 'en' | 'zh' }) => standInRecogniser(said, locale ?? 'en'),
    },
    staffAccess: accessFor(staff),
  }
  app = await startTestApp(database.current(), deps)
  other = await startTestApp(database.current(), deps)
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
})
afterAll(async () => {
  await app?.close()
  await other?.close()
})

async function agent(fixture: StaffFixture, url = app.url): Promise<Console> {
  const id = await addStaff(database.current(), fixture)
  staff.set(id, { id, displayName: fixture.name, role: fixture.role ?? 'agent', locale: 'en' })
  const opened = await new Console(url, id).open()
  ends.push(() => opened.cut())
  return opened
}

async function member(url = app.url): Promise<Client & { conversationId: string }> {
  const session = await openSession(url, { locale: 'en' })
  const { token, conversationId } = session
  const client = connectClient({ url, token, conversationId, webSocket: true })
  ends.push(() => client.end())
  await client.heard(0)
  return { ...client, conversationId }
}

const heard = (client: Client) => client.seen.filter(({ from }) => from === 'bot').map(({ text }) => text)

async function requestOf(conversationId: string): Promise<{ id: number; version: number; status: string }> {
  const [row] = await database.current().sql<{ id: number; version: number; status: string }>`
    select id, version, status from handoff_request where conversation_id = ${conversationId} order by id desc limit 1`
  return row!
}

async function asked(url = app.url) {
  const client = await member(url)
  await client.say('talk to a person')
  return { client, request: await requestOf(client.conversationId) }
}

test('a conversation goes to an agent and back, live, over two processes', async () => {
  const { client, request } = await asked(other.url)
  const ana = await agent({ name: 'Ana' })
  const desk = (await ana.get('desk')).body as unknown as DeskView
  expect(desk.waiting.map(({ id }) => id)).toContain(request.id)
  const accepted = await ana.post(`requests/${request.id}/accept`, { version: request.version })
  expect(accepted).toMatchObject({ status: 200, body: { request: { status: 'agent', staff: { displayName: 'Ana' } } } })
  ana.send({ type: 'watch', requestId: request.id, afterSeq: 0 })
  await client.say('My teapot is <b>broken</b>')
  await ana.until('the question', () => ana.messages.some(({ text }) => text === 'My teapot is <b>broken</b>'))
  const before = heard(client).length
  const said = await ana.post(`requests/${request.id}/messages`, { key: 'k1', text: 'So sorry! *One* moment.' })
  expect(said).toMatchObject({ status: 200, body: { message: { author: 'agent', delivery: 'sent', key: 'k1' } } })
  await client.heard(before + 1)
  expect(heard(client).at(-1)).toBe('So sorry! \\*One\\* moment.')
  // The bot was silent: what the member wrote was answered by nobody else.
  expect(heard(client).slice(-2)).toEqual(['Ana has joined and reads along from here.', 'So sorry! \\*One\\* moment.'])
  const closed = await ana.post(`requests/${request.id}/close`, {
    version: 2,
    contactReason: 'get-refund',
    isResolved: true,
  })
  expect(closed).toMatchObject({ status: 200, body: { request: { status: 'closed' } } })
  await client.heard(before + 2)
  expect(heard(client).at(-1)).toMatch(/^Ana has closed the conversation\. How content are you/)
  await client.say('5')
  await client.say('she was great')
  const [row] = await database.current().sql`
    select resolution, csat_score as score, csat_word as word, contact_reason as reason from handoff_request where id = ${request.id}`
  expect(row).toEqual({ resolution: 'confirmed', score: 5, word: 'she was great', reason: 'get-refund' })
  expect(ana.messages.map(({ seq }) => seq)).toEqual(ana.messages.map((_, place) => place + 1))
})

test('of two agents who accept at once one wins; the same key twice is one message, with other words a refusal', async () => {
  const { client, request } = await asked()
  const [ben, cai] = await Promise.all([agent({ name: 'Ben' }), agent({ name: 'Cai' }, other.url)])
  const both = await Promise.all([ben, cai].map((each) => each.post(`requests/${request.id}/accept`, { version: 1 })))
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  const [winner, loser] = both[0]?.status === 200 ? [ben, cai] : [cai, ben]
  // The winner's answer may have got lost: the same again is no second step.
  expect(await winner.post(`requests/${request.id}/accept`, { version: 1 })).toMatchObject({
    status: 200,
    body: { request: { version: 2 } },
  })
  const say = (who: Console, key: string, text: string) => who.post(`requests/${request.id}/messages`, { key, text })
  const twice = await Promise.all([say(winner, 'same', 'hello'), say(winner, 'same', 'hello')])
  expect(twice.map(({ status }) => status)).toEqual([200, 200])
  expect((await say(winner, 'same', 'something else')).body.error?.code).toBe('key-used')
  expect((await say(loser, 'mine', 'me too')).body.error?.code).toBe('not-yours')
  expect((await loser.get(`requests/${request.id}`)).status).toBe(403)
  await client.heard(3)
  await winner.post(`requests/${request.id}/messages`, { key: 'last', text: 'bye' })
  await client.heard(4)
  expect(heard(client).filter((text) => text === 'hello')).toHaveLength(1)
})

test('an agent and the member end it at once: one of them does, and the member is told once', async () => {
  const { client, request } = await asked()
  const dee = await agent({ name: 'Dee' })
  await dee.post(`requests/${request.id}/accept`, { version: 1 })
  const close = { version: 2, contactReason: 'complaint', isResolved: false }
  const [closed] = await Promise.all([dee.post(`requests/${request.id}/close`, close), client.say('back to the bot')])
  const { status } = await requestOf(client.conversationId)
  expect([closed.status, status]).toEqual(closed.status === 200 ? [200, 'closed'] : [409, 'returned'])
  const events = await database.current().sql<{ kind: string }>`
    select kind from handoff_event where request_id = ${request.id} and kind in ('closed', 'returned')`
  expect(events).toHaveLength(1)
})

test('what was written meanwhile is caught up with after a lost connection, each once and in order', async () => {
  const { client, request } = await asked()
  const eve = await agent({ name: 'Eve' })
  await eve.post(`requests/${request.id}/accept`, { version: 1 })
  eve.send({ type: 'watch', requestId: request.id, afterSeq: 0 })
  await client.say('one')
  await eve.until('one', () => eve.messages.some(({ text }) => text === 'one'))
  eve.cut()
  await client.say('two')
  await client.say('three')
  await eve.open()
  eve.send({ type: 'watch', requestId: request.id, afterSeq: eve.messages.at(-1)?.seq ?? 0 })
  await eve.until('three', () => eve.messages.some(({ text }) => text === 'three'))
  expect(eve.messages.map(({ seq }) => seq)).toEqual(eve.messages.map((_, place) => place + 1))
  eve.send({ type: 'read', requestId: request.id, seq: eve.messages.at(-1)?.seq ?? 0 })
  await eve.until('a new list', () => eve.seen.at(-1)?.type === 'desk')
  const { mine } = (await eve.get('desk')).body as unknown as DeskView
  expect(mine.find(({ id }) => id === request.id)).toMatchObject({ unread: 0, last: { text: 'three' } })
})

test('who watches a request hears no more of it once a colleague has it, and all of it once it is theirs', async () => {
  const { client, request } = await asked()
  const [vic, wes] = await Promise.all([agent({ name: 'Vic' }), agent({ name: 'Wes' })])
  for (const each of [vic, wes]) each.send({ type: 'watch', requestId: request.id, afterSeq: 0 })
  await vic.until('the request', () => vic.messages.length > 0)
  await wes.post(`requests/${request.id}/accept`, { version: request.version })
  await client.say('between us')
  await wes.post(`requests/${request.id}/notes`, { key: 'n', text: 'a note' })
  await wes.until('the note', () => wes.messages.some(({ author }) => author === 'note'))
  expect(vic.messages.map(({ text }) => text)).not.toContain('between us')
  await wes.post(`requests/${request.id}/transfer`, { version: request.version + 1, staffId: vic.staffId })
  await vic.until('what was said before', () => vic.messages.some(({ text }) => text === 'between us'))
  expect(vic.messages.map(({ seq }) => seq)).toEqual(vic.messages.map((_, place) => place + 1))
})

test('typing is seen on both sides and by colleagues, from another process too', async () => {
  const { client, request } = await asked(other.url)
  const fay = await agent({ name: 'Fay' })
  const gus = await agent({ name: 'Gus', role: 'supervisor' }, other.url)
  await fay.post(`requests/${request.id}/accept`, { version: 1 })
  for (const each of [fay, gus]) each.send({ type: 'watch', requestId: request.id, afterSeq: 0 })
  await gus.until('what was said', () => gus.messages.length > 0)
  await fay.until('what was said', () => fay.messages.length > 0)
  fay.send({ type: 'typing', requestId: request.id })
  await gus.until('a colleague typing', () => gus.seen.some((m) => m.type === 'typing' && m.displayName === 'Fay'))
  await client.heard(heard(client).length)
  await client.say('', { type: 'typing' })
  await fay.until('the member typing', () => fay.seen.some((m) => m.type === 'typing' && m.who === 'member'))
  expect(fay.seen.filter((m) => m.type === 'typing').map((m) => m.type === 'typing' && m.who)).toEqual(['member'])
})

test('on a channel that is sent to, words leave by the outbox, in order, and what came before can be read', async () => {
  const connector = await startLoopbackConnector()
  const said = (text: string, id: string) =>
    postActivity(
      app.url,
      messageActivity(connector.serviceUrl, text, {
        id,
        conversation: { id: 'a:desk', conversationType: 'personal', tenantId: 'tenant' },
      }),
    )
  await said('what can you do', 'd1')
  await said('talk to a person', 'd2')
  const request = await requestOf('a:desk')
  const hal = await agent({ name: 'Hal' })
  await hal.post(`requests/${request.id}/accept`, { version: 1 })
  hal.send({ type: 'watch', requestId: request.id, afterSeq: 0 })
  const first = await hal.post(`requests/${request.id}/messages`, { key: 'a', text: 'line one\nline two' })
  expect(first.body).toMatchObject({ message: { delivery: 'pending' } })
  await hal.until('the delivery', () => hal.seen.some((m) => m.type === 'delivery' && m.delivery === 'sent'))
  const texts = connector.received.map(({ activity }) => (activity as { text: string }).text)
  expect(texts.slice(-2)).toEqual(['Hal has joined and reads along from here.', 'line one  \nline two'])
  const { view } = { view: (await hal.get(`requests/${request.id}`)).body as unknown as RequestView }
  expect(view.earlier.map(({ author, text }) => [author, text.slice(0, 15)])).toEqual([
    ['member', 'what can you do'],
    ['bot', expect.any(String)],
  ])
  expect(view.messages.map(({ author }) => author)).toEqual(['member', 'desk', 'desk', 'agent'])
  await connector.close()
})

test('a request is handed on to a colleague and to a team, with what was said meanwhile and a note for them alone', async () => {
  const { client, request } = await asked()
  const [ida, jon] = await Promise.all([agent({ name: 'Ida' }), agent({ name: 'Jon', team: 'returns' })])
  await ida.post(`requests/${request.id}/accept`, { version: 1 })
  const handOn = ida.post(`requests/${request.id}/transfer`, {
    version: 2,
    staffId: jon.staffId,
    note: 'knows teapots',
  })
  const [moved] = await Promise.all([handOn, ...['a', 'b', 'c'].map((text) => client.say(text))])
  expect(moved).toMatchObject({ status: 200, body: { request: { staff: { id: jon.staffId }, version: 3 } } })
  expect((await ida.get(`requests/${request.id}`)).status).toBe(403)
  const view = (await jon.get(`requests/${request.id}`)).body as unknown as RequestView
  const words = view.messages.map(({ text }) => text)
  expect(['a', 'b', 'c'].filter((text) => !words.includes(text))).toEqual([])
  expect(view.messages.filter(({ author }) => author === 'note')).toMatchObject([
    { text: 'knows teapots', staff: { displayName: 'Ida' } },
  ])
  expect(JSON.stringify(client.seen)).not.toContain('knows teapots')
  const toNobody = await jon.post(`requests/${request.id}/transfer`, { version: 3, team: 'nobody' })
  expect(toNobody.body.error?.code).toBe('unknown-team')
  const toTeam = { version: 3, team: 'returns' }
  expect(await jon.post(`requests/${request.id}/transfer`, toTeam)).toMatchObject({
    body: { request: { status: 'waiting', team: 'returns' } },
  })
  const next = await jon.post('requests/next')
  expect(next).toMatchObject({ status: 200, body: { request: { id: request.id } } })
  await jon.post(`requests/${request.id}/return`, {
    version: (next.body as unknown as { request: RequestRow }).request.version,
  })
  await client.say('my points')
  expect((await requestOf(client.conversationId)).status).toBe('returned')
})

test('an agent takes over what the bot has, by choice; nobody works at the desk without being let in', async () => {
  const client = await member()
  await client.say('what can you do')
  const kim = await agent({ name: 'Kim' })
  const { conversations: rows } = (await kim.get('conversations')).body as unknown as {
    conversations: { conversationId: string; lastText: string }[]
  }
  expect(rows.find((row) => row.conversationId === client.conversationId)).toMatchObject({
    lastText: 'what can you do',
  })
  const place = { channel: 'directline', conversationId: client.conversationId }
  expect(await kim.post('conversations/take', place)).toMatchObject({
    status: 200,
    body: { request: { reason: 'agent', status: 'agent' } },
  })
  expect((await kim.post('conversations/take', place)).body.error?.code).toBe('changed')
  expect((await kim.post('conversations/take', { ...place, conversationId: 'none' })).status).toBe(404)
  const stranger = new Console(app.url, 999_999)
  expect((await stranger.get('desk')).status).toBe(401)
  await expect(stranger.open()).rejects.toThrow('401')
})

test.each([
  ['an empty text', { key: 'k', text: '  \n ' }],
  ['a text that is too long', { key: 'k', text: 'x'.repeat(4_001) }],
  ['no key', { text: 'hello' }],
  ['a control character', { key: 'k', text: 'he\u0000llo' }],
])('%s is refused', async (_what, body) => {
  const { request } = await asked()
  const lea = await agent({ name: `Lea${_what.length}` })
  await lea.post(`requests/${request.id}/accept`, { version: 1 })
  expect((await lea.post(`requests/${request.id}/messages`, body)).status).toBe(422)
})

test('a paste of twenty megabytes is refused with a reason, and the conversation goes on', async () => {
  const { client, request } = await asked()
  const mia = await agent({ name: 'Mia' })
  await mia.post(`requests/${request.id}/accept`, { version: 1 })
  const refused = await mia.post(`requests/${request.id}/messages`, { key: 'huge', text: 'x'.repeat(20 * 1024 * 1024) })
  expect(refused).toMatchObject({ status: 413, body: { error: { code: 'body-too-large' } } })
  expect(await client.say('x'.repeat(20 * 1024 * 1024)).catch(() => 'refused')).not.toMatch(/\|\d{7}$/)
  await mia.post(`requests/${request.id}/messages`, { key: 'small', text: 'still here' })
  await client.heard(4)
  expect(heard(client).at(-1)).toBe('still here')
})

test('an agent whose member waits too long loses the request, and the member is told', async () => {
  const { client, request } = await asked()
  const ned = await agent({ name: 'Ned' })
  await ned.post(`requests/${request.id}/accept`, { version: 1 })
  await client.heard(3)
  await database.current().sql`
    update handoff_request set unanswered_since = unanswered_since - interval '6 minutes' where id = ${request.id}`
  // The loop that looks after the desk comes round by itself.
  await client.heard(4)
  expect(heard(client).at(-1)).toMatch(/^I'm sorry for the silence/)
  expect(await requestOf(client.conversationId)).toMatchObject({ status: 'waiting', version: 3 })
  expect((await ned.post(`requests/${request.id}/messages`, { key: 'late', text: 'hello' })).body.error?.code).toBe(
    'not-yours',
  )
})

test('a request that breaks at each look holds up no other that waits too long', async () => {
  const [stuck, other] = [await asked(), await asked()]
  const oli = await agent({ name: 'Oli' })
  for (const { request } of [stuck, other]) await oli.post(`requests/${request.id}/accept`, { version: 1 })
  await other.client.heard(3)
  await database.current().sql`alter table desk_message add constraint stuck check (text not like '很抱歉%') not valid`
  try {
    await database.current().sql`
      update handoff_request set unanswered_since = unanswered_since - interval '9 minutes', locale = 'zh' where id = ${stuck.request.id}`
    await database.current().sql`
      update handoff_request set unanswered_since = unanswered_since - interval '6 minutes' where id = ${other.request.id}`
    await other.client.heard(4)
    expect(await requestOf(stuck.client.conversationId)).toMatchObject({ status: 'agent' })
  } finally {
    await database.current().sql`alter table desk_message drop constraint stuck`
  }
})
