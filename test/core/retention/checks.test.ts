import { verifyLedger } from '../../../src/core/points/verify'
import { moveCampaign, putCampaign } from '../../../src/core/retention/campaigns'
import { setConsent, setPersonalisation, wantsPersonalisation } from '../../../src/core/retention/consent'
import { planCampaign } from '../../../src/core/retention/plan'
import { useDatabase } from '../../support/database'
import { setUpShop } from '../../support/shop'
import { campaign, letBeReached } from './fixtures'

const AT = new Date('2026-11-22T12:00:00Z')
const later = (seconds: number) => new Date(AT.getTime() + 1_000 * seconds)

const database = useDatabase()
beforeAll(() => setUpShop(database.current()))
beforeEach(async () => {
  const db = database.current()
  await db.sql`truncate campaign, campaign_member, campaign_dealing, message_consent, consent_change, member_segment, member_churn,
    channel_identity, directline_conversation`
  await db.sql`delete from member`
  await db.sql`update merchant set settings = '{"globalHoldoutShare": 0}'`
  await db.sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    select 'M' || n, 'shop', ${AT}, (select code from tier order by rank limit 1), ${AT} from generate_series(1, 2000) n`
  await db.sql`
    insert into member_segment (member_id, as_of, recency_days, order_days, spend_minor, recency_score, frequency_score,
      monetary_score, rfm_group, stage)
    select id, ${AT}, 90, 4, 10000, 2, 3, 3, 'at-risk', 'at-risk' from member`
  await db.sql`
    insert into member_churn (member_id, as_of, risk, reasons, value_at_stake_minor, model_id)
    select id, ${AT}, 0.5 + substr(id, 2)::float8 / 5000, '[]', 50000, 1 from member`
  await letBeReached(db, { at: AT })
})

async function run(changes: Record<string, unknown> = {}) {
  const db = database.current()
  const definition = campaign(changes)
  await db.tx((tx) => putCampaign(tx, { definition, at: AT }))
  for (const to of ['review', 'running'] as const)
    await db.tx((tx) => moveCampaign(tx, { code: definition.code, to, at: AT }))
  return planCampaign(db, { code: definition.code, at: AT })
}

const broken = async () =>
  (await verifyLedger(database.current(), { at: later(9_000) }))
    .filter(({ ok }) => !ok)
    .map(({ invariant }) => invariant)

describe('the audit of campaigns', () => {
  test('finds nothing in what was planned', async () => {
    expect(await run({ budgetMinor: 400_000 })).toMatchObject({ ok: true })
    expect(await broken()).toEqual([])
  })

  test('finds an arm that the campaign does not deal, and who has no message for theirs', async () => {
    await run()
    const db = database.current()
    const [one] = await db.sql<{ id: string }>`select min(member_id) as id from campaign_message`
    await db.sql`update campaign_member set status = null where member_id = ${one?.id}`
    expect(await broken()).toEqual(['campaign-messages-are-dealt'])
    await db.sql`update campaign_member set status = 'queued' where member_id = ${one?.id}`
    expect(await broken()).toEqual([])
    await db.sql`alter table campaign_member disable trigger campaign_member_final`
    await db.sql`update campaign_member set arm = 'other' where member_id = ${one?.id}`
    await db.sql`alter table campaign_member enable trigger campaign_member_final`
    expect(await broken()).toEqual(['campaign-messages-are-dealt'])
  })

  test('need not look for a second message, one of another arm, or one to the control: the schema has no room for them', async () => {
    await run()
    const db = database.current()
    const again = db.sql`
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
      select campaign_id, member_id, arm, 1, ${later(1)}, 'queued', ${AT}, ${AT} from campaign_message limit 1`
    await expect(again).rejects.toThrow('campaign_member_pkey')
    await expect(db.sql`update campaign_message set arm = 'large' where arm = 'small'`).rejects.toThrow('never changed')
    const toControl = db.sql`
      update campaign_member set status = 'queued', due_at = ${AT}, next_attempt_at = ${AT} where arm = 'control'`
    await expect(toControl).rejects.toThrow('campaign_message_control_check')
  })

  test('finds a message after an opt-out, and none before it', async () => {
    await run({ offers: [] })
    const db = database.current()
    const [row] = await db.sql<{ memberId: string }>`select member_id as "memberId" from campaign_message limit 1`
    const memberId = row?.memberId ?? ''
    const consent = { memberId, kinds: ['offers'], channel: 'msteams', source: 'chat' } as const
    await setConsent(db, { ...consent, status: 'granted', at: AT })
    await db.sql`
      update campaign_message set status = 'sent', channel = 'msteams', sent_at = ${later(60)} where member_id = ${memberId}`
    await setConsent(db, { ...consent, status: 'withdrawn', at: later(61) })
    expect(await broken()).toEqual([])
    await db.sql`update campaign_message set sent_at = ${later(70)} where member_id = ${memberId}`
    expect(await broken()).toEqual(['no-message-after-opt-out'])
  })

  test('finds who was held out when they were dealt, or when their message left; what the share is now is no matter', async () => {
    const db = database.current()
    await db.sql`update merchant set settings = '{"globalHoldoutShare": 0.1}'`
    expect(await run()).toMatchObject({ ok: true })
    await db.sql`update campaign_message set status = 'dead', sent_at = ${later(60)}, holdout_share = 0.1`
    await db.sql`update merchant set settings = '{"globalHoldoutShare": 0.5}'`
    expect(await broken()).toEqual([])
    await db.sql`update campaign_message set holdout_share = 0.5`
    expect(await broken()).toEqual([])
    await db.sql`update campaign_dealing set holdout_share = 0.11`
    expect(await broken()).toEqual(['held-out-are-left-in-peace'])
    await db.sql`update campaign_dealing set holdout_share = 0.1`
    expect(await broken()).toEqual([])
    // A notice deals everybody; what it sends is held out like any other.
    await db.sql`truncate campaign_dealing`
    expect(await broken()).toEqual([])
    await run({ code: 'words', offers: [] })
    await db.sql`
      update campaign_message set status = 'sent', channel = 'directline', sent_at = ${later(60)}, holdout_share = 0.51
      where campaign_id = (select id from campaign where code = 'words')`
    expect(await broken()).toEqual(['held-out-are-left-in-peace'])
  })

  test('finds money set aside for nobody, and points that were promised and not given', async () => {
    await run({ budgetMinor: 400_000 })
    const db = database.current()
    await db.sql`update campaign set committed_minor = committed_minor - 1`
    await db.sql`update campaign_message set status = 'sent' where member_id = (select min(member_id) from campaign_message)`
    expect(await broken()).toEqual(['campaign-budgets-hold', 'campaign-offers-are-entries'])
  })

  test('finds offers that follow the risk to leave', async () => {
    await run()
    const db = database.current()
    await db.sql`alter table campaign_member disable trigger campaign_member_final`
    await db.sql`update campaign_member set arm = 'large' where arm = 'small' and risk > 0.75`
    expect(await broken()).toEqual(['offers-do-not-follow-risk'])
  })
})

test('who switched personalisation off is in no audience by traits, and in that of everybody without a score', async () => {
  const db = database.current()
  const plain = { memberId: 'M1', at: AT, source: 'chat' } as const
  await setPersonalisation(db, { ...plain, isOn: false })
  expect(await wantsPersonalisation(db, { memberId: 'M1' })).toBe(false)
  expect(await wantsPersonalisation(db, { memberId: 'M2' })).toBe(true)
  await run()
  expect(await db.sql`select from campaign_member where member_id = 'M1'`).toEqual([])
  await run({ code: 'everybody', audience: {} })
  expect(await db.sql`select risk, expected_gain_minor as gain from campaign_member where member_id = 'M1'`).toEqual([
    { risk: null, gain: null },
  ])
  await setPersonalisation(db, { ...plain, isOn: true })
  await run({ code: 'again' })
  expect(await db.sql`select from campaign_member where member_id = 'M1'`).toHaveLength(2)
})
