import type { Browser } from 'playwright-core'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { type MockConsole, startMockConsole } from '../web/mock-console-server'
import { eventually, webFolder } from './chat-page'
import { ConsolePage } from './console-page'

jest.setTimeout(90_000)

const merchant = { en: 'Kettlewick Tea & Home', zh: '壶光茶居' }

/** The console's screens on a desk in memory, which can fail in ways for which the real one has no button. */
describeInBrowser('the console', () => {
  let browser: Browser
  let mock: MockConsole
  let opened: ConsolePage | undefined

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    mock = await startMockConsole(webFolder)
  })
  afterEach(async () => {
    expect(opened?.opened.troubles ?? []).toEqual([])
    await opened?.close()
    opened = undefined
    await mock.close()
  })

  const signIn = async (who: string, options: object = {}): Promise<ConsolePage> => {
    opened = await ConsolePage.signIn(browser, mock.url, { who: new RegExp(who), ...options })
    return opened
  }
  const faultless = async ({ opened: page }: ConsolePage, name: string): Promise<void> => {
    expect(await page.accessibilityFaults()).toEqual([])
    await page.screenshot(name)
  }

  test('each message counts once, whether its answer was lost before or after it arrived', async () => {
    const maya = await signIn('Maya Lindqvist')
    await maya.openConversation(/Olivia/)
    mock.lost = [{ arrives: false }, { arrives: true }]
    await maya.say('zebra one')
    await maya.say('zebra two')
    await maya.log.locator('.outgoing').last().waitFor({ state: 'detached', timeout: 20_000 })
    expect(
      mock.requests
        .get(1)
        ?.messages.slice(-2)
        .map(({ text }) => text),
    ).toEqual(['zebra one', 'zebra two'])
    expect([await maya.count('zebra one'), await maya.count('zebra two')]).toEqual([1, 1])
    expect(await maya.page.getByText('Not sent').count()).toBe(0)
  })

  test('without a connection it says so, keeps what is written over a reload, and catches up without doubles', async () => {
    const maya = await signIn('Maya Lindqvist')
    const { page } = maya
    await maya.openConversation(/Olivia/)
    mock.deaf = true
    mock.lost = Array.from({ length: 40 }, () => ({ arrives: false }))
    mock.dropSockets()
    await maya.say('written without a connection')
    await maya.box.fill('a draft')
    mock.memberSays(1, 'said meanwhile')
    await page.getByText('No connection').waitFor()
    await faultless(maya, 'console-offline')
    await page.reload()
    await maya.log.getByText('written without a connection').waitFor()
    expect(await maya.box.inputValue()).toBe('a draft')
    mock.lost = []
    mock.deaf = false
    await maya.log.locator('.outgoing').waitFor({ state: 'detached', timeout: 30_000 })
    expect([await maya.count('written without a connection'), await maya.count('said meanwhile')]).toEqual([1, 1])
    expect(mock.requests.get(1)?.messages.filter(({ text }) => text === 'written without a connection')).toHaveLength(1)
    await page.getByText('No connection').waitFor({ state: 'detached' })
  })

  test('by keyboard alone: help, canned reply with its variables, note, transfer; and a colleague who types is seen', async () => {
    const maya = await signIn('Maya Lindqvist')
    const { page } = maya
    await maya.openConversation(/Olivia/)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await faultless(maya, 'console-help')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('r')
    await page.keyboard.press('/')
    await page.keyboard.type('balance')
    mock.tell({ type: 'typing', requestId: 1, who: 'agent', displayName: 'Ben Okafor' })
    await page.getByText('Ben Okafor is writing an answer too').waitFor()
    await page.getByRole('option', { name: /Points balance/ }).waitFor()
    await faultless(maya, 'console-canned')
    await page.keyboard.press('Enter')
    expect(await maya.box.inputValue()).toBe(
      'Olivia Bennett, you have 1,284 points and the tier Gold at Kettlewick Tea & Home.',
    )
    await page.keyboard.press('Enter')
    await maya.log.getByText('you have 1,284 points').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('i')
    await page.keyboard.type('call her on Monday')
    await page.keyboard.press('Enter')
    await maya.log.locator('.said.note', { hasText: 'call her on Monday' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('t')
    await page.getByRole('dialog', { name: 'Transfer the conversation' }).waitFor()
    await faultless(maya, 'console-transfer')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('j')
    await eventually('the next conversation is open', () => page.url().endsWith('#/desk/2'))
  })

  test('the letter right after the key that leads into the box is written, not a command', async () => {
    const maya = await signIn('Maya Lindqvist')
    await maya.openConversation(/Olivia/)
    // Both keys in one task: as a quick hand, or a page that is late with its next frame.
    const focused = await maya.page.evaluate<string[]>(`['r', 'i'].map((key) => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      const into = document.activeElement
      into.blur()
      return into.getAttribute('aria-label')
    })`)
    expect(focused).toEqual(['Write an answer', 'Write a note for colleagues'])
  })

  test('what was begun as a note for colleagues stays one: over a reload, and when the conversation is taken over', async () => {
    const maya = await signIn('Maya Lindqvist')
    await maya.openConversation(/Olivia/)
    await maya.page.keyboard.press('i')
    await maya.box.fill('not to be told to the customer')
    await maya.page.reload()
    await maya.log.locator('.said').first().waitFor()
    expect(await maya.box.getAttribute('aria-label')).toBe('Write a note for colleagues')
    await maya.box.press('Enter')
    await maya.log.locator('.said.note', { hasText: 'not to be told' }).waitFor()
    expect(await maya.box.getAttribute('aria-label')).toBe('Write an answer')
    // Somebody else's conversation takes nothing but notes, and may be handed over while one is being written.
    const held = mock.requests.get(1)
    if (!held) throw new Error('there is no such conversation')
    const { row } = held
    held.row = { ...row, staff: { id: 2, displayName: 'Ben Okafor' } }
    await maya.page.reload()
    await maya.page.getByText('Ben Okafor').first().waitFor()
    await maya.box.fill('nor this')
    held.row = row
    await maya.page.reload()
    await maya.page.locator('.composer-foot label').first().waitFor()
    expect(await maya.box.inputValue()).toBe('nor this')
    expect(await maya.box.getAttribute('aria-label')).toBe('Write a note for colleagues')
  })

  test('nothing is given without a second press', async () => {
    const maya = await signIn('Maya Lindqvist')
    const { page } = maya
    await maya.openConversation(/Olivia/)
    await page.getByRole('button', { name: 'Use the reply “When do I get my points?”' }).click()
    expect(await maya.box.inputValue()).toMatch(/^Points of an order are booked/)
    await page.getByLabel('Why?').fill('for the trouble')
    await page.getByRole('button', { name: 'Give', exact: true }).click()
    await page.getByText('Give 100 points to Olivia Bennett?').waitFor()
    expect(mock.posted.filter(({ path }) => path.endsWith('goodwill'))).toEqual([])
    await page.getByRole('button', { name: 'Yes, give' }).dblclick()
    await page.getByText('Given and booked').waitFor()
    const given = mock.posted.filter(({ path }) => path.endsWith('goodwill'))
    expect(new Set(given.map(({ body }) => body.key)).size).toBe(1)
    expect(given[0]?.body).toMatchObject({ points: 100, reason: 'for the trouble' })
  })

  test.each([
    ['light', 'Maya Lindqvist', 'en-GB', { width: 1024, height: 720 }],
    ['dark', '陈思远', 'zh-CN', { width: 480, height: 800 }],
  ] as const)('every page without a barrier: %s, %s', async (colorScheme, who, locale, viewport) => {
    const desk = await signIn(who, { colorScheme, locale, viewport })
    const { page } = desk
    for (const [path, ready] of [
      ['desk', '.card'],
      ['desk/2', '.said'],
      ['search', 'input[type="search"]'],
      ['canned', '.canned-row'],
      ['reports', '.plot'],
      ['staff', '.staff tbody tr'],
      ['account', 'form.panel'],
    ] as const) {
      await page.goto(`${mock.url}/console#/${path}`)
      await page.locator(ready).first().waitFor()
      expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBe(viewport.width)
      await faultless(desk, `console-${colorScheme}-${path.replace('/', '-')}`)
    }
  })

  test('wrong, locked, first start and an invitation that is over: said in words', async () => {
    const maya = await signIn('Maya Lindqvist')
    const { page } = maya
    await page.getByRole('button', { name: 'Menu of Maya Lindqvist' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    for (const [password, words] of [
      ['wrong', 'E-mail or password is wrong'],
      ['locked out', 'Too many wrong tries'],
    ] as const) {
      await page.getByLabel('E-mail').fill('maya@kettlewick.example')
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('alert').getByText(words).waitFor()
    }
    await faultless(maya, 'console-locked')
    await page.goto(`${mock.url}/console#invitation=abc`)
    await page.getByLabel('Choose a password').fill('a long sentence of mine')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByText('This link is not valid any more').waitFor()
    mock.session = { state: 'first-run', merchant, needsCode: true }
    await page.goto('about:blank')
    await page.goto(`${mock.url}/console`)
    await page.getByLabel('Set-up code').waitFor()
    await faultless(maya, 'console-set-up')
  })
})
