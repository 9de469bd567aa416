import { Client } from 'pg'
import { secretBytes, systemClock } from '../src/core/clock'
import { newCode } from '../src/core/coupons/code'
import { redeemCoupon } from '../src/core/coupons/redeem'
import { verifyLedger } from '../src/core/points/verify'
import type { Database } from '../src/db/open'
import type { Bench, BenchContext } from './bench'
import { positiveNumber, positiveWhole } from './options'

const MEMBERS = 2_000
const POINTS_EACH = 50_000_000
const COUPON = 'bench'
/** Both sides run in turns this long, so that what else the machine does falls on both. */
const SLICE_SECONDS = 0.5

/** Redemptions through `redeemCoupon`, against the same SQL straight through `pg`. */
export const redeem: Bench = {
  name: 'redeem',
  summary: 'redemptions a second through core, against the same SQL straight through pg',
  options: [
    { flags: '--seconds <n>', describe: 'how long each side is measured', fallback: 10, parse: positiveNumber },
    { flags: '--concurrency <n>', describe: 'redemptions in flight', fallback: 32, parse: positiveWhole },
  ],
  async run(options, context) {
    const { seconds, concurrency } = options as { seconds: number; concurrency: number }
    const database = await context.scratchDatabase({ connectionsMax: concurrency })
    await fill(database)
    const clients = await connect(database.url, concurrency)
    try {
      const core: Side = {
        name: 'core',
        ok: new Set(),
        latenciesMs: [],
        elapsedMs: 0,
        call: (key) => throughCore(database, key),
      }
      const sql: Side = {
        name: 'sql',
        ok: new Set(),
        latenciesMs: [],
        elapsedMs: 0,
        call: (key, worker) => throughPg(clients, key, worker),
      }
      await measure({ sides: [core, sql], seconds: 0.5, concurrency })
      for (const side of [core, sql]) Object.assign(side, { latenciesMs: [], elapsedMs: 0 })
      const warmedUp = core.ok.size
      await measure({ sides: [core, sql], seconds, concurrency })
      return await report({ database, core, sql, warmedUp, concurrency, context })
    } finally {
      await Promise.all(clients.map((client) => client.end()))
    }
  },
}

interface Side {
  name: 'core' | 'sql'
  /** Keys that were acknowledged. */
  ok: Set<string>
  latenciesMs: number[]
  elapsedMs: number
  call(key: string, worker: number): Promise<boolean>
}

async function measure({
  sides,
  seconds,
  concurrency,
}: {
  sides: Side[]
  seconds: number
  concurrency: number
}): Promise<void> {
  const slices = Math.max(1, Math.round(seconds / SLICE_SECONDS))
  for (let slice = 0; slice < slices; slice++) {
    // Turn and turn about, so that neither is always the one after the other.
    const inOrder = slice % 2 === 0 ? sides : sides.toReversed()
    for (const side of inOrder) await runSlice(side, { forMs: (seconds * 1_000) / slices, concurrency })
  }
}

async function runSlice(side: Side, { forMs, concurrency }: { forMs: number; concurrency: number }): Promise<void> {
  const startedAt = performance.now()
  const worker = async (_: unknown, number: number): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const key = `${side.name} ${side.ok.size} ${number} ${performance.now()}`
      const calledAt = performance.now()
      if (!(await side.call(key, number))) throw new Error(`the redemption ${key} was refused`)
      side.latenciesMs.push(performance.now() - calledAt)
      side.ok.add(key)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  side.elapsedMs += performance.now() - startedAt
}

let turn = 0

function nextMember(): string {
  turn += 1
  return `m${turn % MEMBERS}`
}

async function throughCore(database: Database, key: string): Promise<boolean> {
  const at = systemClock()
  const outcome = await redeemCoupon(database, {
    memberId: nextMember(),
    couponId: COUPON,
    quantity: 1,
    key,
    at,
    secretBytes,
  })
  return outcome.ok
}

/** The peer: one client for each worker, the statement prepared, nothing else. It draws its codes as core does. */
async function throughPg(clients: readonly Client[], key: string, worker: number): Promise<boolean> {
  const values = [nextMember(), COUPON, 1, key, systemClock(), [newCode(secretBytes)]]
  const { rows } = await clients[worker]!.query({
    name: 'redeem',
    text: 'select * from redeem_coupon($1, $2, $3, $4, $5, $6)',
    values,
  })
  return rows[0].code === 'ok'
}

async function fill({ sql }: Database): Promise<void> {
  await sql`insert into tier (code, rank, name_en, name_zh, threshold_minor) values ('member', 0, 'Member', '普通会员', 0)`
  await sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    select 'm' || i, 'bench', now(), 'member', now() from generate_series(0, ${MEMBERS - 1}::int) i`
  await sql`
    select ledger_earn('m' || i, ${POINTS_EACH / 5}, 'bench', 'm' || i || ' ' || j, null, null, now(), now(), null, now())
    from generate_series(0, ${MEMBERS - 1}::int) i, generate_series(1, 5) j`
  await sql`
    insert into coupon (id, kind, name_en, name_zh, value, cost_points, starts_at)
    values (${COUPON}, 'amount-off', 'Bench', '基准', 100, 100, '2020-01-01')`
  await sql`vacuum analyze`
}

async function connect(url: string, count: number): Promise<Client[]> {
  const clients = Array.from({ length: count }, () => new Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  return clients
}

async function report({
  database,
  core,
  sql,
  warmedUp,
  concurrency,
  context,
}: {
  database: Database
  core: Side
  sql: Side
  warmedUp: number
  concurrency: number
  context: BenchContext
}): Promise<object> {
  const perSecond = core.latenciesMs.length / (core.elapsedMs / 1_000)
  const sqlPerSecond = sql.latenciesMs.length / (sql.elapsedMs / 1_000)
  const stored = await database.sql<{ key: string; codes: number }>`
    select external_id as key, count(issued_coupon.id)::int as codes
    from transfer left join issued_coupon on issued_coupon.transfer_id = transfer.id
    where transfer.source = 'redeem' group by transfer.id`
  const found = new Set(stored.map(({ key }) => key))
  const acknowledged = [...core.ok, ...sql.ok]
  const lost = acknowledged.filter((key) => !found.has(key)).length
  const doubled =
    stored.length -
    found.size +
    stored.filter(({ codes }) => codes !== 1).length +
    Math.max(0, found.size - acknowledged.length)
  const failed = (await verifyLedger(database, { at: systemClock() })).filter(({ ok }) => !ok)
  for (const { invariant } of failed) context.say(`✗ ${invariant}`)
  const result = {
    perSecond: Math.round(perSecond),
    p50Ms: percentile(core.latenciesMs, 0.5),
    p99Ms: percentile(core.latenciesMs, 0.99),
    sqlPerSecond: Math.round(sqlPerSecond),
    sqlP99Ms: percentile(sql.latenciesMs, 0.99),
    ratioToSql: Math.round((perSecond / sqlPerSecond) * 1_000) / 1_000,
    lost,
    doubled,
    invariantsBroken: failed.length,
    concurrency,
    redemptions: core.ok.size - warmedUp,
  }
  context.say(`core ${result.perSecond}/s (p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms)`)
  context.say(`pg   ${result.sqlPerSecond}/s (p99 ${result.sqlP99Ms} ms), ratio ${result.ratioToSql}`)
  context.say(`lost ${lost}, doubled ${doubled}, invariants broken ${failed.length}`)
  return result
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return Math.round(value * 100) / 100
}
