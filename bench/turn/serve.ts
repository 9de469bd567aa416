import { conversations } from '../../dialogs/index'
import { type AppDeps, createApp } from '../../src/app'
import { loadRecogniser } from '../../src/bot/nlu/recogniser'
import type { Config } from '../../src/config'
import { newUuid, secretBytes, systemClock } from '../../src/core/clock'
import { type Database, openDatabase } from '../../src/db/open'
import { createLogger } from '../../src/logger'

const config: Config = {
  demo: true,
  host: '127.0.0.1',
  port: 0,
  publicUrl: 'http://localhost',
  dataDir: '.',
  databaseConnectionsMax: 20,
  jobs: false,
  migrationsFolder: '',
  botApp: { id: '', password: '', type: 'SingleTenant', tenantId: '' },
  webChat: { audience: 'regulars', allowedOrigins: [] },
  handoffChannels: [],
  consoleInTeams: false,
  directLineSecret: 'of the benchmark, at least so long',
  mail: { from: 'Regulars <regulars@localhost>' },
  logLevel: 'info',
}

/** Serves the whole bot on the database of a benchmark, in a process of its own: tells the parent its port, ends with it. */
export async function serve(
  { url, migrationsFolder }: { url: string; migrationsFolder: string },
  also: (database: Database) => Partial<AppDeps> = () => ({}),
): Promise<void> {
  const database = openDatabase({ url, connectionsMax: config.databaseConnectionsMax })
  const app = createApp({
    config: { ...config, migrationsFolder },
    database,
    clock: systemClock,
    newId: newUuid,
    secretBytes,
    // The log is written as in production; the parent lets it go.
    logger: createLogger({ level: config.logLevel }),
    recogniser: await loadRecogniser(database),
    conversations,
    webFolder: __dirname,
    ...also(database),
  })
  const port = await app.listen(config)
  process.send?.({ port })
  process.on('disconnect', () => process.exit(0))
}
