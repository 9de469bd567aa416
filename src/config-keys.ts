import { z } from 'zod'

/** A key that can be set: how its text is read, and what is allowed in words. */
interface Key {
  readonly schema: z.ZodType
  readonly allowed: string
  /** Its value never appears in a message. */
  readonly secret?: true
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const APP_TYPES = ['SingleTenant', 'MultiTenant', 'UserAssignedMSI'] as const
const SECRET_LENGTH_MIN = 32

const wholeNumber = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)
    .default(fallback)

const secret = z.string().min(SECRET_LENGTH_MIN, `is shorter than ${SECRET_LENGTH_MIN} characters`).optional()

const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'is not a GUID')
  .optional()

const NO_WEB_ADDRESS = 'is not an https:// address (http:// only for localhost)'

/** An http(s) address; plain http only to this machine, because tokens travel over it. */
const webAddress = z
  .string()
  .refine((value) => isWebAddress(value), NO_WEB_ADDRESS)
  .transform((value) => value.replace(/\/+$/, ''))
  .optional()

const origins = z
  .string()
  .transform((value) => value.split(/[\s,]+/).filter((origin) => origin !== ''))
  .refine((list) => list.every(isOrigin), 'has an entry that is not an origin')
  .default([])

const channels = z
  .string()
  .transform((value) => value.split(/[\s,]+/).filter((channel) => channel !== ''))
  .refine((list) => list.every((channel) => /^[\w.-]{1,64}$/.test(channel)), 'has an entry that is not a channel id')
  .default([])

/** Every key that Regulars reads. `.env.example` explains the same ones, which a test checks. */
export const KEYS = {
  NODE_ENV: {
    schema: z.enum(['development', 'production', 'test'], 'is not known').default('development'),
    allowed: 'development, production or test',
  },
  PORT: { schema: wholeNumber(0, 65_535, 3978), allowed: 'a port from 0 to 65535; 0 takes any free one' },
  HOST: {
    schema: z
      .string()
      .regex(/^[\w.:-]+$/, 'is not an address')
      .optional(),
    allowed: 'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
  },
  LOG_LEVEL: { schema: z.enum(LOG_LEVELS, 'is not known').default('info'), allowed: LOG_LEVELS.join(', ') },
  DATABASE_URL: {
    schema: z
      .string()
      .refine((value) => isUrl(value, ['postgresql:', 'postgres:']), 'is not a PostgreSQL address')
      .optional(),
    allowed: 'postgresql://user:password@host:5432/database, or nothing for the embedded PostgreSQL',
    secret: true,
  },
  DATABASE_CONNECTIONS_MAX: { schema: wholeNumber(1, 500, 20), allowed: 'a number from 1 to 500' },
  REGULARS_DATA_DIR: { schema: z.string().default('.regulars'), allowed: 'a folder that we may write to' },
  REGULARS_DEMO: {
    schema: z
      .enum(['true', 'false'], 'is neither true nor false')
      .transform((value) => value === 'true')
      .optional(),
    allowed: 'true or false',
  },
  REGULARS_PUBLIC_URL: { schema: webAddress, allowed: 'the https:// address under which people reach this server' },
  REGULARS_ALLOWED_ORIGINS: {
    schema: origins,
    allowed: 'origins such as https://shop.example, separated by commas',
  },
  REGULARS_WEBCHAT_SECRET: {
    schema: secret,
    allowed: `a secret of at least ${SECRET_LENGTH_MIN} characters, shared with the site that signs who is chatting`,
    secret: true,
  },
  REGULARS_WEBCHAT_JWKS_URL: { schema: webAddress, allowed: "the https:// address of the site's public keys (JWKS)" },
  REGULARS_WEBCHAT_AUDIENCE: {
    schema: z.string().default('regulars'),
    allowed: 'the aud that the site puts in tokens',
  },
  REGULARS_DIRECTLINE_SECRET: {
    schema: secret,
    allowed: `a secret of at least ${SECRET_LENGTH_MIN} characters, the same in every process of this service`,
    secret: true,
  },
  REGULARS_JOBS: {
    schema: z
      .enum(['true', 'false'], 'is neither true nor false')
      .default('true')
      .transform((value) => value === 'true'),
    allowed: 'true or false',
  },
  REGULARS_MANAGER_KEY: {
    schema: secret,
    allowed: `a secret of at least ${SECRET_LENGTH_MIN} characters, to be entered on the pages /campaigns and /jobs`,
    secret: true,
  },
  REGULARS_OIDC_ISSUER: {
    // As it is written, since providers tell addresses with and without a slash at the end apart.
    schema: z
      .string()
      .refine((value) => isWebAddress(value), NO_WEB_ADDRESS)
      .optional(),
    allowed: 'the https:// address of your OpenID provider, as it names itself (issuer)',
  },
  REGULARS_OIDC_CLIENT_ID: { schema: z.string().optional(), allowed: 'the id of the client that you registered there' },
  REGULARS_OIDC_CLIENT_SECRET: {
    schema: z.string().optional(),
    allowed: 'the secret of that client',
    secret: true,
  },
  REGULARS_CONSOLE_IN_TEAMS: {
    schema: z
      .enum(['true', 'false'], 'is neither true nor false')
      .default('false')
      .transform((value) => value === 'true'),
    allowed: 'true or false',
  },
  REGULARS_HANDOFF_CHANNELS: {
    schema: channels,
    allowed: 'ids of Bot Framework channels whose hub takes conversations over, separated by commas',
  },
  MICROSOFT_APP_ID: { schema: guid, allowed: 'the GUID of the bot registration in Azure' },
  MICROSOFT_APP_PASSWORD: {
    schema: z.string().optional(),
    allowed: 'a client secret of the bot registration',
    secret: true,
  },
  MICROSOFT_APP_TYPE: {
    schema: z.enum(APP_TYPES, 'is not known').default('SingleTenant'),
    allowed: APP_TYPES.join(', '),
  },
  MICROSOFT_APP_TENANT_ID: { schema: guid, allowed: 'the GUID of the Azure tenant of the bot registration' },
  SMTP_URL: {
    schema: z
      .string()
      .refine((value) => isUrl(value, ['smtp:', 'smtps:']), 'is not an SMTP address')
      .optional(),
    allowed: 'smtp://user:password@host:587 or smtps://…',
    secret: true,
  },
  MAIL_FROM: {
    schema: z
      .string()
      .regex(/^([^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'is not a sender')
      .optional(),
    allowed: 'a sender such as Shop <service@shop.example>',
  },
} as const satisfies Record<string, Key>

export type KeyName = keyof typeof KEYS

/** The values of all keys, read. */
export type Values = { [K in KeyName]: z.output<(typeof KEYS)[K]['schema']> }

/** The Bot Framework's own spellings, read too. */
export const OTHER_SPELLINGS: Readonly<Record<string, KeyName>> = {
  MicrosoftAppId: 'MICROSOFT_APP_ID',
  MicrosoftAppPassword: 'MICROSOFT_APP_PASSWORD',
  MicrosoftAppType: 'MICROSOFT_APP_TYPE',
  MicrosoftAppTenantId: 'MICROSOFT_APP_TENANT_ID',
}

/** Whether a host name or address means this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).hostname !== ''
}

function isWebAddress(value: string): boolean {
  if (!isUrl(value, ['https:', 'http:'])) return false
  const url = new URL(value)
  return url.protocol === 'https:' || isLoopback(url.hostname)
}

function isOrigin(value: string): boolean {
  return isWebAddress(value) && new URL(value).origin === value
}
