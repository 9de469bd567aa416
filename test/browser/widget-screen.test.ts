import type { Browser } from 'playwright-core'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { type MockChatServer, startMockChatServer } from '../web/mock-chat-server'
import { ChatPage, webFolder } from './chat-page'

jest.setTimeout(60_000)

const card = {
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      { type: 'TextBlock', text: 'Free delivery **now**', weight: 'Bolder', style: 'heading', wrap: true },
      { type: 'FactSet', facts: [{ title: 'Costs', value: '400 points' }] },
      { type: 'Input.Text', id: 'note', label: 'A note', placeholder: 'Optional' },
    ],
    actions: [
      { type: 'Action.Submit', title: 'Redeem', style: 'positive', data: { verb: 'redeem', args: {} } },
      { type: 'Action.OpenUrl', title: 'Evil', url: 'javascript:alert(1)' },
      { type: 'Action.OpenUrl', title: 'Terms', url: 'https://shop.example/terms' },
    ],
  },
}

describeInBrowser('the chat on the screen', () => {
  let browser: Browser
  let server: MockChatServer
  let chat: ChatPage
  const open = async (options: Parameters<typeof ChatPage.open>[2] = {}): Promise<void> => {
    chat = await ChatPage.open(browser, server.origin, options)
    await chat.page.getByText('Ada Marsh').waitFor()
    await chat.launcher.click()
    await chat.settled()
  }

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    server = await startMockChatServer(webFolder)
    server.bot = (activity) =>
      activity.type === 'message' ? [{ text: `Heard **${activity.text}**` }] : [{ text: 'Welcome', locale: 'en' }]
  })
  afterEach(async () => {
    expect(chat.troubles).toEqual([])
    await chat.close()
    await server.close()
  })

  test.each([
    ['light', 'en'],
    ['dark', 'en'],
    ['light', 'zh'],
    ['dark', 'zh'],
  ] as const)('has no fault that axe-core can find: %s, %s', async (colorScheme, locale) => {
    await open({ colorScheme })
    if (locale === 'zh') await chat.chat.getByRole('button', { name: '用中文聊天' }).click()
    server.say({
      text: 'Code `KTL-4F7G`, [terms](https://shop.example/).',
      attachments: [card],
      locale: locale === 'zh' ? 'zh-CN' : 'en',
      suggestedActions: { actions: [{ type: 'imBack', title: 'OK', value: 'OK' }] },
    })
    await chat.chat.getByRole('button', { name: 'OK' }).waitFor()
    expect(await chat.accessibilityFaults()).toEqual([])
    await chat.screenshot(`widget-${colorScheme}-${locale}`)
  })

  test('runs nothing that a message or card brings along', async () => {
    await open()
    const payloads = [
      '<script>parent.touched = 1; alert(1)</script>',
      '<img src=x onerror="alert(1)">',
      '<svg/onload=alert(1)>',
      '[click](javascript:alert(1))',
      '[click](data:text/html,<script>alert(1)</script>)',
      '**<iframe src="javascript:alert(1)">**',
      '`<b onmouseover=alert(1)>x</b>`',
      '<a href="https://evil.example" onclick="alert(1)">x</a>',
    ]
    for (const text of payloads) server.say({ text })
    for (const text of payloads) {
      const content = {
        type: 'AdaptiveCard',
        version: '1.5',
        body: [
          { type: 'TextBlock', text, wrap: true },
          { type: 'FactSet', facts: [{ title: text, value: text }] },
        ],
      }
      server.say({ attachments: [{ contentType: card.contentType, content }] })
    }
    server.say({ attachments: [card, { contentType: card.contentType, content: 'no card' }], text: 'End' })
    await chat.log.getByText('End').waitFor()
    await chat.chat.getByRole('link', { name: 'Evil', exact: true }).click()
    expect(await chat.log.locator('script, img, iframe, b').count()).toBe(0)
    const bad = 'a:not([href^="https://"]), [onclick], [onerror], [onload], [onmouseover]'
    expect(await chat.log.locator(bad).count()).toBe(0)
    expect(chat.context.pages()).toHaveLength(1)
    expect(await chat.log.innerText()).toContain('<img src=x onerror="alert(1)">')
  })

  test('opens links outside, without a way back', async () => {
    await open()
    server.say({ text: '[terms](https://shop.example/terms)' })
    const link = chat.chat.getByRole('link', { name: 'terms' })
    await link.waitFor()
    expect(await link.getAttribute('rel')).toContain('noopener')
    expect(await link.getAttribute('target')).toBe('_blank')
  })

  test('a card sends what was filled in with what its button means', async () => {
    await open()
    server.say({ text: 'Card', attachments: [card] })
    await chat.chat.getByLabel('A note').fill('for Ada')
    await chat.chat.getByRole('button', { name: 'Redeem' }).click()
    await chat.log.getByText('Heard').waitFor()
    expect(server.accepted).toMatchObject([{ value: { verb: 'redeem', args: {}, note: 'for Ada' } }])
  })

  test('can be used by keyboard alone', async () => {
    chat = await ChatPage.open(browser, server.origin)
    await chat.page.getByText('Ada Marsh').waitFor()
    await chat.launcher.focus()
    await chat.page.keyboard.press('Enter')
    await chat.log.getByText('Welcome').waitFor()
    await chat.page.keyboard.type('hello')
    await chat.page.keyboard.press('Shift+Enter')
    await chat.page.keyboard.type('there')
    await chat.page.keyboard.press('Enter')
    await chat.log.getByText('Heard').waitFor()
    expect(server.accepted).toMatchObject([{ text: 'hello\nthere' }])
    server.say({
      text: 'Sure?',
      attachments: [card],
      suggestedActions: { actions: [{ type: 'imBack', title: 'Yes', value: 'Yes' }] },
    })
    await chat.chat.getByRole('button', { name: 'Yes' }).waitFor()
    const order: string[] = []
    for (let step = 0; step < 12; step += 1) {
      await chat.page.keyboard.press('Shift+Tab')
      order.push(await focused(chat))
    }
    expect(order).toEqual([
      ...['Yes', 'Terms', 'Evil', 'Redeem', 'Optional', expect.anything(), 'Conversation'],
      ...['Close chat', '用中文聊天', 'Skip to the message box', 'outside', 'outside'],
    ])
  })

  test('Escape closes it and the focus goes back to where it was opened', async () => {
    await open()
    expect(await chat.page.locator('dialog').getAttribute('aria-label')).toBe('Kettlewick Tea & Home')
    expect(await chat.launcher.getAttribute('aria-expanded')).toBe('true')
    await chat.page.keyboard.press('Escape')
    await chat.page.locator('dialog').waitFor({ state: 'hidden' })
    expect(await chat.launcher.getAttribute('aria-expanded')).toBe('false')
    expect(await chat.launcher.evaluate((button) => button.matches(':focus'))).toBe(true)
    await chat.page.keyboard.press('Enter')
    await chat.input.waitFor()
    // On a busy machine the focus follows a moment after the panel.
    await chat.chat.locator('textarea:focus').waitFor()
    await chat.page.keyboard.type('again')
    expect(await chat.input.inputValue()).toBe('again')
  })

  test('says on its button how much came while it was closed', async () => {
    await open()
    await chat.page.keyboard.press('Escape')
    await chat.page.locator('dialog').waitFor({ state: 'hidden' })
    await chat.page.waitForTimeout(200)
    server.say({ text: 'Psst' })
    server.say({ text: 'Are you there?' })
    await chat.page.getByRole('button', { name: 'Open chat, 2 new messages' }).waitFor()
    await chat.launcher.click()
    await chat.log.getByText('Psst').waitFor()
    await chat.page.getByRole('button', { name: 'Close chat', exact: true }).first().waitFor()
  })

  test('shows that there is something new to one who reads further up', async () => {
    await open()
    for (let index = 0; index < 30; index += 1) server.say({ text: `Line ${index}` })
    await chat.log.getByText('Line 29').waitFor()
    await chat.log.evaluate((log) => {
      log.scrollTop = 0
    })
    await chat.page.waitForTimeout(100)
    server.say({ text: 'Fresh' })
    await chat.chat.getByRole('button', { name: 'New messages' }).click()
    await chat.chat.getByRole('button', { name: 'New messages' }).waitFor({ state: 'detached' })
    const rest = await chat.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)
    expect(rest).toBeLessThan(4)
  })

  test('leaves Enter to an input method that is composing', async () => {
    await open()
    await chat.input.fill('ni hao')
    for (const key of [{ isComposing: true }, { keyCode: 229 }]) {
      await chat.input.dispatchEvent('keydown', { key: 'Enter', bubbles: true, ...key })
      await chat.input.dispatchEvent('keydown', { key: 'Escape', bubbles: true, ...key })
    }
    expect(await chat.input.inputValue()).toBe('ni hao')
    expect(await chat.page.locator('dialog').isVisible()).toBe(true)
    await chat.input.dispatchEvent('keydown', { key: 'Enter', bubbles: true })
    await chat.log.getByText('Heard ni hao').waitFor()
    expect(server.accepted).toHaveLength(1)
  })

  test('shows that an answer is being written, and only then', async () => {
    await open()
    server.answerAfterMs = 600
    await chat.say('one')
    await chat.log.locator('.typing').waitFor()
    await chat.log.getByText('Heard one').waitFor()
    expect(await chat.log.locator('.typing').count()).toBe(0)
  })

  test('takes the first 4,000 characters of a paste of 20 million, at once', async () => {
    await open()
    const startedAt = performance.now()
    await chat.input.evaluate((area) => {
      const page = area.ownerDocument.defaultView
      const clipboardData = new page.DataTransfer()
      clipboardData.setData('text/plain', 'long '.repeat(4_000_000))
      area.dispatchEvent(new page.ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await chat.chat.getByText('Only the first 4,000 characters were kept.').waitFor()
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    expect((await chat.input.inputValue()).length).toBe(4_000)
    await chat.input.press('Backspace')
    await chat.chat.getByText('1 left').waitFor()
    await chat.input.press('Enter')
    await chat.log.getByText('Heard').waitFor()
    expect(String(server.accepted[0]?.text).length).toBe(3_999)
  })

  test('fits long words, right-to-left text and emoji on the smallest screen', async () => {
    await open({ viewport: { width: 360, height: 640 } })
    const texts = ['x'.repeat(600), 'مرحبا، لديك ١٢٠ نقطة', '👩‍👩‍👧‍👦'.repeat(60), '积'.repeat(300)]
    for (const text of texts)
      server.say({
        text,
        attachments: [
          {
            contentType: card.contentType,
            content: { ...card.content, body: [{ type: 'TextBlock', text, wrap: true }] },
          },
        ],
      })
    await chat.say('y'.repeat(900))
    await chat.log.getByText('Heard').waitFor()
    expect(await chat.chat.locator('html').evaluate((html) => html.scrollWidth)).toBe(360)
    expect(await chat.log.evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0)
    const direction = await chat.log.getByText('مرحبا').first().evaluate(styleOf, 'direction')
    expect(direction).toBe('rtl')
    await chat.screenshot('widget-long-words')
  })

  test('fills a small screen, out of which one comes back to the page', async () => {
    await open({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true })
    const box = await chat.page.locator('dialog').boundingBox()
    expect(box).toEqual({ x: 0, y: 0, width: 360, height: 640 })
    expect(await chat.page.locator('dialog').evaluate((dialog) => dialog.matches(':modal'))).toBe(true)
    await chat.screenshot('widget-small')
    await chat.chat.getByRole('button', { name: 'Close chat' }).click()
    await chat.page.locator('dialog').waitFor({ state: 'hidden' })
  })

  test('stands still where motion is not wanted', async () => {
    await open({ reducedMotion: 'reduce' })
    server.answerAfterMs = 2_000
    await chat.say('one')
    const dot = chat.log.locator('.dots i').first()
    await dot.waitFor()
    expect(await dot.evaluate(styleOf, 'animationName')).toBe('none')
  })

  test('follows the language that the bot comes to speak', async () => {
    await open()
    server.say({ text: '好的', locale: 'zh-CN' })
    await chat.chat.getByPlaceholder('请输入消息').waitFor()
    await chat.page.getByRole('button', { name: '关闭聊天' }).first().waitFor()
    expect(server.accepted).toEqual([])
  })
})

const styleOf = (
  element: { ownerDocument: { defaultView: { getComputedStyle(of: object): Record<string, string> } } },
  name: string,
) => element.ownerDocument.defaultView.getComputedStyle(element)[name]

/** What has the focus inside the chat, by its name. */
async function focused(chat: ChatPage): Promise<string> {
  return chat.chat.locator('html').evaluate((html) => {
    const element = html.ownerDocument.activeElement
    if (element === html.ownerDocument.body || !html.ownerDocument.hasFocus()) return 'outside'
    return element.getAttribute('aria-label') ?? element.textContent ?? element.tagName
  })
}
