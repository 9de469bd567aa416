import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { onlineRetailLines } from '../../../bench/import-lines'
import { importOrders } from '../../../src/core/import/import-orders'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const folder = useScratchFolder()
const file = path.join(folder, 'orders.csv')
writeFileSync(file, [...onlineRetailLines(3_000)].join(''))

const straight = useDatabase()
beforeAll(() => importOrders(straight.current(), { path: file, at: AT }))

describe('the ledger that is written beside the orders', () => {
  const database = useDatabase()

  test('goes with them when they fail, and is whole the next time', async () => {
    const db = database.current()
    const before = await readImportState(db)
    const indexes = () => db.sql`select indexdef from pg_indexes where schemaname = 'public' order by 1`
    const all = await indexes()
    await db.pool.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'nothing may be due'; end $$;
      create trigger refused before insert on import_due execute function refuse()`)
    await expect(importOrders(db, { path: file, at: AT })).rejects.toThrow('nothing may be due')
    expect(await readImportState(db)).toEqual(before)
    expect(await indexes()).toEqual(all)
    await db.pool.query('drop trigger refused on import_due')
    expect(await importOrders(db, { path: file, at: AT })).toMatchObject({ ok: true, isResumed: false })
    expect(await readImportState(db)).toEqual(await readImportState(straight.current()))
  })
})

describe('an import that has one connection', () => {
  const database = useDatabase({ connectionsMax: 1 })

  test('writes the ledger after the orders, to the same end', async () => {
    expect(await importOrders(database.current(), { path: file, at: AT })).toMatchObject({ ok: true })
    expect(await readImportState(database.current())).toEqual(await readImportState(straight.current()))
  })
})
