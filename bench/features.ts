import { readHistories } from '../src/core/churn/read-histories'
import type { Database } from '../src/db/open'
import { churnFeatures } from '../src/ml/churn-features'
import { rhythmsAt } from '../src/ml/churn-rhythm'
import { fitBgNbdAt } from '../src/ml/order-features'
import type { Bench, BenchContext } from './bench'
import { positiveWhole } from './options'

const ROUNDS = 3
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
    for (let round = 1; round <= rounds; round++) {
      const sql = await timed(() => groupBy(database))
      const own = await timed(() => makeFeatures(database, context))
      found = own.result
      if (found.buyers !== sql.result)
        throw new Error(`${found.buyers} buyers among the features, ${sql.result} in SQL`)
      sqlSeconds.push(sql.seconds)
      seconds.push(own.seconds)
      context.say(`round ${round}: GROUP BY ${sql.seconds.toFixed(2)} s, features ${own.seconds.toFixed(2)} s`)
    }
    const [ours, bare] = [median(seconds), median(sqlSeconds)]
    const ratio = Number((ours / bare).toFixed(3))
    return { members, orders, ...found, rounds, seconds: ours, sqlSeconds: bare, ratio, target: TARGET }
  },
}

async function makeFeatures(database: Database, { say }: BenchContext) {
  const started = performance.now()
  const { histories } = await readHistories(database, { at: AT })
  const read = performance.now()
  const fitted = fitBgNbdAt(histories, 0)
  if (!fitted.ok) throw new Error(`BG/NBD can't be fitted to the orders: ${fitted.code}`)
  const rhythms = rhythmsAt(histories, 0, { daysMin: 7, daysMax: 180 })
  const table = churnFeatures(histories, { cut: 0, rhythms, gapDays: 7, model: fitted })
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(2)
  say(`  read ${seconds(started, read)} s, made features ${seconds(read, performance.now())} s`)
  const orders = table.columns.find(({ name }) => name === 'orders')?.values ?? []
  return { rows: table.rows, columns: table.columns.length, buyers: orders.filter((count) => count > 0).length }
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
