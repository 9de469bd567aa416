import { availableParallelism } from 'node:os'
import { readHistories } from '../src/core/churn/read-histories'
import type { Database } from '../src/db/open'
import type { BgNbd } from '../src/ml/bgnbd'
import { type ChurnHistories, churnFeatures, churnThemes, valuesOf } from '../src/ml/churn-features'
import { churnCandidates, fitCandidate } from '../src/ml/churn-fit'
import { bgnbdAt, makeOrigin, planOrigins, spanOf } from '../src/ml/churn-origins'
import { reasonFinder } from '../src/ml/churn-reasons'
import { rhythmsAt } from '../src/ml/churn-rhythm'
import { openChurnPool, scoreInParallel } from '../src/ml/churn-task'
import { fitOrderValue, stakesOf } from '../src/ml/churn-value'
import type { Table } from '../src/ml/table'
import type { Bench, BenchContext } from './bench'
import { positiveWhole } from './options'

const ROUNDS = 3
const SCORE_TRAINING_MEMBERS = 20_000
const TARGET = 1.5
const AT = new Date('2026-01-01T00:00:00Z')

/** RFM and churn features of every member from raw orders, against a bare GROUP BY over the same orders. */
export const features: Bench = {
  name: 'features',
  summary: 'RFM and churn features from raw orders, against a bare GROUP BY over the same orders',
  options: [
    { flags: '--members <n>', describe: 'members to make up', fallback: 100_000, parse: positiveWhole },
    { flags: '--orders <n>', describe: 'orders to make up', fallback: 1_000_000, parse: positiveWhole },
    {
      flags: '--rounds <n>',
      describe: 'rounds; the median of each side counts',
      fallback: ROUNDS,
      parse: positiveWhole,
    },
  ],
  async run(options, context) {
    const { members, orders, rounds } = options as { members: number; orders: number; rounds: number }
    const database = await context.scratchDatabase()
    context.say(`making up ${orders} orders of ${members} members …`)
    await makeUp(database, members, orders)
    const seconds: number[] = []
    const sqlSeconds: number[] = []
    let found = { rows: 0, columns: 0, buyers: 0 }
    let made: Made | undefined
    for (let round = 1; round <= rounds; round++) {
      const sql = await timed(() => groupBy(database))
      const own = await timed(() => makeFeatures(database, context))
      made = own.result
      found = countsOf(made.table)
      if (found.buyers !== sql.result)
        throw new Error(`${found.buyers} buyers among the features, ${sql.result} in SQL`)
      sqlSeconds.push(sql.seconds)
      seconds.push(own.seconds)
      context.say(`round ${round}: GROUP BY ${sql.seconds.toFixed(2)} s, features ${own.seconds.toFixed(2)} s`)
    }
    const [ours, bare] = [median(seconds), median(sqlSeconds)]
    const ratio = Number((ours / bare).toFixed(3))
    const scoreSeconds = made ? await timeScoring(made, context) : {}
    return { members, orders, ...found, rounds, seconds: ours, sqlSeconds: bare, ratio, target: TARGET, scoreSeconds }
  },
}

interface Made {
  histories: ChurnHistories
  table: Table
  /** Absent where few orders tell nothing of who leaves. */
  bgnbd: BgNbd | undefined
}

async function makeFeatures(database: Database, { say }: BenchContext): Promise<Made> {
  const started = performance.now()
  const { histories } = await readHistories(database, { at: AT })
  const read = performance.now()
  const bgnbd = bgnbdAt(histories, 0)
  const rhythms = rhythmsAt(histories, 0, { daysMin: 7, daysMax: 180 })
  const table = churnFeatures(histories, { cut: 0, rhythms, gapDays: 7, model: bgnbd })
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(2)
  say(`  read ${seconds(started, read)} s, made features ${seconds(read, performance.now())} s`)
  return { histories, table, bgnbd }
}

function countsOf(table: Table) {
  const buyers = valuesOf(table, 'orders').filter((count) => count > 0).length
  return { rows: table.rows, columns: table.columns.length, buyers }
}

