import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { type MockChatServer, startMockChatServer } from '../web/mock-chat-server'
import { ChatPage, eventually, webFolder } from './chat-page'

jest.setTimeout(60_000)

const hostile = `
  * { all: revert !important; color: red !important; font: 40px serif !important; }
  regulars-chat { transform: rotate(3deg) !important; opacity: 0.2 !important; }
  button, dialog, iframe { display: none !important; position: static !important; width: 9px !important; }
`

describeInBrowser('the chat in a shop of another site', () => {
  let browser: Browser
  let server: MockChatServer
  let chat: ChatPage
  let shop: Shop

  beforeAll(async () => {
    browser = await launchBrowser()
    shop = await startShop()
  })
  afterAll(async () => {
    await browser.close()
    await shop.close()
  })
  beforeEach(async () => {
    server = await startMockChatServer(webFolder)
    server.bot = (activity) =>
      activity.type === 'message' ? [{ text: `Heard ${activity.text}` }] : [{ text: 'Welcome' }]
  })
  afterEach(async () => {
    expect(chat.troubles).toEqual([])
    await chat.close()
    await server.close()
  })

  const open = async (attributes: string): Promise<void> => {
    shop.tag = `<script src="${server.origin}/widget.js" ${attributes} defer></script>`
    shop.chatServer = server.origin
    chat = await ChatPage.open(browser, shop.address)
  }

  test('is there by one script tag, and untouched by the page’s styles', async () => {
    await open('data-locale="zh" data-title="Teehaus" data-title-zh="茶馆" data-theme="dark" data-accent="#ffcc00"')
    const button = chat.page.getByRole('button', { name: '打开聊天' })
    expect(await button.boundingBox()).toMatchObject({ width: 60, height: 60 })
    await button.click()
    await chat.settled()
    expect(await chat.page.locator('dialog').getAttribute('aria-label')).toBe('茶馆')
    expect(await chat.chat.getByRole('heading', { level: 1 }).innerText()).toBe('茶馆')
    expect((await chat.page.locator('dialog').boundingBox())?.width).toBe(404)
    expect(await chat.accessibilityFaults()).toEqual(
      expect.not.arrayContaining([expect.stringContaining('color-contrast')]),
    )
    await chat.screenshot('embedded-dark-accent')
  })

  test('takes the focus, gives it back, and goes on over the pages of the shop', async () => {
    await open('data-locale="en"')
    await chat.launcher.focus()
    await chat.page.keyboard.press('Enter')
    await chat.settled()
    await chat.chat.locator('textarea:focus').waitFor()
    await chat.page.keyboard.type('hello')
    await chat.page.keyboard.press('Enter')
    await chat.log.getByText('Heard hello').waitFor()
    await chat.page.goto(`${shop.address}teapots`)
    await chat.log.getByText('Heard hello').waitFor()
    expect(await chat.page.locator('dialog').isVisible()).toBe(true)
    await chat.input.focus()
    await chat.page.keyboard.press('Escape')
    await chat.page.locator('dialog').waitFor({ state: 'hidden' })
    expect(await chat.launcher.evaluate((button) => button.matches(':focus'))).toBe(true)
    await chat.page.goto(`${shop.address}cups`)
    expect(await chat.page.locator('dialog').isVisible()).toBe(false)
  })

  test('opens by itself where it is asked to, without taking the focus from the page', async () => {
    await open('data-open data-locale="en"')
    await chat.log.getByText('Welcome').waitFor()
    await chat.page.waitForTimeout(300)
    expect(await chat.page.locator('body').evaluate((body) => body.ownerDocument.activeElement === body)).toBe(true)
  })

  test('obeys the page: open, ask, another customer, another language, close', async () => {
    await open('data-token="first" data-locale="en"')
    // The policy forbids scripts of the page itself; these are the test's.
    const call = (method: string, ...args: unknown[]) =>
      chat.page
        .locator('body')
        .evaluate((body, { method, args }) => body.ownerDocument.defaultView.Regulars[method](...args), {
          method,
          args,
        })
    await chat.launcher.waitFor()
    await call('ask', 'Is it in stock?')
    await chat.log.getByText('Heard Is it in stock?').waitFor()
    await call('setLocale', 'zh-CN')
    await chat.chat.getByPlaceholder('请输入消息').waitFor()
    await call('setToken', 'second')
    await chat.log.getByText('Heard Is it in stock?').waitFor({ state: 'detached' })
    await call('close')
    await chat.page.locator('dialog').waitFor({ state: 'hidden' })
    await call('open')
    await chat.log.getByText('Welcome').waitFor()
    expect(server.sessionsOpened.map(({ memberToken }) => memberToken)).toEqual(['first', 'second'])
  })

  test('asks the shop for a token when it opens, and for another when that one is not taken', async () => {
    server.refusedTokens.add('stale')
    shop.tokens = ['stale', 'fresh']
    await open('data-token-url="/chat-token" data-locale="en" data-open')
    await chat.log.getByText('Welcome').waitFor()
    await eventually('the fresh token was used', () => server.sessionsOpened.at(-1)?.memberToken === 'fresh')
    expect(await chat.chat.getByText('chatting as a guest').count()).toBe(0)
    await chat.say('hello')
    await chat.log.getByText('Heard hello').waitFor()
    expect(shop.tokens).toEqual([])
  })

  test('tells the page when its token is not taken, and takes a fresh one', async () => {
    server.refusedTokens.add('stale')
    await open('data-token="stale" data-locale="en" data-open')
    await chat.chat.getByText('chatting as a guest').waitFor()
    const told = chat.page.locator('body').evaluate(
      (body) =>
        new Promise((resolve) => {
          const page = body.ownerDocument.defaultView
          page.addEventListener('regulars:token-needed', () => resolve('told'))
          page.Regulars.setToken('stale too')
        }),
    )
    server.refusedTokens.add('stale too')
    expect(await told).toBe('told')
    await chat.page.locator('body').evaluate((body) => body.ownerDocument.defaultView.Regulars.setToken('fresh'))
    await chat.chat.getByText('chatting as a guest').waitFor({ state: 'detached' })
    expect(server.sessionsOpened.at(-1)).toMatchObject({ memberToken: 'fresh' })
  })

  test('another window cannot speak to it as the shop’s page does', async () => {
    await open('data-token="first" data-locale="en" data-open')
    await chat.log.getByText('Welcome').waitFor()
    await chat.page.locator('body').evaluate((body) => {
      body.append(body.ownerDocument.createElement('iframe'))
    })
    const other = chat.page.frames().find((frame) => frame.url() === 'about:blank')
    await other?.locator('html').evaluate((html) => {
      const { parent } = html.ownerDocument.defaultView
      const chatFrame = parent.document.querySelector('regulars-chat').shadowRoot.querySelector('iframe')
      parent.postMessage({ regulars: 'close' }, '*')
      chatFrame.contentWindow.postMessage({ regulars: 'ask', text: 'forged' }, '*')
    })
    expect(other).toBeDefined()
    await chat.page.waitForTimeout(300)
    expect(await chat.page.locator('dialog').isVisible()).toBe(true)
    expect(server.accepted).toEqual([])
  })
})

interface Shop {
  readonly address: string
  /** The script tag that its pages have, and where that comes from. */
  tag: string
  /** What its address for tokens answers, one after the other. */
  tokens: string[]
  chatServer: string
  close(): Promise<unknown>
}

/**
 * A shop of another site, under the strictest policy that lets the chat be there, and whose styles would break anything
 * within their reach.
 */
async function startShop(): Promise<Shop> {
  const server = createServer((request, response) => {
    if (request.url === '/chat-token') return response.end(shop.tokens.shift() ?? '')
    if (request.url === '/favicon.ico') {
      response.statusCode = 404
      return response.end()
    }
    if (request.url === '/shop.css') {
      response.setHeader('content-type', 'text/css')
      return response.end(hostile)
    }
    const { chatServer, tag } = shop
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'self'; connect-src 'self'; script-src ${chatServer}; frame-src ${chatServer}`,
    })
    const head = `<link rel="stylesheet" href="/shop.css">${tag}`
    return response.end(`<!doctype html><html lang="fr"><head>${head}</head><body><a href="#">Shop</a></body></html>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const shop: Shop = {
    // Another host than the chat server's, so another site to the browser.
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    tag: '',
    tokens: [],
    chatServer: '',
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
  return shop
}
