import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { isLoopback, KEYS, type KeyName, OTHER_SPELLINGS, type Values } from './config-keys'

/** Environment variables, as in process.env. */
export type Env = Readonly<Record<string, string | undefined>>

/** How the Bot Framework knows us. `id` is empty in demo mode, which switches its authentication off. */
export interface BotAppConfig {
  readonly id: string
  readonly password: string
  readonly type: Values['MICROSOFT_APP_TYPE']
  readonly tenantId: string
}

/** How the merchant's site says who is chatting: at least one of `secret` and `jwksUrl` is set. */
export interface WebChatConfig {
  /** Shared HS256 secret. */
  readonly secret?: string
  /** Where the site's RS256 keys are. */
  readonly jwksUrl?: string
  readonly audience: string
  /** Sites whose pages may hold the chat widget; our own pages always may. */
  readonly allowedOrigins: readonly string[]
}

/** Everything that can be set from outside, checked. */
export interface Config {
  /** Demo mode: no app id, loopback only, a demo shop, mail shown on a page instead of sent. */
  readonly demo: boolean
  readonly host: string
  readonly port: number
  /** Where people reach us, without a slash at the end. With port 0 and no REGULARS_PUBLIC_URL the port is not known yet. */
  readonly publicUrl: string
  /** Where the embedded database and the demo's secrets are kept. */
  readonly dataDir: string
  /** Absent: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl?: string
  readonly databaseConnectionsMax: number
  readonly migrationsFolder: string
  readonly botApp: BotAppConfig
  readonly webChat: WebChatConfig
  /** Signs our Direct Line tokens. */
  readonly directLineSecret: string
  readonly mail: { readonly smtpUrl?: string; readonly from: string }
  /** Whether this process triggers and does the scheduled jobs. */
  readonly jobs: boolean
  /** Opens the managers' pages outside demo mode; absent: they are closed. */
  readonly managerKey?: string
  /** Signing in to the console with the accounts of an OpenID provider; absent: with passwords alone. */
  readonly oidc?: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string }
  /** Channels whose own hub takes conversations over by Bot Framework's handoff protocol; empty: our console does. */
  readonly handoffChannels: readonly string[]
  /** Whether the console may stand in a tab of Teams. */
  readonly consoleInTeams: boolean
  readonly logLevel: Values['LOG_LEVEL']
}

/** One key that keeps us from starting. Never holds the value of a secret. */
export interface Refusal {
  readonly key: string
  readonly problem: string
  readonly allowed: string
}

export type LoadedConfig = { ok: true; config: Config } | { ok: false; refusals: readonly Refusal[] }

/** The checkout's root: the folder of our package.json, above both src/ and dist/src/. */
export function projectRoot(): string {
  let folder = __dirname
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error(`no package.json above ${__dirname}`)
    folder = parent
  }
  return folder
}

/** The environment, with the project's .env file beneath it: what is set outside wins. */
export function readEnvironment(root = projectRoot()): { ok: true; env: Env } | { ok: false; refusals: Refusal[] } {
  const file = path.join(root, '.env')
  if (!existsSync(file)) return { ok: true, env: process.env }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return { ok: false, refusals: [envFileRefusal(`cannot be read (${(error as NodeJS.ErrnoException).code})`)] }
  }
  // Read as UTF-8 the settings of such a file would be none, and without an app id we would start as a demo.
  if (/[\0\ufffd]/.test(text)) return { ok: false, refusals: [envFileRefusal('is not in UTF-8')] }
  // A byte order mark, as Windows' editors write it, would become part of the first key.
  return { ok: true, env: { ...parseEnv(text.replace(/^\ufeff/, '')), ...process.env } }
}

function envFileRefusal(problem: string): Refusal {
  return { key: '.env', problem, allowed: 'a text file in UTF-8 that we may read, or none' }
}

/**
 * Reads every key, and says all that is wrong at once. In demo mode, secrets that are not given are made at the first
 * start and kept in the data folder.
 */
