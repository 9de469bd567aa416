import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { readLog } from '../../../src/bot/directline/log'
import { findIdentity, linkIdentity } from '../../../src/core/identity/identity'
import { importOrders } from '../../../src/core/import/import-orders'
import { readStateHash, verifyLedger } from '../../../src/core/points/verify'
import { eraseMember, forgetErased } from '../../../src/core/privacy/erase'
import type { Db } from '../../../src/db/sql'
import { useDatabase } from '../../support/database'
import { addRequest, addSaid, addStaff, addTurn } from '../../support/desk-fixture'
import { useScratchFolder } from '../../support/scratch-folder'
import { fillWithTraits } from './person'

const AT = new Date('2026-11-22T12:00:00Z')
const SALE = '2026-10-01T10:00:00Z'
/** Is in everything that tells of the member M1, and in nothing of M2. */
const MARK = 'qzxmark'
// Which tables there are is told by the database: their names can't be parameters. It ends before the database does.
let client: Client
afterAll(() => client.end())
const database = useDatabase()
const folder = useScratchFolder()

async function load(name: string, lines: readonly string[]) {
  const file = path.join(folder, name)
  const header = 'orderId,memberId,placedAt,sku,productName,quantity,unitPrice,email,memberName'
  writeFileSync(file, [header, ...lines].join('\n'))
  return importOrders(database.current(), { path: file, at: AT, currency: 'GBP', timeZone: 'UTC' })
}

/** What M1 said, in web chat, in Teams and at the desk, and what was answered. */
async function haveSpoken(db: Db): Promise<void> {
  const said = { type: 'message', text: `${MARK} said` }
  await db.sql`
    insert into directline_conversation (id, user_id, created_at, last_seq)
    values ('web-1', 'u1', ${AT}, 1), ('web-2', 'u2', ${AT}, 1)`
  await db.sql`
    insert into directline_activity (conversation_id, seq, activity_id, activity, created_at)
    values ('web-1', 1, 'a1', ${said}, ${AT}), ('web-2', 1, 'a2', ${{ type: 'message', text: 'of another' }}, ${AT})`
  await linkIdentity(db, { channel: 'directline', tenantId: '', userId: 'u1', memberId: 'M1', by: 'token', at: AT })
  await linkIdentity(db, { channel: 'directline', tenantId: '', userId: 'u2', memberId: 'M2', by: 'token', at: AT })
  await linkIdentity(db, {
    channel: 'msteams',
    tenantId: 't',
    userId: `29:${MARK}`,
    memberId: 'M1',
    by: 'code',
    at: AT,
  })
  const reference = { user: { id: `29:${MARK}`, name: MARK }, conversation: { id: 'team-1', tenantId: 't' } }
  await db.sql`
    insert into conversation_state (channel, conversation_id, version, state, reference, updated_at)
    values ('msteams', 'team-1', 3, ${{ words: MARK }}, ${reference}, ${AT})`
  await addTurn(db, { conversation: 'team-1', at: SALE, said: MARK, replies: [`hello ${MARK}`] })
  await db.sql`
    insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
    values ('msteams', 'team-1', ${reference}, ${said}, 'failed', ${AT}, ${AT})`
  const staff = await addStaff(db, { name: 'Ana' })
  const requestId = await addRequest(db, {
    conversation: 'team-1',
    said: MARK,
    staffId: staff.id,
    at: SALE,
    status: 'closed',
    closedAt: SALE,
    csat: 2,
  })
  await db.sql`update handoff_request set csat_word = ${MARK} where id = ${requestId}`
  await db.sql`insert into handoff_event (request_id, kind, note, at) values (${requestId}, 'closed', ${MARK}, ${AT})`
  await addSaid(db, { requestId, staffId: staff.id, at: SALE }, [
    ['member', MARK],
    ['note', `about ${MARK}`],
  ])
}

/** Names of the tables that have this column, in their order; without one all. */
async function tablesWith(column?: string): Promise<string[]> {
  const rows = await database.current().sql<{ name: string }>`
    select distinct table_name as name
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE' and column_name = coalesce(${column ?? null}, column_name)
    order by 1`
  return rows.map(({ name }) => name)
}

/** Every row of every table that the mark stands in, as `table: row`. */
async function rowsWith(mark: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await tablesWith()) {
    const { rows } = await client.query(`select whole::text as row from "${name}" whole where whole::text like $1`, [
      `%${mark}%`,
    ])
    found.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return found
}

async function totals(db: Db): Promise<object> {
  const [row] = await db.sql<object>`
    select (select count(*) from member) as members, (select sum(total_minor) from shop_order) as revenue,
      (select sum(available) from member_account) as available, (select count(*) from entry) as entries,
      (select sum(remaining) from lot) as remaining, (select count(*) from campaign_member) as dealt,
      (select count(*) from exposure) as exposed`
  return { ...row, hash: await readStateHash(db) }
}

