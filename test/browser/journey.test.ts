import type { Browser, WebSocketRoute } from 'playwright-core'
import { systemClock } from '../../src/core/clock'
import { readBalance } from '../../src/core/points/balance'
import { verifyLedger } from '../../src/core/points/verify'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { useDatabase } from '../support/database'
import { ChatPage } from './chat-page'
import { type DemoApp, startDemoApp } from './demo-app'

jest.setTimeout(90_000)

const chinese = /\p{Script=Han}/u

/** The whole way a customer goes, on the real application over real PostgreSQL and the demo shop. */
describeInBrowser('a customer of the demo shop', () => {
  const database = useDatabase()
  let browser: Browser
  let app: DemoApp
  let chat: ChatPage

  beforeAll(async () => {
    app = await startDemoApp(database.current())
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await app.close()
  })
  afterEach(async () => {
    await chat.close()
  })

  const available = async (memberId: string): Promise<string> => {
    const balance = await readBalance(database.current(), { memberId, at: systemClock() })
    return balance.available.toLocaleString('en')
  }
  const redemptions = async (memberId: string): Promise<number> => {
    const [row] = await database.current().sql<{ count: number }>`
      select count(*)::int as count from issued_coupon where member_id = ${memberId}`
    return row?.count ?? 0
  }

  test('asks for points, redeems a coupon, sees what to buy again, changes language, and loses nothing on the way', async () => {
    chat = await ChatPage.open(browser, app.url)
    const sockets: WebSocketRoute[] = []
    await chat.context.routeWebSocket(/\/stream\?/, (socket) => {
      sockets.push(socket)
      socket.connectToServer()
    })
    await chat.page.getByRole('searchbox').fill('Olivia Benn')
    await chat.page.getByRole('button', { name: /Olivia Bennett/ }).click()
    await chat.log.getByText('Olivia Bennett').waitFor()
    await chat.settled()
    await chat.screenshot('journey-1-welcome')

    await chat.say('how many piont do i have')
    await chat.log
      .getByText(`${await available('M0001')} points`)
      .first()
      .waitFor()
    await chat.screenshot('journey-2-points')

    const before = await redemptions('M0001')
    await chat.chat.getByRole('button', { name: 'Redeem a coupon' }).click()
    await chat.log.getByRole('button', { name: /: £5 off/ }).click()
    await chat.chat
      .getByRole('list', { name: 'Suggested answers' })
      .getByRole('button', { name: '1', exact: true })
      .click()
    await chat.log.getByText('Please confirm').waitFor()
    await chat.screenshot('journey-3-confirm')
    await chat.log.getByRole('button', { name: 'Yes, redeem' }).dblclick()
    await chat.log.getByRole('button', { name: /^Copy / }).waitFor()
    await chat.screenshot('journey-4-receipt')
    expect(await redemptions('M0001')).toBe(before + 1)
    // Later, on the old card: the same coupon is not bought a second time.
    await chat.page.waitForTimeout(900)
    await chat.log.getByRole('button', { name: 'Yes, redeem' }).click()
    await chat.chat.locator('.typing').waitFor({ state: 'detached' })
    await chat.page.waitForTimeout(300)
    expect(await redemptions('M0001')).toBe(before + 1)

    await chat.say('What should I buy again?')
    await chat.log
      .getByText(/You bought it \d+ times/)
      .first()
      .waitFor()
    await chat.screenshot('journey-5-recommendations')

    await chat.chat.getByRole('button', { name: '用中文聊天' }).click()
    await chat.chat.getByPlaceholder('请输入消息').waitFor()
    await chat.log.locator('.theirs .bubble').filter({ hasText: chinese }).first().waitFor()
    await chat.say('我有多少积分')
    await chat.log
      .getByText(`${await available('M0001')} 积分`)
      .first()
      .waitFor()
    await chat.screenshot('journey-6-chinese')

    const bubbles = await chat.bubbles()
    for (const socket of sockets) await socket.close()
    await chat.chat.locator('.status[data-status="reconnecting"]').waitFor()
    await chat.say('谢谢')
    await chat.chat.locator('.status[data-status="online"]').waitFor()
    await chat.chat.locator('.mine').filter({ hasText: '发送中' }).waitFor({ state: 'detached' })
    await chat.page.waitForTimeout(500)
    const after = await chat.bubbles()
    expect(after.slice(0, bubbles.length + 1)).toEqual([...bubbles, '谢谢'])
    expect(after.length).toBeGreaterThan(bubbles.length + 1)
    expect(after.at(-1)).toMatch(chinese)

    await chat.page.reload()
    await chat.settled()
    expect(await chat.bubbles()).toEqual(after)
    await chat.chat.getByPlaceholder('请输入消息').waitFor()
    await chat.screenshot('journey-7-after-reload')
    expect(chat.troubles).toEqual([])
    expect((await verifyLedger(database.current(), { at: systemClock() })).filter(({ ok }) => !ok)).toEqual([])
  })

  test('another customer on the same page gets a conversation of their own', async () => {
    chat = await ChatPage.open(browser, app.url)
    await chat.page.getByRole('button', { name: /Olivia Bennett/ }).click()
    await chat.log.getByText('Olivia Bennett').waitFor()
    await chat.page.getByRole('button', { name: /Tom Whitfield/ }).click()
    await chat.log.getByText('Tom Whitfield').waitFor()
    expect(await chat.log.getByText('Olivia').count()).toBe(0)
    await chat.page.getByRole('button', { name: /A guest/ }).click()
    await chat.log.getByText('Tom').waitFor({ state: 'detached' })
    await chat.log.locator('.bubble').first().waitFor()
    expect(await chat.log.getByText('Tom').count()).toBe(0)
  })

  test('a guest gets nothing personal until the code from the mailbox proves who they are', async () => {
    chat = await ChatPage.open(browser, app.url, { colorScheme: 'dark' })
    const [member] = await database.current().sql<{ email: string }>`select email from member where id = 'M0001'`
    const mailbox = await chat.context.newPage()
    await mailbox.goto(`${app.url}/mailbox`)
    await mailbox.getByText('No mail yet').waitFor()
    await chat.page.bringToFront()
    await chat.launcher.click()
    await chat.settled()
    await chat.say('How many points do I have?')
    await chat.log.locator('.theirs').nth(1).waitFor()
    expect(await chat.log.innerText()).not.toContain(await available('M0001'))
    await chat.say('link my account')
    await chat.page.waitForTimeout(400)
    await chat.say(member?.email ?? '')
    await mailbox.bringToFront()
    const code = await mailbox.locator('.one-time strong').innerText({ timeout: 10_000 })
    await mailbox.screenshot({ path: 'screenshots/mailbox.png' })
    await chat.page.bringToFront()
    await chat.say(code)
    await chat.log.getByText('Olivia Bennett').first().waitFor()
    await chat.say('How many points do I have?')
    await chat.log
      .getByText(`${await available('M0001')} points`)
      .first()
      .waitFor()
  })

  test('is told kindly when the database is away, and answered when it is back', async () => {
    chat = await ChatPage.open(browser, app.url)
    await chat.page.getByRole('button', { name: /Tom Whitfield/ }).click()
    await chat.settled()
    const restore = await shutOut(database.current())
    await chat.say('How many points do I have?')
    await chat.chat.getByText('Not sent.').waitFor({ timeout: 40_000 })
    await chat.screenshot('database-away')
    const alert = await chat.chat.getByRole('alert').innerText()
    expect(alert).toMatch(/sorry|trouble|moment/i)
    expect(alert).not.toMatch(/error|postgres|sql|undefined|at \w+ \(/i)
    await restore()
    await chat.chat.getByRole('button', { name: 'Try again' }).click()
    await chat.log.getByText('0 points').first().waitFor({ timeout: 30_000 })
    expect(await chat.count('How many points do I have?')).toBe(1)
  })

  test('goes all the way by keyboard', async () => {
    chat = await ChatPage.open(browser, app.url)
    const { page } = chat
    await page.getByText('Olivia Bennett').waitFor()
    await page.getByRole('searchbox').focus()
    await page.keyboard.type('M0003')
    await page.getByText('Olivia Bennett').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await chat.settled()
    await chat.log.locator('.bubble').first().waitFor()
    await page.keyboard.type('兑换优惠券')
    await page.keyboard.press('Enter')
    const choose = chat.log.getByRole('button', { name: /^选这款：/ }).first()
    await choose.waitFor()
    await tabBackTo(chat, /^选这款：/)
    await page.keyboard.press('Enter')
    await chat.chat.locator('.quick-replies').getByRole('button', { name: '1', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await chat.chat.locator('textarea:focus').waitFor()
    await page.keyboard.type('1')
    await page.keyboard.press('Enter')
    await chat.log.getByRole('button', { name: '确认兑换' }).waitFor()
    await tabBackTo(chat, /^确认兑换/)
    await page.keyboard.press('Space')
    await chat.log.getByRole('button', { name: /^复制 / }).waitFor()
    expect(chat.troubles).toEqual([])
  })

  test.each(['light', 'dark'] as const)('meets no barrier that axe-core can find: %s', async (colorScheme) => {
    chat = await ChatPage.open(browser, app.url, { colorScheme })
    await chat.page.getByText('Olivia Bennett').waitFor()
    expect(await chat.accessibilityFaults()).toEqual([])
    await chat.screenshot(`shop-${colorScheme}-en`)
    await chat.page.getByRole('button', { name: '中文', exact: true }).click()
    expect(await chat.accessibilityFaults()).toEqual([])
    await chat.screenshot(`shop-${colorScheme}-zh`)
    await chat.page.getByRole('button', { name: /王静怡/ }).click()
    await chat.settled()
    await chat.say('推荐')
    await chat.log.locator('.card').waitFor()
    await chat.say('兑换优惠券')
    await chat.log
      .getByRole('button', { name: /^选这款：/ })
      .first()
      .waitFor()
    expect(await chat.accessibilityFaults()).toEqual([])
    await chat.page.goto(`${app.url}/mailbox`)
    await chat.page.getByRole('heading', { level: 1 }).waitFor()
    expect(await chat.accessibilityFaults()).toEqual([])
  })

  test('fits the smallest screen', async () => {
    chat = await ChatPage.open(browser, app.url, {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    })
    await chat.page.getByText('Olivia Bennett').waitFor()
    expect(await chat.page.locator('html').evaluate((html) => html.scrollWidth)).toBe(360)
    await chat.screenshot('small-shop')
    await chat.page.getByRole('button', { name: /Olivia Bennett/ }).tap()
    await chat.settled()
    await chat.chat.getByRole('button', { name: 'What should I buy?' }).tap()
    await chat.log.locator('.card').waitFor()
    await chat.page.waitForTimeout(400)
    expect(await chat.chat.locator('html').evaluate((html) => html.scrollWidth)).toBe(360)
    expect(await chat.log.evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0)
    expect(await chat.input.evaluate((area) => area.matches(':focus'))).toBe(false)
    await chat.screenshot('small-recommendations')
  })
})

/** Presses Shift+Tab until what has the focus is called so. */
async function tabBackTo(chat: ChatPage, name: RegExp): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await chat.page.keyboard.press('Shift+Tab')
    const focused = await chat.chat.locator(':focus').getAttribute('aria-label', { timeout: 1_000 })
    if (focused && name.test(focused)) return
  }
  throw new Error(`the keyboard does not get to ${name}`)
}

/** Takes the database away from everybody; the result gives it back. */
async function shutOut(database: ReturnType<ReturnType<typeof useDatabase>['current']>): Promise<() => Promise<void>> {
  const { Client } = await import('pg')
  const [row] = await database.sql<{ name: string }>`select current_database() as name`
  const client = new Client({ connectionString: process.env.REGULARS_TEST_SERVER })
  await client.connect()
  const name = client.escapeIdentifier(row?.name ?? '')
  await client.query(`alter database ${name} allow_connections false`)
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [row?.name])
  return async () => {
    await client.query(`alter database ${name} allow_connections true`)
    await client.end()
  }
}
