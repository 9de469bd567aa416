import { conversations } from '../../dialogs/index'
import { createApp } from '../../src/app'
import { loadRecogniser } from '../../src/bot/nlu/recogniser'
import type { Config } from '../../src/config'
import { newUuid, secretBytes, systemClock } from '../../src/core/clock'
import { openDatabase } from '../../src/db/open'
import { createLogger } from '../../src/logger'

// The whole bot as it is served, on the database of the benchmark.
const [url = '', migrationsFolder = ''] = process.argv.slice(2)

const config: Config = {
  demo: true,
  host: '127.0.0.1',
  port: 0,
  publicUrl: 'http://localhost',
  dataDir: '.',
  databaseConnectionsMax: 20,
  jobs: false,
  migrationsFolder,
  botApp: { id: '', password: '', type: 'SingleTenant', tenantId: '' },
  webChat: { audience: 'regulars', allowedOrigins: [] },
  handoffChannels: [],
  directLineSecret: 'of the benchmark, at least so long',
  mail: { from: 'Regulars <regulars@localhost>' },
  logLevel: 'info',
}

async function start(): Promise<void> {
  const database = openDatabase({ url, connectionsMax: config.databaseConnectionsMax })
  const app = createApp({
    config,
    database,
    clock: systemClock,
    newId: newUuid,
    secretBytes,
    // The log is written as in production; the parent lets it go.
    logger: createLogger({ level: config.logLevel }),
    recogniser: await loadRecogniser(database),
    conversations,
    webFolder: __dirname,
  })
  const port = await app.listen(config)
  process.send?.({ port })
  process.on('disconnect', () => process.exit(0))
}

void start()