beforeAll(async () => {
  client = new Client({ connectionString: database.current().url })
  await client.connect()
  await load('before.csv', [
    `o1,M1,${SALE},T1,Tea,2,50.00,${MARK}@shop.example,${MARK}`,
    `o2,M2,${SALE},T1,Tea,1,50.00,other@shop.example,Other`,
  ])
  await haveSpoken(database.current())
  await fillWithTraits(database.current(), { memberId: 'M1', mark: MARK, at: AT })
  await fillWithTraits(database.current(), { memberId: 'M2', mark: 'other', at: AT })
})

test('a trial tells what would go and changes nothing', async () => {
  const db = database.current()
  const before = await rowsWith(MARK)
  expect(before.length).toBeGreaterThan(12)
  expect(await eraseMember(db, { memberId: 'M1', at: AT, isTrial: true })).toMatchObject({
    ok: true,
    wasErased: false,
    forgotten: { conversations: 1, deskMessages: 2, mails: 1, linkCodes: 1, identities: 2, profiles: 1 },
  })
  expect(await rowsWith(MARK)).toEqual(before)
  expect(await eraseMember(db, { memberId: 'M9', at: AT })).toEqual({ ok: false, code: 'unknown-member' })
})

test('whatever tells of the person goes, every total stays, and others lose nothing', async () => {
  const db = database.current()
  const [before, others] = [await totals(db), await rowsWith('other')]
  const outcome = await eraseMember(db, { memberId: 'M1', at: AT })
  expect(outcome).toMatchObject({ ok: true, wasErased: false, erasedAt: AT })
  expect(await rowsWith(MARK)).toEqual([])
  expect(await totals(db)).toEqual(before)
  expect(await rowsWith('other')).toEqual(others)
  // Somebody who has the chat open finds an empty one.
  expect(await readLog(db, { conversationId: 'web-1', afterSeq: 0 })).toEqual([{ seq: 1, activity: { type: 'trace' } }])
  const faults = (await verifyLedger(db, { at: AT })).filter(({ ok }) => !ok)
  expect(faults).toEqual([])
})

test('every table that names members is either forgotten or is one that the books need', async () => {
  const left: string[] = []
  for (const name of await tablesWith('member_id')) {
    const { rowCount } = await client.query(`select from "${name}" where member_id = 'M1'`)
    if (rowCount !== 0) left.push(name)
  }
  expect(left).toEqual([
    'campaign_member',
    'consent_change',
    'entry',
    'exposure',
    'handoff_request',
    'lot',
    'member_account',
    'shop_order',
    'tier_change',
    'transfer',
  ])
})

test('nobody can be linked to them; erased again, the date stays and what came since goes', async () => {
  const db = database.current()
  const user = { channel: 'directline', tenantId: '', userId: 'u1' }
  expect(await findIdentity(db, user)).toBeUndefined()
  expect(await linkIdentity(db, { ...user, memberId: 'M1', by: 'token', at: AT })).toMatchObject({ ok: false })
  await db.sql`insert into consultation (member_id, topic, external_id, at) values ('M1', 'x', 'late', ${AT})`
  const broken = (await verifyLedger(db, { at: AT })).filter(({ ok }) => !ok)
  expect(broken).toMatchObject([
    { invariant: 'erased-members-are-gone', rowsAtFault: [{ memberId: 'M1', what: 'consultation', rows: 1 }] },
  ])
  const later = new Date(AT.getTime() + 1_000)
  expect(await eraseMember(db, { memberId: 'M1', at: later })).toMatchObject({
    wasErased: true,
    erasedAt: AT,
    forgotten: { consultations: 1 },
  })
  await db.sql`insert into consultation (member_id, topic, external_id, at) values ('M1', 'x', 'later', ${AT})`
  expect([await forgetErased(db), await forgetErased(db)]).toEqual([1, 0])
})

test("orders that still name them are a guest's, and those of before stay theirs", async () => {
  const db = database.current()
  const again = [`o1,M1,${SALE},T1,Tea,2,50.00,${MARK}@shop.example,${MARK}`]
  const outcome = await load('after.csv', [
    ...again,
    `o3,M1,2026-10-05T10:00:00Z,T1,Tea,1,50.00,${MARK}@shop.example,${MARK}`,
  ])
  expect(outcome).toMatchObject({ ok: true, result: { refused: 0, points: { earned: 0 } } })
  expect(await db.sql`select external_id as id, member_id as "memberId" from shop_order order by 1`).toEqual([
    { id: 'o1', memberId: 'M1' },
    { id: 'o2', memberId: 'M2' },
    { id: 'o3', memberId: null },
  ])
  // The merchant's next file has the days of the last one in it, too.
  expect(
    await load('overlapping.csv', [`o3,M1,2026-10-05T10:00:00Z,T1,Tea,1,50.00,${MARK}@shop.example,${MARK}`, ...again]),
  ).toMatchObject({ ok: true, result: { refused: 0, alreadyThere: 2 } })
  expect(await rowsWith(MARK)).toEqual([])
})