/** Scores, reasons and what is at stake of every member, features at hand, by the two kinds that take longest. */
async function timeScoring({ histories, table, bgnbd }: Made, { say }: BenchContext): Promise<Record<string, number>> {
  const plan = planOrigins(spanOf(histories))
  if (!plan) throw new Error('the made-up orders span too few days')
  const share = SCORE_TRAINING_MEMBERS / histories.customers
  const origin = makeOrigin(histories, plan.testCut, { plan, keep: (customer) => (customer * share) % 1 < share })
  const gammaGamma = fitOrderValue(histories)
  const found: Record<string, number> = {}
  for (const name of ['logistic, bent', 'forest, fine']) {
    const candidate = churnCandidates.find((each) => each.name === name)
    if (!candidate) throw new Error(`no candidate "${name}"`)
    const pool = openChurnPool(availableParallelism())
    try {
      const fit = await fitCandidate(candidate, origin, { pool, seed: '1' })
      const values = { ...(bgnbd ? { bgnbd } : {}), ...(gammaGamma ? { gammaGamma } : {}) }
      const model = { fit, ...values, ...plan, calibration: { slope: 1, shift: 0 } }
      const scored = await timed(async () => {
        const { pull } = await scoreInParallel(pool, model, table)
        const { valueMinor } = stakesOf(model, table)
        const reasonsOf = reasonFinder(table)
        let told = 0
        for (let row = 0; row < table.rows; row++) told += reasonsOf(row, pull, row * churnThemes.length).length
        return { told, valued: valueMinor.filter((value) => value > 0).length }
      })
      found[candidate.kind] = scored.seconds
      say(`${table.rows} members scored by ${name} in ${scored.seconds} s: ${JSON.stringify(scored.result)}`)
    } finally {
      await pool.close()
    }
  }
  return found
}

/** What RFM alone would ask for, as rows. */
async function groupBy(database: Database): Promise<number> {
  const rows = await database.sql`
    select member_id, count(*), min(placed_at), max(placed_at), sum(total_minor)
    from shop_order where kind = 'sale' and status <> 'cancelled' and member_id is not null
    group by member_id`
  return rows.length
}

/** Orders come in no order of members; some members buy much, some never. The same numbers always make the same shop. */
async function makeUp({ sql }: Database, members: number, orders: number): Promise<void> {
  await sql`insert into source (name, horizon_at, imported_at) values ('bench', null, ${AT})`
  await sql`insert into tier (code, rank, name_en, name_zh, threshold_minor) values ('member', 0, 'Member', '会员', 0)`
  await sql`
    insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
    select 'B' || lpad(n::text, 8, '0'), 'bench', '2024-01-01', 'member', '2024-01-01'
    from generate_series(1, ${members}::int) n`
  await sql`drop index shop_order_member_id_placed_at_idx`
  await sql`drop index shop_order_source_external_id_key`
  await sql`
    insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
    select 'bench', n::text, 'B' || lpad((1 + floor(${members}::int * u * u))::int::text, 8, '0'), 'sale', 'delivered',
      ${AT}::timestamptz - make_interval(secs => 60 + 63072000 * v), 300 + (9000 * w)::int, 'GBP'
    from generate_series(1, ${orders}::int) n,
      lateral (select (hashint4(n) & 1048575) / 1048576.0 as u, (hashint4(n + 1000000007) & 1048575) / 1048576.0 as v,
        (hashint4(-n) & 1048575) / 1048576.0 as w) drawn`
  await sql`create index shop_order_member_id_placed_at_idx on shop_order (member_id, placed_at)`
  await sql`analyze`
  // Reads what the insert left in memory only, so that neither side pays for it.
  await sql`vacuum shop_order`
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ seconds: number; result: Result }> {
  const started = performance.now()
  const result = await work()
  return { seconds: Number(((performance.now() - started) / 1000).toFixed(3)), result }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
