import {
  blockBucket,
  chargeBucket,
  countFreeSlots,
  giveSlotsBack,
  joinLine,
  takeSlots,
} from '../../../src/core/sending/bucket'
import { TEAMS_LIMITS } from '../../../src/core/sending/limits'
import { readThreadFreeAt } from '../../../src/core/sending/threads'
import { useDatabase } from '../../support/database'

const NOON = new Date('2026-11-22T12:00:00Z')
const later = (ms: number) => new Date(NOON.getTime() + ms)
const window = { messages: 10, windowMs: 1_000 }
const scope = 'msteams/tenant'

const database = useDatabase()
beforeEach(() => database.current().sql`truncate send_bucket, outbox, campaign_member`)

const take = (wanted: number, at = NOON, of = scope) =>
  database.current().tx((tx) => takeSlots(tx, { scope: of, window, wanted, at, horizonMs: 500 }))

test('any number of processes share one quota, and tenants have their own', async () => {
  const taken = (await Promise.all(Array.from({ length: 8 }, () => take(3)))).flat()
  // 10 a second, at most twice as fast as evenly, half a second ahead.
  expect(taken.length).toBeGreaterThanOrEqual(5)
  expect(taken.length).toBeLessThanOrEqual(10)
  expect(new Set(taken).size).toBe(taken.length)
  expect(await take(3)).toEqual([])
  expect(await take(3, NOON, 'msteams/other')).toHaveLength(3)
})

test('a slot that is given back is there for others', async () => {
  const slots = await take(3)
  await giveSlotsBack(database.current(), { scope, slots: slots.slice(1) })
  const [row] = await database.current().sql<{ slots: number[] }>`select slots from send_bucket`
  expect(row?.slots).toEqual(slots.slice(0, 1))
})

test('replies take no slot, but what can wait makes room for them', async () => {
  await chargeBucket(database.current(), {
    scope,
    window,
    sentMs: Array.from({ length: 10 }, (_, place) => NOON.getTime() - 100 + place),
  })
  expect(await take(5)).toEqual([])
  const [first] = await take(5, later(600))
  expect(first).toBeGreaterThanOrEqual(later(900).getTime())
})

test('a clock that was set back by an hour is not waited for', async () => {
  await take(3, later(3_600_000))
  expect((await take(3))[0]).toBe(NOON.getTime())
})

test('while the channel told us to wait there is no slot; the longest time holds', async () => {
  await blockBucket(database.current(), { scope, until: later(30_000), at: NOON })
  await blockBucket(database.current(), { scope, until: later(10_000), at: NOON })
  expect(await take(5, later(20_000))).toEqual([])
  expect((await take(5, later(30_000)))[0]).toBe(later(30_000).getTime())
})

test('so many slots are counted as can be taken, from the same instant on', async () => {
  for (const leadMs of [0, 200, 450]) {
    const asked = { scope: `msteams/${leadMs}`, window, wanted: 10, at: NOON, leadMs, horizonMs: 500 }
    const free = await countFreeSlots(database.current(), asked)
    expect(await database.current().tx((tx) => takeSlots(tx, asked))).toHaveLength(free)
  }
})

test('what the channel said, and the line that was made, before the clock was set back do not hold', async () => {
  const db = database.current()
  const hour = 3_600_000
  await blockBucket(db, { scope, until: later(4 * hour), at: later(3 * hour) })
  const join = (at: Date) => db.tx((tx) => joinLine(tx, { scope, window, count: 10_000, at, soonestMs: 250 }))
  await join(later(3 * hour))
  const free = { scope, window, wanted: 5, horizonMs: 500 }
  expect(await countFreeSlots(db, { ...free, at: later(3 * hour) })).toBe(0)
  expect(await countFreeSlots(db, { ...free, at: NOON })).toBe(5)
  expect((await take(5))[0]).toBe(NOON.getTime())
  expect((await join(NOON))[0]).toEqual(later(250))
  // And what it says now does, though it is shorter.
  await blockBucket(db, { scope, until: later(30_000), at: later(1_000) })
  expect(await take(5, later(29_000))).toEqual([])
  expect((await take(5, later(30_000)))[0]).toBe(later(30_000).getTime())
})

describe('a thread', () => {
  const free = async (at: Date) => {
    const threads = [
      { channel: 'msteams', conversationId: 'busy' },
      { channel: 'msteams', conversationId: 'quiet' },
    ]
    return readThreadFreeAt(database.current(), { threads, windows: TEAMS_LIMITS.thread, at })
  }
  const sent = (count: number, atMs: number) => database.current().sql`
    insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at, sent_at)
    select 'msteams', 'busy', '{}', '{}', 'sent', ${NOON}, ${NOON}, ${later(atMs)} from generate_series(1, ${count}::int)`

  test.each([
    [6, 0, null],
    [7, 0, 1_000],
    [8, 0, 2_000],
    [60, 0, 30_000],
    [1_800, 0, 3_600_000],
  ])('of %i messages is free again when the strictest window has room', async (count, atMs, freeMs) => {
    await sent(count, atMs)
    expect(await free(later(500))).toEqual([freeMs === null ? null : later(freeMs), null])
  })

  test('counts messages of campaigns and replies together, and not what still waits', async () => {
    await sent(6, 0)
    const db = database.current()
    await db.sql`update outbox set status = 'pending' where id = (select min(id) from outbox)`
    expect(await free(later(500))).toEqual([null, null])
    for (const member of ['A', 'B'])
      await db.sql`
        insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at, channel,
          conversation_id, sent_at)
        values (1, ${member}, 'message', 1, ${NOON}, 'sending', ${NOON}, ${NOON}, 'msteams', 'busy', ${later(200)})`
    expect(await free(later(500))).toEqual([later(1_000), null])
  })
})

test('nor do they when the clock comes to that time again', async () => {
  const db = database.current()
  const hour = 3_600_000
  await blockBucket(db, { scope, until: later(4 * hour), at: later(3 * hour) })
  await db.tx((tx) => joinLine(tx, { scope, window, count: 100_000, at: later(3 * hour), soonestMs: 250 }))
  await take(1)
  expect((await take(1, later(3 * hour)))[0]).toBe(later(3 * hour).getTime())
  const line = await db.tx((tx) => joinLine(tx, { scope, window, count: 1, at: later(3 * hour), soonestMs: 250 }))
  expect(line).toEqual([later(3 * hour + 250)])
})
