import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { useScratchFolder } from '../support/scratch-folder'

const root = path.join(__dirname, '../..')
const folder = useScratchFolder()

function segments(...args: string[]) {
  const hook = path.join(root, 'test/support/swc-register.cjs')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', hook, path.join(root, 'bench/index.ts'), 'segments', '--resamples', '3', ...args],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

function file(name: string, lines: readonly string[]): string {
  const target = path.join(folder, name)
  const text = `${lines.join('\n')}\n`
  writeFileSync(target, name.endsWith('.gz') ? gzipSync(text) : text)
  return target
}

/** Sixty who come each week of 2025 and sixty who stopped in spring; a day is `from` days after 1 January. */
const orders: readonly { customer: string; date: string; amount: string }[] = Array.from({ length: 120 }, (_, c) =>
  Array.from({ length: c < 60 ? 52 : 12 }, (_, week) => ({
    customer: `${c}`,
    date: new Date(Date.UTC(2025, 0, 1 + 7 * week + (c % 7))).toISOString().slice(0, 10),
    amount: `${20 + c / 10}`,
  })),
).flat()

describe('bench segments', () => {
  test('says what each group spent after the cut, and how far the labels came true', () => {
    const csv = file('orders.csv', [
      'customer,date,amount',
      ...orders.map(({ customer, date, amount }) => `${customer},${date},${amount}`),
      '0,2025-06-01,-5',
    ])
    const { status, stdout } = segments('--csv', csv)
    expect(status).toBe(0)
    const result = JSON.parse(stdout.trimEnd())
    expect(result).toMatchObject({ customers: 120, k: expect.any(Number), stability: expect.any(Number) })
    expect(result.silhouette).toBeGreaterThan(0.3)
    const total = (key: string) =>
      Object.values(result.segments as Record<string, Record<string, number>>).reduce((sum, own) => sum + own[key]!, 0)
    expect(total('members')).toBe(120)
    expect(total('share')).toBeCloseTo(1, 10)
    expect(total('laterSpendShare')).toBeCloseTo(1, 10)
    expect(result.stages.churned).toMatchObject({ members: 60, boughtShare: 0, laterSpend: 0 })
    expect(result.labels['stages at-risk, lapsed, churned']).toMatchObject({ precision: 1, recall: 1, base: 0.5 })
  }, 60_000)

  test("other columns, times, quantities, rows without a customer and a packed file: the data set's own shape", () => {
    const csv = file('lines.csv.gz', [
      'Id,When,Price,Pieces',
      ...orders.map(({ customer, date, amount }) => `${customer},${date} 08:26:00,${amount},2`),
      ',2025-03-01 09:00:00,5,1',
    ])
    const columns = ['--customer-column', 'Id', '--date-column', 'When', '--amount-column', 'Price']
    const { status, stdout } = segments('--csv', csv, ...columns, '--quantity-column', 'Pieces')
    expect(status).toBe(0)
    expect(JSON.parse(stdout.trimEnd())).toMatchObject({ customers: 120, rowsWithoutCustomer: 1 })
  }, 60_000)

  test.each([
    ['a column that is not there', ['customer,date,total', '1,2025-01-01,5'], ['"amount"', 'customer, date, total']],
    ['an amount that is none', ['customer,date,amount', '1,2025-01-01,many'], ['line 2', 'many']],
    ['an empty amount', ['customer,date,amount', '1,2025-01-01,'], ['line 2']],
    ['a date that is none', ['customer,date,amount', '1,soon,5'], ['line 2', 'soon']],
    ['too short a history', ['customer,date,amount', '1,2025-01-01,5'], ['--days']],
    ['nothing', ['customer,date,amount'], ['--days']],
  ])('%s: exits 2 and says so', (_, lines, said) => {
    const { status, stdout, stderr } = segments('--csv', file('wrong.csv', lines))
    expect(status).toBe(2)
    for (const text of said) expect(stderr).toContain(text)
    expect(stdout).toBe('')
  })
})
