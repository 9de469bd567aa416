import pino from 'pino'
import { createConnectorClient } from '../../src/bot/connector/client'
import { createCampaignSender } from '../../src/bot/proactive/sender'
import { secretBytes } from '../../src/core/clock'
import { useCode } from '../../src/core/coupons/issued'
import { adjust } from '../../src/core/points/adjust'
import { verifyLedger } from '../../src/core/points/verify'
import { moveCampaign, putCampaign } from '../../src/core/retention/campaigns'
import { setConsent } from '../../src/core/retention/consent'
import { queueExpiryNotices } from '../../src/core/retention/expiry-notice'
import { gatherOutcomes } from '../../src/core/retention/outcomes'
import { type LimitsTable, TEAMS_LIMITS } from '../../src/core/sending/limits'
import { addCoupon } from '../core/coupons/shelf'
import { campaign } from '../core/retention/fixtures'
import { useDatabase } from '../support/database'
import { addMember, setUpShop } from '../support/shop'
import { type LoopbackConnector, startLoopbackConnector } from './support/loopback-connector'

const NOON = new Date('2026-11-22T12:00:00Z')
const later = (seconds: number) => new Date(NOON.getTime() + 1_000 * seconds)

const database = useDatabase()
const published: { conversationId: string; seq: number }[] = []
let campaignId = 0
let tests = 0
const id = (name: string) => `${name}${tests}`

beforeEach(async () => {
  const db = database.current()
  published.length = 0
  await db.sql`truncate campaign, campaign_member, campaign_message, campaign_outcome, message_consent, consent_change, channel_identity,
    directline_conversation, directline_activity, conversation_state, outbox, send_bucket, handoff_request, shop_order cascade`
  // What the ledger wrote stays: each test has members of its own.
  tests += 1
  await setUpShop(db)
  await db.sql`update merchant set settings = '{"globalHoldoutShare": 0}'`
  await db.tx((tx) => putCampaign(tx, { definition: campaign(), at: NOON }))
  for (const to of ['review', 'running'] as const)
    await db.tx((tx) => moveCampaign(tx, { code: 'come-back', to, at: NOON }))
  const [row] = await db.sql<{ id: number }>`select id from campaign`
  campaignId = row?.id ?? 0
})

let connector: LoopbackConnector
beforeEach(async () => {
  connector = await startLoopbackConnector()
})
afterEach(() => connector.close())

/** The sender of a process, and what closes it. */
function startSender(at: Date, limits?: LimitsTable) {
  const client = createConnectorClient({ token: async () => undefined, timeoutMs: 300, staleConnection: 'unknown' })
  const sender = createCampaignSender({
    database: database.current(),
    hub: { published: (conversationId, seq) => published.push({ conversationId, seq }) },
    client,
    serviceUrls: { demo: true, allowedHosts: [] },
    clock: () => at,
    logger: pino({ level: 'silent' }),
    secretBytes,
    botName: 'Regulars',
    ...(limits ? { limits } : {}),
  })
  return { sender, client }
}

/** One round of a process that was started for it; what it scheduled has left and is settled when it resolves. */
async function round(at = NOON) {
  const { sender, client } = startSender(at)
  const done = await sender.round()
  await sender.idle()
  client.close()
  return done
}

