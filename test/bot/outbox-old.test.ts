import { forgetOld } from '../../src/bot/connector/outbox-store'
import type { Sql } from '../../src/db/sql'
import { useDatabase } from '../support/database'

const database = useDatabase()
const TODAY = new Date('2026-11-22T10:00:00Z')
const before = (days: number) => new Date(TODAY.getTime() - days * 86_400_000)

const addReplies = (count: number, at: Date, status = 'sent') =>
  database.current().sql`
    insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at, sent_at)
    select 'test', 'c', '{}', '{}', ${status}, ${at}, ${at}, case when ${status} <> 'pending' then ${at}::timestamptz end
    from generate_series(1, ${count}::integer)`

beforeEach(() => database.current().sql`truncate outbox`)

test('sent replies are forgotten after a day, those that did not arrive after 90, those that wait never', async () => {
  for (const status of ['sent', 'failed', 'unknown', 'pending']) {
    for (const days of [0, 2, 91]) await addReplies(1, before(days), status)
  }
  await forgetOld(database.current(), { at: TODAY })
  const left = await database.current().sql`
    select status, array_agg((${TODAY}::timestamptz)::date - created_at::date order by id) as days from outbox group by status order by status`
  expect(left).toEqual([
    { status: 'failed', days: [0, 2] },
    { status: 'pending', days: [0, 2, 91] },
    { status: 'sent', days: [0] },
    { status: 'unknown', days: [0, 2] },
  ])
})

test('what is to be forgotten is found without reading the rest, also where the room of old replies was taken by new ones', async () => {
  const { sql } = database.current()
  await addReplies(20_000, before(2))
  await forgetOld(database.current(), { at: TODAY })
  await sql`vacuum analyze outbox`
  await addReplies(20_000, TODAY)
  await sql`analyze outbox`
  const [table] = await sql<{ blocks: number }>`select (pg_relation_size('outbox') / 8192)::integer as blocks`
  expect(table?.blocks).toBeGreaterThan(200)
  expect(await blocksRead((explained) => forgetOld({ sql: explained }, { at: TODAY }))).toBeLessThan(50)
})

/** How many blocks the statements of `work` read, from the disk or not. */
async function blocksRead(work: (sql: Sql) => Promise<void>): Promise<number> {
  let blocks = 0
  await work(async ([first, ...others], ...values) => {
    const text = [`explain (analyze, buffers, format json) ${first}`, ...others]
    const [row] = await database
      .current()
      .sql<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(Object.assign(text, { raw: text }), ...values)
    const plan = row?.['QUERY PLAN'][0]?.Plan
    blocks += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)
    return []
  })
  return blocks
}
