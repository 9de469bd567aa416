import { readFileSync } from 'node:fs'
import path from 'node:path'
import pino from 'pino'
import { createTakeBack } from '../../src/bot/proactive/take-back'
import { useCode, voidCode } from '../../src/core/coupons/issued'
import { readPolicyValues } from '../../src/core/experiments/policy'
import { adjust } from '../../src/core/points/adjust'
import { earn } from '../../src/core/points/earn'
import { verifyLedger } from '../../src/core/points/verify'
import { setConsent } from '../../src/core/retention/consent'
import { gatherOutcomes } from '../../src/core/retention/outcomes'
import type { Sql } from '../../src/db/sql'
import { addCoupon } from '../core/coupons/shelf'
import { campaign } from '../core/retention/fixtures'
import { addOrder } from '../support/shop'
import { later, NOON, useCampaign } from './support/campaign-stage'
import type { Answer } from './support/loopback-connector'

const { database, id, round, takeBack, addDue, answerNext } = useCampaign()
const DAY = 86_400

const gifts = () =>
  database.current().sql<{ id: string; status: string; gift: string | null; available: number }>`
    select message.member_id as id, message.status, gift, coalesce(available, 0) as available
    from campaign_message message left join member_account account on account.member_id = message.member_id order by 1`
const committed = async () =>
  (await database.current().sql<{ minor: number }>`select committed_minor as minor from campaign`)[0]?.minor
const broken = async () => (await verifyLedger(database.current(), { at: later(60) })).filter(({ ok }) => !ok)

/** Sends one after the other, so that each gets the answer meant for it. */
async function sendEach(answers: Readonly<Record<string, Answer>>) {
  const db = database.current()
  await db.sql`update campaign_message set next_attempt_at = ${later(10 * DAY)}`
  for (const [name, answer] of Object.entries(answers)) {
    await db.sql`update campaign_message set next_attempt_at = ${NOON} where member_id = ${id(name)}`
    answerNext(answer)
    expect(await round()).toMatchObject({ scheduled: 1 })
  }
}

/** Sets aside what the dealt offers cost, as planning does. */
async function setAside() {
  await database.current().sql`
    update campaign set definition = definition || '{"budgetMinor": 10000}', budget_minor = 10000, committed_minor = (
      select sum((offer ->> 'costMinor')::int) from campaign_member dealt
        join jsonb_array_elements(definition -> 'offers') offer on offer ->> 'code' = dealt.arm)`
}

test('points are taken back where the message surely did not arrive, and the budget has them again; never where it may have', async () => {
  const db = database.current()
  for (const name of ['A', 'B', 'C', 'D']) await addDue(name, { channel: 'msteams' })
  await setAside()
  expect(await committed()).toBe(400)
  await sendEach({ A: 403, B: 'reset', C: 200, D: 403 })
  // D has begun to spend what they found in their account.
  await adjust(db, { memberId: id('D'), points: -30, source: 'test', externalId: id('D'), note: '', at: later(1) })
  expect(await takeBack(later(2))).toEqual({ count: 1, failed: [] })
  expect(await takeBack(later(3))).toEqual({ count: 0, failed: [] })
  expect((await gifts()).map(({ status, gift, available }) => [status, gift, available])).toEqual([
    ['failed', 'taken-back', 0],
    ['unknown', 'given', 100],
    ['sent', 'given', 100],
    ['failed', 'kept', 70],
  ])
  expect(await committed()).toBe(300)
  expect(
    await db.sql`select points, note from transfer where source = 'campaign' and external_id like '%:back'`,
  ).toEqual([{ points: 100, note: 'Come back in autumn' }])
  expect(await broken()).toEqual([])
  expect(await db.sql`select distinct holdout_share as share from campaign_message`).toEqual([{ share: 0 }])
  // What was taken back costs nothing; the rest does, whatever became of the message.
  await gatherOutcomes(db, { at: later(DAY) })
  expect(await db.sql`select sum(offer_cost_minor)::int as minor from campaign_outcome`).toEqual([{ minor: 300 }])
  expect(await readPolicyValues(db, { code: 'come-back', at: later(31 * DAY) })).toMatchObject([
    { policy: 'small', members: 4, valueMinor: -75 },
  ])
})

test('points of a message that was given up, or that they opted out of before it left, are taken back, too', async () => {
  const db = database.current()
  await addDue('A', { channel: 'msteams' })
  answerNext(...Array.from({ length: 8 }, () => 503))
  for (let hour = 0; hour < 8; hour++) await round(later(360 * hour))
  await addDue('B', { channel: 'msteams' })
  answerNext({ status: 429, retryAfter: '30' })
  await round(later(3_000))
  const consent = { memberId: id('B'), kinds: ['offers'], channel: 'msteams', source: 'chat' } as const
  await setConsent(db, { ...consent, status: 'withdrawn', at: later(3_010) })
  await round(later(3_060))
  await takeBack(later(3_061))
  expect((await gifts()).map(({ status, gift, available }) => [status, gift, available])).toEqual([
    ['dead', 'taken-back', 0],
    ['dropped', 'taken-back', 0],
  ])
  expect(await broken()).toEqual([])
})

