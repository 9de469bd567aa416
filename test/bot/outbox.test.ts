import { useDatabase } from '../support/database'
import { messageActivity, postActivity } from './support/activity'
import { type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'
import { type RunningApp, startTestApp } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp
let connector: LoopbackConnector

const start = () =>
  startTestApp(current(), { settings: { sendTimeoutMs: 300, sweepEveryMs: 20 }, clock: () => new Date(clockMs()) })

// A clock that tests can push, so that nobody waits for a back-off.
let aheadMs = 0
let stoppedMs: number | undefined
const clockMs = () => (stoppedMs ?? Date.now()) + aheadMs

beforeEach(async () => {
  await current().sql`delete from outbox`
  aheadMs = 0
  connector = await startLoopbackConnector()
  app = await start()
})

afterEach(async () => {
  await app.close()
  await connector.close()
})

let conversations = 0
const fresh = () => {
  conversations += 1
  return { conversation: { id: `a:outbox-${conversations}`, conversationType: 'personal' } }
}
const send = (text: string, changes: object = fresh()) =>
  postActivity(app.url, messageActivity(connector.serviceUrl, text, { ...changes }))
const texts = () => connector.received.map(({ activity }) => activity.text)
const rows = () =>
  current().sql<{ status: string; attempts: number; waitMs: number; lastError: string | null }>`
    select status, attempts, last_error as "lastError",
      round(extract(epoch from next_attempt_at - ${new Date(clockMs())}) * 1000)::integer as "waitMs"
    from outbox order by id`
const eventually = async (check: () => Promise<void>) => {
  const deadline = performance.now() + 5_000
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

test('what was sent is marked so', async () => {
  await send('echo')
  await eventually(async () => expect(await rows()).toMatchObject([{ status: 'sent', attempts: 1 }]))
})

test.each([500, 502, 503, 504, 412, 408, 401])('after %i it is sent again later, once', async (status) => {
  connector.answerNext(status)
  await send('echo again')
  await eventually(async () =>
    expect(await rows()).toMatchObject([
      { status: 'pending', attempts: 1, lastError: expect.stringContaining(`${status}`) },
    ]),
  )
  expect(texts()).toEqual([])
  aheadMs = 1_500
  await connector.has(1)
  await eventually(async () => expect(await rows()).toMatchObject([{ status: 'sent', attempts: 2 }]))
  expect(texts()).toEqual(['en: echo again'])
})

test('after 429 it waits as long as it is told', async () => {
  connector.answerNext({ status: 429, retryAfter: '60' })
  await send('echo patient')
  await eventually(async () => expect(await rows()).toMatchObject([{ status: 'pending', attempts: 1 }]))
  const [row] = await rows()
  expect(row?.waitMs).toBeGreaterThan(55_000)
  aheadMs = 50_000
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(texts()).toEqual([])
  aheadMs = 61_000
  await connector.has(1)
  expect(texts()).toEqual(['en: echo patient'])
})

test.each([400, 403, 404, 413])('after %i it is given up', async (status) => {
  connector.answerNext(status)
  await send('echo refused')
  await eventually(async () => expect(await rows()).toMatchObject([{ status: 'failed', attempts: 1 }]))
  aheadMs = 600_000
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(texts()).toEqual([])
})

test.each([
  ['hang' as const, 1],
  ['reset' as const, 0],
])('when it may have arrived (%s) it is not sent twice', async (answer, arrived) => {
  // A connection that is in use already could have been closed by the other side; this is the first on a new one.
  connector.answerNext(answer)
  await send('echo maybe')
  await eventually(async () => expect(await rows()).toMatchObject([{ status: 'unknown', attempts: 1 }]))
  aheadMs = 600_000
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(texts()).toHaveLength(arrived)
})

test('a channel that is away gets its replies when it is back', async () => {
  const { serviceUrl } = connector
  await connector.close()
  await postActivity(app.url, messageActivity(serviceUrl, 'echo later', fresh()))
  await eventually(async () =>
    expect(await rows()).toMatchObject([{ status: 'pending', lastError: expect.stringContaining('ECONNREFUSED') }]),
  )
  connector = await startLoopbackConnector(Number(new URL(serviceUrl).port))
  aheadMs = 1_500
  await connector.has(1)
  expect(texts()).toEqual(['en: echo later'])
})

test('the replies of a conversation stay in order when one must wait; other conversations go on', async () => {
  const conversation = fresh()
  connector.answerNext(503)
  await send('echo 1', conversation)
  await eventually(async () => expect(await rows()).toMatchObject([{ status: 'pending', attempts: 1 }]))
  await send('echo 2', conversation)
  await send('echo 3', conversation)
  await send('echo other')
  await connector.has(1)
  expect(texts()).toEqual(['en: echo other'])
  aheadMs = 1_500
  await connector.has(4)
  expect(texts()).toEqual(['en: echo other', 'en: echo 1', 'en: echo 2', 'en: echo 3'])
})

test('after the last of ten tries it is given up, and what waited behind it goes', async () => {
  const conversation = fresh()
  connector.answerNext(...Array.from({ length: 10 }, () => 503))
  await send('echo lost', conversation)
  await send('echo kept', conversation)
  for (let attempt = 1; attempt <= 10; attempt++) {
    await eventually(async () => expect((await rows())[0]).toMatchObject({ attempts: attempt }))
    aheadMs += 310_000
  }
  await connector.has(1)
  expect(texts()).toEqual(['en: echo kept'])
  await eventually(async () => expect(await rows()).toMatchObject([{ status: 'failed' }, { status: 'sent' }]))
})

test('what a process left behind is sent by another when the lease has run out', async () => {
  await app.close()
  await current().sql`
    insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
    values ('msteams', 'left', ${{ serviceUrl: connector.serviceUrl, conversation: { id: 'left' } }},
      ${{ type: 'message', text: 'left behind' }}, 'pending', ${new Date(clockMs() + 30_000)}, ${new Date(clockMs())})`
  app = await start()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(texts()).toEqual([])
  aheadMs = 31_000
  await connector.has(1)
  expect(texts()).toEqual(['left behind'])
})

test('two processes sweep without sending anything twice', async () => {
  const second = await start()
  const waiting = Array.from({ length: 60 }, (_, number) => number)
  for (const number of waiting) {
    await current().sql`
      insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
      values ('msteams', ${`c${number % 7}`}, ${{ serviceUrl: connector.serviceUrl, conversation: { id: 'c' } }},
        ${{ type: 'message', text: `${number}` }}, 'pending', ${new Date(clockMs() + 1_000)}, ${new Date(clockMs())})`
  }
  aheadMs = 2_000
  await connector.has(60)
  await second.close()
  expect(new Set(texts()).size).toBe(60)
  for (let line = 0; line < 7; line++) {
    const numbers = texts()
      .map(Number)
      .filter((number) => number % 7 === line)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  }
})

test('the replies of one conversation that two processes answer in turn stay in order', async () => {
  const second = await start()
  const conversation = fresh()
  const startedAt = performance.now()
  for (let number = 0; number < 20; number++) {
    const activity = messageActivity(connector.serviceUrl, `echo ${number}`, conversation)
    await postActivity(number % 2 === 0 ? app.url : second.url, activity)
  }
  await connector.has(20)
  expect(texts()).toEqual(Array.from({ length: 20 }, (_, number) => `en: echo ${number}`))
  // Nobody waits for a lease to run out.
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  await second.close()
})

test('the same activity at two processes at once has one effect', async () => {
  const second = await start()
  const activity = messageActivity(connector.serviceUrl, 'effect once', fresh())
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, number) => postActivity(number % 2 === 0 ? app.url : second.url, activity)),
  )
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  await connector.has(1)
  expect(await current().sql`select body from mail where body = 'effect once'`).toHaveLength(1)
  await second.close()
  expect(texts()).toEqual(['done effect once'])
})

test('closing waits for what is being sent', async () => {
  await Promise.all(Array.from({ length: 10 }, () => send('echo last words')))
  await app.close()
  expect(texts()).toHaveLength(10)
  expect((await rows()).every(({ status }) => status === 'sent')).toBe(true)
  app = await start()
})

test('a conversation gets no more than its channel takes, in order; the tenant’s bucket knows what it got', async () => {
  // However slow the machine is, all ten come in one second.
  stoppedMs = Date.now()
  const conversation = fresh()
  for (let number = 0; number < 10; number++) await send(`echo ${number}`, conversation)
  await eventually(async () => {
    expect((await rows()).filter(({ status }) => status === 'sent')).toHaveLength(7)
    expect((await rows()).filter(({ status, attempts }) => status === 'pending' && attempts === 0)).toHaveLength(3)
  })
  aheadMs = 35_000
  await connector.has(10)
  expect(texts()).toEqual(Array.from({ length: 10 }, (_, number) => `en: echo ${number}`))
  await app.close()
  const [bucket] = await current().sql<{ slots: number[] }>`select slots from send_bucket`
  expect(bucket?.slots.length).toBeGreaterThanOrEqual(3)
  stoppedMs = undefined
  app = await start()
})
