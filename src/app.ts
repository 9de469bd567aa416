import type { Logger } from 'pino'
import type { Server } from 'restify'
import { composeAccounts } from './accounts'
import { composeAssistance } from './assistance'
import { type BotRegistration, botFrameworkAuthentication, noAuthentication } from './bot/connector/authentication'
import { createConnectorClient } from './bot/connector/client'
import { createMessagesHandler, type MessagesDeps } from './bot/connector/messages'
import { createOutbox } from './bot/connector/outbox'
import type { Conversation } from './bot/contract'
import { createDirectLine, type DirectLineRates } from './bot/directline/channel'
import { createHub, type Hub } from './bot/directline/hub'
import { createRateLimit, type Rate } from './bot/directline/rate-limit'
import { directLineTokens } from './bot/directline/tokens'
import { createWebchatSession, type MemberTokens } from './bot/directline/webchat-session'
import { createEngine, type Engine } from './bot/engine/engine'
import type { Desk } from './bot/handoff/desk'
import { botFrameworkDesk } from './bot/handoff-protocol/bot-framework-desk'
import { createHandingOver } from './bot/handoff-protocol/handing-over'
import { takeReport } from './bot/handoff-protocol/take-report'
import { type Loop, repeating } from './bot/loop'
import { createNotifications } from './bot/notifications'
import { IN_FLIGHT_MAX } from './bot/proactive/deliveries'
import { createCampaignSender } from './bot/proactive/sender'
import { createTakeBack } from './bot/proactive/take-back'
import { OWN_CHANNEL } from './bot/reading'
import { failureOf } from './bot/turn/failure'
import { createTurnRunner, type Recogniser, type TurnRunner } from './bot/turn/pipeline'
import { composeDesk, type DeskParts } from './compose-desk'
import type { Config } from './config'
import type { Clock, NewId, SecretBytes } from './core/clock'
import { forgetProofs } from './core/identity/forget'
import { jwksKey } from './core/identity/member-token'
import { deliverMail, type MailTransport } from './core/mail/deliver'
import type { PasswordCost } from './core/staff/password-hash'
import type { Database } from './db/open'
import { createDemoService } from './demo-service'
import type { StaffAccess } from './http/api/console/access'
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
  /** Who is admitted to the desk, in place of those who are signed in. */
  readonly staffAccess?: StaffAccess
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
  readonly rates?: Partial<DirectLineRates & { readonly session: Rate; readonly signIn: Rate }>
  /** What hashing a password costs. */
  readonly passwordCost?: PasswordCost
  readonly turnTimeoutMs?: number
  readonly sendTimeoutMs?: number
  readonly sweepEveryMs?: number
}

export interface App {
  /** Answers messages without HTTP: the terminal chat's way in. */
  readonly turns: TurnRunner
  /** Starts to serve; resolves to the port. Rejects with Node's error where it can't listen there, such as EADDRINUSE. */
  listen(options: { host: string; port: number }): Promise<number>
  /** Stops taking requests, finishes turns and sends, and lets go of everything but the database. */
  close(): Promise<void>
}

const BOT_NAME = 'Regulars'
const SESSION_RATE: Rate = { burst: 60, perSecond: 1 }
const MAIL_EVERY_MS = 1_000
const FORGET_EVERY_MS = 3_600_000
const NAMES_EVERY_MS = 30_000