/** A member with a message in the queue, who agreed to it in web chat. */
async function addDue(name: string, { arm = 'small', locale = 'en', channel = 'directline', consent = true } = {}) {
  const db = database.current()
  const memberId = id(name)
  await addMember(db, { id: memberId })
  await db.sql`update member set locale = ${locale} where id = ${memberId}`
  await db.sql`
    insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
    values (${channel}, ${channel === 'directline' ? '' : 'tenant'}, ${`u-${memberId}`}, ${memberId}, ${NOON}, 'token')`
  if (channel === 'directline') {
    await db.sql`insert into directline_conversation (id, user_id, created_at) values (${`c-${memberId}`}, ${`u-${memberId}`}, ${NOON})`
  } else {
    const reference = {
      serviceUrl: connector.serviceUrl,
      channelId: channel,
      conversation: { id: `c-${memberId}`, tenantId: 'tenant', conversationType: 'personal' },
      bot: { id: 'bot' },
      user: { id: `u-${memberId}` },
    }
    await db.sql`
      insert into conversation_state (channel, conversation_id, version, state, reference, updated_at)
      values (${channel}, ${`c-${memberId}`}, 1, '{}', ${JSON.stringify(reference)}::jsonb, ${NOON})`
  }
  if (consent) {
    await setConsent(db, { memberId, kinds: ['offers'], channel, status: 'granted', at: NOON, source: 'chat' })
  }
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at)
    values (${campaignId}, ${memberId}, ${arm}, 0.4, ${NOON})`
  await db.sql`
    insert into campaign_message (campaign_id, member_id, arm, status, due_at, next_attempt_at)
    values (${campaignId}, ${memberId}, ${arm}, 'queued', ${NOON}, ${NOON})`
}

const messages = () =>
  database.current().sql<{ memberId: string; status: string; dropReason: string | null }>`
    select member_id as "memberId", status, drop_reason as "dropReason" from campaign_message order by member_id`
const logged = () =>
  database.current().sql<{ conversationId: string; activity: { text: string; attachments: { content: object }[] } }>`
    select conversation_id as "conversationId", activity from directline_activity order by conversation_id, seq`

describe('a message of a campaign', () => {
  test('comes into the web chat with its card, says why and how to stop, and brings its points', async () => {
    await addDue('A')
    await addDue('B', { arm: 'large', locale: 'zh' })
    expect(await round()).toEqual({ sent: 2, scheduled: 0, dropped: 0, deferred: 0 })
    const [a, b] = await logged()
    expect(a?.activity.text).toContain(`Hello Member ${id('A')}, Kettlewick Tea & Home has 100 points for you.`)
    expect(a?.activity.text).toContain('You get this because you agreed to messages from Kettlewick Tea & Home')
    expect(JSON.stringify(a?.activity.attachments)).toContain('"verb":"redeem-coupon"')
    expect(JSON.stringify(a?.activity.attachments)).toContain('"verb":"messages-off"')
    expect(b?.activity.text).toContain('300 积分')
    expect(b?.activity.text).toContain('不再接收')
    expect(published).toEqual([
      { conversationId: `c-${id('A')}`, seq: 1 },
      { conversationId: `c-${id('B')}`, seq: 1 },
    ])
    const points = await database.current().sql`
      select member_id as id, available from member_account where member_id = any (${[id('A'), id('B')]}::text[]) order by 1`
    expect(points).toEqual([
      { id: id('A'), available: 100 },
      { id: id('B'), available: 300 },
    ])
  })

  test('brings a coupon as an entry of the ledger, once, and its code; where there is none left it does not leave', async () => {
    const db = database.current()
    await addCoupon(db, { id: `tea${tests}`, stock: 1 })
    const offers = [{ code: 'small', name: { en: '£5 off', zh: '5 英镑' }, couponId: `tea${tests}`, costMinor: 500 }]
    await db.sql`
      update campaign set definition = ${JSON.stringify(campaign({ code: `coupons${tests}`, offers }))}::jsonb, code = ${`coupons${tests}`}`
    await addDue('A')
    await addDue('B', { locale: 'zh' })
    expect(await round()).toMatchObject({ sent: 1 })
    const [issued, ...others] = await db.sql<{ code: string; memberId: string; points: number }>`
      select issued.code, issued.member_id as "memberId", transfer.points from issued_coupon issued
      join transfer on transfer.id = issued.transfer_id where issued.coupon_id = ${`tea${tests}`}`
    expect(others).toEqual([])
    expect(issued).toMatchObject({ memberId: id('A') })
    const [a, ...more] = await logged()
    expect(more).toEqual([])
    expect(a?.activity.text).toContain(`Your coupon: ${issued?.code}, good until 20 February 2027`)
    expect(JSON.stringify(a?.activity.attachments)).toContain('"verb":"my-coupons"')
    expect(await db.sql`select status, last_error as error from campaign_message where member_id = ${id('B')}`).toEqual(
      [{ status: 'failed', error: 'the offer could not be given: coupon-sold-out' }],
    )
    // What was given to pay for it is spent, and nothing stays with whom it was refused.
    const balances = await db.sql`
      select coalesce(sum(available), 0)::int as points from member_account where member_id = any (${[id('A'), id('B')]}::text[])`
    expect(balances).toEqual([{ points: 0 }])
    expect((await verifyLedger(db, { at: later(60) })).filter(({ ok }) => !ok)).toEqual([])
    const cost = async () => {
      await gatherOutcomes(db, { at: later(3_600) })
      return db.sql`select sum(offer_cost_minor)::int as minor from campaign_outcome`
    }
    expect(await cost()).toEqual([{ minor: 0 }])
    await useCode(db, { code: issued?.code ?? '', ref: `sale ${tests}`, at: later(120) })
    expect(await cost()).toEqual([{ minor: 500 }])
  })

  test('tells of points that expire, in words of the moment it leaves; where none do any more it is dropped', async () => {
    const db = database.current()
    for (const [name, locale] of [
      ['A', 'en'],
      ['B', 'zh'],
      ['C', 'en'],
    ] as const) {
      await addDue(name, { locale })
      await db.sql`delete from campaign_message where member_id = ${id(name)}`
      const consent = { memberId: id(name), kinds: ['reminders'], channel: 'directline', source: 'chat' } as const
      await setConsent(db, { ...consent, status: 'granted', at: NOON })
      const expiresAt = later(10 * 86_400)
      await adjust(db, {
        memberId: id(name),
        points: 70,
        source: 'test',
        externalId: id(name),
        note: '',
        expiresAt,
        at: NOON,
      })
    }
    expect(await queueExpiryNotices(db, { at: NOON })).toEqual({ messages: 3 })
    await adjust(db, {
      memberId: id('C'),
      points: -70,
      source: 'test',
      externalId: `${id('C')} spent`,
      note: '',
      at: NOON,
    })
    expect(await round(later(1))).toMatchObject({ sent: 2, dropped: 1 })
    const texts = (await logged()).map(({ activity }) => activity.text)
    expect(texts[0]).toContain('70 points of yours at Kettlewick Tea & Home expire after 2 December 2026.')
    expect(texts[1]).toContain('70 积分将于2026年12月2日之后过期')
    expect((await messages()).at(-1)).toMatchObject({ status: 'dropped', dropReason: 'not-true-any-more' })
  })

  test('goes once, whatever asks and however often', async () => {
    await addDue('A')
    await Promise.all(Array.from({ length: 8 }, (_, process) => round(later(2 * process))))
    for (let second = 20; second < 25; second++) await round(later(second))
    expect(await logged()).toHaveLength(1)
    expect(await database.current().sql`select available from member_account where member_id = ${id('A')}`).toEqual([
      { available: 100 },
    ])
  })

  test('is dropped, and why, where it may not go', async () => {
    const db = database.current()
    await addDue('A', { consent: false })
    await addDue('B')
    await db.sql`delete from channel_identity where member_id = ${id('B')}`
    await addDue('C')
    await db.sql`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      values ('shop', 'O1', ${id('C')}, 'sale', 'placed', ${later(60)}, 100, 'GBP')`
    await addDue('D')
    await setConsent(db, {
      memberId: id('D'),
      kinds: ['offers'],
      channel: 'directline',
      status: 'withdrawn',
      at: later(1),
      source: 'chat',
    })
    await addDue('E', { channel: 'msteams' })
    await db.sql`update conversation_state set reference = jsonb_set(reference, '{conversation,conversationType}', '"groupChat"')`
    expect(await round(later(120))).toEqual({ sent: 0, scheduled: 0, dropped: 5, deferred: 0 })
    expect((await messages()).map(({ memberId, dropReason }) => [memberId, dropReason])).toEqual([
      [id('A'), 'no-consent'],
      [id('B'), 'unreachable'],
      [id('C'), 'bought-already'],
      [id('D'), 'no-consent'],
      [id('E'), 'unreachable'],
    ])
    expect(await logged()).toEqual([])
    expect(await db.sql`select from transfer where member_id like ${`_${tests}`}`).toEqual([])
    // What was agreed to and taken back can be shown.
    expect(await db.sql`select status from consent_change where member_id = ${id('D')} order by id`).toEqual([
      { status: 'granted' },
      { status: 'withdrawn' },
    ])
  })

  test('waits while the member talks to a person, in the night, and while the campaign is paused', async () => {
    const db = database.current()
    await addDue('A')
    await db.sql`
      insert into handoff_request (channel, conversation_id, member_id, locale, reason, said, status, external_id, requested_at, waiting_since)
      values ('directline', ${`c-${id('A')}`}, ${id('A')}, 'en', 'asked', 'help', 'waiting', 'h1', ${NOON}, ${NOON})`
    expect(await round()).toEqual({ sent: 0, scheduled: 0, dropped: 0, deferred: 1 })
    await db.sql`update handoff_request set status = 'agent', external_desk = 'elsewhere'`
    expect(await round(later(3_601))).toEqual({ sent: 0, scheduled: 0, dropped: 0, deferred: 1 })
    await db.sql`update handoff_request set status = 'closed'`
    expect(await round(later(7_202))).toMatchObject({ sent: 1 })
    await addDue('B')
    expect(await round(new Date('2026-11-22T23:00:00Z'))).toEqual({ sent: 0, scheduled: 0, dropped: 0, deferred: 1 })
    expect(await round(new Date('2026-11-23T08:59:00Z'))).toEqual({ sent: 0, scheduled: 0, dropped: 0, deferred: 0 })
    expect(await round(new Date('2026-11-23T09:00:01Z'))).toMatchObject({ sent: 1 })
  })

  test('two campaigns at once: one message, the other finds that there was one', async () => {
    const db = database.current()
    await addDue('A')
    await db.tx((tx) => putCampaign(tx, { definition: campaign({ code: 'second' }), at: NOON }))
    for (const to of ['review', 'running'] as const)
      await db.tx((tx) => moveCampaign(tx, { code: 'second', to, at: NOON }))
    await db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at)
      select id, ${id('A')}, 'small', 0.4, ${NOON} from campaign where code = 'second'`
    await db.sql`
      insert into campaign_message (campaign_id, member_id, arm, status, due_at, next_attempt_at)
      select id, ${id('A')}, 'small', 'queued', ${NOON}, ${NOON} from campaign where code = 'second'`
    expect(await round()).toEqual({ sent: 1, scheduled: 0, dropped: 1, deferred: 0 })
    expect(await logged()).toHaveLength(1)
  })
})

