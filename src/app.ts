import type { Logger } from 'pino'
import type { Server } from 'restify'
import { type BotRegistration, botFrameworkAuthentication, noAuthentication } from './bot/connector/authentication'
import { createConnectorClient } from './bot/connector/client'
import { createMessagesHandler } from './bot/connector/messages'
import { createOutbox } from './bot/connector/outbox'
import type { Conversation } from './bot/contract'
import { createDirectLine, type DirectLineRates } from './bot/directline/channel'
import { createHub } from './bot/directline/hub'
import { createRateLimit, type Rate } from './bot/directline/rate-limit'
import { directLineTokens } from './bot/directline/tokens'
import { createWebchatSession, type MemberTokens } from './bot/directline/webchat-session'
import { createEngine } from './bot/engine/engine'
import { type Loop, repeating } from './bot/loop'
import { createCampaignSender, IN_FLIGHT_MAX } from './bot/proactive/sender'
import { failureOf } from './bot/turn/failure'
import { createTurnRunner, type Recogniser, type TurnRunner } from './bot/turn/pipeline'
import type { Config } from './config'
import type { Clock, NewId, SecretBytes } from './core/clock'
import { forgetProofs } from './core/identity/forget'
import { jwksKey } from './core/identity/member-token'
import { deliverMail, type MailTransport } from './core/mail/deliver'
import type { Database } from './db/open'
import { createDemoService } from './demo-service'
import { demoRoutes } from './http/api/demo'
import { directLineRoutes } from './http/api/direct-line'
import { healthRoutes } from './http/api/health'
import { managerRoutes } from './http/api/managers'
import { messagesRoute } from './http/api/messages'
import { webchatSessionRoute } from './http/api/webchat-session'
import { createHttpServer, nodeServerOf } from './http/server'
import { createStreams } from './http/stream'
import { schedule } from './jobs/schedule'
import { createJobWorker } from './jobs/worker'
import { createManagerService } from './manager-service'
import { readinessOf } from './readiness'

/** What the application is made of; each can be replaced by a test. */
export interface AppDeps {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly secretBytes: SecretBytes
  readonly logger: Logger
  readonly recogniser: Recogniser
  readonly conversations: readonly Conversation[]
  /** Where the built pages are. */
  readonly webFolder: string
  /** Sends e-mail. Absent: it waits in the database, where the demo's mailbox shows it. */
  readonly mailer?: MailTransport
  readonly settings?: AppSettings
}

/** What nobody has to set; tests and benchmarks do. */
export interface AppSettings {
  /** Login and key servers other than the public cloud's. */
  readonly cloud?: BotRegistration['cloud']
  /** The bearer token for channels, in place of a login. */
  readonly connectorToken?: () => Promise<string | undefined>
  /** Hosts besides Bot Framework's own that replies may be sent to. */
  readonly allowedServiceHosts?: readonly string[]
  readonly rates?: Partial<DirectLineRates & { readonly session: Rate }>
  readonly turnTimeoutMs?: number
  readonly sendTimeoutMs?: number
  readonly sweepEveryMs?: number
}

export interface App {
  /** Answers messages without HTTP: the terminal chat's way in. */
  readonly turns: TurnRunner
  /** Starts to serve; resolves to the port. Rejects with EADDRINUSE when it is taken. */
  listen(options: { host: string; port: number }): Promise<number>
  /** Stops taking requests, finishes turns and sends, and lets go of everything but the database. */
  close(): Promise<void>
}

const BOT_NAME = 'Regulars'
const SESSION_RATE: Rate = { burst: 60, perSecond: 1 }
const MAIL_EVERY_MS = 1_000
const FORGET_EVERY_MS = 3_600_000

