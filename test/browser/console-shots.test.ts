import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser'
import { type MockConsole, startMockConsole } from '../web/mock-console-server'
import { ChatPage, webFolder } from './chat-page'

jest.setTimeout(120_000)
let browser: Browser
let mock: MockConsole
beforeAll(async () => {
  browser = await launchBrowser()
  mock = await startMockConsole(webFolder)
})
afterAll(async () => {
  await browser.close()
  await mock.close()
})
const faults: string[] = []
async function signIn(options: object, who = 0) {
  const opened = await ChatPage.open(browser, `${mock.url}/console`, options)
  await opened.page.locator('.demo-account').nth(who).click()
  await opened.page.locator('.card').first().waitFor()
  return opened
}
async function shot(opened: ChatPage, name: string) {
  faults.push(...(await opened.accessibilityFaults()).map((f) => `${name} ${f}`))
  await opened.screenshot(name)
}
test('dialogs', async () => {
  const opened = await signIn({ viewport: { width: 1440, height: 900 } })
  const { page } = opened
  await page.goto(`${mock.url}/console#/desk/1`)
  await page.locator('.said').first().waitFor()
  await page.keyboard.press('t')
  await page.getByRole('dialog').waitFor()
  await shot(opened, 'd-transfer')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('e')
  await page.getByRole('dialog').waitFor()
  await shot(opened, 'd-close')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('?')
  await shot(opened, 'd-help')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('r')
  await page.keyboard.type('/')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.type('poi')
  mock.tell({ type: 'typing', requestId: 1, who: 'agent', displayName: 'Ben Okafor' })
  mock.tell({ type: 'typing', requestId: 1, who: 'member', displayName: null })
  await shot(opened, 'd-canned')
  await page.keyboard.press('Enter')
  await shot(opened, 'd-filled')
  await page.getByRole('radio', { name: 'Private note' }).check({ force: true })
  await page.getByLabel('Why?').fill('for the trouble')
  await page.getByRole('button', { name: 'Give', exact: true }).click()
  await page.getByRole('dialog').waitFor()
  await shot(opened, 'd-give')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  mock.deaf = true
  mock.dropSockets()
  mock.lost = Array.from({ length: 20 }, () => ({ arrives: false }))
  await page.getByRole('textbox', { name: /note/ }).press('Enter')
  await page.waitForTimeout(2500)
  await shot(opened, 'd-offline')
  mock.deaf = false
  mock.lost = []
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.getByText('With the bot').click()
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByRole('button', { name: /Menu of/ }).click()
  await shot(opened, 'd-menu')
  console.log(opened.troubles)
  await opened.close()
})
test.each([
  [1024, 700],
  [600, 800],
  [400, 760],
])('narrow %d', async (width, height) => {
  const opened = await signIn({ viewport: { width, height } })
  const { page } = opened
  await shot(opened, `n-${width}-lists`)
  await page.goto(`${mock.url}/console#/desk/1`)
  await page.locator('.said').first().waitFor()
  await shot(opened, `n-${width}-talk`)
  console.log(width, await page.locator('html').evaluate((html) => html.scrollWidth))
  await opened.close()
})
test('guest, unknown, staff dialog', async () => {
  const opened = await signIn({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  const { page } = opened
  await page.goto(`${mock.url}/console#/desk/3`)
  await page.locator('.said').first().waitFor()
  await page.getByRole('tab').nth(1).click()
  await shot(opened, 'g-guest')
  await page.goto(`${mock.url}/console#/desk/77`)
  await page.waitForTimeout(500)
  await shot(opened, 'g-unknown')
  await page.goto(`${mock.url}/console#/staff`)
  await page.getByRole('button', { name: 'Edit Ben' }).click()
  await page.getByRole('dialog').waitFor()
  await shot(opened, 'g-staff')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByLabel('Name').fill('Ann')
  await page.getByLabel('E-mail').fill('ann@x.example')
  await page.getByRole('button', { name: 'Make' }).click()
  await page.getByRole('button', { name: 'Copy' }).waitFor()
  await shot(opened, 'g-invite')
  mock.session = { state: 'first-run', merchant: { en: 'Kettlewick', zh: '壶光茶居' }, needsCode: true }
  await page.goto(`${mock.url}/console`)
  await page.reload()
  await page.waitForTimeout(500)
  await shot(opened, 'g-setup')
  console.log(faults.join('\n'), opened.troubles)
  await opened.close()
})
