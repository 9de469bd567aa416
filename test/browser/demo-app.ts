import path from 'node:path'
import pino from 'pino'
import { conversations } from '../../dialogs'
import { createApp } from '../../src/app'
import { loadRecogniser } from '../../src/bot/nlu/recogniser'
import { newUuid, secretBytes, systemClock } from '../../src/core/clock'
import { loadDemoShop } from '../../src/core/demo/load'
import type { Database } from '../../src/db/open'
import { testConfig } from '../bot/support/test-app'
import { webFolder } from './chat-page'

export interface DemoApp {
  readonly url: string
  close(): Promise<void>
}

/** The whole application as `npm start` makes it, over the demo shop in a database of the test's own. */
export async function startDemoApp(database: Database): Promise<DemoApp> {
  await loadDemoShop(database, { at: systemClock(), secretBytes })
  const app = createApp({
    config: { ...testConfig, migrationsFolder: path.join(__dirname, '../../prisma/migrations') },
    database,
    clock: systemClock,
    newId: newUuid,
    secretBytes,
    logger: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    recogniser: await loadRecogniser(database),
    conversations,
    webFolder,
  })
  const port = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() }
}
