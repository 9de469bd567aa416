import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import {
  type Config,
  describeRefusals,
  type Env,
  loadConfig,
  projectRoot,
  type Refusal,
  readEnvironment,
} from '../../src/config'
import { KEYS } from '../../src/config-keys'
import { useScratchFolder } from '../support/scratch-folder'

const root = useScratchFolder()
const guid = '0f8fad5b-d9cb-469f-a165-70867728950e'
const secret = 'a secret of thirty-two characters'

function environmentOf(folder: string): Env {
  const read = readEnvironment(folder)
  if (!read.ok) throw new Error(describeRefusals(read.refusals))
  return read.env
}

/** Everything that running without demo mode needs. */
const live: Env = {
  NODE_ENV: 'production',
  MICROSOFT_APP_ID: guid,
  MICROSOFT_APP_PASSWORD: 'client secret',
  MICROSOFT_APP_TENANT_ID: guid,
  REGULARS_DIRECTLINE_SECRET: secret,
  REGULARS_WEBCHAT_SECRET: secret,
  REGULARS_PUBLIC_URL: 'https://bot.shop.example/',
  SMTP_URL: 'smtp://user:password@mail.shop.example:587',
  MAIL_FROM: 'Shop <service@shop.example>',
}

function configOf(env: Env): Config {
  const loaded = loadConfig(env, root)
  if (!loaded.ok) throw new Error(describeRefusals(loaded.refusals))
  return loaded.config
}

function refusalsOf(env: Env): readonly Refusal[] {
  const loaded = loadConfig(env, root)
  return loaded.ok ? [] : loaded.refusals
}

