import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { onlineRetailLines } from '../../../bench/import-lines'
import { importOrders } from '../../../src/core/import/import-orders'
import type { Db } from '../../../src/db/sql'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'

const AT = new Date('2026-11-22T12:00:00Z')
const folder = useScratchFolder()
const file = path.join(folder, 'orders.csv')
writeFileSync(file, [...onlineRetailLines(500)].join(''))

const readKeys = (db: Db) => db.sql`
  select tablename, indexdef, conname from pg_indexes left join pg_constraint on conname = indexname
  where tablename in ('shop_order', 'order_line') order by indexdef`

describe('keys and indexes of orders', () => {
  const database = useDatabase()

  test('are all there again after a first import', async () => {
    const before = await readKeys(database.current())
    expect(before.length).toBeGreaterThan(3)
    expect(await importOrders(database.current(), { path: file, at: AT })).toMatchObject({ ok: true })
    expect(await readKeys(database.current())).toEqual(before)
    // There are members by now.
    expect(await database.current().sql`select import_drop_keys() as dropped`).toEqual([{ dropped: false }])
  })
})

describe('while somebody reads orders', () => {
  const database = useDatabase()

  test('a first import keeps the keys and waits for nobody', async () => {
    await database.current().tx(async (reader) => {
      await reader.sql`select count(*) from order_line`
      expect(await importOrders(database.current(), { path: file, at: AT })).toMatchObject({ ok: true })
    })
    expect(await database.current().sql`select count(*) as lines from order_line`).toEqual([{ lines: 500 }])
  })
})
