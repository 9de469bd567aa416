import path from 'node:path'
import { systemClock } from '../src/core/clock'
import { ensureMerchant } from '../src/core/merchant'
import { ensureTiers } from '../src/core/tiers/ladder'
import type { Database } from '../src/db/open'
import type { Bench } from './bench'
import { closeConnections, Ledger, openConsole, openMember } from './desk/talk'
import { positiveNumber, positiveWhole } from './options'
import { projectRoot } from './scratch'
import { startChild } from './turn/child'

/** People write, read and think: each conversation has a question and an answer in so long. */
const ROUND_MS = 5_000
const DRAIN_MS = 5_000
const OPENED_AT_ONCE = 20

/** Members and agents who talk over real websockets, through one process: how late words arrive, and whether all do, once. */
export const desk: Bench = {
  name: 'desk',
  summary: 'members and agents who talk over websockets: how late words arrive, and whether all do, once',
  options: [
    { flags: '--conversations <n>', describe: 'conversations at a time', fallback: 200, parse: positiveWhole },
    { flags: '--agents <n>', describe: 'agents who share them', fallback: 20, parse: positiveWhole },
    { flags: '--seconds <n>', describe: 'how long they talk', fallback: 20, parse: positiveNumber },
  ],
  async run(options, context) {
    const [conversations, agents, seconds] = [options.conversations, options.agents, options.seconds].map(Number) as [
      number,
      number,
      number,
    ]
    const database = await context.scratchDatabase()
    const staffIds = await prepare(database, { agents, capacity: Math.ceil(conversations / agents) })
    const migrations = path.join(projectRoot(), 'prisma', 'migrations')
    const server = await startChild(path.join(__dirname, 'desk', 'desk-process'), [database.url, migrations])
    try {
      const talk = await Talk.open({ url: server.url, database, staffIds, conversations })
      context.say(`${conversations} conversations with ${agents} agents …`)
      const ledger = await talk.go(seconds)
      const sorted = Float64Array.from(ledger.tookMs).sort()
      const at = (share: number) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1))
      const { lost, doubled } = ledger
      return { delivered: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), lost, doubled }
    } finally {
      closeConnections()
      await server.end()
    }
  },
}

async function prepare(
  database: Database,
  { agents, capacity }: { agents: number; capacity: number },
): Promise<number[]> {
  const at = systemClock()
  await ensureMerchant(database, { at })
  await ensureTiers(database)
  const rows = await database.sql<{ id: number }>`
    insert into staff (email, display_name, role, locale, capacity, presence, seen_at, created_at)
    select 'agent' || n || '@shop.example', 'Agent ' || n, 'agent', 'en', ${capacity}, 'online', ${at}, ${at}
    from generate_series(1, ${agents}::int) n returning id`
  return rows.map(({ id }) => id)
}

type Member = Awaited<ReturnType<typeof openMember>>
type Console = Awaited<ReturnType<typeof openConsole>>

class Talk {
  private readonly ledger = new Ledger()
  private readonly members: Member[] = []
  private readonly consoles = new Map<number, Console>()
  private isOver = false

  static async open(options: { url: string; database: Database; staffIds: readonly number[]; conversations: number }) {
    const talk = new Talk()
    await talk.begin(options)
    return talk
  }

  private async begin({
    url,
    database,
    staffIds,
    conversations,
  }: {
    url: string
    database: Database
    staffIds: readonly number[]
    conversations: number
  }): Promise<void> {
    for (const staffId of staffIds) {
      this.consoles.set(
        staffId,
        await openConsole(url, staffId, (requestId, text) => this.onQuestion(staffId, requestId, text)),
      )
    }
    for (let from = 0; from < conversations; from += OPENED_AT_ONCE) {
      const many = Math.min(OPENED_AT_ONCE, conversations - from)
      const opened = await Promise.all(
        Array.from({ length: many }, () => openMember(url, (text) => void this.ledger.arrived(text))),
      )
      await Promise.all(opened.map((member) => member.say('talk to a person')))
      this.members.push(...opened)
    }
    for (const [requestId, staffId] of await this.assigned(database, conversations))
      this.consoles.get(staffId)?.watch(requestId)
  }

  /** Who was given what, once everything is given out. */
  private async assigned(database: Database, conversations: number): Promise<[number, number][]> {
    for (let tries = 0; tries < 100; tries++) {
      const rows = await database.sql<{ id: number; staffId: number }>`
        select id, staff_id as "staffId" from handoff_request where status = 'agent'`
      if (rows.length === conversations) return rows.map(({ id, staffId }) => [id, staffId])
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error('not every conversation was given to an agent')
  }

  private onQuestion(staffId: number, requestId: number, text: string): void {
    if (!this.ledger.arrived(text) || this.isOver) return
    const answer = text.replace('question', 'answer')
    this.ledger.sent(answer)
    void this.consoles.get(staffId)?.say(requestId, answer)
  }

  async go(seconds: number): Promise<Ledger> {
    const until = performance.now() + seconds * 1_000
    await Promise.all(
      this.members.map(async (member, number) => {
        await pause((ROUND_MS * number) / this.members.length)
        for (let round = 1; performance.now() < until; round++) {
          const text = `question ${number} ${round}`
          this.ledger.sent(text)
          await Promise.all([member.say(text), pause(ROUND_MS)])
        }
      }),
    )
    this.isOver = true
    const drainUntil = performance.now() + DRAIN_MS
    while (this.ledger.lost > 0 && performance.now() < drainUntil) await pause(50)
    for (const each of [...this.members, ...this.consoles.values()]) each.end()
    return this.ledger
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
