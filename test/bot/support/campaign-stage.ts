import pino from 'pino'
import { createConnectorClient, SEND_TIMEOUT_MS } from '../../../src/bot/connector/client'
import { createCampaignSender } from '../../../src/bot/proactive/sender'
import { secretBytes } from '../../../src/core/clock'
import { moveCampaign, putCampaign } from '../../../src/core/retention/campaigns'
import { setConsent } from '../../../src/core/retention/consent'
import { takeBackGifts } from '../../../src/core/retention/take-back'
import type { LimitsTable } from '../../../src/core/sending/limits'
import { campaign } from '../../core/retention/fixtures'
import { useDatabase } from '../../support/database'
import { addMember, setUpShop } from '../../support/shop'
import { type Answer, type LoopbackConnector, startLoopbackConnector } from './loopback-connector'

/** The instant at which the tests of messages happen. */
export const NOON = new Date('2026-11-22T12:00:00Z')
export const later = (seconds: number) => new Date(NOON.getTime() + 1_000 * seconds)

/** A campaign that runs, members with messages in its queue, and a process that sends them. */
export function useCampaign() {
  const database = useDatabase()
  const published: { conversationId: string; seq: number }[] = []
  let campaignId = 0
  let tests = 0
  const id = (name: string) => `${name}${tests}`

  beforeEach(async () => {
    const db = database.current()
    published.length = 0
    await db.sql`truncate campaign, campaign_member, campaign_outcome, message_consent, consent_change, channel_identity,
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

  /**
   * The sender of a process, and what closes it. Its clock stands still but the channel's answer takes time: on a busy machine a
   * short `timeoutMs` makes what was sent `unknown`, or queues it again.
   */
  function startSender(
    at: Date | (() => Date),
    { limits, timeoutMs = SEND_TIMEOUT_MS }: { limits?: LimitsTable; timeoutMs?: number } = {},
  ) {
    const client = createConnectorClient({ token: async () => undefined, timeoutMs, purpose: 'campaigns' })
    const sender = createCampaignSender({
      database: database.current(),
      hub: { published: (conversationId, seq) => published.push({ conversationId, seq }) },
      client,
      serviceUrls: { demo: true, allowedHosts: [] },
      clock: typeof at === 'function' ? at : () => at,
      logger: pino({ level: 'silent' }),
      secretBytes,
      botName: 'Regulars',
      ...(limits ? { limits } : {}),
    })
    return { sender, client }
  }

  /** One round of a process that was started for it; what it scheduled has left and is settled when it resolves. */
  async function round(at = NOON, options: { timeoutMs?: number } = {}) {
    const { sender, client } = startSender(at, options)
    const done = await sender.round()
    await sender.idle()
    client.close()
    return done
  }

  /** As a process does it every few seconds. */
  const takeBack = (at = NOON) => takeBackGifts(database.current(), { at })

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
      insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
      values (${campaignId}, ${memberId}, ${arm}, 0.4, ${NOON}, 'queued', ${NOON}, ${NOON})`
  }

  const messages = () =>
    database.current().sql<{ memberId: string; status: string; dropReason: string | null }>`
      select member_id as "memberId", status, drop_reason as "dropReason" from campaign_message order by member_id`
  const logged = () =>
    database.current().sql<{ conversationId: string; activity: { text: string; attachments: { content: object }[] } }>`
      select conversation_id as "conversationId", activity from directline_activity order by conversation_id, seq`

  return {
    database,
    published,
    id,
    startSender,
    round,
    takeBack,
    addDue,
    messages,
    logged,
    received: () => connector.received,
    answerNext: (...answers: Answer[]) => connector.answerNext(...answers),
  }
}
