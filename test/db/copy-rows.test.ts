import { copyTransaction } from '../../src/db/copy'
import { CopyRows } from '../../src/db/copy-rows'
import { useDatabase } from '../support/database'

const database = useDatabase()

test('rows arrive as they were written, and those in gaps do not', async () => {
  const rows = new CopyRows()
  const values = [
    { whole: 0, text: '', hash: '', at: '2000-01-01T00:00:00.000Z' },
    { whole: -1, text: "tab\t, line\n, quote ', 会员", hash: '00ff10', at: '1969-12-31T23:59:59.999Z' },
    {
      whole: Number.MAX_SAFE_INTEGER,
      text: 'x'.repeat(100_000),
      hash: 'ab'.repeat(32),
      at: '2100-02-28T12:34:56.789Z',
    },
    { whole: Number.MIN_SAFE_INTEGER, text: 'y', hash: 'cd', at: '1999-12-31T23:59:59.001Z' },
  ]
  const write = ({ whole, text, hash, at }: (typeof values)[number]) =>
    rows.row(5).bigint(whole).bigint(null).text(text).bytea(hash).timestamptz(Date.parse(at))
  for (const value of values.slice(0, 2)) write(value)
  const from = rows.mark()
  write({ whole: 7, text: 'nobody wants it', hash: '', at: '2026-01-01T00:00:00.000Z' })
  const to = rows.mark()
  for (const value of values.slice(2)) write(value)

  const stored = await copyTransaction(database.current(), async (tx) => {
    await tx.sql`
      create temporary table written (place int generated always as identity, whole bigint, nothing bigint, text text, hash bytea,
        at timestamptz(3)) on commit drop`
    const statement = 'copy written (whole, nothing, text, hash, at) from stdin (format binary)'
    expect(await tx.copyIn(statement, rows.without([{ from, to }]))).toBe(values.length)
    return tx.sql`
      select whole::text, nothing, text, encode(hash, 'hex') as hash,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
      from written order by place`
  })
  expect(stored).toEqual(values.map(({ whole, ...value }) => ({ whole: String(whole), nothing: null, ...value })))
})
