import { useDatabase } from '../support/database'
import { messageActivity, postActivity } from './support/activity'
import { type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'
import { type RunningApp, startTestApp } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp
let connector: LoopbackConnector

beforeEach(async () => {
  await current().sql`delete from mail`
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
let conversations = 0
/** A conversation that no other test uses. */
const fresh = () => {
  conversations += 1
  return { conversation: { id: `a:${conversations}`, conversationType: 'personal' } }
}
const send = (text: string, changes: object = fresh()) =>
  postActivity(app.url, messageActivity(connector.serviceUrl, text, { ...changes }))

test('a message is answered at the connector of its channel, as a reply to it', async () => {
  const conversation = { id: 'a:conversation', conversationType: 'personal' }
  expect(await send('echo hello', { id: 'first', conversation })).toEqual({ status: 200, body: undefined })
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

test('twenty copies of an activity at once have one effect and one reply', async () => {
  const activity = messageActivity(connector.serviceUrl, 'effect once', fresh())
  const answers = await Promise.all(Array.from({ length: 20 }, () => postActivity(app.url, activity)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
  await connector.has(1)
  expect(await postActivity(app.url, activity)).toEqual({ status: 200, body: undefined })
  expect(await marks()).toEqual(['effect once'])
  expect(texts()).toEqual(['done effect once'])
})

test('the same id in another conversation is another activity', async () => {
  await send('effect here', { ...fresh(), id: 'same' })
  await send('effect there', { ...fresh(), id: 'same' })
  expect(await marks()).toEqual(['effect here', 'effect there'])
})

test('a burst of thirty messages in one conversation is answered in order', async () => {
  const conversation = fresh()
  const numbers = Array.from({ length: 30 }, (_, number) => number)
  await Promise.all(numbers.map((number) => send(`echo ${number}`, conversation)))
  await connector.has(30)
  expect(texts()).toEqual(numbers.map((number) => `en: echo ${number}`))
})

test('somebody who opens the chat is greeted once, in the language of the channel', async () => {
  const conversation = fresh()
  const opening = (id: string, changes: object = {}) =>
    postActivity(
      app.url,
      messageActivity(connector.serviceUrl, '', {
        ...conversation,
        type: 'conversationUpdate',
        id,
        text: undefined,
        locale: 'zh-CN',
        membersAdded: [{ id: '29:user' }],
        ...changes,
      }),
    )
  expect((await opening('one')).status).toBe(200)
  expect((await opening('two')).status).toBe(200)
  await send('echo', conversation)
  await connector.has(2)
  expect(texts()[0]).toMatch(/^您好/)
  expect(texts()).toHaveLength(2)
})

test('no greeting comes after the conversation has begun, nor when somebody leaves', async () => {
  const conversation = fresh()
  await send('echo', conversation)
  await send('', { ...conversation, type: 'conversationUpdate', membersAdded: [{ id: '29:user' }] })
  await send('', { ...fresh(), type: 'conversationUpdate', membersRemoved: [{ id: '29:user' }] })
  await send('echo', conversation)
  await connector.has(2)
  expect(texts()).toEqual(['en: echo', 'en: echo'])
})

test.each([
  'typing',
  'messageReaction',
  'messageUpdate',
  'endOfConversation',
  'installationUpdate',
  'event',
  'made-up',
])('an activity of type %s is taken without an answer', async (type) => {
  expect(await send('echo', { ...fresh(), type })).toEqual({ status: 200, body: undefined })
  expect(connector.received).toEqual([])
})

test('in a group the bot answers without its mention, and greets only when it is added itself', async () => {
  const conversation = { conversation: { id: '19:group', isGroup: true, conversationType: 'groupChat' } }
  const entities = [{ type: 'mention', mentioned: { id: '28:bot' }, text: '<at>Bot</at>' }]
  await send('', { ...conversation, type: 'conversationUpdate', membersAdded: [{ id: '29:other' }] })
  await send('<at>Bot</at> echo hello <at>Bea</at>', { ...conversation, entities })
  await connector.has(1)
  expect(texts()).toEqual(['en: echo hello <at>Bea</at>'])
})

describe('buttons and cards', () => {
  test("a card's submit brings its verb, arguments and inputs", async () => {
    const value = { verb: 'effect', args: { couponId: 'tea' }, quantity: '2', msteams: { type: 'messageBack' } }
    await send('', { ...fresh(), text: undefined, value })
    expect((await marks()).map((mark) => JSON.parse(mark))).toEqual([
      { verb: 'effect', args: { quantity: '2', couponId: 'tea' } },
    ])
  })

  test('Action.Execute is answered in the invoke, and the same again has no second effect', async () => {
    const action = { type: 'Action.Execute', verb: 'effect', data: { verb: 'effect', args: { n: 1 }, note: 'hi' } }
    const invoke = messageActivity(connector.serviceUrl, '', {
      ...fresh(),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action, trigger: 'manual' },
    })
    const first = await postActivity(app.url, invoke)
    expect(first).toMatchObject({ status: 200, body: { statusCode: 200, type: expect.any(String) } })
    expect(await postActivity(app.url, invoke)).toEqual(first)
    expect((await marks()).map((mark) => JSON.parse(mark))).toEqual([{ verb: 'effect', args: { note: 'hi', n: 1 } }])
    await connector.has(1)
    expect(texts()).toHaveLength(1)
  })

  test.each([
    ['another name', { name: 'composeExtension/query', value: {} }],
    ['no action', { name: 'adaptiveCard/action', value: {} }],
    ['no verb', { name: 'adaptiveCard/action', value: { action: { type: 'Action.Execute' } } }],
  ])('an invoke with %s is not implemented', async (_what, changes) => {
    expect((await send('', { ...fresh(), type: 'invoke', ...changes })).status).toBe(501)
  })

  test('in a personal chat of Teams buttons say their titles, which does the same as pressing them', async () => {
    const conversation = fresh()
    await send('buttons', conversation)
    await connector.has(1)
    expect(connector.received[0]?.activity).toMatchObject({
      suggestedActions: { actions: [{ type: 'imBack', title: 'Do it', value: 'Do it' }, { title: 'Say it' }] },
    })
    await send('Do it', conversation)
    expect((await marks()).map((mark) => JSON.parse(mark))).toEqual([{ verb: 'effect', args: { amount: 2 } }])
  })

  test('in a group of Teams buttons come on a card and carry their value', async () => {
    await send('buttons', { conversation: { id: '19:buttons', isGroup: true } })
    await connector.has(1)
    expect(connector.received[0]?.activity).not.toHaveProperty('suggestedActions')
    expect(connector.received[0]?.activity).toHaveProperty('attachments.0.content.actions', [
      { type: 'Action.Submit', title: 'Do it', data: { verb: 'effect', args: { amount: 2 } } },
      { type: 'Action.Submit', title: 'Say it', data: { msteams: { type: 'imBack', value: 'Say it' } } },
    ])
  })

  test('elsewhere buttons under the message carry their value', async () => {
    await send('buttons', { ...fresh(), channelId: 'emulator' })
    await connector.has(1)
    expect(connector.received[0]?.activity).toMatchObject({
      suggestedActions: {
        actions: [
          { type: 'messageBack', title: 'Do it', text: 'Do it', value: { verb: 'effect', args: { amount: 2 } } },
          { type: 'imBack', title: 'Say it', value: 'Say it' },
        ],
      },
    })
  })

  test('an Adaptive Card travels as an attachment', async () => {
    await send('card')
    await connector.has(1)
    expect(connector.received[0]?.activity).toMatchObject({
      text: 'A card',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } }],
    })
  })
})

test('a channel that expects replies gets them in the answer, and the same ones again', async () => {
  const activity = messageActivity(connector.serviceUrl, 'effect now', { ...fresh(), deliveryMode: 'expectReplies' })
  const first = await postActivity(app.url, activity)
  expect(first).toMatchObject({ status: 200, body: { activities: [{ type: 'message', text: 'done effect now' }] } })
  expect(await postActivity(app.url, activity)).toEqual(first)
  expect(await marks()).toEqual(['effect now'])
  expect(connector.received).toEqual([])
})

test('a picture without a word is answered kindly; a text that Teams repeats as HTML is a text', async () => {
  await send('', { ...fresh(), attachments: [{ contentType: 'image/png', contentUrl: 'https://x.example/a.png' }] })
  await send('echo', { ...fresh(), attachments: [{ contentType: 'text/html', content: '<p>echo</p>' }] })
  await connector.has(2)
  expect(texts()).toEqual([expect.stringContaining('pictures or files'), 'en: echo'])
})

describe('what goes wrong inside', () => {
  test('a dialog that breaks leaves nothing behind and is apologised for, once, in the language spoken', async () => {
    const conversation = fresh()
    const activity = messageActivity(connector.serviceUrl, 'break 坏了', { ...conversation, locale: 'zh-CN' })
    expect((await postActivity(app.url, activity)).status).toBe(200)
    expect((await postActivity(app.url, activity)).status).toBe(200)
    await connector.has(1)
    expect(texts()).toEqual([expect.stringContaining('非常抱歉')])
    expect(connector.received[0]?.activity).toHaveProperty('suggestedActions.actions.0.title', '转人工客服')
    expect(JSON.stringify(connector.received[0]?.activity)).not.toContain('on purpose')
    expect(await marks()).toEqual([])
    await send('echo 又好了', conversation)
    await connector.has(2)
    expect(texts()[1]).toBe('zh: echo 又好了')
  })

  test('the apology is in the characters that were written', async () => {
    const conversation = { ...fresh(), locale: 'zh-TW' }
    await send('break 壞了', conversation)
    await connector.has(1)
    expect(texts()).toEqual([expect.stringContaining('您的賬戶沒有任何變動')])
    expect(connector.received[0]?.activity).toHaveProperty('suggestedActions.actions.0.title', '轉人工客服')
  })

  test.each(['slow', 'sleep'])('a dialog that takes too long (%s) is stopped and apologised for', async (intent) => {
    const startedAt = performance.now()
    expect((await send(intent)).status).toBe(200)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    await connector.has(1)
    expect(texts()).toEqual([expect.stringContaining('took too long')])
    expect(await marks()).toEqual([])
  })
})

test('while another holds the conversation the channel is put off, and its retry has the effect once', async () => {
  const conversation = fresh()
  const activity = messageActivity(connector.serviceUrl, 'effect later', conversation)
  const lockKey = `msteams\u001f${conversation.conversation.id}`
  const answer = await current().tx(async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(hashtextextended(${lockKey}, 0))`
    return postActivity(app.url, activity)
  })
  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'busy' } } })
  expect((await postActivity(app.url, activity)).status).toBe(200)
  expect(await marks()).toEqual(['effect later'])
})

test('what a channel sends along, of any size and depth, is not kept', async () => {
  const { conversation } = fresh()
  const activity = messageActivity(connector.serviceUrl, 'echo', {
    conversation: { ...conversation, deep: 'DEEP' },
    entities: [{ deep: 'DEEP' }],
    value: 'DEEP',
  })
  const body = JSON.stringify(activity).replaceAll('"DEEP"', `${'['.repeat(8_000)}${']'.repeat(8_000)}`)
  expect((await postActivity(app.url, body)).status).toBe(200)
  await connector.has(1)
  expect(texts()).toEqual(['en: echo'])
  const [row] = await current().sql<{ size: number }>`
    select length(reference::text) as size from conversation_state where conversation_id = ${conversation.id}`
  expect(row?.size).toBeLessThan(1_000)
})

describe('the serviceUrl', () => {
  test.each([
    'https://evil.example/',
    'https://smba.trafficmanager.net/emea/',
    'http://10.0.0.1:3978/',
    'https://127.0.0.1.evil.example/',
    'http://user:password@127.0.0.1:9/',
  ])('%s is foreign in demo mode', async (serviceUrl) => {
    const answer = await postActivity(app.url, messageActivity(serviceUrl, 'echo', fresh()))
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'foreign-service-url' } } })
  })
})

test('a page of another site cannot speak to a bot in demo mode', async () => {
  const activity = messageActivity(connector.serviceUrl, 'effect stolen', fresh())
  expect((await postActivity(app.url, activity, { origin: 'https://evil.example' })).status).toBe(401)
  expect((await postActivity(app.url, activity, { origin: 'http://localhost:56150' })).status).toBe(200)
  expect(await marks()).toHaveLength(1)
})
