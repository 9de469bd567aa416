import type { Browser } from 'playwright-core'
import type { RunningApp } from '../bot/support/test-app'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { useDatabase } from '../support/database'
import { ChatPage, eventually } from './chat-page'
import { ConsolePage } from './console-page'
import { startDeskApp } from './desk-app'

jest.setTimeout(120_000)

/** Two agents and two members at once, in both languages, on the real application over real PostgreSQL. */
describeInBrowser('the support desk', () => {
  const database = useDatabase()
  let browser: Browser
  let app: RunningApp
  const pages: { close(): Promise<void> }[] = []
  const troubled: ChatPage[] = []

  beforeAll(async () => {
    app = await startDeskApp(database.current())
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await app.close()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
    expect(troubled.splice(0).flatMap(({ troubles }) => troubles)).toEqual([])
  })

  async function agent(who: string | RegExp, options: object = {}): Promise<ConsolePage> {
    const opened = await ConsolePage.signIn(browser, app.url, { who, ...options })
    pages.push(opened)
    troubled.push(opened.opened)
    return opened
  }
  async function member(name: RegExp, options: object = {}): Promise<ChatPage> {
    const opened = await ChatPage.open(browser, app.url, options)
    pages.push(opened)
    troubled.push(opened)
    await opened.page.getByRole('button', { name }).click()
    await opened.settled()
    return opened
  }

  test('two agents and two members: asked for, taken, answered by name, handed on, closed; nothing lost or doubled', async () => {
    const amy = await agent(/Amy Hollis/)
    const chen = await agent(/陈思雨/, { colorScheme: 'dark', locale: 'zh-CN' })
    const olivia = await member(/Olivia Bennett/)
    const wang = await member(/王静怡/, { locale: 'zh-CN' })

    await olivia.say('I want to talk to a person')
    await wang.say('转人工')
    await amy.openConversation(/Olivia Bennett/)
    await chen.openConversation(/王静怡/)
    await amy.page.getByRole('button', { name: 'Take it' }).click()
    await chen.page.getByRole('button', { name: '接待', exact: true }).click()
    await amy.box.waitFor()
    await chen.box.waitFor()

    // Each sees that the other writes.
    await amy.box.pressSequentially('Hel')
    await olivia.log.locator('.agent').first().waitFor()
    await amy.say('Hello <b>Olivia</b> & **welcome**, [x](https://evil.example)')
    const answered = olivia.log.locator('.theirs', {
      hasText: 'Hello <b>Olivia</b> & **welcome**, [x](https://evil.example)',
    })
    await answered.waitFor()
    await olivia.screenshot('desk-widget')
    await olivia.input.pressSequentially('Tha')
    await amy.log.getByText('Olivia Bennett is typing').waitFor()
    await olivia.say('Thank you <img src=x onerror=alert(1)>')
    await amy.log.getByText('Thank you <img src=x onerror=alert(1)>').waitFor()
    await chen.say('您好，请问有什么可以帮您？')
    await wang.log.getByText('您好，请问有什么可以帮您？').waitFor()
    await wang.say('优惠券用不了')
    await chen.log.getByText('优惠券用不了').waitFor()
    await amy.opened.screenshot('desk-en')
    await chen.opened.screenshot('desk-zh')
    expect(await amy.opened.accessibilityFaults()).toEqual([])
    expect(await chen.opened.accessibilityFaults()).toEqual([])
    // What is said to one is not said to the other.
    expect([await amy.count('优惠券'), await chen.count('Thank you')]).toEqual([0, 0])

    // A lost connection: what was said meanwhile comes once, what is written meanwhile arrives once.
    await amy.cut()
    await olivia.say('Are you there?')
    await amy.say('I am, one moment')
    await amy.log.getByText('Are you there?').waitFor()
    await olivia.log.getByText('I am, one moment').waitFor()
    await amy.log.locator('.outgoing').waitFor({ state: 'detached' })
    expect([await amy.count('Are you there?'), await amy.count('I am, one moment')]).toEqual([1, 1])
    expect(await olivia.count('I am, one moment')).toBe(1)

    // Handed on with a note that no customer sees.
    await amy.page.getByRole('button', { name: 'Transfer' }).click()
    await amy.page.getByRole('combobox', { name: 'A person' }).click()
    await amy.page.getByRole('option', { name: /陈思雨/ }).click()
    await amy.page.getByRole('textbox', { name: 'Note for whoever takes over' }).fill('She waits for K-10442')
    await amy.page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click()
    await chen.openConversation(/Olivia Bennett/)
    await chen.log.getByText('She waits for K-10442').waitFor()
    await chen.log.getByText('I am, one moment').waitFor()
    await chen.say('Hello, I take over')
    await olivia.log.getByText('Hello, I take over').waitFor()
    expect(await olivia.log.getByText('K-10442').count()).toBe(0)

    await chen.page.getByRole('button', { name: '结束', exact: true }).click()
    await chen.page.getByText('积分', { exact: true }).last().click()
    await chen.page.getByLabel('解决了（据我判断）').check()
    await chen.page.getByRole('dialog').getByRole('button', { name: '结束', exact: true }).click()
    await chen.page.locator('.talk-bar', { hasText: '已关闭' }).waitFor()
    // The bot asks how it was.
    await eventually('the customer is asked how it was', async () =>
      (await olivia.bubbles()).slice(-2).some((text) => /how|rate|1.*5/i.test(text)),
    )
    await olivia.screenshot('desk-rated')
  })

  test('two agents take the same customer at once: one has them, the other is told', async () => {
    const amy = await agent(/Amy Hollis/)
    const chen = await agent(/陈思雨/, { locale: 'zh-CN' })
    const tom = await member(/Tom Whitfield/)
    await tom.say('talk to a person')
    await amy.openConversation(/Tom Whitfield/)
    await chen.openConversation(/Tom Whitfield/)
    await Promise.all([
      amy.page.getByRole('button', { name: 'Take it' }).click(),
      chen.page.getByRole('button', { name: '接待', exact: true }).click(),
    ])
    const hasBox = async (one: ConsolePage) => (await one.page.locator('.composer[data-mode="reply"]').count()) === 1
    await eventually('one of the two has the conversation', async () => (await hasBox(amy)) !== (await hasBox(chen)))
    await tom.log.getByText('has joined').waitFor()
    expect(await tom.log.getByText('has joined').count()).toBe(1)
  })
})
