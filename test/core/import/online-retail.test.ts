import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { ImportOptions } from '../../../src/core/import/import-options'
import { type ImportOutcome, importOrders } from '../../../src/core/import/import-orders'
import { verifyLedger } from '../../../src/core/points/verify'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

const folder = useScratchFolder()
let files = 0

function write(content: string | Buffer, name = `orders-${++files}.csv`): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}

const csv = (...lines: string[]) => `${[HEADER, ...lines].join('\n')}\n`

function resultOf(outcome: ImportOutcome) {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`)
  return outcome.result
}

const SHOP = csv(
  '536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
  '536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom',
  '536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom',
  '536366,85123a,"HEART, WHITE HANGING",200,2010-12-01 08:28:00,2.55,13047.0,France',
  '536367,85123A,WHITE HANGING HEART,12,2011-06-01 09:00:00,2.95,17850.0,United Kingdom',
  '536368,22752,SET 7 NESTING BOXES,2,2011-06-02 10:00:00,7.65,,United Kingdom',
  '536369,22752,damaged,-4,2011-06-02 11:00:00,0.0,,United Kingdom',
  'C536370,85123A,WHITE HANGING HEART,-2,2011-06-03 09:00:00,2.95,17850.0,United Kingdom',
  'C536371,71053,WHITE METAL LANTERN,-6,2011-06-04 09:00:00,3.39,17850.0,United Kingdom',
  'C536371,85123A,WHITE HANGING HEART,-6,2011-06-04 09:00:00,2.55,17850.0,United Kingdom',
  'C536372,71053,WHITE METAL LANTERN,-6,2011-06-05 09:00:00,3.39,13047.0,France',
  'C536373,D,Discount,-1,2011-06-06 09:00:00,27.50,17850.0,United Kingdom',
  'C536374,22752,SET 7 NESTING BOXES,-1,2011-06-07 09:00:00,7.65,,United Kingdom',
)

describe('a small shop', () => {
  const database = useDatabase()
  let result: ReturnType<typeof resultOf>

  beforeAll(async () => {
    result = resultOf(await importOrders(database.current(), { path: write(SHOP), at: AT }))
  })

  test('is counted', () => {
    expect(result).toEqual({
      format: 'online-retail',
      rows: 13,
      orders: 10,
      members: 2,
      refused: 0,
      refusedByKind: {},
      guestLines: 3,
      guestOrders: 3,
      refunds: { orders: 4, lines: 5, linesWithoutSale: 2 },
      points: { earned: 53 + 510 + 35, takenBack: 35 + 6 },
      products: 5,
      alreadyThere: 0,
      added: { orders: 10, members: 2, products: 5 },
      tierMoves: 0,
    })
  })

  test('its orders have totals to the penny, and times in UTC', async () => {
    const orders = await database.current().sql<{ externalId: string }>`
      select external_id as "externalId", member_id as "memberId", kind, status, placed_at as "placedAt",
        total_minor as "totalMinor"
      from shop_order order by external_id`
    expect(orders).toEqual(
      [
        ['536365', '17850', 'sale', 'delivered', '2010-12-01T08:26:00.000Z', 5364],
        ['536366', '13047', 'sale', 'delivered', '2010-12-01T08:28:00.000Z', 51_000],
        // British summer time.
        ['536367', '17850', 'sale', 'delivered', '2011-06-01T08:00:00.000Z', 3540],
        ['536368', null, 'sale', 'delivered', '2011-06-02T09:00:00.000Z', 1530],
        ['536369', null, 'sale', 'delivered', '2011-06-02T10:00:00.000Z', 0],
        ['C536370', '17850', 'refund', 'refunded', '2011-06-03T08:00:00.000Z', -590],
        ['C536371', '17850', 'refund', 'refunded', '2011-06-04T08:00:00.000Z', -3564],
        ['C536372', '13047', 'refund', 'refunded', '2011-06-05T08:00:00.000Z', -2034],
        ['C536373', '17850', 'refund', 'refunded', '2011-06-06T08:00:00.000Z', -2750],
        ['C536374', null, 'refund', 'refunded', '2011-06-07T08:00:00.000Z', -765],
      ].map(([externalId, memberId, kind, status, placedAt, totalMinor]) => ({
        externalId,
        memberId,
        kind,
        status,
        placedAt: new Date(placedAt as string),
        totalMinor,
      })),
    )
  })

  test('its refunds give back what was sold to that member, and nothing of others or of nothing', async () => {
    const { refunds, orders } = await readImportState(database.current())
    expect(refunds).toEqual(
      [
        ['C536370', 1, '536367', 1, 2, 590],
        ['C536371', 1, '536365', 2, 6, 2034],
        ['C536371', 2, '536365', 1, 6, 1530],
      ].map(([refund, refund_line_no, sale, sale_line_no, quantity, amount_minor]) => ({
        refund,
        refund_line_no,
        sale,
        sale_line_no,
        quantity,
        amount_minor,
      })),
    )
    const refundsOf = (orders as { external_id: string; refunds: string | null }[])
      .filter(({ external_id }) => external_id.startsWith('C'))
      .map(({ external_id, refunds: of }) => [external_id, of])
    expect(refundsOf).toEqual([
      ['C536370', '536367'],
      ['C536371', '536365'],
      ['C536372', null],
      ['C536373', null],
      ['C536374', null],
    ])
  })

  test('its points are those of the orders less the refunded share, and the ledger holds', async () => {
    const { accounts, transfers } = await readImportState(database.current())
    expect(accounts).toMatchObject([
      { member_id: '13047', available: 510, pending: 0, owed: 0 },
      // 53 less 35.64 of 53.64 leaves 18.00; 35 of 35.40 less 5.90 leaves 29.
      { member_id: '17850', available: 18 + 29, pending: 0, owed: 0 },
    ])
    expect(transfers).toMatchObject([
      {
        kind: 'earn',
        source: 'order',
        external_id: 'online-retail:536365',
        points: 53,
        occurred_at: new Date('2010-12-01T08:26:00Z'),
      },
      { kind: 'earn', source: 'order', external_id: 'online-retail:536366', points: 510 },
      { kind: 'earn', source: 'order', external_id: 'online-retail:536367', points: 35 },
      { kind: 'reverse', source: 'refund', points: 6, order: 'C536370', reverses: 'online-retail:536367' },
      { kind: 'reverse', source: 'refund', points: 35, order: 'C536371', reverses: 'online-retail:536365' },
    ])
    const faults = (await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)
    expect(faults).toEqual([])
  })

  test('its products carry their most frequent name; postage and what was never sold are not offered', async () => {
    const products = await database.current()
      .sql`select sku, name_en as name, price_minor as price, in_stock as offered from product order by sku`
    expect(products).toEqual([
      { sku: '22752', name: 'SET 7 NESTING BOXES', price: 765, offered: true },
      { sku: '71053', name: 'WHITE METAL LANTERN', price: 339, offered: true },
      { sku: '85123A', name: 'WHITE HANGING HEART', price: 255, offered: true },
      { sku: 'D', name: 'Discount', price: 0, offered: false },
      { sku: 'POST', name: 'POSTAGE', price: 1800, offered: false },
    ])
  })

  test('its members joined with their first order, are judged by spend, and its history ends with its last order', async () => {
    const { members, sources, tierChanges } = await readImportState(database.current())
    expect(members).toMatchObject([
      { id: '13047', source: 'online-retail', joined_at: new Date('2010-12-01T08:28:00Z'), tier_code: 'member' },
      { id: '17850', source: 'online-retail', joined_at: new Date('2010-12-01T08:26:00Z'), tier_code: 'member' },
    ])
    expect(tierChanges).toEqual([])
    expect(sources).toEqual([{ name: 'online-retail', horizon_at: new Date('2011-06-07T08:00:00Z') }])
  })

  test('the same file again, also packed, changes nothing', async () => {
    const before = await readImportState(database.current())
    const again = await importOrders(database.current(), { path: write(SHOP), at: new Date('2027-01-01T00:00:00Z') })
    expect(again).toEqual({ ok: true, isRepeat: true, isResumed: false, result })
    expect(await readImportState(database.current())).toEqual(before)
    const packed = resultOf(
      await importOrders(database.current(), { path: write(gzipSync(SHOP), 'packed.csv.gz'), at: AT }),
    )
    expect(packed).toMatchObject({
      orders: 10,
      alreadyThere: 10,
      added: { orders: 0, members: 0, products: 0 },
      refused: 0,
    })
    expect({ ...(await readImportState(database.current())), runs: [] }).toEqual({ ...before, runs: [] })
  })
})

describe('with a single connection to the database', () => {
  const database = useDatabase({ connectionsMax: 1 })

  test('an import does not wait for itself', async () => {
    const outcome = await importOrders(database.current(), { path: write(SHOP), at: AT, ordersPerBatch: 2 })
    expect(outcome).toMatchObject({ ok: true, result: { orders: 10, points: { earned: 598, takenBack: 41 } } })
  })
})

describe('files that follow', () => {
  const database = useDatabase()
  const run = async (content: string, options: Partial<ImportOptions> = {}) =>
    resultOf(await importOrders(database.current(), { path: write(content), at: AT, ...options }))
  const SALE = '1001,A1,ALPHA,10,2011-01-05 10:00:00,1.00,500.0,United Kingdom'

  beforeAll(async () => {
    await run(csv(SALE))
  })

  test('add what is new, keep what is there, and refuse an order that changed', async () => {
    const result = await run(
      csv(
        SALE,
        '1002,A1,ALPHA,1,2011-01-06 10:00:00,1.00,500.0,United Kingdom',
        '1003,A1,ALPHA,1,2010-01-06 10:00:00,1.00,501.0,United Kingdom',
      ),
    )
    expect(result).toMatchObject({
      orders: 3,
      alreadyThere: 1,
      refused: 0,
      added: { orders: 2, members: 1, products: 0 },
    })
    const changes = [
      '1001,A1,ALPHA,11,2011-01-05 10:00:00,1.00,500.0,United Kingdom',
      '1001,A1,ALPHA,10,2011-01-05 10:00:00,1.00,501.0,United Kingdom',
      '1001,A1,ALPHA,10,2011-01-05 10:01:00,1.00,500.0,United Kingdom',
      '1001,B2,BETA,10,2011-01-05 10:00:00,1.00,500.0,United Kingdom',
      `${SALE}\n${SALE}`,
    ]
    for (const change of changes) {
      const before = await readImportState(database.current())
      const { refusedByKind, added, orders } = await run(csv(change))
      expect({ refusedByKind, orders, added: added.orders }).toEqual({
        refusedByKind: { 'order-changed': { rows: change.split('\n').length, lines: [2] } },
        orders: 0,
        added: 0,
      })
      const after = await readImportState(database.current())
      expect({ ...after, runs: [] }).toEqual({ ...before, runs: [] })
    }
  })

  test('may bring the refund of an earlier file, and of what a refund of another file left', async () => {
    const first = await run(csv('C2001,A1,ALPHA,-4,2011-01-10 10:00:00,1.00,500.0,United Kingdom'))
    expect(first).toMatchObject({
      refunds: { orders: 1, lines: 1, linesWithoutSale: 0 },
      points: { earned: 0, takenBack: 4 },
    })
    const second = await run(csv('C2002,A1,ALPHA,-9,2011-01-11 10:00:00,1.00,500.0,United Kingdom'))
    // Of 10 and 1 sold, 4 are back; 7 are left of the 9.
    expect(second).toMatchObject({ refunds: { lines: 1, linesWithoutSale: 1 }, points: { takenBack: 7 } })
    const { orders, accounts } = await readImportState(database.current())
    expect(orders).toContainEqual(expect.objectContaining({ external_id: '1001', status: 'refunded' }))
    expect(accounts).toContainEqual(expect.objectContaining({ member_id: '500', available: 0, owed: 0 }))
    expect((await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
  })

  test('a refund before its sale takes no points, and the sale keeps them', async () => {
    const result = await run(
      csv(
        'C3001,A1,ALPHA,-5,2011-02-01 10:00:00,1.00,600.0,United Kingdom',
        '3002,A1,ALPHA,5,2011-02-02 10:00:00,1.00,600.0,United Kingdom',
      ),
    )
    expect(result).toMatchObject({ refunds: { lines: 1, linesWithoutSale: 1 }, points: { earned: 5, takenBack: 0 } })
  })

  test('several refunds of one order never take more than it earned, and all of it in the end', async () => {
    const result = await run(
      csv(
        '4001,A1,ALPHA,3,2011-03-01 10:00:00,0.55,700.0,United Kingdom',
        'C4002,A1,ALPHA,-1,2011-03-02 10:00:00,0.55,700.0,United Kingdom',
        'C4003,A1,ALPHA,-1,2011-03-03 10:00:00,0.55,700.0,United Kingdom',
        'C4004,A1,ALPHA,-1,2011-03-04 10:00:00,0.55,700.0,United Kingdom',
        'C4005,A1,ALPHA,-1,2011-03-05 10:00:00,0.55,700.0,United Kingdom',
      ),
    )
    expect(result).toMatchObject({ refunds: { lines: 4, linesWithoutSale: 1 }, points: { earned: 1, takenBack: 1 } })
  })

  test('spend moves a member up, dated by the books', async () => {
    const { tierMoves } = await run(csv('4101,A1,ALPHA,600,2011-03-20 10:00:00,1.00,701.0,United Kingdom'))
    expect(tierMoves).toBe(1)
    const { tierChanges } = await readImportState(database.current())
    expect(tierChanges).toEqual([
      {
        member_id: '701',
        from_tier: 'member',
        to_tier: 'silver',
        at: new Date('2011-03-20T10:00:00Z'),
        reason: 'import',
      },
    ])
  })

  test('a member of another source is another person: refused', async () => {
    await database.current().sql`
      insert into source (name, imported_at) values ('demo', ${AT}) on conflict do nothing`
    await database.current().sql`
      insert into member (id, source, joined_at, tier_code, tier_reviewed_at) values ('M1', 'demo', ${AT}, 'member', ${AT})`
    const before = await readImportState(database.current())
    const { refusedByKind, added } = await run(csv('5001,A1,ALPHA,3,2011-03-01 10:00:00,0.55,M1,United Kingdom'))
    expect({ refusedByKind, added: added.orders }).toEqual({
      refusedByKind: { 'member-of-another-source': { rows: 1, lines: [2] } },
      added: 0,
    })
    expect({ ...(await readImportState(database.current())), runs: [] }).toEqual({ ...before, runs: [] })
  })
})

describe('lines that come apart', () => {
  const lines = [
    '1,A,ALPHA,1,2011-01-01 10:05:00,1.00,900.0,UK',
    '2,B,BETA,1,2011-01-01 11:00:00,1.00,901.0,UK',
    '3,C,GAMMA,1,2011-01-01 12:00:00,1.00,902.0,UK',
    '4,D4,DELTA,1,2011-01-01 13:00:00,1.00,903.0,UK',
    '5,E,EPSILON,1,2011-01-01 14:00:00,1.00,904.0,UK',
    '1,B,BETA,2,2011-01-01 10:04:00,1.00,900.0,UK',
    'C6,B,BETA,-1,2011-01-02 10:00:00,1.00,900.0,UK',
    '2,C,GAMMA,1,2011-01-01 11:00:00,1.00,999.0,UK',
    '7,A,ALPHA,1,2011-01-03 10:00:00,1.00,905.0,UK',
    '3,A,ALPHA,1,2011-01-01 12:00:00,1.00,,UK',
    '1,C,GAMMA,3,2011-01-01 10:06:00,1.00,900.0,UK',
    'C6,A,ALPHA,-1,2011-01-02 10:00:00,1.00,900.0,UK',
  ]
  const roomy = useDatabase()
  const narrow = useDatabase()

  test('make one order, whether it was still in memory or not', async () => {
    const file = write(csv(...lines))
    const expected = resultOf(await importOrders(roomy.current(), { path: file, at: AT }))
    const scattered = resultOf(await importOrders(narrow.current(), { path: file, at: AT, openOrdersMax: 1 }))
    expect(scattered).toEqual(expected)
    expect(await readImportState(narrow.current())).toEqual(await readImportState(roomy.current()))
    expect(expected).toMatchObject({
      orders: 5,
      refusedByKind: { 'order-of-several-members': { rows: 4, lines: [3, 4] } },
      refunds: { orders: 1, lines: 2, linesWithoutSale: 0 },
    })
    const { orders, lines: stored } = await readImportState(narrow.current())
    expect(orders).toContainEqual(
      expect.objectContaining({ external_id: '1', total_minor: 600, placed_at: new Date('2011-01-01T10:04:00Z') }),
    )
    const ofOrder1 = (stored as { external_id: string; line_no: number; sku: string }[]).filter(
      (line) => line.external_id === '1',
    )
    expect(ofOrder1.map(({ line_no, sku }) => [line_no, sku])).toEqual([
      [1, 'A'],
      [2, 'B'],
      [3, 'C'],
    ])
    // Lines of refused orders do not stay behind.
    expect((stored as { external_id: string | null }[]).filter(({ external_id }) => external_id === null)).toEqual([])
    expect(stored).toHaveLength(8)
  })

  test('are known again, however they come apart', async () => {
    const before = await readImportState(narrow.current())
    for (const openOrdersMax of [1, 2, 3, 100]) {
      const file = write(csv(...lines, `x${openOrdersMax},,,,,,,`))
      const result = resultOf(await importOrders(narrow.current(), { path: file, at: AT, openOrdersMax }))
      expect(result).toMatchObject({ orders: 5, alreadyThere: 5, added: { orders: 0 } })
      expect(result.refusedByKind).not.toHaveProperty('order-changed')
      expect({ ...(await readImportState(narrow.current())), runs: [] }).toEqual({ ...before, runs: [] })
    }
  })
})
