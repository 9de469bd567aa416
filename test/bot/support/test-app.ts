import path from 'node:path'
import pino from 'pino'
import { type App, type AppDeps, createApp } from '../../../src/app'
import type { Config } from '../../../src/config'
import { newUuid, secretBytes, systemClock } from '../../../src/core/clock'
import type { Database } from '../../../src/db/open'
import { testConversations, testRecogniser } from './conversations'

export const TEST_SECRET = 'a shared secret of the test shop, long enough'

/** A demo configuration on any free port. */
export const testConfig: Config = {
  demo: true,
  host: '127.0.0.1',
  port: 0,
  publicUrl: 'http://localhost:0',
  dataDir: '/nowhere',
  databaseConnectionsMax: 10,
  jobs: false,
  migrationsFolder: path.join(__dirname, '../../../prisma/migrations'),
  botApp: { id: '', password: '', type: 'SingleTenant', tenantId: '' },
  webChat: { secret: TEST_SECRET, audience: 'regulars', allowedOrigins: ['https://shop.example'] },
  directLineSecret: 'the direct line secret of the tests, long enough',
  mail: { from: 'Regulars <regulars@localhost>' },
  handoffChannels: [],
  consoleInTeams: false,
  logLevel: 'silent',
}

export interface RunningApp extends App {
  readonly url: string
}

/** An application that listens, with small conversations of the tests' own. Close it. */
export async function startTestApp(database: Database, deps: Partial<AppDeps> = {}): Promise<RunningApp> {
  const app = createApp({
    config: testConfig,
    database,
    clock: systemClock,
    newId: newUuid,
    secretBytes,
    logger: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    recogniser: testRecogniser,
    conversations: testConversations,
    webFolder: path.join(__dirname, 'pages'),
    ...deps,
  })
  const port = await app.listen({ host: '127.0.0.1', port: 0 })
  return { ...app, url: `http://127.0.0.1:${port}` }
}
