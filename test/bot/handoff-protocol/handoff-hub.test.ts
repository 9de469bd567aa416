import { conversations } from '../../../dialogs/index'
import { listUnanswered, takeFromOutside } from '../../../src/core/handoff/external-desk'
import { acceptRequest } from '../../../src/core/handoff/transitions'
import type { Database } from '../../../src/db/open'
import { useDatabase } from '../../support/database'
import { fillFixtureShop } from '../../support/fixture-shop'
import { standInRecogniser } from '../../support/stand-in-recogniser'
import { messageActivity, postActivity } from '../support/activity'
import { addStaff } from '../support/desk-staff'
import { type HandoffHub, startHandoffHub } from '../support/handoff-hub'
import { type RunningApp, startTestApp, testConfig } from '../support/test-app'

const { current } = useDatabase()
let hub: HandoffHub
let app: RunningApp
let database: Database

beforeAll(async () => {
  database = current()
  await fillFixtureShop(database)
  await database.sql`
    insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
    values ('omnichannel', 'tenant', '29:user', 'M1', '2026-11-01', 'code')`
})

beforeEach(async () => {
  hub = await startHandoffHub()
  app = await startTestApp(database, {
    conversations,
    recogniser: { recognise: (said, { locale = 'en' }) => standInRecogniser(said, locale) },
    config: { ...testConfig, handoffChannels: ['omnichannel'] },
    settings: { sweepEveryMs: 20 },
  })
})
afterEach(async () => {
  await app.close()
  await hub.close()
  await database.sql`truncate inbox, outbox, conversation_state, handoff_event, desk_message, handoff_request cascade`
})

async function say(text: string, changes: object = {}): Promise<void> {
  const { status } = await postActivity(
    app.url,
    messageActivity(hub.serviceUrl, text, { channelId: 'omnichannel', ...changes }),
  )
  expect(status).toBe(200)
}

const texts = () => hub.received.map(({ activity }) => activity.text).filter((text) => text !== undefined)
const requests = () => database.sql`
  select status, external_desk as desk, staff_id as staff, ended_by as "endedBy", resolution from handoff_request order by id`
const kinds = async () =>
  (await database.sql<{ kind: string }>`select kind from handoff_event order by id`).map(({ kind }) => kind)

async function askForPerson(): Promise<void> {
  await say('how do I get a refund')
  await say('talk to a person')
  await hub.has(3)
}

test('who asks for a person is handed to the hub, with what is known and what was said', async () => {
  await askForPerson()
  const [event, ...more] = hub.events('handoff.initiate')
  expect(more).toEqual([])
  // After the bot's own words, so that the member reads them first.
  expect(hub.received.at(-1)?.activity).toBe(event)
  expect(event).toMatchObject({
    type: 'event',
    channelId: 'omnichannel',
    conversation: { id: 'a:conversation' },
    from: { id: '28:bot' },
    value: { skill: 'get-refund', topic: 'get-refund', locale: 'en', reason: 'asked', memberTier: expect.any(String) },
    relatesTo: { conversation: { id: 'a:conversation' } },
  })
  if (!event) throw new Error('nothing was handed over')
  const [transcript] = event.attachments as {
    name: string
    content: { activities: { from: { role: string }; text: string }[] }
  }[]
  expect(transcript?.name).toBe('Transcript')
  expect(transcript?.content.activities.map(({ from, text }) => [from.role, text])).toEqual([
    ['user', 'how do I get a refund'],
    ['bot', expect.stringContaining('refund')],
    ['user', 'Talk to a person'],
  ])
  expect(await requests()).toMatchObject([{ status: 'waiting', desk: 'bot-framework', staff: null }])
})

test('accepted: the bot is silent; completed: it is back and asks how it was', async () => {
  await askForPerson()
  expect(await hub.report(app.url, { state: 'accepted', id: 's1' })).toBe(200)
  expect(await requests()).toMatchObject([{ status: 'agent', staff: null }])
  const before = texts().length
  await say('how many points do I have')
  expect(await hub.say(app.url, { id: 'w1', text: 'Hello, *Zoe* here', name: 'Zoe' })).toBe(200)
  await hub.has(4)
  expect(texts().slice(before)).toEqual(['Hello, \\*Zoe\\* here'])
  expect(await hub.report(app.url, { state: 'Completed', id: 's2' })).toBe(200)
  await hub.has(5)
  expect(await requests()).toMatchObject([{ status: 'closed', endedBy: 'external', resolution: 'assumed' }])
  expect(texts().at(-1)).toContain('5')
  expect(await kinds()).toEqual(['requested', 'external-asked', 'external-accepted', 'external-completed'])
  await say('5')
  const [rated] = await database.sql`select csat_score as score, resolution from handoff_request`
  expect(rated).toEqual({ score: 5, resolution: 'confirmed' })
})

