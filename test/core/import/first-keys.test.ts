import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { onlineRetailLines } from '../../../bench/import-lines'
import { type ImportOutcome, importOrders } from '../../../src/core/import/import-orders'
import type { Database } from '../../../src/db/open'
import type { Db } from '../../../src/db/sql'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const folder = useScratchFolder()
const file = path.join(folder, 'orders.csv')
writeFileSync(file, [...onlineRetailLines(500)].join(''))

const readKeys = (db: Db) => db.sql`
  select tablename, indexdef, conname from pg_indexes left join pg_constraint on conname = indexname
  where tablename in ('shop_order', 'order_line', 'transfer', 'entry', 'lot', 'lot_use', 'member_account') order by indexdef`

describe('keys and indexes of orders and of the ledger', () => {
  const database = useDatabase()

  test('are all there again after a first import', async () => {
    const before = await readKeys(database.current())
    expect(before.length).toBeGreaterThan(15)
    expect(await importOrders(database.current(), { path: file, at: AT })).toMatchObject({ ok: true })
    expect(await readKeys(database.current())).toEqual(before)
    // There are members by now.
    expect(
      await database.current().sql`select import_drop_keys() as orders, import_drop_ledger_keys() as ledger`,
    ).toEqual([{ orders: false, ledger: false }])
  })
})

/** An import while somebody reads orders, so that it finds refunds and points in the database. */
async function importBesideReader(database: Database, file: string): Promise<ImportOutcome> {
  return database.tx(async (reader) => {
    await reader.sql`select count(*) from order_line`
    return importOrders(database, { path: file, at: AT })
  })
}

describe('while somebody reads orders', () => {
  const database = useDatabase()

  test('a first import keeps the keys and waits for nobody', async () => {
    expect(await importBesideReader(database.current(), file)).toMatchObject({ ok: true })
    expect(await database.current().sql`select count(*) as lines from order_line`).toEqual([{ lines: 500 }])
    expect(await database.current().sql`select refunds_matched from import_run`).toEqual([{ refunds_matched: false }])
  })
})

describe('while somebody reads the ledger', () => {
  const database = useDatabase()
  const alone = useDatabase()

  test('a first import keeps its keys, waits for nobody and comes to the same', async () => {
    const outcome = await database.current().tx(async (reader) => {
      await reader.sql`select count(*) from transfer`
      return importOrders(database.current(), { path: file, at: AT })
    })
    expect(outcome).toEqual(await importOrders(alone.current(), { path: file, at: AT }))
    const state = await readImportState(alone.current())
    expect(state.lots?.length).toBeGreaterThan(5)
    expect(await readImportState(database.current())).toEqual(state)
  })
})

/** Refunds in every way that matching tells apart, of which the made-up lines have only some. */
const REFUNDS = `orderId,memberId,placedAt,sku,quantity,unitPrice,kind,refundsOrderId
s1,anna,2026-01-01T10:00:00Z,tea,3,5.00,,
s1,anna,2026-01-01T10:00:00Z,cup,2,8.00,,
s1,anna,2026-01-01T10:00:00Z,cup,-1,8.00,,
s2,anna,2026-01-02T10:00:00Z,tea,2,4.00,,
s3,anna,2026-01-02T10:00:00Z,tea,2,4.00,,
s4,bob,2026-01-03T10:00:00Z,tea,4,5.00,,
s5,bob,2026-01-03T11:00:00Z,pot,1,20.00,,
g1,,2026-01-03T12:00:00Z,pot,1,20.00,,
r1,anna,2026-01-05T10:00:00Z,tea,6,5.00,refund,
r2,anna,2026-01-06T10:00:00Z,tea,2,4.00,refund,
r3,anna,2026-01-06T10:00:00Z,cup,1,8.00,refund,s1
r4,bob,2026-01-07T10:00:00Z,tea,1,5.00,refund,s4
r4,bob,2026-01-07T10:00:00Z,pot,1,20.00,refund,s4
r5,bob,2026-01-08T10:00:00Z,pot,1,20.00,refund,
r6,bob,2026-01-09T10:00:00Z,tea,1,5.00,refund,nothing
r7,bob,2026-01-09T11:00:00Z,tea,1,5.00,refund,s1
r8,bob,2026-01-09T12:00:00Z,pot,1,20.00,refund,g1
r9,bob,2026-01-02T12:00:00Z,tea,1,5.00,refund,
r10,,2026-01-10T12:00:00Z,pot,1,20.00,refund,
r11,bob,2026-01-11T12:00:00Z,jar,1,2.00,refund,s5
x1,bob,2026-01-12T12:00:00Z,tea,1,5.00,,
x1,anna,2026-01-12T12:00:00Z,tea,1,5.00,,
`
const refunds = path.join(folder, 'refunds.csv')
writeFileSync(refunds, REFUNDS)
const many = path.join(folder, 'many.csv')
writeFileSync(many, [...onlineRetailLines(8_000)].join(''))

describe.each([
  ['in every way', refunds],
  ['of a made-up shop', many],
])('refunds %s', (_, path) => {
  const remembered = useDatabase()
  const read = useDatabase()

  test('come out of what was read as they do out of the database', async () => {
    const outcome = await importOrders(remembered.current(), { path, at: AT })
    expect(await importBesideReader(read.current(), path)).toEqual(outcome)
    const state = await readImportState(remembered.current())
    expect(state.refunds?.length).toBeGreaterThan(5)
    expect(await readImportState(read.current())).toEqual(state)
    const matched = (db: Db) => db.sql<{ is: boolean }>`select refunds_matched as is from import_run`
    expect([await matched(remembered.current()), await matched(read.current())]).toEqual([
      [{ is: true }],
      [{ is: false }],
    ])
  })
})
