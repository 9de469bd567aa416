import path from 'node:path'
import { secretBytes, systemClock } from '../src/core/clock'
import { loadDemoShop } from '../src/core/demo/load'
import type { Database } from '../src/db/open'
import type { Bench, BenchContext } from './bench'
import { positiveNumber, positiveWhole } from './options'
import { projectRoot } from './scratch'
import { startChild } from './turn/child'
import { type Load, startLoad } from './turn/load'

const SLICES = 5
const WARM_UP_SECONDS = 1.5

/** A balance question through HTTP and a loopback connector, against a bare echo bot on the same packages. */
export const turn: Bench = {
  name: 'turn',
  summary: 'a balance question from HTTP request to delivered reply, against a bare echo bot',
  options: [
    { flags: '--seconds <n>', describe: 'how long each of the two is asked', fallback: 10, parse: positiveNumber },
    { flags: '--concurrency <n>', describe: 'people who ask at the same time', fallback: 16, parse: positiveWhole },
  ],
  async run(options, context) {
    const seconds = Number(options.seconds)
    const concurrency = Number(options.concurrency)
    const database = await context.scratchDatabase()
    const people = await prepare(database, context)
    if (people < concurrency) throw new Error(`the demo shop has only ${people} people who could ask`)
    const load = await startLoad({
      concurrency,
      people,
      text: 'how many points do I have?',
      userId: (person) => `29:${person}`,
    })
    const migrations = path.join(projectRoot(), 'prisma', 'migrations')
    const bot = await startChild(path.join(__dirname, 'turn', 'bot-process'), [database.url, migrations])
    const echo = await startChild(path.join(__dirname, 'turn', 'echo-process'), [])
    try {
      return await measure({ load, seconds, bot: bot.url, echo: echo.url, context })
    } finally {
      await Promise.all([bot.end(), echo.end()])
      await load.close()
    }
  },
}

/** The demo shop, with all of its members who have points known in the chat. Resolves to how many those are. */
async function prepare(database: Database, context: BenchContext): Promise<number> {
  context.say('loading the demo shop …')
  await loadDemoShop(database, { at: systemClock(), secretBytes })
  const known = await database.sql`
    insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
    select 'msteams', 'load', '29:' || (row_number() over (order by member_id) - 1), member_id, ${systemClock()}, 'token'
    from member_account where available > 0 order by member_id returning user_id`
  return known.length
}

interface Measured {
  load: Load
  seconds: number
  bot: string
  echo: string
  context: BenchContext
}

/** Slice by slice in turn, so that what else the machine does falls on both. */
async function measure({ load, seconds, bot, echo, context }: Measured): Promise<object> {
  for (const url of [bot, echo]) await load.run({ url, seconds: WARM_UP_SECONDS })
  const sliceSeconds = seconds / SLICES
  const turns: number[] = []
  let echoes = 0
  for (let slice = 1; slice <= SLICES; slice++) {
    const echoed = await load.run({ url: echo, seconds: sliceSeconds })
    const answered = await load.run({ url: bot, seconds: sliceSeconds })
    echoes += echoed.length
    turns.push(...answered)
    const rate = (count: number) => (count / sliceSeconds).toFixed(0).padStart(6)
    context.say(`slice ${slice} of ${SLICES}: ${rate(answered.length)} turns/s, echo ${rate(echoed.length)}/s`)
  }
  const sorted = Float64Array.from(turns).sort()
  const percentile = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
  const turnsPerSecond = turns.length / seconds
  const echoTurnsPerSecond = echoes / seconds
  return {
    turnsPerSecond: round(turnsPerSecond),
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    echoTurnsPerSecond: round(echoTurnsPerSecond),
    ratioToEcho: round(turnsPerSecond / echoTurnsPerSecond, 3),
  }
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}
