import { useDatabase } from '../support/database'
import { messageActivity, postActivity } from './support/activity'
import { type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'
import { type RunningApp, startTestApp } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp
let connector: LoopbackConnector

beforeEach(async () => {
  connector = await startLoopbackConnector()
  app = await startTestApp(current(), { settings: { turnTimeoutMs: 700, sweepEveryMs: 50 } })
})

afterEach(async () => {
  await app.close()
  await connector.close()
})

const texts = () => connector.received.map(({ activity }) => activity.text)
const marks = async () =>
  (await current().sql<{ body: string }>`select body from mail order by id`).map(({ body }) => body)
const inConversation = (id: string) => ({ conversation: { id, conversationType: 'personal' } })

test('a message is answered at the connector of its channel, as a reply to it', async () => {
  const activity = messageActivity(connector.serviceUrl, 'echo hello', { id: 'first' })
  expect(await postActivity(app.url, activity)).toEqual({ status: 200, body: undefined })
  await connector.has(1)
  expect(connector.received[0]).toMatchObject({
    path: '/channel/v3/conversations/a%3Aconversation/activities/first',
    activity: {
      type: 'message',
      text: 'en: echo hello',
      replyToId: 'first',
      from: { id: '28:bot' },
      recipient: { id: '29:user' },
      conversation: { id: 'a:conversation' },
    },
  })
})
