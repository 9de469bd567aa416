import { setTimeout as sleep } from 'node:timers/promises'
import type { Turn } from '../../src/bot/contract'
import { balanceOf, withBalance } from '../../src/bot/kit/balance'
import type { Incoming } from '../../src/bot/turn/incoming'
import { beginTurn } from '../../src/bot/turn/store'
import { readBalance } from '../../src/core/points/balance'
import { earn } from '../../src/core/points/earn'
import type { Tx } from '../../src/db/sql'
import { addMember } from '../core/points/books'
import { useDatabase } from '../support/database'
import { NOW } from '../support/turns'

const database = useDatabase()
const memberId = 'rich'
const timeoutMs = 4_000

beforeAll(async () => {
  await addMember(database.current(), memberId)
  await earnMore(database.current(), 'first')
})

const earnMore = (db: Pick<Tx, 'sql'>, externalId: string) =>
  earn(db, { memberId, points: 10, at: NOW, source: 'test', externalId })

function incoming(conversationId: string, asMemberId?: string): Incoming {
  const content = { kind: 'message', text: 'how many points do I have?' } as const
  const who = { tenantId: 'test', userId: 'somebody', isGroup: false, ...(asMemberId ? { asMemberId } : {}) }
  return { channel: 'test', conversationId, activityId: '1', ...who, content }
}

const turnOn = (db: Tx, id = memberId) => ({ db, now: NOW, member: { id } }) as unknown as Turn

test('the balance comes with the beginning where it was asked for, and is what a read of it gives', async () => {
  const { tx } = database.current()
  const start = await tx((db) => beginTurn(db, incoming('a', memberId), { timeoutMs, balanceAt: NOW }))
  expect(start.balance).toEqual(await readBalance(database.current(), { memberId, at: NOW }))
  expect(start.balance).toMatchObject({ available: 10 })
  const unasked = await tx((db) => beginTurn(db, incoming('a', memberId), { timeoutMs }))
  expect(unasked).toMatchObject({ memberId })
  expect(unasked.balance).toBeUndefined()
  const stranger = await tx((db) => beginTurn(db, incoming('a'), { timeoutMs, balanceAt: NOW }))
  expect(stranger).toMatchObject({ memberId: null })
  expect(stranger.balance).toBeUndefined()
})

test('it does not come where the conversation was another’s: it may have changed meanwhile', async () => {
  let waiting: Promise<{ balance?: unknown }> | undefined
  await database.current().tx(async (holder) => {
    await beginTurn(holder, incoming('b', memberId), { timeoutMs })
    waiting = database.current().tx((db) => beginTurn(db, incoming('b', memberId), { timeoutMs, balanceAt: NOW }))
    const held = () => database.current().sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    while ((await held()).length === 0) await sleep(10)
  })
  const start = await waiting
  expect(start).toMatchObject({ memberId })
  expect(start?.balance).toBeUndefined()
})

test('it is forgotten after any other statement, and is no other member’s', async () => {
  await addMember(database.current(), 'poor')
  await database.current().tx(async (tx) => {
    const { balance } = await beginTurn(tx, incoming('c', memberId), { timeoutMs, balanceAt: NOW })
    if (!balance) throw new Error('the balance did not come')
    const db = withBalance(tx, { memberId, balance })
    expect(await balanceOf(turnOn(db))).toBe(balance)
    expect(await balanceOf(turnOn(withBalance(tx, { memberId, balance }), 'poor'))).toMatchObject({ available: 0 })
    await earnMore(db, 'second')
    expect(await balanceOf(turnOn(db))).toMatchObject({ available: 20 })
  })
})
