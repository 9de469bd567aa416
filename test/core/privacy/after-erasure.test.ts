import { readEarlier } from '../../../src/core/handoff/earlier'
import { linkIdentity } from '../../../src/core/identity/identity'
import { verifyLedger } from '../../../src/core/points/verify'
import { eraseMember, forgetErased } from '../../../src/core/privacy/erase'
import type { Db } from '../../../src/db/sql'
import { useDatabase } from '../../support/database'
import { addRequest, addSaid, addStaff, addTurn } from '../../support/desk-fixture'
import { addMember, setUpShop } from '../../support/shop'

const BEFORE = '2026-11-20T09:00:00Z'
const ERASED = new Date('2026-11-22T12:00:00Z')
const AFTER = '2026-11-22T15:00:00Z'
const database = useDatabase()

beforeAll(async () => {
  await setUpShop(database.current())
  for (const id of ['M1', 'M2', 'M3', 'M4']) await addMember(database.current(), { id })
})

/** Somebody's only chat with the bot in Teams: whoever they are to us, it stays the same. */
async function speak(db: Db, { chat, at, said }: { chat: string; at: string; said: string }): Promise<void> {
  const reference = { user: { id: `29:${chat}` }, conversation: { id: chat, tenantId: 't' } }
  await db.sql`
    insert into conversation_state (channel, conversation_id, version, state, reference, updated_at)
    values ('msteams', ${chat}, 1, '{}', ${reference}, ${new Date(at)})
    on conflict (channel, conversation_id) do update set updated_at = excluded.updated_at`
  await addTurn(db, { conversation: chat, at, said, replies: ['answer'] })
  await db.sql`
    insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
    values ('msteams', ${chat}, ${reference}, ${{ text: `to ${said}` }}, 'pending', ${new Date(at)}, ${new Date(at)})`
}

const link = (db: Db, memberId: string, chat: string) =>
  linkIdentity(db, { channel: 'msteams', tenantId: 't', userId: `29:${chat}`, memberId, by: 'code', at: ERASED })

/** What is kept of a chat. */
async function kept(db: Db, chat: string) {
  const [row] = await db.sql<object>`
    select array(select said from inbox where conversation_id = ${chat} and said is not null order by received_at) as said,
      array(select activity ->> 'text' from outbox where conversation_id = ${chat} order by id) as leaving,
      (select count(*)::int from conversation_state where conversation_id = ${chat}) as states`
  return row
}

const faults = async (db: Db) => (await verifyLedger(db, { at: new Date(AFTER) })).filter(({ ok }) => !ok)

test('who goes on in the chat after a member was erased loses nothing, night after night', async () => {
  const db = database.current()
  await speak(db, { chat: 'T1', at: BEFORE, said: 'old words' })
  await link(db, 'M1', 'T1')
  await addRequest(db, { conversation: 'T1', member: 'M1', at: BEFORE, status: 'closed', closedAt: BEFORE })
  await eraseMember(db, { memberId: 'M1', at: ERASED })
  expect(await kept(db, 'T1')).toEqual({ said: [], leaving: [], states: 0 })
  await speak(db, { chat: 'T1', at: AFTER, said: 'new words' })
  await link(db, 'M2', 'T1')
  expect(await forgetErased(db)).toBe(0)
  await eraseMember(db, { memberId: 'M1', at: new Date(AFTER) })
  expect(await kept(db, 'T1')).toEqual({ said: ['new words'], leaving: ['to new words'], states: 1 })
  // Where they wrote from does not stand beside their number any more.
  expect(await db.sql`select external_id as id from handoff_request where conversation_id = 'T1'`).toEqual([])
  expect(await faults(db)).toEqual([])
})

test('a person who has the conversation of somebody erased reads what is said, and when it is over that goes', async () => {
  const db = database.current()
  const staff = await addStaff(db, { name: 'Ana' })
  await speak(db, { chat: 'T3', at: BEFORE, said: 'forget me please' })
  await link(db, 'M3', 'T3')
  const requestId = await addRequest(db, { conversation: 'T3', member: 'M3', at: BEFORE, staffId: staff.id })
  await addSaid(db, { requestId, at: BEFORE }, [['member', 'forget me please']])
  await eraseMember(db, { memberId: 'M3', at: ERASED })
  await speak(db, { chat: 'T3', at: AFTER, said: 'are you done?' })
  await db.sql`select desk_append(${requestId}, 'member', null, 'are you done?', null, 'late', null, ${new Date(AFTER)})`
  const words = () => db.sql`select text from desk_message where request_id = ${requestId} order by seq`
  expect(await forgetErased(db)).toBe(0)
  expect(await words()).toEqual([{ text: '' }, { text: 'are you done?' }])
  expect(await faults(db)).toEqual([])

  await db.sql`update handoff_request set status = 'closed', closed_at = ${new Date(AFTER)} where id = ${requestId}`
  await speak(db, { chat: 'T3', at: '2026-11-22T16:00:00Z', said: 'somebody new' })
  expect(await forgetErased(db)).toBeGreaterThan(0)
  expect(await words()).toEqual([{ text: '' }, { text: '' }])
  expect(await kept(db, 'T3')).toEqual({ said: ['somebody new'], leaving: ['to somebody new'], states: 1 })
  expect(await forgetErased(db)).toBe(0)
})

test('a chat that the member has left by unlinking goes up to the last that they asked there', async () => {
  const db = database.current()
  await speak(db, { chat: 'T4', at: BEFORE, said: 'my points' })
  await db.sql`
    insert into consultation (member_id, topic, external_id, at)
    values ('M4', 'points-balance', ${`msteams|T4|${BEFORE}`}, ${new Date(BEFORE)})`
  await speak(db, { chat: 'T4', at: '2026-11-21T09:00:00Z', said: 'of a stranger' })
  for (const at of [BEFORE, '2026-11-21T09:00:00Z'])
    await addTurn(db, { conversation: 'terminal', channel: 'cli', at, said: 'my points', replies: ['hello'] })
  await db.sql`
    insert into consultation (member_id, topic, external_id, at)
    values ('M4', 'points-balance', ${`cli|terminal|${BEFORE}`}, ${new Date(BEFORE)})`
  expect(await eraseMember(db, { memberId: 'M4', at: ERASED })).toMatchObject({ forgotten: { identities: 0 } })
  expect(await kept(db, 'T4')).toEqual({ said: ['of a stranger'], leaving: ['to of a stranger'], states: 1 })
  expect(await kept(db, 'terminal')).toMatchObject({ said: [] })
})

test('who takes over the next request of a web chat reads no empty lines for what was erased', async () => {
  const db = database.current()
  await db.sql`insert into directline_conversation (id, user_id, created_at, last_seq) values ('W', 'u', ${ERASED}, 2)`
  await db.sql`
    insert into directline_activity (conversation_id, seq, activity_id, activity, created_at)
    values ('W', 1, 'a1', '{"type":"trace"}', ${ERASED}), ('W', 2, 'a2', ${{ type: 'message', text: 'hi', from: { role: 'user' } }}, ${ERASED})`
  const requestId = await addRequest(db, {
    conversation: 'W',
    channel: 'directline',
    member: null,
    at: AFTER,
    status: 'waiting',
  })
  await db.sql`update handoff_request set log_seq = 2 where id = ${requestId}`
  expect(await readEarlier(db, { requestId, all: true })).toMatchObject({ entries: [{ author: 'member', text: 'hi' }] })
})
