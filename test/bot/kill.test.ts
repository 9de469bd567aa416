import path from 'node:path'
import { type Child, startChild } from '../support/child-process'
import { useDatabase } from '../support/database'
import { messageActivity, postActivity } from './support/activity'
import { openSession, postJson } from './support/direct-line'
import { type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'

const { current } = useDatabase()
let connector: LoopbackConnector
let bot: { child: Child; url: string }

beforeAll(async () => {
  connector = await startLoopbackConnector()
  bot = await startBot()
})

afterAll(async () => {
  await bot.child.kill('SIGKILL')
  await connector.close()
})

async function startBot() {
  const child = startChild(path.join(__dirname, 'support/bot-child.ts'), [current().url])
  const { url } = await child.next<{ url: string }>()
  return { child, url }
}

/** Kills the bot after a while that differs each time, and starts another. */
async function killAfter(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  await bot.child.kill('SIGKILL')
  bot = await startBot()
}

/** Sends it again, as a channel does, until it is taken. */
async function untilTaken(send: () => Promise<{ status: number }>): Promise<void> {
  // A busy machine takes its time to start the next process; the test's own time-out is the end.
  for (let tries = 0; tries < 800; tries++) {
    const status = await send().then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('not taken within 800 tries')
}

const marksPerMessage = async () => {
  const marks = await current().sql<{ body: string; times: number }>`
    select body, count(*)::integer as times from mail group by body order by body`
  return Object.fromEntries(marks.map(({ body, times }) => [body, times]))
}

const onceEach = (texts: readonly string[]) => Object.fromEntries(texts.map((text) => [text, 1]))

test('killed in the middle of turns, each message that the channel sends again has its effect once and is answered', async () => {
  const texts = Array.from({ length: 24 }, (_, number) => `linger ${String(number).padStart(2, '0')}`)
  const kills = (async () => {
    for (const ms of [40, 90, 150]) await killAfter(ms)
  })()
  // Three conversations side by side, each in its order.
  await Promise.all(
    [0, 1, 2].map(async (line) => {
      for (const text of texts.filter((_, number) => number % 3 === line)) {
        const conversation = { id: `a:kill-${line}` }
        const activity = messageActivity(connector.serviceUrl, text, { conversation })
        await untilTaken(() => postActivity(bot.url, activity))
      }
    }),
  )
  await kills
  expect(await marksPerMessage()).toEqual(onceEach(texts))
  // What a killed process had not sent is sent when its lease runs out; that instant is brought forward here.
  await current().sql`update outbox set next_attempt_at = now() where status = 'pending'`
  const answers = () => new Set(connector.received.map(({ activity }) => activity.text))
  for (let waits = 0; answers().size < texts.length && waits < 100; waits++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect([...answers()].sort()).toEqual(texts.map((text) => `done ${text}`))
}, 60_000)

test('killed while a web chat talks, each message has its effect once and stands once in the log', async () => {
  await current().sql`delete from mail`
  const { token, conversationId } = await openSession(bot.url)
  const headers = { authorization: `Bearer ${token}` }
  const texts = Array.from({ length: 10 }, (_, number) => `linger chat ${number}`)
  const kill = killAfter(100)
  for (const text of texts) {
    const activity = { type: 'message', text, channelData: { clientActivityID: text } }
    const address = () => `${bot.url}/v3/directline/conversations/${conversationId}/activities`
    await untilTaken(() => postJson(address(), activity, headers))
  }
  await kill
  expect(await marksPerMessage()).toEqual(onceEach(texts))
  const log = await current().sql<{ text: string }>`
    select activity ->> 'text' as text from directline_activity where conversation_id = ${conversationId} order by seq`
  expect(log.map(({ text }) => text)).toEqual(texts.flatMap((text) => [text, `done ${text}`]))
}, 60_000)
