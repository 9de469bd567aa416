import { directLineTokens } from '../../src/bot/directline/tokens'
import { type Database, openDatabase } from '../../src/db/open'
import { useDatabase } from '../support/database'
import { messageActivity, postActivity } from './support/activity'
import { type DatabaseProxy, startDatabaseProxy } from './support/database-proxy'
import { connectClient, getJson, openSession, postJson } from './support/direct-line'
import { type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'
import { type RunningApp, startTestApp, testConfig } from './support/test-app'

const { current } = useDatabase()
let proxy: DatabaseProxy
let database: Database
let app: RunningApp
let connector: LoopbackConnector

beforeEach(async () => {
  connector = await startLoopbackConnector()
  proxy = await startDatabaseProxy(current().url)
  database = openDatabase({ url: proxy.url })
  app = await startTestApp(database, { settings: { sweepEveryMs: 50 } })
})

afterEach(async () => {
  await app.close()
  await database.close()
  await proxy.close()
  await connector.close()
})

test('while the database is gone a channel is told to come again, and its retry has the effect once', async () => {
  const before = messageActivity(connector.serviceUrl, 'effect before')
  const during = messageActivity(connector.serviceUrl, 'effect during')
  expect((await postActivity(app.url, before)).status).toBe(200)
  await proxy.cut()
  const refused = await postActivity(app.url, during)
  expect(refused).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
  expect(refused.body?.error?.message).toMatch(/^I'm sorry/)
  expect((await postActivity(app.url, before)).status).toBe(503)
  await proxy.restore()
  expect((await postActivity(app.url, during)).status).toBe(200)
  expect((await postActivity(app.url, before)).status).toBe(200)
  expect(await current().sql`select body from mail order by id`).toEqual([
    { body: 'effect before' },
    { body: 'effect during' },
  ])
})

test('readiness says so, liveness does not', async () => {
  expect((await getJson(`${app.url}/ready`)).status).toBe(200)
  await proxy.cut()
  expect(await getJson(`${app.url}/ready`)).toMatchObject({ status: 503, body: { error: { code: 'not-ready' } } })
  expect((await getJson(`${app.url}/live`)).status).toBe(200)
  await proxy.restore()
  expect((await getJson(`${app.url}/ready`)).status).toBe(200)
})

test('a web chat hears a kind sentence in its language, and goes on when the database is back', async () => {
  const { token, conversationId } = await openSession(app.url, { locale: 'zh-CN' })
  const client = connectClient({ url: app.url, token, webSocket: true })
  await client.heard(1)
  await proxy.cut()
  const channelData = { clientActivityID: 'hard' }
  expect(await client.say('effect 兑换', { locale: 'zh-CN', channelData })).toBe('retry')
  await client.heard(2)
  expect(client.seen.at(-1)?.text).toBe('非常抱歉，系统暂时无法访问，请稍后再试。')
  const posted = await postJson(
    `${app.url}/v3/directline/conversations/${conversationId}/activities`,
    { type: 'message', text: 'echo' },
    { authorization: `Bearer ${token}` },
  )
  expect(posted).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
  await proxy.restore()
  expect(await client.say('effect 兑换', { locale: 'zh-CN', channelData })).toContain(conversationId)
  await client.heard(4)
  expect(client.seen.filter(({ text }) => text === 'done effect 兑换')).toHaveLength(1)
  client.end()
})

const tokens = directLineTokens({ secret: testConfig.directLineSecret, clock: () => new Date() })

test.each([
  ['a session', 'POST', '/api/webchat/session'],
  ['reading', 'GET', '/v3/directline/conversations/c/activities'],
  ['taking up', 'GET', '/v3/directline/conversations/c'],
])('%s answers 503 meanwhile', async (_what, method, path) => {
  const authorization = `Bearer ${await tokens.sign({ conversationId: 'c', userId: 'dl_u' })}`
  await proxy.cut()
  const response = await fetch(`${app.url}${path}`, { method, headers: { authorization } })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ error: { code: 'unavailable' } })
})
