import { useDatabase } from '../support/database'
import { type Client, type ClientOptions, connectClient, openSession } from './support/direct-line'
import { type RunningApp, startTestApp } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp
let other: RunningApp
const clients: Client[] = []

beforeAll(async () => {
  app = await startTestApp(current())
  other = await startTestApp(current())
})

afterEach(() => {
  for (const client of clients.splice(0)) client.end()
})

afterAll(() => Promise.all([app.close(), other.close()]))

function connect(options: ClientOptions): Client {
  const client = connectClient(options)
  clients.push(client)
  return client
}

const spoken = (client: Client) => client.seen.map(({ from, text }) => `${from}: ${text}`)
const ids = (client: Client) => client.seen.map(({ id }) => id)

describe.each([
  ['over a websocket', true],
  ['by polling', false],
])('a conversation %s', (_how, webSocket) => {
  test('greets, answers, and shows each message once and in order', async () => {
    const { token } = await openSession(app.url, { locale: 'en-GB' })
    const client = connect({ url: app.url, token, webSocket })
    await client.heard(1)
    expect(client.seen[0]?.text).toMatch(/^Hello/)
    const id = await client.say('echo one', { channelData: { clientActivityID: 'c1' } })
    await client.say('echo two')
    await client.heard(3)
    expect(spoken(client).slice(1)).toEqual([
      'user: echo one',
      'bot: en: echo one',
      'user: echo two',
      'bot: en: echo two',
    ])
    expect(client.seen[1]?.id).toBe(id)
    expect(new Set(ids(client)).size).toBe(5)
  })

  test('goes on where it was on another page load, with the whole of it or from a watermark', async () => {
    const { token, conversationId } = await openSession(app.url)
    const first = connect({ url: app.url, token, webSocket })
    await first.say('echo before')
    await first.heard(2)
    first.end()
    const session = await openSession(app.url, { resume: token })
    expect(session).toMatchObject({ conversationId, resumed: true })
    const again = { url: app.url, token: session.token, conversationId, webSocket }
    const whole = connect(again)
    await whole.heard(2)
    expect(ids(whole)).toEqual(ids(first))
    const rest = connect({ ...again, watermark: '3' })
    await rest.say('echo after')
    await rest.heard(1)
    await whole.heard(3)
    expect(spoken(rest)).toEqual(['user: echo after', 'bot: en: echo after'])
  })

  test('works with the messages going to another process than the one that is listened to', async () => {
    const { token } = await openSession(app.url)
    const client = connect({ url: app.url, postUrl: other.url, token, webSocket })
    await client.heard(1)
    for (let number = 1; number <= 10; number++) await client.say(`echo ${number}`)
    await client.heard(11)
    expect(new Set(ids(client)).size).toBe(21)
    expect(spoken(client).at(-1)).toBe('bot: en: echo 10')
  })
})

test('a connection cut again and again loses and doubles nothing', async () => {
  const { token } = await openSession(app.url)
  const client = connect({ url: app.url, token, webSocket: true })
  await client.heard(1)
  for (let number = 1; number <= 12; number++) {
    if (number % 5 === 0) {
      expect(client.cut()).toBe(1)
      // The client comes back after three seconds; what is said meanwhile waits in the log.
      if (number === 5) await client.say('echo meanwhile').then(() => client.heard(6))
    }
    await client.say(`effect ${number}`, { channelData: { clientActivityID: `cut-${number}` } })
  }
  await client.heard(14)
  const replies = client.seen.filter(({ text }) => text.startsWith('done')).map(({ text }) => text)
  expect(replies).toEqual(Array.from({ length: 12 }, (_, place) => `done effect ${place + 1}`))
  expect(new Set(ids(client)).size).toBe(client.seen.length)
})

test('a message that is posted again has one effect and the same id', async () => {
  const { token } = await openSession(app.url)
  const client = connect({ url: app.url, token, webSocket: true })
  await client.heard(1)
  const again = () => client.say('effect paid', { channelData: { clientActivityID: 'again' } })
  const posted = await Promise.all(Array.from({ length: 8 }, again))
  posted.push(await again())
  expect(new Set(posted).size).toBe(1)
  await client.say('echo end')
  await client.heard(3)
  expect(spoken(client).slice(1)).toEqual([
    'user: effect paid',
    'bot: done effect paid',
    'user: echo end',
    'bot: en: echo end',
  ])
})

test('a burst is shown in order', async () => {
  const { token } = await openSession(app.url)
  const client = connect({ url: app.url, token, webSocket: true })
  await client.heard(1)
  await Promise.all(Array.from({ length: 30 }, (_, number) => client.say(`echo ${number}`)))
  await client.heard(31)
  expect(ids(client)).toEqual([...ids(client)].sort())
})

test('two pages of one conversation see the same', async () => {
  const { token, conversationId } = await openSession(app.url)
  const one = connect({ url: app.url, token, webSocket: true })
  await one.heard(1)
  const two = connect({ url: other.url, token, conversationId, webSocket: true })
  await two.heard(1)
  await one.say('echo from one')
  await two.say('echo from two')
  await Promise.all([one.heard(3), two.heard(3)])
  expect(ids(one)).toEqual(ids(two))
})