test('a coupon is void then, its piece back on the shelf; one that was used is kept. It costs when it is used, sent or not', async () => {
  const db = database.current()
  await addCoupon(db, { id: id('tea'), stock: 3 })
  const offers = [{ code: 'small', name: { en: '£5 off', zh: '5 英镑' }, couponId: id('tea'), costMinor: 500 }]
  await db.sql`
    update campaign set definition = ${JSON.stringify(campaign({ code: id('coupons'), offers }))}::jsonb, code = ${id('coupons')}`
  for (const name of ['A', 'B', 'C']) await addDue(name, { channel: 'msteams' })
  await sendEach({ A: 403, C: 200, B: 403 })
  const [b] = await db.sql<{ code: string }>`select code from issued_coupon where member_id = ${id('B')}`
  await useCode(db, { code: b?.code ?? '', ref: id('sale'), at: later(1) })
  await takeBack(later(2))
  expect((await gifts()).map(({ gift, available }) => [gift, available])).toEqual([
    ['taken-back', 0],
    ['kept', 0],
    ['given', 0],
  ])
  expect(await db.sql`select status from issued_coupon order by member_id`).toEqual([
    { status: 'void' },
    { status: 'used' },
    { status: 'issued' },
  ])
  expect(await db.sql`select used from coupon where id = ${id('tea')}`).toEqual([{ used: 2 }])
  expect(await broken()).toEqual([])
  // By what was dealt: that C's message arrived costs nothing, that B's did not saves nothing.
  expect(
    await readPolicyValues(db, { code: id('coupons'), at: new Date(NOON.getTime() + 31 * DAY * 1_000) }),
  ).toMatchObject([{ policy: 'small', members: 3, valueMinor: expect.closeTo(-500 / 3) }])
})

test('what was given with a message that then found no slot is noted, and taken back when it never leaves', async () => {
  const db = database.current()
  await addDue('A', { channel: 'msteams' })
  // Another process is told to wait just between the count of the slots and their taking.
  await db.sql`
    create function block_meanwhile() returns trigger language plpgsql as $$
    begin
      insert into send_bucket (scope, blocked_until, blocked_at)
        values ('msteams/tenant', new.recorded_at + interval '10 seconds', new.recorded_at);
      return new;
    end $$`
  await db.sql`create trigger block_meanwhile after insert on transfer for each row execute function block_meanwhile()`
  try {
    expect(await round()).toMatchObject({ scheduled: 0 })
  } finally {
    await db.sql`drop function block_meanwhile cascade`
  }
  expect(await gifts()).toMatchObject([{ status: 'queued', gift: 'given', available: 100 }])
  await addOrder(db, { id: id('order'), member: id('A'), at: later(5).toISOString() })
  await round(later(20))
  await takeBack(later(21))
  expect(await gifts()).toMatchObject([{ status: 'dropped', gift: 'taken-back', available: 0 }])
  expect(await broken()).toEqual([])
})

test('an audit tells of a gift that is not noted; the migration noted those from before', async () => {
  const db = database.current()
  await addDue('A', { channel: 'msteams' })
  await sendEach({ A: 403 })
  await db.sql`update campaign_message set gift = null`
  expect(await broken()).toMatchObject([{ invariant: 'gifts-are-noted', rowsAtFault: [{ memberId: id('A') }] }])
  const migration = path.join(__dirname, '../../prisma/migrations/20261128140000_campaign_gifts_noted/migration.sql')
  await db.pool.query(readFileSync(migration, 'utf8'))
  await takeBack(later(1))
  expect(await gifts()).toMatchObject([{ gift: 'taken-back', available: 0 }])
})

const lotsOf = (memberId: string) =>
  database.current().sql<{ remaining: number; expiresAt: Date | null }>`
    select remaining, expires_at as "expiresAt" from lot where member_id = ${memberId} order by id`
const earnSome = (memberId: string) =>
  earn(database.current(), {
    memberId,
    points: 100,
    source: 'test',
    externalId: `e ${memberId}`,
    at: NOON,
    expiresAt: later(5 * DAY),
  })

test('the gift is what is taken back: points that the member earned stay theirs, with their date', async () => {
  const db = database.current()
  await addDue('A', { channel: 'msteams' })
  await earnSome(id('A'))
  await sendEach({ A: 403 })
  await takeBack(later(2))
  expect(await gifts()).toMatchObject([{ gift: 'taken-back', available: 100 }])
  expect(await lotsOf(id('A'))).toEqual([
    { remaining: 100, expiresAt: later(5 * DAY) },
    { remaining: 0, expiresAt: null },
  ])
  expect(
    await db.sql`
      select original.external_id as "externalId" from transfer join transfer original on original.id = transfer.reverses_transfer_id
      where transfer.external_id like '%:back' and transfer.member_id = ${id('A')}`,
  ).toEqual([{ externalId: `come-back:${id('A')}` }])
  expect(await broken()).toEqual([])
})

