import type { Browser } from 'playwright-core'
import { noteSkipped } from '../../src/core/jobs/runs'
import { createRandom, normal } from '../../src/ml/random'
import { startTestApp, testConfig } from '../bot/support/test-app'
import { addCampaign, addOutcome } from '../core/experiments/campaign-rows'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { useDatabase } from '../support/database'
import { ChatPage, webFolder } from './chat-page'

jest.setTimeout(60_000)

const KEY = 'the managers of the test shop know this one'
const { current } = useDatabase()

/** Spend of members after and before, in pence. */
function members(seed: number, count: number, effect: number) {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const before = Math.round(Math.max(0, normal(random, 5_000, 2_000)))
    return { before, after: Math.round(Math.max(0, before / 2 + normal(random, 0, 900) + effect)) }
  })
}

/** A campaign of two offers that grows over ten days, and one that was never counted. */
async function fillCampaigns(): Promise<void> {
  const db = current()
  await addCampaign(db, { code: 'not-yet', controlShare: 0.2, startsAt: new Date('2026-12-01T00:00:00Z') })
  const campaignId = await addCampaign(db, { code: 'spring', controlShare: 0.2 })
  const [control, discount, bonus] = [members(1, 400, 0), members(2, 800, 260), members(3, 800, 120)]
  for (let day = 1; day <= 10; day++) {
    const until = `2026-11-${String(10 + day).padStart(2, '0')}`
    const share = (all: typeof control) => all.slice(0, (all.length * day) / 10)
    const rows = { campaignId, until }
    await addOutcome(db, { ...rows, arm: 'control', segment: 'at-risk', members: share(control) })
    await addOutcome(db, {
      ...rows,
      arm: 'small',
      segment: 'at-risk',
      members: share(discount),
      offerCostMinor: 2_500 * day,
    })
    await addOutcome(db, {
      ...rows,
      arm: 'large',
      segment: 'at-risk',
      members: share(bonus),
      offerCostMinor: 900 * day,
    })
  }
}

