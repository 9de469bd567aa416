import type { Browser } from 'playwright-core'
import { conversations } from '../../dialogs'
import { loadRecogniser } from '../../src/bot/nlu/recogniser'
import { type RunningApp, startTestApp } from '../bot/support/test-app'
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
})
