import type { Browser, BrowserContextOptions, Locator, WebSocketRoute } from 'playwright-core'
import { ChatPage } from './chat-page'

/** An agent's console in a browser of its own, with its websocket in the test's hand. */
export class ConsolePage {
  private constructor(
    readonly opened: ChatPage,
    private readonly sockets: WebSocketRoute[],
  ) {}

  /** Opens the console and signs in as one of the demo's people. */
  static async signIn(
    browser: Browser,
    url: string,
    { who, ...options }: BrowserContextOptions & { who: string | RegExp },
  ): Promise<ConsolePage> {
    const opened = await ChatPage.open(browser, 'about:blank', { viewport: { width: 1440, height: 900 }, ...options })
    const sockets: WebSocketRoute[] = []
    await opened.context.routeWebSocket(/console\/stream/, (socket) => {
      sockets.push(socket)
      socket.connectToServer()
    })
    await opened.page.goto(`${url}/console`)
    await opened.page.getByRole('button', { name: who }).click()
    await opened.page.getByRole('navigation').first().waitFor()
    return new ConsolePage(opened, sockets)
  }

  get page() {
    return this.opened.page
  }

  get log(): Locator {
    return this.page.getByRole('log')
  }

  get box(): Locator {
    return this.page.locator('.composer textarea')
  }

  /** Opens the conversation with somebody from the lists. */
  async openConversation(name: string | RegExp): Promise<void> {
    await this.page.locator('.lists').getByRole('link', { name }).click()
    await this.log.locator('.said').first().waitFor()
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text)
    await this.box.press('Enter')
  }

  /** How often a text stands in the conversation. */
  count(text: string | RegExp): Promise<number> {
    return this.log.locator('.bubble', { hasText: text }).count()
  }

  /** Cuts the live connection, as a network does. */
  async cut(): Promise<void> {
    for (const socket of this.sockets.splice(0)) await socket.close()
  }

  async close(): Promise<void> {
    await this.opened.close()
  }
}
