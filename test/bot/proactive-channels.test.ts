import { setConsent } from '../../src/core/retention/consent'
import { TEAMS_LIMITS } from '../../src/core/sending/limits'
import { later, NOON, useCampaign } from './support/campaign-stage'

const { database, id, startSender, round, addDue, messages, received, answerNext } = useCampaign()

describe('a message to a channel with limits', () => {
  test('is addressed to the one it is for, and written down as sent', async () => {
    await addDue('A', { channel: 'msteams' })
    expect(await round()).toMatchObject({ scheduled: 1 })
    expect(received()).toMatchObject([
      { activity: { recipient: { id: `u-${id('A')}` }, conversation: { id: `c-${id('A')}` } } },
    ])
    expect(await messages()).toEqual([{ memberId: id('A'), status: 'sent', dropReason: null }])
    expect(await round(later(60))).toMatchObject({ scheduled: 0 })
    expect(received()).toHaveLength(1)
  })

  test.each(['hang', 'reset', 408, 500, 502, 504] as const)(
    'that may have arrived (%s) is never sent again',
    async (answer) => {
      await addDue('A', { channel: 'msteams' })
      answerNext(answer)
      expect(await round(NOON, { timeoutMs: 300 })).toMatchObject({ scheduled: 1 })
      expect(await messages()).toMatchObject([{ status: 'unknown' }])
      for (const seconds of [5, 400, 40_000]) expect(await round(later(seconds))).toMatchObject({ scheduled: 0 })
      expect(received().length).toBeLessThanOrEqual(1)
    },
  )

  test('that is slow to be answered is sent all the same, and holds nobody up', async () => {
    for (const name of ['A', 'B', 'C']) await addDue(name, { channel: 'msteams' })
    answerNext('slow', 'slow')
    expect(await round()).toMatchObject({ scheduled: 3 })
    expect(new Set((await messages()).map(({ status }) => status))).toEqual(new Set(['sent']))
    expect(received()).toHaveLength(3)
  })

  test('that the channel is too busy for waits as it says, and so do all others of the tenant; points come once', async () => {
    await addDue('A', { channel: 'msteams' })
    answerNext({ status: 429, retryAfter: '30' })
    await round()
    await addDue('B', { channel: 'msteams' })
    expect(await messages()).toMatchObject([{ status: 'queued' }, { status: 'queued' }])
    expect(await round(later(10))).toMatchObject({ scheduled: 0 })
    expect(received()).toEqual([])
    expect(await round(later(31))).toMatchObject({ scheduled: 2 })
    expect(await messages()).toMatchObject([{ status: 'sent' }, { status: 'sent' }])
    expect(await database.current().sql`select available from member_account where member_id = ${id('A')}`).toEqual([
      { available: 100 },
    ])
  })

  test('that the channel would have wait for a year waits an hour', async () => {
    await addDue('A', { channel: 'msteams' })
    answerNext({ status: 429, retryAfter: '31536000' })
    await round()
    expect(await round(later(3_500))).toMatchObject({ scheduled: 0 })
    expect(await round(later(3_601))).toMatchObject({ scheduled: 1 })
  })

  test('that the channel failed at is tried again, later each time, and is a dead letter in the end', async () => {
    await addDue('A', { channel: 'msteams' })
    answerNext(...Array.from({ length: 8 }, () => 503))
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
    expect(received()).toEqual([])
  })

  test('to somebody who was gone meanwhile or opted out while it waited does not leave', async () => {
    const db = database.current()
    await addDue('A', { channel: 'msteams' })
    answerNext(503)
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
    expect(received()).toEqual([])
  })

  test('to somebody who opts out between the gate and its slot is taken back', async () => {
    await addDue('A', { channel: 'msteams' })
    await addDue('B', { channel: 'msteams' })
    // The second slot comes half a second after the first.
    const limits = { other: { ...TEAMS_LIMITS, tenant: { messages: 1, windowMs: 500 } } }
    const { sender, client } = startSender(NOON, { limits })
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
    expect(received()).toHaveLength(1)
  })

  test('is held up by no block from before the clock was set back, not even when that time comes again', async () => {
    const hour = 3_600
    let at = later(3 * hour)
    const { sender, client } = startSender(() => at)
    const next = async (name: string, seconds: number) => {
      at = later(seconds)
      await addDue(name, { channel: 'msteams' })
      await sender.round()
      await sender.idle()
    }
    answerNext({ status: 429, retryAfter: '3600' })
    await next('A', 3 * hour)
    await next('B', 0)
    await next('C', 3 * hour + 60)
    client.close()
    expect((await messages()).map(({ status }) => status)).toEqual(['sent', 'sent', 'sent'])
  })

  test('that was put off, or left behind, before the clock was set back is not waited for', async () => {
    const hour = 3_600
    const states = async () => (await messages()).map(({ status }) => status)
    for (const name of ['A', 'B', 'C']) await addDue(name, { channel: 'msteams' })
    answerNext({ status: 429, retryAfter: '3600' })
    // The first is told to wait, those behind it are given back.
    await round(later(3 * hour))
    await addDue('D', { channel: 'msteams' })
    await database.current().sql`
      update campaign_message set status = 'sending', sent_at = ${later(3 * hour)}, leased_until = ${later(3 * hour + 30)}
      where member_id = ${id('D')}`
    expect(await states()).toEqual(['queued', 'queued', 'queued', 'sending'])
    expect(await round()).toMatchObject({ scheduled: 3 })
    expect(await states()).toEqual(['sent', 'sent', 'sent', 'sending'])
    await round(later(61))
    expect(await states()).toEqual(['sent', 'sent', 'sent', 'unknown'])
  })

  test('refused with 403 makes them unreachable there until they speak again', async () => {
    const db = database.current()
    await addDue('A', { channel: 'msteams' })
    answerNext(403)
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
    expect(received()).toHaveLength(1)
  })

  test('whose stored address is not one of the channel’s does not leave', async () => {
    await addDue('A', { channel: 'msteams' })
    await database.current().sql`
      update conversation_state set reference = jsonb_set(reference, '{serviceUrl}', '"https://elsewhere.example/"')`
    await round()
    expect(await messages()).toMatchObject([{ status: 'failed' }])
    expect(received()).toEqual([])
  })

  test('left behind by a process that died is never sent again', async () => {
    await addDue('A', { channel: 'msteams' })
    await database.current().sql`
      update campaign_message set status = 'sending', sent_at = ${NOON}, leased_until = ${later(30)}`
    expect(await round(later(29))).toMatchObject({ scheduled: 0 })
    expect(await messages()).toMatchObject([{ status: 'sending' }])
    await round(later(31))
    expect(await messages()).toMatchObject([{ status: 'unknown' }])
    expect(received()).toEqual([])
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
    const statuses = (await messages()).map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(40 - scheduled).fill('queued'), ...Array(scheduled).fill('sent')])
    expect(new Set(received().map(({ path }) => path)).size).toBe(scheduled)
    expect(received()).toHaveLength(scheduled)
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
