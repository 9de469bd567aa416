import { useCode } from '../../src/core/coupons/issued'
import { adjust } from '../../src/core/points/adjust'
import { verifyLedger } from '../../src/core/points/verify'
import { moveCampaign, putCampaign } from '../../src/core/retention/campaigns'
import { setConsent } from '../../src/core/retention/consent'
import { queueExpiryNotices } from '../../src/core/retention/expiry-notice'
import { gatherOutcomes } from '../../src/core/retention/outcomes'
import { addCoupon } from '../core/coupons/shelf'
import { campaign } from '../core/retention/fixtures'
import { later, NOON, useCampaign } from './support/campaign-stage'

const { database, published, id, startSender, round, addDue, messages, logged } = useCampaign()

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
    await addCoupon(db, { id: id('tea'), stock: 1 })
    const offers = [{ code: 'small', name: { en: '£5 off', zh: '5 英镑' }, couponId: id('tea'), costMinor: 500 }]
    await db.sql`
      update campaign set definition = ${JSON.stringify(campaign({ code: id('coupons'), offers }))}::jsonb, code = ${id('coupons')}`
    await addDue('A')
    await addDue('B', { locale: 'zh' })
    expect(await round()).toMatchObject({ sent: 1 })
    const [issued, ...others] = await db.sql<{ code: string; memberId: string; points: number }>`
      select issued.code, issued.member_id as "memberId", transfer.points from issued_coupon issued
      join transfer on transfer.id = issued.transfer_id where issued.coupon_id = ${id('tea')}`
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
    await useCode(db, { code: issued?.code ?? '', ref: id('sale '), at: later(120) })
    expect(await cost()).toEqual([{ minor: 500 }])
  })

  test('whose offer breaks fails alone: nothing of it is given, and the others go', async () => {
    const db = database.current()
    const offers = [
      { code: 'small', name: { en: '100 points', zh: '100 积分' }, bonusPoints: 100, costMinor: 100 },
      { code: 'large', name: { en: '£5 off', zh: '5 英镑' }, couponId: id('tea'), costMinor: 500 },
    ]
    await addCoupon(db, { id: id('tea'), stock: 5 })
    await db.sql`
      update campaign set definition = ${JSON.stringify(campaign({ code: id('broken'), offers }))}::jsonb, code = ${id('broken')}`
    for (const name of ['A', 'B', 'C']) await addDue(name)
    await addDue('D', { arm: 'large' })
    await addDue('E', { channel: 'msteams' })
    await db.sql`
      create function break_one() returns trigger language plpgsql as $$ begin
        if new.member_id like 'B%' or (new.member_id like 'D%' and new.coupon_id is not null) then raise exception 'out of order'; end if;
        return new;
      end $$`
    await db.sql`create trigger break_one before insert on transfer for each row execute function break_one()`
    expect(await round()).toMatchObject({ sent: 2, scheduled: 1 })
    await db.sql`drop function break_one cascade`
    const told =
      await db.sql`select member_id as id, status, last_error as error from campaign_message order by member_id`
    const broken = { status: 'failed', error: 'the offer could not be given: out of order' }
    expect(told).toEqual([
      { id: id('A'), status: 'sent', error: null },
      { id: id('B'), ...broken },
      { id: id('C'), status: 'sent', error: null },
      { id: id('D'), ...broken },
      { id: id('E'), status: 'sent', error: null },
    ])
    // Neither the points nor what was given to pay for the coupon.
    expect(await db.sql`select from transfer where member_id = any (${[id('B'), id('D')]}::text[])`).toEqual([])
    expect((await verifyLedger(db, { at: later(60) })).filter(({ ok }) => !ok)).toEqual([])
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
    expect(await db.sql`select from transfer where member_id like ${id('_')}`).toEqual([])
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

  test('goes past those who were erased and what is broken, which is written down', async () => {
    const db = database.current()
    for (const name of ['A', 'B', 'C', 'D']) await addDue(name)
    await db.sql`update member set erased_at = ${NOON} where id = ${id('A')}`
    await db.sql`update member set time_zone = 'Mars/Olympus' where id = ${id('B')}`
    await db.sql`
      insert into campaign (code, name, kind, status, version, definition, starts_at, created_at, updated_at)
      values ('broken', 'Broken', 'offers', 'running', 1, '{}', ${NOON}, ${NOON}, ${NOON})`
    await db.sql`delete from campaign_member where member_id = ${id('C')}`
    await db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
      select id, ${id('C')}, 'small', 1, ${NOON}, 'queued', ${NOON}, ${NOON} from campaign where code = 'broken'`
    expect(await round()).toEqual({ sent: 1, scheduled: 0, dropped: 3, deferred: 0 })
    expect(await db.sql`select status, drop_reason as why from campaign_message order by member_id`).toEqual([
      { status: 'dropped', why: 'unreachable' },
      { status: 'failed', why: null },
      { status: 'failed', why: null },
      { status: 'sent', why: null },
    ])
    const [zone] = await db.sql<{ error: string }>`
      select last_error as error from campaign_message where member_id = ${id('B')}`
    expect(zone?.error).toContain('it could not be judged: Invalid time zone specified: Mars/Olympus')
  })

  test('goes to the chat where they agreed to it, though they spoke in another one since', async () => {
    const db = database.current()
    await addDue('A')
    await db.sql`
      insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
      values ('msteams', '', 'teams-a', ${id('A')}, ${NOON}, 'token')`
    const reference = { conversation: { id: 'teams-chat' }, user: { id: 'teams-a' } }
    await db.sql`
      insert into conversation_state (channel, conversation_id, version, state, reference, updated_at)
      values ('msteams', 'teams-chat', 1, '{}', ${JSON.stringify(reference)}::jsonb, ${later(60)})`
    expect(await round(later(120))).toEqual({ sent: 1, scheduled: 0, dropped: 0, deferred: 0 })
  })

  test('is not kept waiting by the queue of a paused campaign', async () => {
    const db = database.current()
    await addDue('A')
    await db.sql`
      insert into campaign (code, name, kind, status, version, definition, starts_at, created_at, updated_at)
      select 'paused', name, kind, 'paused', version, definition, starts_at, created_at, updated_at from campaign`
    await db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
      select campaign.id, 'nobody' || n, 'small', 1, ${NOON}, 'queued', ${later(-60)}, ${later(-60)}
      from campaign, generate_series(1, 170) n where code = 'paused'`
    const { sender, client } = startSender(NOON)
    // 60 at first, and then twice what was looked at.
    await sender.round()
    expect(await sender.round()).toMatchObject({ sent: 1 })
    client.close()
  })

  test('two campaigns at once: one message, the other finds that there was one', async () => {
    const db = database.current()
    await addDue('A')
    await db.tx((tx) => putCampaign(tx, { definition: campaign({ code: 'second' }), at: NOON }))
    for (const to of ['review', 'running'] as const)
      await db.tx((tx) => moveCampaign(tx, { code: 'second', to, at: NOON }))
    await db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
      select id, ${id('A')}, 'small', 0.4, ${NOON}, 'queued', ${NOON}, ${NOON} from campaign where code = 'second'`
    expect(await round()).toEqual({ sent: 1, scheduled: 0, dropped: 1, deferred: 0 })
    expect(await logged()).toHaveLength(1)
  })
})
