import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { importOrders } from '../../../src/core/import/import-orders'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const RETAIL = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const ORDERS = 'orderId,memberId,placedAt,sku,quantity,unitPrice,currency,kind,refundsOrderId'

const folder = useScratchFolder()
const database = useDatabase()

async function importing(content: string | Buffer, options: { format?: string; currency?: string } = {}) {
  const file = path.join(folder, 'orders.csv')
  writeFileSync(file, content)
  return importOrders(database.current(), { path: file, at: AT, ...options })
}

test('online-retail: every kind of bad line is named with its number, and the good ones around it are taken', async () => {
  const good = (id: number) => `${id},A1,ALPHA,1,2011-01-05 10:00:00,1.00,500.0,UK`
  const bad: [kind: string, line: string | Buffer][] = [
    ['wrong-column-count', '900,A1,ALPHA,1,2011-01-05 10:00:00,1.00,500.0'],
    ['wrong-column-count', '900,A1,ALPHA, BIG,1,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['bad-quoting', '900,A1,"ALPHA"S,1,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['bad-quoting', '900,A1,"ALPHA,1,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['invalid-encoding', Buffer.from('900,A1,CAF\xc9,1,2011-01-05 10:00:00,1.00,500.0,UK', 'latin1')],
    ['control-characters', '900,A1,AL\0PHA,1,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['missing-order-id', ',A1,ALPHA,1,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['missing-sku', '900, ,ALPHA,1,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['id-too-long', `${'9'.repeat(201)},A1,ALPHA,1,2011-01-05 10:00:00,1.00,500.0,UK`],
    ['bad-quantity', '900,A1,ALPHA,six,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['bad-quantity', '900,A1,ALPHA,0,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['absurd-quantity', '900,A1,ALPHA,99999999,2011-01-05 10:00:00,1.00,500.0,UK'],
    ['bad-price', '900,A1,ALPHA,1,2011-01-05 10:00:00,free,500.0,UK'],
    ['negative-price', '900,B,Adjust bad debt,1,2011-01-05 10:00:00,-11062.06,,UK'],
    ['absurd-price', '900,A1,ALPHA,1,2011-01-05 10:00:00,99999999999,500.0,UK'],
    ['bad-date', '900,A1,ALPHA,1,2011-02-30 10:00:00,1.00,500.0,UK'],
    ['absurd-date', '900,A1,ALPHA,1,2111-01-05 10:00:00,1.00,500.0,UK'],
    ['sign-against-kind', 'C900,A1,ALPHA,1,2011-01-05 10:00:00,1.00,500.0,UK'],
  ]
  const lines = bad.flatMap(([, line], index) => [Buffer.from(good(100 + index)), Buffer.from(line)])
  const content = Buffer.concat(
    [Buffer.from(RETAIL), ...lines, Buffer.from(good(200))].flatMap((line) => [line, Buffer.from('\n')]),
  )
  const outcome = await importing(content)
  if (!outcome.ok) throw new Error(outcome.code)

  const expected: Record<string, { rows: number; lines: number[] }> = {}
  bad.forEach(([kind], index) => {
    expected[kind] ??= { rows: 0, lines: [] }
    expected[kind].rows += 1
    expected[kind].lines.push(3 + 2 * index)
  })
  expect(outcome.result.refusedByKind).toEqual(expected)
  expect(outcome.result).toMatchObject({
    rows: 2 * bad.length + 1,
    refused: bad.length,
    orders: bad.length + 1,
    members: 1,
    guestLines: 1,
    points: { earned: bad.length + 1 },
  })
  const { orders, products } = await readImportState(database.current())
  expect(orders).toHaveLength(bad.length + 1)
  expect(products).toHaveLength(1)
})

test('orders: what that format refuses besides', async () => {
  const outcome = await importing(
    [
      ORDERS,
      'o1,m1,2026-01-05T10:00:00Z,A1,2,1.50,GBP,sale,',
      'o2,m1,2026-01-06T10:00:00Z,A1,2,1.50,EUR,sale,',
      'o3,m1,2026-01-06T10:00:00Z,A1,2,1.50,pounds,sale,',
      'o4,m1,2026-01-06T10:00:00Z,A1,2,1.50,GBP,gift,',
      'o5,m1,2026-01-06T10:00:00Z,A1,2,1.50,GBP,sale,o1',
      'o6,m1,06.01.2026,A1,2,1.50,GBP,sale,',
      'o7,m1,2026-01-06T10:00:00Z,A1,1,1.50,,,o1',
      'o7,m1,2026-01-06T10:00:00Z,A1,1,1.50,,sale,',
      'o8,m1,2026-01-06T10:00:00Z,A1,9999999,9999999,,,',
    ].join('\n'),
  )
  if (!outcome.ok) throw new Error(outcome.code)
  expect(outcome.result.refusedByKind).toEqual({
    'other-currency': { rows: 1, lines: [3] },
    'bad-currency': { rows: 1, lines: [4] },
    'bad-kind': { rows: 2, lines: [5, 6] },
    'bad-date': { rows: 1, lines: [7] },
    'absurd-quantity': { rows: 1, lines: [10] },
    'order-of-several-kinds': { rows: 2, lines: [8] },
  })
  expect(outcome.result.orders).toBe(1)
})

describe('a file as a whole is refused', () => {
  const untouched = async (content: string | Buffer, options = {}) => {
    const before = await readImportState(database.current())
    const outcome = await importing(content, options)
    expect(await readImportState(database.current())).toEqual(before)
    return outcome
  }

  test('when it is empty', async () => {
    expect(await untouched('')).toEqual({ ok: false, code: 'empty-file' })
  })

  test('when its header is of no known format, naming what was found and what is allowed', async () => {
    expect(await untouched('customer,date,amount\n0001,1997-01-01,29.33\n')).toMatchObject({
      ok: false,
      code: 'unknown-format',
      found: ['customer', 'date', 'amount'],
      allowed: [
        { format: 'online-retail' },
        { format: 'orders', columns: expect.arrayContaining(['orderId', 'memberId']) },
      ],
    })
  })

  test('when it lacks columns of the format asked for, naming them', async () => {
    expect(await untouched('orderId,memberId,date\n', { format: 'orders' })).toMatchObject({
      ok: false,
      code: 'missing-columns',
      missing: ['placedAt', 'sku', 'quantity', 'unitPrice'],
    })
  })

  test('when it is not CSV at all', async () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251))
    expect(await untouched(noise)).toMatchObject({ ok: false })
  })

  test("when it is in another currency than the programme's", async () => {
    expect(await untouched(`${ORDERS}\n`, { currency: 'CNY' })).toEqual({
      ok: false,
      code: 'other-currency',
      given: 'CNY',
      programme: 'GBP',
    })
  })

  test('when it breaks off: nothing of it is kept', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, index) => `${index},A1,ALPHA,1,2011-01-05 10:00:00,1.0${index % 10},${index}.0,UK`,
    )
    const packed = gzipSync([RETAIL, ...lines].join('\n'))
    const before = await readImportState(database.current())
    await expect(importing(packed.subarray(0, packed.length - 1000))).rejects.toThrow('unexpected end of file')
    await expect(
      importing(Buffer.concat([packed.subarray(0, 60_000), Buffer.alloc(5000), packed.subarray(65_000)])),
    ).rejects.toThrow()
    expect(await readImportState(database.current())).toEqual(before)
  })
})

test('an order of an absurd total is refused, with all its lines, and neither the others nor their points wait for it', async () => {
  const outcome = await importing(
    [
      ORDERS,
      't1,rich,2026-01-05T10:00:00Z,A1,1000000,10000000,,,',
      't1,rich,2026-01-05T10:00:00Z,A1,1,1.00,,,',
      't2,rich,2026-01-05T10:00:00Z,A1,10,10000000,,,',
    ].join('\n'),
  )
  expect(outcome).toMatchObject({
    ok: true,
    result: {
      added: { orders: 1 },
      refused: 2,
      refusedByKind: { 'absurd-total': { rows: 2 } },
      points: { earned: 100_000_000 },
    },
  })
})