export function loadConfig(given?: Env, root = projectRoot()): LoadedConfig {
  const read = given ? { ok: true as const, env: given } : readEnvironment(root)
  if (!read.ok) return read
  const { env } = read
  const refusals: Refusal[] = []
  const values = readKeys(oneSpelling(env, refusals), refusals)
  const refused = new Set(refusals.map(({ key }) => key))
  const production = values.NODE_ENV === 'production'
  const demo = values.REGULARS_DEMO ?? (!production && values.MICROSOFT_APP_ID === undefined)
  const modeRefusals = [...(demo ? demoRefusals(values, production) : liveRefusals(values)), ...incompleteOidc(values)]
  // A key that could not be read has been named already; that it is also missing would only confuse.
  refusals.push(...modeRefusals.filter(({ key }) => !refused.has(key)))
  if (refusals.length > 0) return { ok: false, refusals }
  const dataDir = path.resolve(root, values.REGULARS_DATA_DIR ?? '')
  const made = demo ? demoSecrets(dataDir) : undefined
  if (typeof made === 'string') return { ok: false, refusals: [refusal('REGULARS_DATA_DIR', made)] }
  return { ok: true, config: build(values as Values, { demo, root, dataDir, made }) }
}

/** The refusals as text for the person who starts us. */
export function describeRefusals(refusals: readonly Refusal[]): string {
  const lines = refusals.map(({ key, problem, allowed }) => `  ${key} ${problem}\n    allowed: ${allowed}`)
  return `Regulars cannot start with these settings (environment or .env; .env.example explains each):\n${lines.join('\n')}`
}

function oneSpelling(env: Env, refusals: Refusal[]): Record<string, string> {
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const text = value?.trim()
    if (!text) continue
    const key = OTHER_SPELLINGS[name] ?? name
    if (given[key] !== undefined && given[key] !== text) {
      refusals.push({ key, problem: 'is set twice, in two spellings, to different values', allowed: 'one spelling' })
    }
    given[key] = text
    if (key.startsWith('REGULARS_') && !key.startsWith('REGULARS_TEST_') && !(key in KEYS)) {
      const known = Object.keys(KEYS).filter((other) => other.startsWith('REGULARS_'))
      refusals.push({ key, problem: 'is not a key of Regulars', allowed: known.join(', ') })
    }
  }
  return given
}

function readKeys(given: Record<string, string>, refusals: Refusal[]): Partial<Values> {
  const values: Record<string, unknown> = {}
  for (const key of Object.keys(KEYS) as KeyName[]) {
    const result = KEYS[key].schema.safeParse(given[key])
    if (result.success) values[key] = result.data
    else refusals.push(refusal(key, `${quoted(key, given[key])}${result.error.issues[0]?.message}`))
  }
  return values as Partial<Values>
}

function quoted(key: KeyName, value: string | undefined): string {
  return 'secret' in KEYS[key] ? '' : `"${value}" `
}

function refusal(key: KeyName, problem: string): Refusal {
  return { key, problem, allowed: KEYS[key].allowed }
}

function demoRefusals(values: Partial<Values>, production: boolean): Refusal[] {
  const refusals: Refusal[] = []
  if (production) {
    refusals.push(refusal('REGULARS_DEMO', 'is true, but demo mode has no authentication and NODE_ENV is production'))
  }
  if (values.MICROSOFT_APP_ID !== undefined) {
    refusals.push(
      refusal('REGULARS_DEMO', 'is true, but MICROSOFT_APP_ID is set; demo mode is for running without one'),
    )
  }
  if (values.HOST !== undefined && !isLoopback(values.HOST)) {
    const problem = `"${values.HOST}" can be reached from other machines; demo mode has no authentication`
    refusals.push({ key: 'HOST', problem, allowed: '127.0.0.1, ::1 or localhost in demo mode' })
  }
  if (values.SMTP_URL !== undefined) {
    refusals.push(refusal('SMTP_URL', 'is set, but demo mode sends no mail, its members being made up'))
  }
  return refusals
}

function liveRefusals(values: Partial<Values>): Refusal[] {
  const managed = values.MICROSOFT_APP_TYPE === 'UserAssignedMSI'
  const required: KeyName[] = [
    'MICROSOFT_APP_ID',
    ...(managed ? [] : (['MICROSOFT_APP_PASSWORD'] as const)),
    ...(values.MICROSOFT_APP_TYPE === 'MultiTenant' ? [] : (['MICROSOFT_APP_TENANT_ID'] as const)),
    'REGULARS_DIRECTLINE_SECRET',
    'REGULARS_PUBLIC_URL',
    'SMTP_URL',
    'MAIL_FROM',
  ]
  const missing = required
    .filter((key) => values[key] === undefined)
    .map((key) => refusal(key, 'is missing, and outside demo mode it is needed'))
  if (values.REGULARS_WEBCHAT_SECRET === undefined && values.REGULARS_WEBCHAT_JWKS_URL === undefined) {
    missing.push(refusal('REGULARS_WEBCHAT_SECRET', 'is missing, and REGULARS_WEBCHAT_JWKS_URL is not set instead'))
  }
  return missing
}