describe('a message to a channel with limits', () => {
  test('is addressed to the one it is for, and written down as sent', async () => {
    await addDue('A', { channel: 'msteams' })
    expect(await round()).toMatchObject({ scheduled: 1 })
    expect(connector.received).toMatchObject([
      { activity: { recipient: { id: `u-${id('A')}` }, conversation: { id: `c-${id('A')}` } } },
    ])
    expect(await messages()).toEqual([{ memberId: id('A'), status: 'sent', dropReason: null }])
    expect(await round(later(60))).toMatchObject({ scheduled: 0 })
    expect(connector.received).toHaveLength(1)
  })

  test.each(['hang', 'reset'] as const)('that may have arrived (%s) is never sent again', async (answer) => {
    await addDue('A', { channel: 'msteams' })
    connector.answerNext(answer)
    expect(await round()).toMatchObject({ scheduled: 1 })
    expect(await messages()).toMatchObject([{ status: 'unknown' }])
    for (const seconds of [5, 400, 40_000]) expect(await round(later(seconds))).toMatchObject({ scheduled: 0 })
    expect(connector.received.length).toBeLessThanOrEqual(1)
  })

  test('that is slow to be answered is sent all the same, and holds nobody up', async () => {
    for (const name of ['A', 'B', 'C']) await addDue(name, { channel: 'msteams' })
    connector.answerNext('slow', 'slow')
    expect(await round()).toMatchObject({ scheduled: 3 })
    expect(new Set((await messages()).map(({ status }) => status))).toEqual(new Set(['sent']))
    expect(connector.received).toHaveLength(3)
  })

  test('that the channel is too busy for waits as it says, and so do all others of the tenant; points come once', async () => {
    await addDue('A', { channel: 'msteams' })
    connector.answerNext({ status: 429, retryAfter: '30' })
    await round()
    await addDue('B', { channel: 'msteams' })
    expect(await messages()).toMatchObject([{ status: 'queued' }, { status: 'queued' }])
    expect(await round(later(10))).toMatchObject({ scheduled: 0 })
    expect(connector.received).toEqual([])
    expect(await round(later(31))).toMatchObject({ scheduled: 2 })
    expect(await messages()).toMatchObject([{ status: 'sent' }, { status: 'sent' }])
    expect(await database.current().sql`select available from member_account where member_id = ${id('A')}`).toEqual([
      { available: 100 },
    ])
  })

  test('that the channel failed at is tried again, later each time, and is a dead letter in the end', async () => {
    await addDue('A', { channel: 'msteams' })
    connector.answerNext(...Array.from({ length: 8 }, () => 503))
    let seconds = 0
    for (let tries = 1; tries <= 8; tries++) {
      expect(await round(later(seconds))).toMatchObject({ scheduled: 1 })
      const [row] = await database.current().sql<{ waits: number; attempts: number; status: string }>`
        select extract(epoch from next_attempt_at - ${later(seconds)})::float8 as waits, attempts, status from campaign_message`
      expect(row).toMatchObject({ attempts: tries, status: tries < 8 ? 'queued' : 'dead' })
      if (tries === 8) break
      expect(row?.waits).toBeGreaterThanOrEqual(2 ** (tries - 1) / 2)
      expect(row?.waits).toBeLessThanOrEqual(2 ** (tries - 1))
      seconds += 300
    }
    expect(await round(later(seconds + 300))).toMatchObject({ scheduled: 0 })
    expect(connector.received).toEqual([])
  })

  test('to somebody who was gone meanwhile or opted out while it waited does not leave', async () => {
    const db = database.current()
    await addDue('A', { channel: 'msteams' })
    connector.answerNext(503)
    await round()
    await setConsent(db, {
      memberId: id('A'),
      kinds: ['offers'],
      channel: 'msteams',
      status: 'withdrawn',
      at: later(1),
      source: 'chat',
    })
    expect(await round(later(5))).toMatchObject({ scheduled: 0, dropped: 1 })
    expect(await messages()).toMatchObject([{ status: 'dropped', dropReason: 'no-consent' }])
    expect(connector.received).toEqual([])
  })

  test('to somebody who opts out between the gate and its slot is taken back', async () => {
    await addDue('A', { channel: 'msteams' })
    await addDue('B', { channel: 'msteams' })
    // The second slot comes half a second after the first.
    const { sender, client } = startSender(NOON, { other: { ...TEAMS_LIMITS, tenant: { messages: 1, windowMs: 500 } } })
    expect(await sender.round()).toMatchObject({ scheduled: 2 })
    await setConsent(database.current(), {
      memberId: id('B'),
      kinds: ['offers'],
      channel: 'msteams',
      status: 'withdrawn',
      at: later(1),
      source: 'chat',
    })
    await sender.round()
    await sender.idle()
    client.close()
    expect(await messages()).toMatchObject([{ status: 'sent' }, { status: 'dropped', dropReason: 'no-consent' }])
    expect(connector.received).toHaveLength(1)
  })

  test('refused with 403 makes them unreachable there until they speak again', async () => {
    const db = database.current()
    await addDue('A', { channel: 'msteams' })
    connector.answerNext(403)
    await round(later(1))
    expect(await messages()).toMatchObject([{ status: 'failed' }])
    const again = async (seconds: number) => {
      await db.sql`update campaign_message set status = 'queued', drop_reason = null, sent_at = null`
      return round(later(seconds))
    }
    expect(await again(100_000)).toMatchObject({ scheduled: 0, dropped: 1 })
    expect(await messages()).toMatchObject([{ status: 'dropped', dropReason: 'unreachable' }])
    await db.sql`update conversation_state set updated_at = ${later(100_001)}`
    expect(await again(100_100)).toMatchObject({ scheduled: 1 })
    expect(connector.received).toHaveLength(1)
  })

  test('whose stored address is not one of the channel’s does not leave', async () => {
    await addDue('A', { channel: 'msteams' })
    await database.current().sql`
      update conversation_state set reference = jsonb_set(reference, '{serviceUrl}', '"https://elsewhere.example/"')`
    await round()
    expect(await messages()).toMatchObject([{ status: 'failed' }])
    expect(connector.received).toEqual([])
  })

  test('left behind by a process that died is never sent again', async () => {
    await addDue('A', { channel: 'msteams' })
    await database.current().sql`
      update campaign_message set status = 'sending', sent_at = ${NOON}, leased_until = ${later(30)}`
    expect(await round(later(29))).toMatchObject({ scheduled: 0 })
    expect(await messages()).toMatchObject([{ status: 'sending' }])
    await round(later(31))
    expect(await messages()).toMatchObject([{ status: 'unknown' }])
    expect(connector.received).toEqual([])
  })

  test('of eight processes takes a slot of one quota; those that find none stay queued', async () => {
    for (let member = 0; member < 40; member++) await addDue(`M${member}`, { channel: 'msteams' })
    const at = (ms: number) => new Date(NOON.getTime() + ms)
    let scheduled = 0
    for (let ms = 0; ms < 1_000; ms += 250) {
      const rounds = await Promise.all([round(at(ms)), round(at(ms)), round(at(ms))])
      scheduled += rounds.reduce((sum, one) => sum + one.scheduled, 0)
    }
    const [bucket] = await database.current().sql<{ slots: number[] }>`select slots from send_bucket`
    const slots = bucket?.slots ?? []
    expect(slots).toHaveLength(scheduled)
    for (const [place, slot] of slots.entries()) {
      const before = slots[place - 30]
      if (before !== undefined) expect(slot - before).toBeGreaterThan(1_000)
    }
    expect(scheduled).toBeGreaterThanOrEqual(30)
    expect((await messages()).filter(({ status }) => status === 'queued')).toHaveLength(40 - scheduled)
    expect(connector.received).toHaveLength(scheduled)
  })

  test('waits while its conversation had as much as one may get', async () => {
    await addDue('A', { channel: 'msteams' })
    const db = database.current()
    await db.sql`
      insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at, sent_at)
      select 'msteams', ${`c-${id('A')}`}, '{}', '{}', 'sent', ${NOON}, ${NOON}, ${NOON} from generate_series(1, 8)`
    expect(await round(later(1.1))).toMatchObject({ scheduled: 0 })
    expect(await round(later(1.9))).toMatchObject({ scheduled: 0 })
    expect(await round(later(2.1))).toMatchObject({ scheduled: 1 })
  })
})