/** The composition root: for main, the terminal chat and the tests. */
export function createApp(deps: AppDeps): App {
  const { config, database, clock, newId, logger, settings = {} } = deps
  const engine = createEngine(deps.conversations)
  const turns = createTurnRunner({ ...deps, engine, timeoutMs: settings.turnTimeoutMs })
  const connector = composeConnector(deps, turns)
  const hub = createHub({ database, logger, processId: newId() })
  const tokens = directLineTokens({ secret: config.directLineSecret, clock })
  const directLine = createDirectLine({ ...deps, turns, hub, tokens, botName: BOT_NAME, rates: settings.rates })
  const openSession = createWebchatSession({ database, tokens, clock }, directLine, memberTokensOf(config))
  const sessionLimit = createRateLimit(settings.rates?.session ?? SESSION_RATE, clock)
  const readiness = readinessOf(deps)
  const origins = { allowedOrigins: config.webChat.allowedOrigins }
  const streams = createStreams({ admit: directLine.admit, watch: hub.watch }, origins)
  const server = createHttpServer({
    ...origins,
    logger,
    webFolder: deps.webFolder,
    // A demo is reached as localhost or 127.0.0.1, and its pages must find their own address.
    publicUrl: config.demo ? undefined : config.publicUrl,
    isUnavailable: (error) => failureOf(error) === 'unavailable',
    onUpgrade: streams.onUpgrade,
    routes: [
      ...healthRoutes(readiness.check),
      messagesRoute(config.demo ? refuseForeignPages(connector.answer) : connector.answer),
      ...directLineRoutes({ service: directLine, secret: config.directLineSecret }),
      webchatSessionRoute({ openSession, takeSession: sessionLimit.take }),
      ...managerRoutes(
        createManagerService({ database, clock, jobs: schedule }),
        config.demo ? { kind: 'local' } : { kind: 'key', key: config.managerKey },
      ),
      ...(config.demo ? demoRoutes(createDemoService(deps)) : []),
    ],
  })
  const node = nodeServerOf(server)
  const worker = config.jobs
    ? [
        createJobWorker({ database, jobs: schedule, clock, logger }),
        createCampaignSender({ ...deps, ...connector, client: connector.campaignClient, hub, botName: BOT_NAME }),
      ]
    : []
  const parts = [connector.outbox, mailLoop(deps), forgetLoop(deps), hub, ...worker]

  return {
    turns,
    async listen({ host, port }) {
      const taken = await listenOn(server, { host, port })
      for (const part of parts) part.start()
      return taken
    },
    async close() {
      readiness.drain()
      const closed = new Promise((resolve) => node.close(resolve))
      node.closeIdleConnections()
      await turns.idle()
      for (const part of parts) await part.stop()
      await streams.close()
      // What is still open now is kept-alive and idle, or hangs.
      node.closeAllConnections()
      await closed
      connector.close()
    },
  }
}

/** What speaks with Bot Framework's channels. */
function composeConnector({ config, database, clock, newId, logger, settings = {} }: AppDeps, turns: TurnRunner) {
  const authentication = config.demo
    ? noAuthentication
    : botFrameworkAuthentication(registrationOf(config, settings.cloud))
  const clientOptions = {
    token: settings.connectorToken ?? authentication.token,
    timeoutMs: settings.sendTimeoutMs,
  }
  const client = createConnectorClient(clientOptions)
  // A reply in doubt is better sent twice than never; with what we begin it is the other way round.
  const campaignClient = createConnectorClient({
    ...clientOptions,
    connectionsMax: IN_FLIGHT_MAX,
    staleConnection: 'unknown',
  })
  const outbox = createOutbox({ database, client, clock, logger, sweepEveryMs: settings.sweepEveryMs })
  const serviceUrls = { demo: config.demo, allowedHosts: settings.allowedServiceHosts ?? [] }
  const answer = createMessagesHandler({ turns, outbox, authentication, serviceUrls, newId })
  return {
    outbox,
    answer,
    campaignClient,
    serviceUrls,
    close() {
      client.close()
      campaignClient.close()
    },
  }
}

/** Resolves to the port, which for port 0 is one that was free. */
function listenOn(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    // Restify passes on what the server underneath reports.
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve(server.address().port)
    })
  })
}

function registrationOf({ botApp }: Config, cloud: BotRegistration['cloud']): BotRegistration {
  return {
    appId: botApp.id,
    appPassword: botApp.password,
    appType: botApp.type,
    ...(botApp.tenantId === '' ? {} : { appTenantId: botApp.tenantId }),
    ...(cloud ? { cloud } : {}),
  }
}

function memberTokensOf({ webChat }: Config): MemberTokens {
  const { audience, secret, jwksUrl } = webChat
  return {
    audience,
    ...(secret ? { secret: { algorithm: 'HS256' as const, secret: new TextEncoder().encode(secret) } } : {}),
    ...(jwksUrl ? { jwks: jwksKey(jwksUrl) } : {}),
  }
}

/** Without authentication a page of another site, open in the same browser, must not speak to the bot in our user's name. */
function refuseForeignPages(answer: ReturnType<typeof createMessagesHandler>) {
  return async (request: Parameters<typeof answer>[0] & { origin: string | undefined }) => {
    const { origin } = request
    const local = origin === undefined || /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
    if (local) return answer(request)
    return { status: 401, body: { error: { code: 'foreign-origin', message: 'demo mode answers this machine only' } } }
  }
}

/** Hands over e-mails soon after they were written. */
function mailLoop({ mailer, database, clock, logger }: AppDeps): Loop {
  if (!mailer) return { start: () => undefined, stop: async () => undefined }
  return repeating({ firstAfterMs: MAIL_EVERY_MS, everyMs: MAIL_EVERY_MS }, () =>
    deliverMail(database, { transport: mailer, at: clock() }).catch((error) =>
      logger.warn({ err: error }, 'handing over e-mail failed'),
    ),
  )
}

function forgetLoop({ database, clock, logger }: AppDeps): Loop {
  return repeating({ firstAfterMs: MAIL_EVERY_MS, everyMs: FORGET_EVERY_MS }, () =>
    forgetProofs(database, { at: clock() }).catch((error) =>
      logger.warn({ err: error }, 'old tokens and codes could not be deleted'),
    ),
  )
}
