import path from 'node:path'
import AxeBuilder from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core'

export const webFolder = path.join(__dirname, '../../dist/web')
const screenshotFolder = path.join(__dirname, '../../screenshots')

/** A page with the chat, and what went wrong on it that no test may overlook. */
export class ChatPage {
  readonly chat: FrameLocator
  /** Errors of scripts, and what the content security policy stopped. */
  readonly troubles: string[] = []

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    this.chat = page.frameLocator('iframe')
    page.on('pageerror', (error) => this.troubles.push(String(error)))
    page.on('console', (message) => {
      if (/Content Security Policy|violates/i.test(message.text())) this.troubles.push(message.text())
    })
    page.on('dialog', (dialog) => {
      this.troubles.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
  }

  static async open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/London',
      viewport: { width: 1280, height: 860 },
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(12_000)
    const opened = new ChatPage(page, context)
    await page.goto(address)
    return opened
  }

  get launcher(): Locator {
    return this.page.locator('regulars-chat button.launcher')
  }

  get input(): Locator {
    return this.chat.getByRole('textbox')
  }

  get log(): Locator {
    return this.chat.getByRole('log')
  }

  /** Waits until the conversation stands and its past is shown. */
  async settled(): Promise<void> {
    await this.chat.locator('.status[data-status="online"]').waitFor()
    await this.chat.locator('[role="log"][aria-busy="false"]').waitFor()
  }

  async say(text: string): Promise<void> {
    await this.input.fill(text)
    await this.input.press('Enter')
  }

  /** How often a text stands in the conversation. */
  count(text: string | RegExp): Promise<number> {
    return this.log.locator('.bubble', { hasText: text }).count()
  }

  /** The words of all bubbles, in order. */
  bubbles(): Promise<string[]> {
    return this.log.locator('.bubble:not(.typing)').allInnerTexts()
  }

  async screenshot(name: string): Promise<void> {
    await this.still()
    await this.page.screenshot({ path: path.join(screenshotFolder, `${name}.png`) })
  }

  /** What axe-core finds against WCAG 2.2 A and AA, on the page and in the chat's frame. */
  async accessibilityFaults(): Promise<string[]> {
    // Colours in the middle of fading in are no finding.
    await this.still()
    const faults: string[] = []
    for (const frame of this.page.frames()) {
      if (!(await frame.evaluate('"axe" in window'))) await frame.evaluate(AxeBuilder.source)
      faults.push(...(await frame.evaluate(runAxe)))
    }
    return faults
  }

  /** Waits until nothing moves or fades any more, on the page and in the chat's frame. */
  private async still(): Promise<void> {
    for (const frame of this.page.frames()) await frame.evaluate(untilStill)
  }

  async close(): Promise<void> {
    await this.context.close()
  }
}

interface MovingPage {
  readonly document: {
    getAnimations(): {
      readonly playState: string
      readonly effect: { getComputedTiming(): { endTime: number } }
      readonly finished: Promise<unknown>
    }[]
  }
}

/** Runs inside the page. What moves for ever (the dots of one who types) is not waited for. */
async function untilStill(): Promise<void> {
  const { document } = globalThis as unknown as MovingPage
  for (let quietLooks = 0; quietLooks < 3; quietLooks += 1) {
    // What was just shown begins to move a frame or two later.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const moving = document
      .getAnimations()
      .filter(({ playState, effect }) => playState === 'running' && effect.getComputedTiming().endTime < Infinity)
    if (moving.length > 0) quietLooks = 0
    await Promise.allSettled(moving.map(({ finished }) => finished))
  }
}

interface AxeInPage {
  run(options: object): Promise<{
    violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[]
  }>
}

/** Runs inside the page. */
async function runAxe(): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: AxeInPage }
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await axe.run({ iframes: false, runOnly: { type: 'tag', values: tags } })
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  )
}

/** Waits until it is so. For what is no element of a page. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 12_000,
): Promise<void> {
  const until = performance.now() + timeoutMs
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