test('behind a coupon, too; one that somebody voided already is left to them', async () => {
  const db = database.current()
  await addCoupon(db, { id: id('tea'), stock: 3, costPoints: 100 })
  const offers = [{ code: 'small', name: { en: '£5 off', zh: '5 英镑' }, couponId: id('tea'), costMinor: 500 }]
  await db.sql`
    update campaign set definition = ${JSON.stringify(campaign({ code: id('coupons'), offers }))}::jsonb, code = ${id('coupons')}`
  for (const name of ['A', 'B']) {
    await addDue(name, { channel: 'msteams' })
    await earnSome(id(name))
  }
  await sendEach({ A: 403 })
  await takeBack(later(1))
  await sendEach({ B: 403 })
  const [b] = await db.sql<{ code: string }>`select code from issued_coupon where member_id = ${id('B')}`
  expect(await voidCode(db, { code: b?.code ?? '', note: 'a mistake', at: later(2) })).toMatchObject({ ok: true })
  await adjust(db, { memberId: id('B'), points: -100, source: 'test', externalId: id('B'), note: '', at: later(2) })
  await takeBack(later(3))
  expect(await gifts()).toMatchObject([
    { gift: 'taken-back', available: 100 },
    { gift: 'kept', available: 100 },
  ])
  expect(await lotsOf(id('A'))).toMatchObject([{ remaining: 100 }, { remaining: 0, expiresAt: null }])
  expect(await broken()).toEqual([])
})

test('points cost from when they are given', async () => {
  const db = database.current()
  await addDue('A', { channel: 'msteams' })
  await sendEach({ A: 200 })
  const cost = async (until: Date) =>
    (
      await db.sql<{ minor: number }>`
      select cost_minor as minor from campaign_offer_cost('come-back', ${id('A')}, '{"bonusPoints": 100, "costMinor": 100}', ${until})`
    )[0]?.minor
  expect([await cost(later(-1)), await cost(NOON)]).toEqual([0, 100])
})

describe('what is in the way', () => {
  /** Two members whose messages did not arrive. */
  async function fail() {
    for (const name of ['A', 'B']) await addDue(name, { channel: 'msteams' })
    await setAside()
    await sendEach({ A: 403, B: 403 })
  }
  const kinds = async () => (await gifts()).map(({ gift, available }) => [gift, available])

  test('a campaign that is being planned, and a member whose account is locked, are not waited for', async () => {
    const db = database.current()
    await fail()
    await db.tx(async (tx) => {
      await tx.sql`select from campaign for update`
      expect(await takeBack(later(1))).toEqual({ count: 0, failed: [] })
    })
    await db.tx(async (tx) => {
      await tx.sql`select from member_account where member_id = ${id('A')} for update`
      expect(await takeBack(later(1))).toEqual({ count: 1, failed: [] })
    })
    expect(await kinds()).toEqual([
      ['given', 100],
      ['taken-back', 0],
    ])
    expect(await takeBack(later(2))).toEqual({ count: 1, failed: [] })
    expect(await committed()).toBe(0)
  }, 10_000)

  test('a gift that the books refuse to take back is kept, with the reason, and keeps no other; messages go on', async () => {
    const db = database.current()
    await fail()
    await db.sql`update campaign set committed_minor = 150`
    const reason = { error: expect.stringContaining('committed_minor'), isFinal: true }
    expect(await takeBack(later(1))).toMatchObject({ count: 1, failed: [reason] })
    expect(await kinds()).toEqual([
      ['taken-back', 0],
      ['kept', 100],
    ])
    expect(
      await db.sql`select from campaign_message where last_error like '%could not be taken back: %committed_minor%'`,
    ).toHaveLength(1)
    await addDue('C')
    expect(await round(later(2))).toMatchObject({ sent: 1 })
  })

  test('what passes by itself is waited for: a full disk makes no gift kept', async () => {
    const db = database.current()
    await fail()
    await db.sql`
      create function disk_full() returns trigger language plpgsql as $$
      begin
        raise exception 'no space left' using errcode = '53100';
      end $$`
    await db.sql`create trigger disk_full before insert on transfer for each row execute function disk_full()`
    try {
      const reason = { error: 'no space left', isFinal: false }
      expect(await takeBack(later(1))).toMatchObject({ count: 0, failed: [reason, reason] })
    } finally {
      await db.sql`drop function disk_full cascade`
    }
    expect(await kinds()).toEqual([
      ['given', 100],
      ['given', 100],
    ])
    expect(await takeBack(later(2))).toEqual({ count: 2, failed: [] })
  })

  test('a process goes on with it after the database was away', async () => {
    const db = database.current()
    await fail()
    let asked = 0
    const sql: Sql = (...query) => (asked++ === 0 ? Promise.reject(new Error('away')) : db.sql(...query))
    const loop = createTakeBack({
      database: { sql },
      clock: () => later(1),
      logger: pino({ level: 'silent' }),
      everyMs: 5,
    })
    loop.start()
    while (asked < 5) await new Promise((resolve) => setTimeout(resolve, 5))
    await loop.stop()
    expect(await kinds()).toEqual([
      ['taken-back', 0],
      ['taken-back', 0],
    ])
  })
})