test('failed: the bot is back with an apology and a choice, and asking again asks the hub again', async () => {
  await askForPerson()
  await hub.report(app.url, { state: 'failed', id: 's1' })
  await hub.has(4)
  expect(texts().at(-1)).toMatch(/^I'm sorry, I could not reach anybody/)
  expect(hub.received.at(-1)?.activity).toMatchObject({
    suggestedActions: { actions: [{ title: 'Talk to a person' }, { title: 'What can you do?' }] },
  })
  expect(await requests()).toMatchObject([{ status: 'returned', endedBy: 'external', resolution: null }])
  await say('talk to a person')
  await hub.has(6)
  expect(hub.events('handoff.initiate')).toHaveLength(2)
})

test('reports that come twice, late, of nothing, or of nonsense change nothing', async () => {
  await askForPerson()
  await hub.report(app.url, { state: 'failed', id: 's1' })
  await hub.has(4)
  await say('talk to a person')
  await hub.has(6)
  // The first request's report once more must not end the second one.
  for (const report of [
    { state: 'failed', id: 's1' },
    { state: 'accepted', id: 's9', conversation: 'nobody knows it' },
    { state: 'exploded', id: 's3' },
    { state: '', id: 's4' },
  ]) {
    expect(await hub.report(app.url, report)).toBe(200)
  }
  expect(await requests()).toMatchObject([{ status: 'returned' }, { status: 'waiting' }])
  await Promise.all([1, 2, 3].map((n) => hub.report(app.url, { state: 'accepted', id: `a${n}` })))
  expect((await kinds()).filter((kind) => kind === 'external-accepted')).toHaveLength(1)
  await hub.report(app.url, { state: 'completed', id: 'c1' })
  await hub.report(app.url, { state: 'completed', id: 'c2' })
  expect((await kinds()).filter((kind) => kind === 'external-completed')).toHaveLength(1)
})

test('who goes back to the bot is not waited for: the hub is told once', async () => {
  await askForPerson()
  await say('back to bot')
  await hub.has(5)
  expect(hub.events('handoff.cancel')).toHaveLength(1)
  await say('how many points do I have')
  await hub.has(6)
  expect(hub.events('handoff.cancel')).toHaveLength(1)
  expect(await hub.report(app.url, { state: 'accepted', id: 'late' })).toBe(200)
  expect(await requests()).toMatchObject([{ status: 'returned', endedBy: 'member' }])
})

test.each([{ id: '29:user' }, { id: 'x', role: 'user' }])('what a member forges is no report: %j', async (from) => {
  await askForPerson()
  await hub.report(app.url, { state: 'completed', id: 'f1', from })
  expect(await requests()).toMatchObject([{ status: 'waiting', desk: 'bot-framework' }])
})

test('one of our people takes what the hub was asked for: its late report does nothing, nor is it asked again', async () => {
  await askForPerson()
  const [request] = await database.sql<{ id: number; version: number }>`select id, version from handoff_request`
  const staffId = await addStaff(database, { name: 'Ana' })
  await database.tx((tx) =>
    acceptRequest(
      tx,
      { requestId: request!.id, version: request!.version, at: new Date() },
      { staffId, role: 'agent' },
    ),
  )
  await hub.report(app.url, { state: 'completed', id: 'late' })
  expect(await requests()).toMatchObject([{ status: 'agent', desk: null, staff: staffId }])
})

test('a hub that lets the member wait for ten minutes is waited for no more', async () => {
  await askForPerson()
  const later = (minutes: number) => new Date(Date.now() + minutes * 60_000)
  expect(await listUnanswered(database, { at: later(9), limit: 5 })).toEqual([])
  const [requestId] = await listUnanswered(database, { at: later(11), limit: 5 })
  expect(await database.tx((tx) => takeFromOutside(tx, { requestId: requestId!, at: later(11) }))).toBe(true)
  await say('still there?')
  expect(await requests()).toMatchObject([{ status: 'waiting', desk: null }])
  expect(hub.events('handoff.initiate')).toHaveLength(1)
})

test('channels that are not listed are our own console’s', async () => {
  await say('talk to a person', { channelId: 'msteams' })
  await hub.has(1)
  expect(hub.events('handoff.initiate')).toEqual([])
  expect(await requests()).toMatchObject([{ status: 'waiting', desk: null }])
  await hub.report(app.url, { state: 'accepted', id: 'x1' })
  expect(await requests()).toMatchObject([{ status: 'waiting' }])
})
