import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { registerImport } from '../../src/cli/import'
import { registerMembers } from '../../src/cli/members'
import { useDatabase } from '../support/database'
import { useScratchFolder } from '../support/scratch-folder'
import { runCommand } from './terminal'

const folder = useScratchFolder()
const database = useDatabase()
const run = (...line: string[]) =>
  runCommand(line, { registrations: [registerImport, registerMembers], database: database.current() })

function write(name: string, ...lines: string[]): string {
  const file = path.join(folder, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

const HEADER = 'orderId,memberId,placedAt,sku,productName,quantity,unitPrice,email'

test('an empty database says what to do', async () => {
  const { code, json, stderr } = await run('members')
  expect({ code, json }).toEqual({ code: 0, json: [{ members: [] }] })
  expect(stderr).toContain('npm run regulars -- demo')
  expect(stderr).toContain('import FILE')
})

test('import shows what it did to people, and one JSON object to programs', async () => {
  const file = write(
    'orders.csv',
    HEADER,
    '1,ann,2026-11-01T10:00:00Z,T1,Green tea,3,4.50,ann@example.com',
    '2,bob,2026-11-02T10:00:00Z,T1,Green tea,one,4.50,',
    '3,bob,2026-11-02T10:00:00Z,T1,Green tea,200,4.50,',
    '4,,2026-11-03T10:00:00Z,T1,Green tea,1,4.50,',
  )
  const { code, json, stderr } = await run('import', file)
  expect(code).toBe(0)
  expect(json).toEqual([
    {
      format: 'orders',
      rows: 4,
      orders: 3,
      members: 2,
      refused: 1,
      refusedByKind: { 'bad-quantity': { rows: 1, lines: [3] } },
      guestLines: 1,
      guestOrders: 1,
      refunds: { orders: 0, lines: 0, linesWithoutSale: 0 },
      points: { earned: 913, takenBack: 0 },
      products: 1,
      alreadyThere: 0,
      added: { orders: 3, members: 2, products: 1 },
      tierMoves: 1,
      alreadyImported: false,
      resumed: false,
      seconds: expect.any(Number),
    },
  ])
  expect(stderr).toContain('added 3 orders, 2 members, 1 products')
  expect(stderr).toMatch(/bad-quantity +1 +3 +the quantity is no whole number other than 0/)
})

test('the same file again changes nothing and says so', async () => {
  const { code, json, stderr } = await run('import', path.join(folder, 'orders.csv'), '--format', 'orders')
  expect(code).toBe(0)
  expect(json).toMatchObject([{ orders: 3, added: { orders: 0, members: 0, products: 0 }, alreadyImported: true }])
  expect(stderr).toContain('was imported before; nothing was changed')
})

test('members come with points and tier, those with the most points first; what is not trained is null', async () => {
  const { code, json, stderr } = await run('members', '--limit', '1')
  expect(code).toBe(0)
  expect(json).toEqual([
    {
      members: [
        {
          id: 'bob',
          displayName: null,
          points: 900,
          tier: 'silver',
          orders: 1,
          spentMinor: 90_000,
          lastOrderAt: '2026-11-02T10:00:00.000Z',
          segment: null,
          cluster: null,
          stage: null,
          churnRisk: null,
        },
      ],
    },
  ])
  expect(stderr).toContain('not scored yet')
  expect((await run('members', '--search', 'EXAMPLE.com')).json).toMatchObject([{ members: [{ id: 'ann' }] }])
  expect((await run('members', '--search', '%')).json).toEqual([{ members: [] }])
})

describe('a file that cannot be imported exits 1 and changes nothing', () => {
  test.each([
    { name: 'no such file', file: () => path.join(folder, 'none.csv'), says: ['no such file'] },
    { name: 'a folder', file: () => folder, says: ['EISDIR'] },
    { name: 'an empty file', file: () => write('empty.csv'), says: ['is empty'] },
    {
      name: 'a file in UTF-16, as spreadsheets write it',
      file: () => {
        const file = path.join(folder, 'utf16.csv')
        writeFileSync(file, '\ufefforderId,memberId,placedAt,sku,quantity,unitPrice\n', 'utf16le')
        return file
      },
      says: ['no text in UTF-8'],
    },
    {
      name: 'another layout',
      file: () => write('other.csv', 'customer,date,amount', '1,1997-01-01,29.33'),
      says: [
        'found: customer, date, amount',
        'needed for orders: orderId, memberId, placedAt, sku, quantity, unitPrice',
      ],
    },
    {
      name: 'a spreadsheet',
      file: () => write('book.xlsx', 'PK\u0003\u0004\u0014'),
      says: ['is a spreadsheet or an archive', 'PK???'],
    },
  ])('$name', async ({ file, says }) => {
    const { code, json, stderr } = await run('import', file())
    expect({ code, json }).toEqual({ code: 1, json: [] })
    for (const text of says) expect(stderr).toContain(text)
    expect(stderr).not.toContain('    at ')
  })

  test('columns that are missing for the format asked for', async () => {
    const { code, stderr } = await run('import', write('few.csv', 'orderId,memberId', '1,ann'), '--format', 'orders')
    expect(code).toBe(1)
    expect(stderr).toContain('it has no column placedAt, sku, quantity, unitPrice')
    expect(stderr).toContain('found: orderId, memberId')
  })

  test('another currency', async () => {
    const file = write('yuan.csv', HEADER, '9,ann,2026-11-01,T1,Tea,1,1,')
    const { code, stderr } = await run('import', file, '--currency', 'cny')
    expect(code).toBe(1)
    expect(stderr).toContain("is in CNY, but the programme's currency is GBP")
  })
})