/** The composition root: for main, the terminal chat and the tests. */
export function createApp(deps: AppDeps): App {
  const { config, database, clock, newId, logger, settings = {} } = deps
  const engine = createEngine(deps.conversations)
  const connector = composeConnector(deps)
  const notifications = createNotifications({ database, logger, processId: newId() })
  const hub = createHub({ database, logger, notifications })
  const accounts = composeAccounts(deps)
  const staffAccess = deps.staffAccess ?? accounts.access
  const people = composeDesk({ ...deps, ...connector, engine, hub, notifications, botName: BOT_NAME, staffAccess })
  const { turns, answer } = composeTurns({ ...deps, ...connector, engine, hub, people })
  const tokens = directLineTokens({ secret: config.directLineSecret, clock })
  const chat = { turns, hub, tokens, botName: BOT_NAME, memberTyping: typingTo(people.desk, logger) }
  const directLine = createDirectLine({ ...deps, ...chat, rates: settings.rates })
  const openSession = createWebchatSession({ database, tokens, clock }, directLine, memberTokensOf(config))
  const sessionLimit = createRateLimit(settings.rates?.session ?? SESSION_RATE, clock)
  const readiness = readinessOf(deps)
  const origins = { allowedOrigins: config.webChat.allowedOrigins }
  const streams = createStreams({ admit: directLine.admit, watch: hub.watch }, origins)
  const server = createHttpServer({
    ...origins,
    logger,
    webFolder: deps.webFolder,
    consoleInTeams: config.consoleInTeams,
    // A demo is reached as localhost or 127.0.0.1, and its pages must find their own address.
    publicUrl: config.demo ? undefined : config.publicUrl,
    isUnavailable: (error) => failureOf(error) === 'unavailable',
    onUpgrade: (upgrade) => people.streams.onUpgrade(upgrade) || streams.onUpgrade(upgrade),
    routes: [
      ...healthRoutes(readiness.check),
      messagesRoute(config.demo ? refuseForeignPages(answer) : answer),
      ...directLineRoutes({ service: directLine, secret: config.directLineSecret }),
      webchatSessionRoute({ openSession, takeSession: sessionLimit.take }),
      ...managerRoutes(
        createManagerService({ database, clock, jobs: schedule }),
        config.demo ? { kind: 'local' } : { kind: 'people', staff: staffAccess, key: config.managerKey },
      ),
      ...accounts.routes,
      ...people.routes,
      ...composeAssistance({ ...deps, ...connector, hub, deskHub: people.deskHub, botName: BOT_NAME, staffAccess }),
      ...(config.demo ? demoRoutes(createDemoService(deps)) : []),
    ],
  })
  const node = nodeServerOf(server)
  const workers = workersOf({ ...deps, ...connector, hub })
  const loops = [mailLoop(deps), forgetLoop(deps), namesLoop(deps), ...people.loops, ...workers]
  const parts = [connector.outbox, notifications, hub, ...loops]

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
      await Promise.all([streams.close(), people.streams.close()])
      // What is still open now is kept-alive and idle, or hangs.
      node.closeAllConnections()
      await closed
      connector.close()
    },
  }
}

/** Who answers members: the bot, and what it hands over to people here and elsewhere. */
function composeTurns(
  deps: AppDeps & ReturnType<typeof composeConnector> & { engine: Engine; hub: Hub; people: DeskParts },
) {
  const { config, clock, settings = {}, people } = deps
  const handingOver = createHandingOver({ desks: [botFrameworkDesk({ channels: config.handoffChannels })], clock })
  const { desk, deskHub } = people
  const turns = createTurnRunner({ ...deps, desk, handingOver, timeoutMs: settings.turnTimeoutMs })
  const reports = { ...deps, deskHub, botName: BOT_NAME }
  return { turns, answer: deps.answerWith(turns, (report) => takeReport(reports, report)) }
}

/** What time brings, where this process looks after it. */
function workersOf(deps: AppDeps & ReturnType<typeof composeConnector> & { hub: Hub }): Loop[] {
  const { config, database, clock, logger, campaignClient: client } = deps
  if (!config.jobs) return []
  return [
    createJobWorker({ database, jobs: schedule, clock, logger }),
    createCampaignSender({ ...deps, client, botName: BOT_NAME }),
    createTakeBack({ database, clock, logger }),
  ]
}

/** What speaks with Bot Framework's channels. */
function composeConnector({ config, database, clock, newId, logger, settings = {} }: AppDeps) {
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
    purpose: 'campaigns',
  })
  const outbox = createOutbox({ database, client, clock, logger, sweepEveryMs: settings.sweepEveryMs })
  const serviceUrls = { demo: config.demo, allowedHosts: settings.allowedServiceHosts ?? [] }
  const common = { outbox, authentication, serviceUrls, newId }
  const answerWith = (turns: TurnRunner, takeReports: MessagesDeps['takeReport']) =>
    createMessagesHandler({ ...common, turns, takeReport: takeReports })
  return {
    outbox,
    client,
    answerWith,
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

/** A sign of typing that gets lost is nobody's loss. */
function typingTo(desk: Desk, logger: Logger) {
  return (conversationId: string) => {
    desk
      .memberTyping({ channel: OWN_CHANNEL, conversationId })
      .catch((error) => logger.warn({ err: error }, 'a sign of typing was lost'))
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

/** What an import has brought since the start is known by its name soon after, without a restart. */
function namesLoop({ recogniser, database, logger }: AppDeps): Loop {
  return repeating({ firstAfterMs: NAMES_EVERY_MS, everyMs: NAMES_EVERY_MS }, async () =>
    recogniser
      .refresh?.(database)
      .catch((error) => logger.warn({ err: error }, 'the names of the catalogue could not be read')),
  )
}

function forgetLoop({ database, clock, logger }: AppDeps): Loop {
  return repeating({ firstAfterMs: MAIL_EVERY_MS, everyMs: FORGET_EVERY_MS }, () =>
    forgetProofs(database, { at: clock() }).catch((error) =>
      logger.warn({ err: error }, 'old tokens and codes could not be deleted'),
    ),
  )
}
