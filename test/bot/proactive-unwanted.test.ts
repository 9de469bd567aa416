import { verifyLedger } from '../../src/core/points/verify'
import { eraseMember } from '../../src/core/privacy/erase'
import { type CampaignStatus, moveCampaign } from '../../src/core/retention/campaigns'
import { setConsent } from '../../src/core/retention/consent'
import { TEAMS_LIMITS } from '../../src/core/sending/limits'
import { later, NOON, useCampaign } from './support/campaign-stage'

const { database, id, startSender, round, addDue, messages, logged, received } = useCampaign()

/** Two messages for Teams that passed the gate; the second one's slot comes most of a second after the first's. @returns what became of it */
async function betweenGateAndSlot(happens: () => Promise<unknown>) {
  await addDue('A', { channel: 'msteams' })
  await addDue('B', { channel: 'msteams' })
  const limits = { other: { ...TEAMS_LIMITS, tenant: { messages: 1, windowMs: 900 } } }
  const { sender, client } = startSender(NOON, { limits })
  expect(await sender.round()).toMatchObject({ scheduled: 2 })
  await happens()
  await sender.round()
  await sender.idle()
  client.close()
  expect(received().filter(({ activity }) => JSON.stringify(activity).includes(`u-${id('B')}`))).toEqual([])
  return (await messages()).find(({ memberId }) => memberId === id('B'))
}

describe('a message that passed the gate does not leave', () => {
  test('to a member who was erased since', async () => {
    const db = database.current()
    const erase = () => eraseMember(db, { memberId: id('B'), at: later(1) })
    expect(await betweenGateAndSlot(erase)).toMatchObject({ status: 'dropped', dropReason: 'no-consent' })
    expect((await verifyLedger(db, { at: later(2) })).filter(({ ok }) => !ok)).toEqual([])
  })

  test('of a campaign that was ended since', async () => {
    const end = () => move('ended')
    expect(await betweenGateAndSlot(end)).toMatchObject({ status: 'dropped', dropReason: 'campaign-over' })
  })

  test('of a campaign that was paused since, but when it runs again', async () => {
    expect(await betweenGateAndSlot(() => move('paused'))).toMatchObject({ status: 'queued', dropReason: null })
    await move('running')
    await round(later(3_700))
    expect(await messages()).toMatchObject([{ status: 'sent' }, { status: 'sent' }])
  })

  test('into a web chat where the answer to "stop" came first', async () => {
    await addDue('A')
    const db = database.current()
    let sending: Promise<unknown> = Promise.resolve()
    // A turn that said so, and whose transaction is not over when the gate reads what was agreed to.
    await db.tx(async (tx) => {
      const withdrawn = { kinds: ['offers'], channel: 'directline', status: 'withdrawn', source: 'chat' } as const
      await setConsent(tx, { memberId: id('A'), at: later(1), ...withdrawn })
      await tx.sql`select directline_append(${`c-${id('A')}`}, '{"text": "You will get no more offers."}', ${later(1)})`
      sending = round(later(1))
      await untilSomebodyWaits()
    })
    expect(await sending).toMatchObject({ sent: 0 })
    expect((await logged()).map(({ activity }) => activity.text)).toEqual(['You will get no more offers.'])
    expect(await messages()).toMatchObject([{ status: 'dropped', dropReason: 'no-consent' }])
  })
})

function move(to: CampaignStatus) {
  return database.current().tx((tx) => moveCampaign(tx, { code: 'come-back', to, at: later(1) }))
}

async function untilSomebodyWaits() {
  for (let tries = 0; tries < 500; tries++) {
    const [row] = await database.current().sql<{ count: number }>`
      select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    if (row && row.count > 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('nobody waited')
}
