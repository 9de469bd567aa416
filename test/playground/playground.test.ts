import pino from 'pino'
import type { Browser } from 'playwright-core'
import { conversations } from '../../dialogs'
import { createConnectorClient } from '../../src/bot/connector/client'
import { loadRecogniser } from '../../src/bot/nlu/recogniser'
import { createCampaignSender } from '../../src/bot/proactive/sender'
import { secretBytes } from '../../src/core/clock'
import { moveCampaign, putCampaign } from '../../src/core/retention/campaigns'
import { setConsent } from '../../src/core/retention/consent'
import type { Database } from '../../src/db/open'
import { type RunningApp, startTestApp } from '../bot/support/test-app'
import { campaign } from '../core/retention/fixtures'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { useDatabase } from '../support/database'
import { fillFixtureShop } from '../support/fixture-shop'
import { NOW } from '../support/turns'
import { PersonalChat, type Playground, startPlayground } from './playground'

jest.setTimeout(90_000)

describeInBrowser('in the Agents Playground, as in Teams', () => {
  const { current } = useDatabase()
  let app: RunningApp
  let playground: Playground
  let browser: Browser
  let chat: PersonalChat

  beforeAll(async () => {
    await fillFixtureShop(current())
    const startedAt = performance.now()
    app = await startTestApp(current(), {
      conversations,
      clock: () => new Date(NOW.getTime() + performance.now() - startedAt),
      recogniser: await loadRecogniser(current()),
    })
    playground = await startPlayground(app.url)
    browser = await launchBrowser()
    chat = await PersonalChat.open(browser, playground)
  })

  afterAll(async () => {
    await browser?.close()
    await playground?.stop()
    await app?.close()
  })

  test('a stranger is greeted and hears nothing personal', async () => {
    await chat.sees(/Hello, and welcome to/)
    await chat.say('how many points do I have')
    await chat.sees(/Which e-mail address is on file/)
  })

  test('with the code from the e-mail the stranger becomes a member and gets the answer asked for', async () => {
    await chat.say('ada@example.com')
    await chat.sees(/a 6-digit code is on its way/)
    const [mail] = await current().sql<{ body: string }>`select body from mail order by id desc limit 1`
    await chat.say(/\d{3} \d{3}/.exec(mail?.body ?? '')?.[0] ?? '')
    await chat.sees(/Thank you, Ada/)
    await chat.sees(/You have .*points/)
    await chat.screenshot('playground-points')
  })

  test('by suggested buttons and those of cards a coupon is redeemed, once', async () => {
    await chat.say('what can you do')
    await chat.sees(/Here is what I can do/)
    await chat.press('Redeem a coupon')
    await chat.sees('What your points buy')
    await chat.pressIn('Free biscuits', 'Choose')
    await chat.sees(/How many of/)
    await chat.say('two')
    await chat.sees('Please confirm')
    await chat.press('Yes, redeem')
    await chat.sees(/Done! Here is/)
    await chat.screenshot('playground-redeemed')
    await chat.say('my points')
    await chat.sees(/You have .*600 points/)
    const issued = await current().sql`select code from issued_coupon where member_id = 'M1' and issued_at >= ${NOW}`
    expect(issued).toHaveLength(2)
  })

  test('a campaign’s message arrives by itself, says why, and its button leads into redeeming', async () => {
    await queueMessage(current())
    const client = createConnectorClient({ token: async () => undefined, purpose: 'campaigns' })
    const sender = createCampaignSender({
      database: current(),
      hub: { published: () => undefined },
      client,
      serviceUrls: { demo: true, allowedHosts: [] },
      clock: () => new Date(NOW.getTime() + 60_000),
      logger: pino({ level: 'silent' }),
      secretBytes,
      botName: 'Regulars',
    })
    expect(await sender.round()).toMatchObject({ scheduled: 1, dropped: 0, deferred: 0 })
    await sender.idle()
    client.close()
    expect(await current().sql`select status from campaign_message`).toEqual([{ status: 'sent' }])
    await chat.sees('It has been a while')
    await chat.sees(/You get this because you agreed to messages/)
    await chat.screenshot('playground-campaign')
    await chat.pressIn('It has been a while', 'See the coupons')
    await chat.sees('What your points buy')
    await chat.pressIn('It has been a while', 'Stop these messages')
    await chat.sees(/I won't send you offers here any more/)
    expect(await current().sql`select status from message_consent where member_id = 'M1'`).toEqual([
      { status: 'withdrawn' },
    ])
  })
})

/** A campaign that runs, with a message for Ada, who agreed to offers in Teams. */
async function queueMessage(db: Database): Promise<void> {
  await db.sql`update merchant set settings = settings || '{"globalHoldoutShare": 0}'`
  await db.tx((tx) => putCampaign(tx, { definition: campaign(), at: NOW }))
  for (const to of ['review', 'running'] as const)
    await db.tx((tx) => moveCampaign(tx, { code: 'come-back', to, at: NOW }))
  await setConsent(db, {
    memberId: 'M1',
    kinds: ['offers'],
    channel: 'msteams',
    status: 'granted',
    at: NOW,
    source: 'chat',
  })
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
    select id, 'M1', 'small', 0.4, ${NOW}, 'queued', ${NOW}, ${NOW} from campaign`
}