const OIDC_KEYS = ['REGULARS_OIDC_ISSUER', 'REGULARS_OIDC_CLIENT_ID', 'REGULARS_OIDC_CLIENT_SECRET'] as const

/** The three come together or not at all. */
function incompleteOidc(values: Partial<Values>): Refusal[] {
  const missing = OIDC_KEYS.filter((key) => values[key] === undefined)
  if (missing.length === OIDC_KEYS.length) return []
  return missing.map((key) => refusal(key, 'is missing, and signing in with an OpenID provider needs all three'))
}

function oidcOf(values: Values): Pick<Config, 'oidc'> {
  const [issuer, clientId, clientSecret] = OIDC_KEYS.map((key) => values[key])
  return issuer && clientId && clientSecret ? { oidc: { issuer, clientId, clientSecret } } : {}
}

interface Circumstances {
  demo: boolean
  root: string
  dataDir: string
  made: DemoSecrets | undefined
}

function build(values: Values, { demo, root, dataDir, made }: Circumstances): Config {
  const webChatSecret = values.REGULARS_WEBCHAT_SECRET ?? made?.webChat
  const host = values.HOST ?? (demo ? '127.0.0.1' : '0.0.0.0')
  return {
    demo,
    host,
    port: values.PORT,
    publicUrl: values.REGULARS_PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    dataDir,
    ...(values.DATABASE_URL === undefined ? {} : { databaseUrl: values.DATABASE_URL }),
    databaseConnectionsMax: values.DATABASE_CONNECTIONS_MAX,
    migrationsFolder: path.join(root, 'prisma', 'migrations'),
    botApp: {
      id: values.MICROSOFT_APP_ID ?? '',
      password: values.MICROSOFT_APP_PASSWORD ?? '',
      type: values.MICROSOFT_APP_TYPE,
      tenantId: values.MICROSOFT_APP_TENANT_ID ?? '',
    },
    webChat: {
      ...(webChatSecret === undefined ? {} : { secret: webChatSecret }),
      ...(values.REGULARS_WEBCHAT_JWKS_URL === undefined ? {} : { jwksUrl: values.REGULARS_WEBCHAT_JWKS_URL }),
      audience: values.REGULARS_WEBCHAT_AUDIENCE,
      allowedOrigins: values.REGULARS_ALLOWED_ORIGINS,
    },
    directLineSecret: values.REGULARS_DIRECTLINE_SECRET ?? made?.directLine ?? '',
    mail: {
      ...(values.SMTP_URL === undefined ? {} : { smtpUrl: values.SMTP_URL }),
      from: values.MAIL_FROM ?? 'Regulars <regulars@localhost>',
    },
    jobs: values.REGULARS_JOBS,
    ...(values.REGULARS_MANAGER_KEY === undefined ? {} : { managerKey: values.REGULARS_MANAGER_KEY }),
    ...oidcOf(values),
    handoffChannels: values.REGULARS_HANDOFF_CHANNELS,
    consoleInTeams: values.REGULARS_CONSOLE_IN_TEAMS,
    logLevel: values.LOG_LEVEL,
  }
}

const demoSecretsSchema = z.object({ webChat: z.string().min(32), directLine: z.string().min(32) })
type DemoSecrets = z.output<typeof demoSecretsSchema>

/**
 * The demo's own secrets: made once, the same for every process on this data folder, readable by its owner alone. A
 * string says why there can be none.
 */
function demoSecrets(dataDir: string): DemoSecrets | string {
  const file = path.join(dataDir, 'demo-secrets.json')
  try {
    if (!existsSync(file)) makeDemoSecrets(dataDir, file)
    return demoSecretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Any other message would quote the secrets.
    return code
      ? `cannot keep the demo's secrets in ${file} (${code})`
      : `has a broken ${file}; delete it, and new secrets are made at the next start`
  }
}

function makeDemoSecrets(dataDir: string, file: string): void {
  // Others may pass through, but not look: as root, PostgreSQL runs as another user in a folder below.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const fresh = { webChat: randomBytes(32).toString('hex'), directLine: randomBytes(32).toString('hex') }
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(fresh), { mode: 0o600 })
  try {
    // A link never replaces: of several processes that start at once, one makes the secrets and all read the same.
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}
