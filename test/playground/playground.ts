import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'

const CLI = require.resolve('@microsoft/m365agentsplayground/cli.js')
const START_WITHIN_MS = 20_000

/** Microsoft's Agents Playground, which plays Teams, in a process of its own. */
export interface Playground {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the Playground towards a bot. It writes files where it runs, so that is a temporary folder. */
export async function startPlayground(botUrl: string): Promise<Playground> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'playground-'))
  const port = await freePort()
  const args = [
    CLI,
    'start',
    '-e',
    `${botUrl}/api/messages`,
    '-c',
    'msteams',
    '-p',
    String(port),
    '--disable-telemetry',
  ]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  await listening(child)
  return {
    url: `http://localhost:${port}`,
    async stop() {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function listening(child: ChildProcess): Promise<void> {
  const deadline = setTimeout(() => child.kill(), START_WITHIN_MS)
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes('Listening')) break
  clearTimeout(deadline)
  if (child.exitCode !== null) throw new Error(`the Playground ended with ${child.exitCode}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** The personal chat with the bot, as somebody in Teams uses it. */
export class PersonalChat {
  private constructor(readonly page: Page) {}

  static async open(browser: Browser, { url }: Playground): Promise<PersonalChat> {
    const page = await browser.newPage({ viewport: { width: 1700, height: 1000 } })
    page.setDefaultTimeout(15_000)
    await page.goto(url)
    await page.getByRole('treeitem', { name: /Personal Chat/ }).click()
    return new PersonalChat(page)
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox').fill(text)
    await this.page.getByLabel('Send Message').click()
  }

  /** Waits for a text of the bot to be seen. */
  async sees(text: string | RegExp): Promise<Locator> {
    const found = this.page.getByText(text).last()
    await found.waitFor()
    return found
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button }).last().click()
  }

  /** Presses a button that stands under this heading of a card. */
  async pressIn(heading: string, button: string): Promise<void> {
    const item = this.page.locator('.ac-container').filter({ hasText: heading }).last()
    await item.getByRole('button', { name: button }).first().click()
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(__dirname, '../../screenshots', `${name}.png`) })
  }
}