describe('demo mode', () => {
  test('needs nothing, and is for this machine alone', () => {
    const config = configOf({})
    expect(config).toMatchObject({
      demo: true,
      host: '127.0.0.1',
      port: 3978,
      publicUrl: 'http://localhost:3978',
      dataDir: path.join(root, '.regulars'),
      databaseConnectionsMax: 20,
      jobs: true,
      botApp: { id: '' },
      logLevel: 'info',
    })
    expect(config).not.toHaveProperty('databaseUrl')
  })

  test('makes secrets once, keeps them for its owner alone, and never the same in another folder', () => {
    const first = configOf({ REGULARS_DATA_DIR: 'one' })
    expect(configOf({ REGULARS_DATA_DIR: 'one' })).toEqual(first)
    const other = configOf({ REGULARS_DATA_DIR: 'two' })
    expect(other.directLineSecret).not.toBe(first.directLineSecret)
    expect(first.webChat.secret).not.toBe(first.directLineSecret)
    expect(first.directLineSecret.length).toBeGreaterThanOrEqual(32)
    expect(statSync(path.join(root, 'one', 'demo-secrets.json')).mode & 0o777).toBe(0o600)
  })

  test('takes secrets that are given', () => {
    const config = configOf({ REGULARS_DIRECTLINE_SECRET: secret, REGULARS_WEBCHAT_SECRET: secret })
    expect(config).toMatchObject({ directLineSecret: secret, webChat: { secret } })
  })

  test('says which file is broken, without what is in it', () => {
    const file = path.join(root, 'broken', 'demo-secrets.json')
    configOf({ REGULARS_DATA_DIR: 'broken' })
    for (const text of ['{"webChat":"hunter2', '{"webChat":"hunter2"}']) {
      writeFileSync(file, text)
      const refusals = refusalsOf({ REGULARS_DATA_DIR: 'broken' })
      expect(refusals).toEqual([expect.objectContaining({ key: 'REGULARS_DATA_DIR' })])
      expect(describeRefusals(refusals)).toContain(file)
      expect(describeRefusals(refusals)).not.toContain('hunter2')
    }
  })

  test('says when the data folder cannot be written', () => {
    writeFileSync(path.join(root, 'a-file'), '')
    expect(refusalsOf({ REGULARS_DATA_DIR: 'a-file' })).toEqual([
      expect.objectContaining({
        key: 'REGULARS_DATA_DIR',
        problem: expect.stringMatching(/a-file.*\((EEXIST|ENOTDIR)\)/),
      }),
    ])
  })

  test.each<[string, Env, string]>([
    ['an address that others can reach', { HOST: '0.0.0.0' }, 'HOST'],
    ["a host's name", { HOST: 'bot.shop.example' }, 'HOST'],
    ['an address that only begins like loopback', { HOST: '127.0.0.1.shop.example' }, 'HOST'],
    ['production', { REGULARS_DEMO: 'true', NODE_ENV: 'production' }, 'REGULARS_DEMO'],
    ['an app id', { REGULARS_DEMO: 'true', MICROSOFT_APP_ID: guid }, 'REGULARS_DEMO'],
    ['real mail', { SMTP_URL: live.SMTP_URL }, 'SMTP_URL'],
  ])('refuses %s', (_, env, key) => {
    expect(refusalsOf(env).map((refusal) => refusal.key)).toEqual([key])
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('listens on %s', (HOST) => {
    expect(configOf({ HOST }).host).toBe(HOST)
  })
})

describe('outside demo mode', () => {
  test('everything that is needed is enough', () => {
    expect(configOf(live)).toEqual({
      demo: false,
      host: '0.0.0.0',
      port: 3978,
      publicUrl: 'https://bot.shop.example',
      dataDir: path.join(root, '.regulars'),
      databaseConnectionsMax: 20,
      handoffChannels: [],
      consoleInTeams: false,
      jobs: true,
      migrationsFolder: path.join(root, 'prisma', 'migrations'),
      botApp: { id: guid, password: 'client secret', type: 'SingleTenant', tenantId: guid },
      webChat: { secret, audience: 'regulars', allowedOrigins: [] },
      directLineSecret: secret,
      mail: { smtpUrl: live.SMTP_URL, from: live.MAIL_FROM },
      logLevel: 'info',
    })
  })

  test('all that is missing is named at once', () => {
    const missing = Object.keys(live).filter((key) => key !== 'NODE_ENV')
    expect(
      refusalsOf({ NODE_ENV: 'production' })
        .map(({ key }) => key)
        .sort(),
    ).toEqual(missing.sort())
    expect(
      refusalsOf({ REGULARS_DEMO: 'false' })
        .map(({ key }) => key)
        .sort(),
    ).toEqual(missing.sort())
  })

  test.each(Object.keys(live).filter((key) => key !== 'NODE_ENV'))('%s alone missing is refused', (key) => {
    expect(refusalsOf({ ...live, [key]: '' })).toEqual([expect.objectContaining({ key })])
  })

  test('an OpenID provider is named whole or not at all, and as it names itself', () => {
    const provider: Env = {
      REGULARS_OIDC_ISSUER: 'https://login.shop.example/',
      REGULARS_OIDC_CLIENT_ID: 'regulars',
      REGULARS_OIDC_CLIENT_SECRET: 'pw',
    }
    const oidc = { issuer: 'https://login.shop.example/', clientId: 'regulars', clientSecret: 'pw' }
    expect(configOf({ ...live, ...provider }).oidc).toEqual(oidc)
    expect(configOf(provider).oidc).toEqual(oidc)
    expect(configOf(live)).not.toHaveProperty('oidc')
    for (const key of Object.keys(provider)) {
      expect(refusalsOf({ ...live, ...provider, [key]: '' })).toEqual([expect.objectContaining({ key })])
    }
    expect(refusalsOf({ ...live, ...provider, REGULARS_OIDC_ISSUER: 'http://login.shop.example' })).toEqual([
      expect.objectContaining({ key: 'REGULARS_OIDC_ISSUER', problem: expect.stringContaining('is not an https://') }),
    ])
  })

  test('an app id is enough to leave demo mode', () => {
    const { NODE_ENV: _, ...development } = live
    expect(configOf(development).demo).toBe(false)
    expect(refusalsOf({ MICROSOFT_APP_ID: guid }).map(({ key }) => key)).toContain('MICROSOFT_APP_PASSWORD')
  })

  test('a managed identity needs no password, and a multi-tenant app no tenant', () => {
    const managed = { ...live, MICROSOFT_APP_PASSWORD: '', MICROSOFT_APP_TYPE: 'UserAssignedMSI' }
    expect(configOf(managed).botApp.type).toBe('UserAssignedMSI')
    const multiTenant = { ...live, MICROSOFT_APP_TENANT_ID: '', MICROSOFT_APP_TYPE: 'MultiTenant' }
    expect(configOf(multiTenant).botApp.type).toBe('MultiTenant')
  })

  test('public keys do instead of a shared secret', () => {
    const { REGULARS_WEBCHAT_SECRET: _, ...rest } = live
    const config = configOf({ ...rest, REGULARS_WEBCHAT_JWKS_URL: 'https://shop.example/keys.json' })
    expect(config.webChat).toEqual({
      jwksUrl: 'https://shop.example/keys.json',
      audience: 'regulars',
      allowedOrigins: [],
    })
  })
})

describe('values', () => {
  test.each<[string, string]>([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['HOST', 'http://127.0.0.1'],
    ['NODE_ENV', 'prod'],
    ['LOG_LEVEL', 'verbose'],
    ['DATABASE_URL', 'mysql://localhost/shop'],
    ['DATABASE_URL', 'localhost'],
    ['DATABASE_CONNECTIONS_MAX', '0'],
    ['REGULARS_DEMO', 'yes'],
    ['REGULARS_PUBLIC_URL', 'http://bot.shop.example'],
    ['REGULARS_PUBLIC_URL', 'bot.shop.example'],
    ['REGULARS_ALLOWED_ORIGINS', 'https://shop.example/page'],
    ['REGULARS_ALLOWED_ORIGINS', '*'],
    ['REGULARS_WEBCHAT_SECRET', 'short'],
    ['REGULARS_WEBCHAT_JWKS_URL', 'ftp://shop.example'],
    ['REGULARS_DIRECTLINE_SECRET', 'x'.repeat(31)],
    ['MICROSOFT_APP_ID', 'my-bot'],
    ['MICROSOFT_APP_TYPE', 'Single'],
    ['MAIL_FROM', 'the shop'],
    ['MAIL_FROM', 'a@b.example\r\nBcc: c@d.example'],
  ])('%s=%j is refused with what is allowed', (key, value) => {
    const refusals = refusalsOf({ ...live, [key]: value })
    expect(refusals).toEqual([{ key, problem: expect.any(String), allowed: KEYS[key as keyof typeof KEYS].allowed }])
  })

  test('several are refused at once', () => {
    expect(refusalsOf({ PORT: 'x', LOG_LEVEL: 'y', HOST: '0.0.0.0' }).map(({ key }) => key)).toEqual([
      'PORT',
      'LOG_LEVEL',
      'HOST',
    ])
  })

  test('a wrong value is quoted, a secret never', () => {
    const text = describeRefusals(
      refusalsOf({ ...live, PORT: 'http', REGULARS_WEBCHAT_SECRET: 'hunter2', DATABASE_URL: 'mysql://me:hunter2@db' }),
    )
    expect(text).toContain('PORT "http" is not a whole number')
    expect(text).toContain('REGULARS_WEBCHAT_SECRET is shorter than 32 characters')
    expect(text).not.toContain('hunter2')
  })

  test('origins are a list', () => {
    const env = { REGULARS_ALLOWED_ORIGINS: 'https://shop.example, https://www.shop.example:8443' }
    expect(configOf(env).webChat.allowedOrigins).toEqual(['https://shop.example', 'https://www.shop.example:8443'])
  })

  test("the Bot Framework's spellings are read, and two that differ refused", () => {
    const { MICROSOFT_APP_ID: _, ...rest } = live
    expect(configOf({ ...rest, MicrosoftAppId: guid }).botApp.id).toBe(guid)
    expect(configOf({ ...live, MicrosoftAppId: guid }).botApp.id).toBe(guid)
    const other = guid.replace('0', '1')
    expect(refusalsOf({ ...live, MicrosoftAppId: other }).map(({ key }) => key)).toEqual(['MICROSOFT_APP_ID'])
  })

  test('a misspelt key of ours is named', () => {
    expect(refusalsOf({ REGULARS_DATADIR: '/data' })).toEqual([
      {
        key: 'REGULARS_DATADIR',
        problem: 'is not a key of Regulars',
        allowed: expect.stringContaining('REGULARS_DATA_DIR'),
      },
    ])
  })
})

describe('where settings come from', () => {
  test('.env lies beneath the environment', () => {
    writeFileSync(path.join(root, '.env'), 'PORT=4000\nREGULARS_DATA_DIR="a folder"\n')
    const env = environmentOf(root)
    expect(env.REGULARS_DATA_DIR).toBe('a folder')
    expect(env.PORT).toBe(process.env.PORT ?? '4000')
    expect(env.PATH).toBe(process.env.PATH)
  })

  test('.env may begin with a byte order mark', () => {
    writeFileSync(path.join(root, '.env'), '\ufeffREGULARS_DATA_DIR=a folder\r\nMAIL_FROM=a@b.example\r\n')
    expect(environmentOf(root)).toMatchObject({ REGULARS_DATA_DIR: 'a folder', MAIL_FROM: 'a@b.example' })
  })

  test('.env in another encoding, or that is a folder, is refused: without its settings this would be a demo', () => {
    const file = path.join(root, '.env')
    const expectRefused = (problem: string) =>
      expect(loadConfig(undefined, root)).toMatchObject({ ok: false, refusals: [{ key: '.env', problem }] })
    writeFileSync(file, `\ufeffMICROSOFT_APP_ID=${guid}\r\n`, 'utf16le')
    expectRefused('is not in UTF-8')
    rmSync(file)
    mkdirSync(file)
    expectRefused('cannot be read (EISDIR)')
    rmSync(file, { recursive: true })
  })

  test('.env.example names the keys that are read, all and no others, and changes nothing as it stands', () => {
    const example = parseEnv(readFileSync(path.join(projectRoot(), '.env.example'), 'utf8'))
    expect(Object.keys(example).sort()).toEqual(Object.keys(KEYS).sort())
    expect(configOf(example)).toEqual(configOf({}))
  })

  test("the project's root is the folder of package.json", () => {
    expect(projectRoot()).toBe(path.join(__dirname, '../..'))
  })
})