describeInBrowser('the managers’ pages', () => {
  let browser: Browser
  let close: () => Promise<void>
  let url: string

  beforeAll(async () => {
    browser = await launchBrowser()
    await fillCampaigns()
  })
  afterAll(() => browser.close())
  afterEach(() => close())

  async function open(
    path: string,
    { config = {}, ...context }: { config?: object; colorScheme?: 'dark' | 'light'; locale?: string } = {},
  ) {
    const app = await startTestApp(current(), { webFolder, config: { ...testConfig, ...config } })
    url = app.url
    const page = await ChatPage.open(browser, url + path, context)
    close = async () => {
      expect(page.troubles).toEqual([])
      await page.close()
      await app.close()
    }
    return page
  }

  test.each([
    ['light', 'en-GB', 'The spring campaign', /spent £\d+\.\d\d more each/],
    ['dark', 'zh-CN', 'The spring campaign', /人均多消费/],
  ] as const)('what a campaign changed: %s, %s', async (colorScheme, locale, name, verdict) => {
    const opened = await open('/campaigns', { colorScheme, locale })
    const { page } = opened
    await page.getByRole('row').nth(2).waitFor()
    expect(await opened.accessibilityFaults()).toEqual([])
    await opened.screenshot(`campaigns-${colorScheme}`)
    await page.getByRole('link', { name }).click()
    await page.getByText(verdict).first().waitFor()
    await page.getByRole('img').waitFor()
    for (const header of locale === 'zh-CN' ? ['300 积分', '流失风险会员'] : ['300 points', 'At risk']) {
      await page.getByRole('rowheader', { name: header, exact: true }).waitFor()
    }
    // The preview is drawn by the chat's own cards, in the language of the page.
    await page.locator('.previews .ac-adaptiveCard').nth(1).waitFor()
    await page
      .locator('.previews')
      .getByText(locale === 'zh-CN' ? '好久不见' : 'It has been a while')
      .first()
      .waitFor()
    await page.locator('.previews').scrollIntoViewIfNeeded()
    await opened.screenshot(`campaign-preview-${colorScheme}`)
    expect(await page.locator('.plot .line').getAttribute('points')).toMatch(/^[\d., -]+$/)
    // Ten days were counted, those with a hundred members in each arm can be told.
    await page.getByRole('group').locator('summary').click()
    expect(await page.locator('details tbody tr').count()).toBe(8)
    expect(await opened.accessibilityFaults()).toEqual([])
    await opened.screenshot(`campaign-${colorScheme}`)
  })

  test('nothing counted yet, and a code that nobody has', async () => {
    const { page } = await open('/campaigns?campaign=not-yet')
    await page.getByText('Nothing was counted yet').waitFor()
    await page.goto(`${url}/campaigns?campaign=%3Cscript%3E`)
    await page.getByText('There is no campaign of this code.').waitFor()
  })

  test('jobs: each with its next run; none has run', async () => {
    const opened = await open('/jobs')
    await opened.page.getByRole('rowheader', { name: /ledger-audit/ }).waitFor()
    expect(await opened.page.getByText('never ran').count()).toBeGreaterThan(5)
    expect(await opened.accessibilityFaults()).toEqual([])
    await opened.screenshot('jobs')
  })

  test('jobs in Chinese: what each does, and why a run was left out', async () => {
    await noteSkipped(current(), {
      ...{ name: 'scores', slot: new Date('2026-11-20T02:00:00Z'), trigger: 'schedule', why: 'nobody-there' },
      at: new Date('2026-11-20T08:00:00Z'),
    })
    const { page } = await open('/jobs', { locale: 'zh-CN' })
    await page.getByText('到点时服务器没有运行。').waitFor()
    const left = await page
      .locator('td, th')
      .evaluateAll((cells) =>
        cells.flatMap((cell) =>
          [...cell.querySelectorAll('.fine')]
            .filter((one) => !/\p{Script=Han}/u.test(one.textContent ?? ''))
            .map((one) => one.textContent),
        ),
      )
    // Only schedules are not words.
    expect(left.filter((text) => !/\* /.test(text ?? ''))).toEqual([])
  })

  test('outside the demo they ask for the key, say when it is wrong, and keep it for the tab', async () => {
    const live = {
      demo: false,
      managerKey: KEY,
      botApp: { id: '00000000-0000-0000-0000-000000000001', password: 'p', type: 'MultiTenant', tenantId: '' },
    }
    const opened = await open('/campaigns', { config: live })
    const { page } = opened
    await page.getByLabel('Key').fill('something else')
    await page.getByRole('button', { name: 'Enter' }).click()
    await page.getByText('That is not the key.').waitFor()
    expect(await opened.accessibilityFaults()).toEqual([])
    await page.getByLabel('Key').fill(KEY)
    await page.getByRole('button', { name: 'Enter' }).click()
    await page.getByRole('link', { name: 'The spring campaign' }).waitFor()
    await page.getByRole('link', { name: 'Jobs' }).click()
    await page.getByRole('rowheader', { name: /ledger-audit/ }).waitFor()
    await page.getByRole('button', { name: 'Forget the key' }).click()
    await page.getByLabel('Key').waitFor()
  })

  test('without a key on the server they say where managers sign in', async () => {
    const live = {
      demo: false,
      botApp: { id: '00000000-0000-0000-0000-000000000001', password: 'p', type: 'MultiTenant', tenantId: '' },
    }
    const opened = await open('/jobs', { config: live })
    await opened.page.getByText('for managers who are signed in').waitFor()
    const link = opened.page.getByRole('link', { name: 'Sign in at the console' })
    expect(await link.getAttribute('href')).toBe('./console')
    expect(await opened.accessibilityFaults()).toEqual([])
    await opened.screenshot('jobs-signed-out')
  })
})
