import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** First the one without windows of its own, which shows the same pages for a fifth less computing. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
]
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/**
 * What Chromium would load for the window around each page, by far more than the page itself: pages of its own for the
 * suggestions below the address, and one kept ready for the next bubble.
 */
const FEATURES_OF_THE_WINDOW = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'PreloadTopChromeWebUI',
  'SpareRendererForSitePerProcess',
]

/** Playwright's own list, which must be repeated: of several lists Chromium follows the last. */
const FEATURES_OF_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]

/** Nothing that a test does not need: no sandbox (CI runs as root), no graphics card, nothing fetched behind our back. */
const ARGS = [
  `--disable-features=${[...FEATURES_OF_PLAYWRIGHT, ...FEATURES_OF_THE_WINDOW].join(',')}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The path of an installed Chromium: from CHROMIUM, else by name on the PATH; undefined when there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const places = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
  return [process.env.CHROMIUM ?? '', ...places, MAC_CHROME].find(isProgram)
}

/** Starts the installed Chromium without a window. Close it after the tests. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error('no Chromium was found; use describeInBrowser, which skips the tests then')
  return chromium.launch({ executablePath, headless: true, args: ARGS })
}

/** A describe that is skipped where no browser is installed; `npm test` says so loudly, and fails for it in CI. */
export const describeInBrowser: jest.Describe = findBrowser() ? describe : (describe.skip as jest.Describe)

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return file !== ''
  } catch {
    return false
  }
}
