import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { systemClock } from '../src/core/clock'
import { ensureMerchant } from '../src/core/merchant'
import { moveCampaign, putCampaign } from '../src/core/retention/campaigns'
import { readDefinition } from '../src/core/retention/definition'
import { planCampaign } from '../src/core/retention/plan'
import { ensureTiers } from '../src/core/tiers/ladder'
import type { Database } from '../src/db/open'
import type { Bench, BenchContext } from './bench'
import { positiveNumber, positiveWhole } from './options'

interface Options {
  messages: number
  rate: number
  seconds: number
  processes: number
}

const CODE = 'bench'
const CONTROL_SHARE = 0.1

/** A campaign from its plan to the channel: how fast it is queued, and how well the senders keep the channel's quota. */
export const sends: Bench = {
  name: 'sends',
  summary: 'messages of a campaign queued, and sent at the quota of a channel by several processes',
  options: [
    { flags: '--messages <n>', describe: 'messages of the campaign', fallback: 100_000, parse: positiveWhole },
    { flags: '--rate <n>', describe: 'what the channel takes in any second', fallback: 30, parse: positiveWhole },
    { flags: '--seconds <n>', describe: 'how long is sent, at the most', fallback: 20, parse: positiveNumber },
    { flags: '--processes <n>', describe: 'how many send at the same time', fallback: 2, parse: positiveWhole },
  ],
  async run(raw, context) {
    const options = raw as unknown as Options
    const database = await context.scratchDatabase()
    const connector = await startChild('connector-process', [])
    try {
      const serviceUrl = `http://127.0.0.1:${(connector.first as { port: number }).port}/`
      await fill(database, options, { serviceUrl, context })
      const { messages, enqueueSeconds } = await enqueue(database)
      context.say(`${messages} messages queued in ${enqueueSeconds.toFixed(2)} s`)
      const arrivals = await send(database, connector.process, { options, messages, context })
      const figures = judge(arrivals, options.rate)
      await audit(database, arrivals.length)
      context.say(
        `${figures.sent} sent by ${options.processes} processes: ${figures.sentPerSecond.toFixed(2)} a second, ` +
          `${(100 * figures.quotaUsed).toFixed(1)} % of the quota; over it ${figures.overruns}, twice ${figures.duplicates}`,
      )
      return { messages, enqueueSeconds, ...figures }
    } finally {
      connector.process.disconnect()
      await once(connector.process, 'exit')
    }
  },
}

/** Members who agreed to offers in Teams and were spoken with there, more than there are to be messages: some are control. */
async function fill(
  database: Database,
  { messages }: Options,
  { serviceUrl, context }: { serviceUrl: string; context: BenchContext },
): Promise<void> {
  const members = Math.ceil(messages / (1 - CONTROL_SHARE))
  context.say(`writing ${members} members …`)
  const at = systemClock()
  await ensureMerchant(database, { at })
  await ensureTiers(database)
  // No hour is quiet, and nobody is held out.
  await database.sql`update merchant set settings = '{"globalHoldoutShare": 0, "quietHours": {"from": 0, "until": 0}}'`
  await database.sql`
    insert into member (id, source, display_name, joined_at, tier_code, tier_reviewed_at)
    select 'M' || n, 'bench', 'Member ' || n, ${at}, (select code from tier order by rank limit 1), ${at}
    from generate_series(1, ${members}::int) n`
  await database.sql`
    insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
    select 'msteams', 'tenant', 'u' || id, id, ${at}, 'code' from member`
  await database.sql`
    insert into conversation_state (channel, conversation_id, version, state, reference, updated_at)
    select 'msteams', 'c' || id, 1, '{}', jsonb_build_object('serviceUrl', ${serviceUrl}::text, 'channelId', 'msteams',
      'conversation', jsonb_build_object('id', 'c' || id, 'tenantId', 'tenant', 'conversationType', 'personal'),
      'bot', jsonb_build_object('id', 'bot'), 'user', jsonb_build_object('id', 'u' || id)), ${at}
    from member`
  await database.sql`
    insert into message_consent (member_id, kind, channel, status, at, source)
    select id, 'offers', 'msteams', 'granted', ${at}, 'import' from member`
  await database.sql`analyze`
}

