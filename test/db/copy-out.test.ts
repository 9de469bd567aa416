import { readBigint, readSnapshot, readText, readTime } from '../../src/db/copy-out'
import { useDatabase } from '../support/database'

const database = useDatabase()

test('rows come whole, in order and exact, wherever the stream is cut into pieces', async () => {
  let rows = 0
  await readSnapshot(database.current(), (snapshot) =>
    snapshot.copyOut(
      `select n, repeat('é', (n % 700)::int), case when n % 3 = 0 then null else -9007199254740991 + n end,
        timestamptz '1969-12-31 23:59:59.5+00' + make_interval(days => n::int)
      from generate_series(1::bigint, 20000) n`,
      (row) => {
        rows += 1
        const n = readBigint(row, 0)
        if (n !== rows) throw new Error(`row ${rows} is ${n}`)
        if (readText(row, 1) !== 'é'.repeat(n % 700)) throw new Error(`the text of row ${n}`)
        if (readBigint(row, 2) !== (n % 3 === 0 ? 0 : -9_007_199_254_740_991 + n))
          throw new Error(`the number of row ${n}`)
        if (readTime(row, 3) !== -500 + n * 86_400_000) throw new Error(`the time of row ${n}`)
      },
    ),
  )
  expect(rows).toBe(20_000)
})

test('nothing is a row of nothing, and null is no text', async () => {
  const texts: (string | null)[] = []
  await readSnapshot(database.current(), async (snapshot) => {
    await snapshot.copyOut('select 1::bigint where false', () => texts.push('never'))
    await snapshot.copyOut("select null::text union all select ''", (row) => texts.push(readText(row, 0)))
  })
  expect(texts).toEqual([null, ''])
})

test('all reads see the same state', async () => {
  const counts: number[] = []
  const count = 'select count(*) from source'
  await readSnapshot(database.current(), async (snapshot) => {
    await snapshot.copyOut(count, (row) => counts.push(readBigint(row, 0)))
    await database.current().sql`insert into source (name, imported_at) values ('late', '2026-01-01')`
    await snapshot.copyOut(count, (row) => counts.push(readBigint(row, 0)))
  })
  expect(counts).toEqual([0, 0])
})

test('a failing reader or query fails the read, and the pool stays good', async () => {
  const stop = () => {
    throw new Error('enough')
  }
  const many = 'select n from generate_series(1::bigint, 100000) n'
  await expect(readSnapshot(database.current(), ({ copyOut }) => copyOut(many, stop))).rejects.toThrow('enough')
  await expect(readSnapshot(database.current(), ({ copyOut }) => copyOut('select nonsense', stop))).rejects.toThrow(
    'nonsense',
  )
  expect(await database.current().sql`select 1 as one`).toEqual([{ one: 1 }])
})
