import path from 'node:path'
import { conversations } from '../dialogs/index'
import { createApp } from './app'
import { loadRecogniser } from './bot/nlu/recogniser'
import { type Config, describeRefusals, loadConfig, projectRoot } from './config'
import { newUuid, secretBytes, systemClock } from './core/clock'
import { isEmpty, loadDemoShop } from './core/demo/load'
import { ensureDemoStaff } from './core/staff/demo-staff'
import { issueSetUpCode } from './core/staff/set-up'
import type { Database } from './db/open'
import { DatabaseUnavailable, openConfiguredDatabase } from './db/open-configured'
import { createLogger } from './logger'
import { smtpTransport } from './smtp-transport'

const EXIT_FAILURE = 1
/** Longer than any turn and any send may take. */
const SHUTDOWN_MS = 15_000

void main()

async function main(): Promise<void> {
  const loaded = loadConfig()
  if (!loaded.ok) return fail(describeRefusals(loaded.refusals))
  const { config } = loaded
  const logger = createLogger({ level: config.logLevel })
  let database: Database
  try {
    database = await openConfiguredDatabase(config, {
      onIdleError: (error) => logger.warn({ err: error }, 'a database connection broke'),
      onNotice: say,
    })
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return fail(error.message)
    throw error
  }
  try {
    if (config.demo) await fillDemo(database)
    await serve(config, database, logger)
  } catch (error) {
    await database.close()
    const reason = whyNotListening(error as NodeJS.ErrnoException, config)
    if (reason === undefined) throw error
    fail(reason)
  }
}

/** What to do about it in words; undefined where something else went wrong. */
function whyNotListening({ code, syscall }: NodeJS.ErrnoException, { host, port }: Config): string | undefined {
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return undefined
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is taken, perhaps by another Regulars; stop that one, or set PORT to another number`
    case 'EACCES':
      return `this user may not listen on port ${port}; set PORT to a number from 1024`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `"${host}" is no address of this machine (${code}); set HOST to one that is, such as 127.0.0.1 or 0.0.0.0`
    default:
      return undefined
  }
}

async function fillDemo(database: Database): Promise<void> {
  await ensureDemoStaff(database, { at: systemClock() })
  if (!(await isEmpty(database))) return
  say('an empty database: loading the demo shop …')
  const startedAt = performance.now()
  const { members, products, orders } = await loadDemoShop(database, { at: systemClock(), secretBytes })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  say(`loaded the demo shop in ${seconds} s: ${members} members, ${products} products, ${orders} orders`)
}

async function serve(config: Config, database: Database, logger: ReturnType<typeof createLogger>): Promise<void> {
  const { smtpUrl, from } = config.mail
  const app = createApp({
    config,
    database,
    clock: systemClock,
    newId: newUuid,
    secretBytes,
    logger,
    recogniser: await loadRecogniser(database, { cacheFolder: path.join(config.dataDir, 'models') }),
    conversations,
    webFolder: path.join(projectRoot(), 'dist', 'web'),
    ...(smtpUrl ? { mailer: smtpTransport({ smtpUrl, from }) } : {}),
  })
  const port = await app.listen(config)
  if (config.demo) {
    say(`demo mode, for this machine only: http://localhost:${port} (chat), http://localhost:${port}/mailbox (e-mails)`)
    say(`the people who answer and manage: http://localhost:${port}/console, /campaigns and /jobs`)
    say(`Bot Framework channels and the Agents Playground: http://localhost:${port}/api/messages`)
  } else {
    say(`listening on ${config.host}:${port}, reached as ${config.publicUrl}`)
    const code = await issueSetUpCode(database, { secretBytes, at: systemClock() })
    if (code) say(`nobody can sign in yet; make the first account at ${config.publicUrl}/console with the code ${code}`)
  }
  endOnSignal(async () => {
    await app.close()
    await database.close()
  })
}

/** The first signal ends in order, a second at once. */
function endOnSignal(close: () => Promise<void>): void {
  let ending = false
  const end = (signal: NodeJS.Signals) => {
    if (ending) process.exit(EXIT_FAILURE)
    ending = true
    say(`${signal}: finishing what is being answered …`)
    setTimeout(() => process.exit(EXIT_FAILURE), SHUTDOWN_MS).unref()
    close().then(
      () => process.exit(0),
      (error) => fail(`could not end in order: ${(error as Error).message}`),
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

/** A line for the person who started us; logs go to stdout. */
function say(text: string): void {
  process.stderr.write(`regulars: ${text}\n`)
}

function fail(text: string): void {
  process.stderr.write(`regulars: ${text}\n`)
  process.exit(EXIT_FAILURE)
}