/** Puts the campaign in, lets it run and plans it: audience, dealing, budget and queue, in one transaction. */
async function enqueue(database: Database): Promise<{ messages: number; enqueueSeconds: number }> {
  const content = (title: string) => ({ title, text: `${title}: {name}, {shop}, {offer}`, button: title })
  const at = systemClock()
  const read = readDefinition({
    code: CODE,
    name: 'Bench',
    content: { en: content('Come back'), zh: content('好久不见') },
    offers: [{ code: 'points', name: { en: '100 points', zh: '100 积分' }, bonusPoints: 100, costMinor: 100 }],
    controlShare: CONTROL_SHARE,
    startsAt: at.toISOString(),
  })
  if (!read.ok) throw new Error(read.problems.join('; '))
  await database.tx((tx) => putCampaign(tx, { definition: read.definition, at }))
  for (const to of ['review', 'running'] as const) await database.tx((tx) => moveCampaign(tx, { code: CODE, to, at }))
  const begun = performance.now()
  const planned = await planCampaign(database, { code: CODE, at })
  if (!planned.ok) throw new Error(`the campaign could not be planned: ${planned.code}`)
  return { messages: planned.messages, enqueueSeconds: (performance.now() - begun) / 1_000 }
}

interface Arrival {
  readonly atMs: number
  readonly path: string
}

async function send(
  database: Database,
  connector: ChildProcess,
  { options, messages, context }: { options: Options; messages: number; context: BenchContext },
): Promise<Arrival[]> {
  const { processes, rate, seconds } = options
  const senders = await Promise.all(
    Array.from({ length: processes }, () => startChild('sender-process', [database.url, String(rate)])),
  )
  const begun = performance.now()
  for (let count = 0; count < messages && performance.now() - begun < 1_000 * seconds; ) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 100 * seconds)))
    count = (await ask<{ count: number }>(connector, 'count')).count
    context.say(`  ${((performance.now() - begun) / 1_000).toFixed(0).padStart(4)} s: ${count} arrived`)
  }
  for (const { process } of senders) process.send('stop')
  await Promise.all(senders.map(({ process }) => once(process, 'exit')))
  return (await ask<{ arrivals: Arrival[] }>(connector, 'arrivals')).arrivals
}

/** How much of the quota was used, how often more arrived within a second than it allows, and what arrived twice. */
function judge(arrivals: readonly Arrival[], rate: number) {
  const times = arrivals.map(({ atMs }) => atMs).sort((a, b) => a - b)
  const spanSeconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000
  const sentPerSecond = spanSeconds > 0 ? (times.length - 1) / spanSeconds : 0
  return {
    sent: times.length,
    sentPerSecond,
    quotaUsed: sentPerSecond / rate,
    overruns: times.filter((time, place) => place >= rate && time - times[place - rate]! < 1_000).length,
    duplicates: arrivals.length - new Set(arrivals.map(({ path }) => path)).size,
  }
}

/** What arrived is what is written down as sent. */
async function audit(database: Database, arrived: number): Promise<void> {
  const [row] = await database.sql<{ sent: number; open: number }>`
    select count(*) filter (where status = 'sent')::int as sent, count(*) filter (where status = 'sending')::int as open
    from campaign_message`
  if (row?.sent !== arrived || row.open > 0) {
    throw new Error(`${arrived} messages arrived, but ${row?.sent} are written down as sent and ${row?.open} as open`)
  }
}

async function ask<Answer>(child: ChildProcess, question: string): Promise<Answer> {
  child.send(question)
  const [answer] = await once(child, 'message')
  return answer as Answer
}

async function startChild(name: string, args: readonly string[]): Promise<{ process: ChildProcess; first: unknown }> {
  const child = fork(path.join(__dirname, 'sends', name), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [first] = await once(child, 'message')
  return { process: child, first }
}
