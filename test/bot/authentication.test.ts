import { useDatabase } from '../support/database'
import { messageActivity, postActivity } from './support/activity'
import { APP_ID, type KeyServer, startKeyServer } from './support/key-server'
import { type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'
import { type RunningApp, startTestApp, testConfig } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp
let keys: KeyServer
let connector: LoopbackConnector
let conversations = 0

beforeAll(async () => {
  // Bot Framework tells the console about every bad token.
  jest.spyOn(console, 'error').mockImplementation(() => undefined)
  keys = await startKeyServer()
  connector = await startLoopbackConnector()
  app = await startTestApp(current(), {
    config: {
      ...testConfig,
      demo: false,
      botApp: { id: APP_ID, password: 'secret', type: 'MultiTenant', tenantId: '' },
    },
    settings: {
      cloud: keys.cloud,
      connectorToken: async () => 'our own token',
      allowedServiceHosts: ['127.0.0.1'],
    },
  })
})

afterAll(async () => {
  await app.close()
  await connector.close()
  await keys.close()
})

const HOUR = 3_600
const now = () => Math.floor(Date.now() / 1000)

async function post(authorization: string | undefined, changes: object = {}) {
  conversations += 1
  const conversation = { id: `a:auth-${conversations}` }
  const activity = messageActivity(connector.serviceUrl, 'echo', { conversation, ...changes })
  return postActivity(app.url, activity, authorization === undefined ? {} : { authorization })
}

const claims = () => ({ serviceurl: connector.serviceUrl })

test('a good token is let in, and the reply carries ours', async () => {
  expect((await post(`Bearer ${await keys.sign(claims())}`)).status).toBe(200)
  await connector.has(1)
  expect(connector.received[0]).toMatchObject({ authorization: 'Bearer our own token', activity: { text: 'en: echo' } })
})

test.each([
  ['nothing', async () => undefined],
  ['an empty header', async () => ''],
  ['another scheme', async () => `Basic ${await keys.sign(claims())}`],
  ['no token after the scheme', async () => 'Bearer '],
  ['what is no token', async () => 'Bearer nonsense'],
  ['what only looks like one', async () => 'Bearer a.b.c'],
  ['a token of another key', async () => `Bearer ${await keys.sign(claims(), { key: 'foreign' })}`],
  ['an unsigned token', async () => `Bearer ${await keys.sign(claims(), { key: 'none' })}`],
  ['a token signed with HS256', async () => `Bearer ${await keys.sign(claims(), { key: 'hs256' })}`],
  ['an expired token', async () => `Bearer ${await keys.sign({ ...claims(), exp: now() - HOUR })}`],
  ['a token that is not valid yet', async () => `Bearer ${await keys.sign({ ...claims(), nbf: now() + HOUR })}`],
  ['a token for another bot', async () => `Bearer ${await keys.sign({ ...claims(), aud: 'another' })}`],
  ['a token for nobody', async () => `Bearer ${await keys.sign({ ...claims(), aud: undefined })}`],
  ['a token of another issuer', async () => `Bearer ${await keys.sign({ ...claims(), iss: 'https://evil.example' })}`],
  ['a token without an issuer', async () => `Bearer ${await keys.sign({ ...claims(), iss: undefined })}`],
  ['a token for another serviceUrl', async () => `Bearer ${await keys.sign({ serviceurl: 'https://other.example/' })}`],
  ['a token without a serviceUrl', async () => `Bearer ${await keys.sign()}`],
])('%s is not let in', async (_what, header) => {
  const before = connector.received.length
  expect(await post(await header())).toMatchObject({ status: 401, body: { error: { code: 'unauthorised' } } })
  expect(connector.received).toHaveLength(before)
})

test('a key that is not endorsed for the channel does not speak for it', async () => {
  expect((await post(`Bearer ${await keys.sign(claims())}`, { channelId: 'telegram' })).status).toBe(401)
})

test.each(['AseChannel', 'emulator', 'agents'])('naming the channel %s opens no other way in', async (channelId) => {
  for (const key of ['foreign', 'none', 'hs256'] as const) {
    expect((await post(`Bearer ${await keys.sign(claims(), { key })}`, { channelId })).status).toBe(401)
  }
  expect((await post(undefined, { channelId, recipient: { id: '28:bot', role: 'skill' } })).status).toBe(401)
})

test('a foreign serviceUrl is refused even with a good token', async () => {
  for (const serviceUrl of ['https://evil.example/', 'http://smba.trafficmanager.net/emea/', 'http://localhost:9/']) {
    const answer = await post(`Bearer ${await keys.sign({ serviceurl: serviceUrl })}`, { serviceUrl })
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'foreign-service-url' } } })
  }
})

test('the shape is checked before the token', async () => {
  expect((await post(undefined, { conversation: {} })).status).toBe(400)
})

test('keys that cannot be fetched are our trouble, not the caller’s', async () => {
  const away = await startKeyServer()
  const other = await startTestApp(current(), {
    config: {
      ...testConfig,
      demo: false,
      botApp: { id: APP_ID, password: 'secret', type: 'MultiTenant', tenantId: '' },
    },
    settings: { cloud: away.cloud, allowedServiceHosts: ['127.0.0.1'] },
  })
  await away.goAway()
  const authorization = `Bearer ${await away.sign(claims())}`
  const answer = await postActivity(other.url, messageActivity(connector.serviceUrl, 'echo'), { authorization })
  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'keys-unavailable' } } })
  await other.close()
})
