import { type PersonRequest, requestPerson } from '../../../src/core/handoff/request'
import { useDatabase } from '../../support/database'

const database = useDatabase()
const base: PersonRequest = {
  channel: 'webchat',
  conversationId: 'c1',
  memberId: 'M1',
  locale: 'en',
  reason: 'asked',
  said: 'a person please',
  key: 'turn 1',
  at: new Date('2026-11-22T10:00:00Z'),
}
const request = (changes: Partial<PersonRequest> = {}) => requestPerson(database.current(), { ...base, ...changes })
const rows = () => database.current().sql`select conversation_id, said, status from handoff_request order by id`

test('a conversation waits once, with what was said first', async () => {
  const first = await request()
  expect(first).toEqual({ requestId: expect.any(Number), alreadyWaiting: false })
  expect(await request({ key: 'turn 2', said: 'hello?' })).toEqual({ ...first, alreadyWaiting: true })
  expect(await rows()).toEqual([{ conversation_id: 'c1', said: 'a person please', status: 'waiting' }])
})

test('the same turn again is answered as the first time, even after the request was closed', async () => {
  const first = await request()
  expect(first.alreadyWaiting).toBe(false)
  await database.current().sql`update handoff_request set status = 'closed', closed_at = ${base.at}`
  expect(await request()).toEqual(first)
  expect(await rows()).toHaveLength(1)
})

test('once closed, the next turn waits anew; other conversations and channels have their own place', async () => {
  const again = await request({ key: 'turn 3' })
  const stranger = await request({ key: 'turn 4', conversationId: 'c2', memberId: undefined })
  const elsewhere = await request({ key: 'turn 5', channel: 'msteams' })
  expect([again, stranger, elsewhere].map(({ alreadyWaiting }) => alreadyWaiting)).toEqual([false, false, false])
  expect(new Set([again, stranger, elsewhere].map(({ requestId }) => requestId)).size).toBe(3)
  const [row] = await database.current().sql`select member_id from handoff_request where conversation_id = 'c2'`
  expect(row).toEqual({ member_id: null })
})

test('many turns of one conversation at once leave one request', async () => {
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, i) => request({ conversationId: 'busy', key: `busy ${i}` })),
  )
  expect(new Set(all.map(({ requestId }) => requestId)).size).toBe(1)
  expect(all.filter(({ alreadyWaiting }) => !alreadyWaiting)).toHaveLength(1)
})

test('what one member left is not gone on with by another in the same chat; a stranger’s becomes theirs', async () => {
  const left = await request({ conversationId: 'shared', key: 's1' })
  const leave = () => database.current().sql`
    update handoff_request set left_at = ${base.at} where conversation_id = 'shared' and status = 'waiting'`
  await leave()
  expect(await request({ conversationId: 'shared', key: 's2' })).toEqual({ ...left, alreadyWaiting: true })
  await leave()
  const other = await request({ conversationId: 'shared', key: 's3', memberId: 'M2' })
  expect(other).toMatchObject({ alreadyWaiting: false })
  await request({ conversationId: 'unknown', key: 'u1', memberId: undefined })
  await request({ conversationId: 'unknown', key: 'u2' })
  const known = await database.current().sql`
    select status, member_id as member from handoff_request where conversation_id in ('shared', 'unknown') order by id`
  expect(known).toEqual([
    { status: 'returned', member: 'M1' },
    { status: 'waiting', member: 'M2' },
    { status: 'waiting', member: 'M1' },
  ])
})
