import pino from 'pino'
import type { Job } from '../../src/core/jobs/job'
import { openDatabase } from '../../src/db/open'
import { createJobWorker } from '../../src/jobs/worker'

// A process that does jobs, to be killed in the middle of one: says when it is. With `finish` the job ends.
const [url = '', now = '', how = ''] = process.argv.slice(2)

const database = openDatabase({ url })
const job: Job = {
  name: 'nightly',
  says: { en: 'what a test does at night', zh: '测试在夜里做的事' },
  cron: '0 2 * * *',
  timeZone: 'UTC',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  async run() {
    // A key makes what is done twice happen once.
    await database.sql`insert into used_token (id, expires_at) values ('effect', ${new Date(now)}) on conflict do nothing`
    process.stdout.write(`${JSON.stringify({ running: true })}\n`)
    if (how !== 'finish') await new Promise(() => undefined)
    return { done: 1 }
  },
}
createJobWorker({
  database,
  jobs: [job],
  clock: () => new Date(now),
  logger: pino({ level: 'silent' }),
  pollEverySeconds: 0.5,
}).start()
