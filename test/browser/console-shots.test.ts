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
test.each([
  ['light', 'en-GB', 1],
  ['dark', 'zh-CN', 3],
] as const)('shots %s', async (colorScheme, locale, who) => {
  const opened = await ChatPage.open(browser, `${mock.url}/console`, { colorScheme, locale, viewport: { width: 1440, height: 900 } })
  const { page } = opened
  page.on('console', (m) => console.log(m.type(), m.text()))
  await page.locator('.demo-account').first().waitFor()
  await opened.screenshot(`c-${colorScheme}-signin`)
  const faults: string[] = [...(await opened.accessibilityFaults())]
  await page.locator('.demo-account').nth(who - 1).click()
  await page.locator('.card').first().waitFor()
  await opened.screenshot(`c-${colorScheme}-desk`)
  faults.push(...(await opened.accessibilityFaults()))
  await page.goto(`${mock.url}/console#/desk/${who === 1 ? 1 : 2}`)
  await page.locator('.said').first().waitFor()
  await opened.screenshot(`c-${colorScheme}-talk`)
  faults.push(...(await opened.accessibilityFaults()))
  await page.getByRole('tab').nth(1).click()
  await opened.screenshot(`c-${colorScheme}-member`)
  faults.push(...(await opened.accessibilityFaults()))
  for (const name of ['search', 'canned', 'reports', 'staff', 'account']) {
    await page.goto(`${mock.url}/console#/${name}`)
    if (name === 'search') await page.getByRole('searchbox').fill('points')
    await page.waitForTimeout(500)
    await opened.screenshot(`c-${colorScheme}-${name}`)
    faults.push(...(await opened.accessibilityFaults()))
  }
  console.log([...new Set(faults)].join('\n'), opened.troubles)
  await opened.close()
})
