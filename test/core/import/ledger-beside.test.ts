import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { onlineRetailLines } from '../../../bench/import-lines'
import { importOrders } from '../../../src/core/import/import-orders'
import { verifyLedger } from '../../../src/core/points/verify'
import { openDatabase } from '../../../src/db/open'
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

describe('a ledger that fails beside the orders', () => {
  const database = useDatabase()

  test('leaves them with what is due, which the next run does', async () => {
    const db = database.current()
    await db.pool.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'nothing may be booked'; end $$;
      create trigger refused before insert on entry execute function refuse()`)
    await expect(importOrders(db, { path: file, at: AT })).rejects.toThrow('nothing may be booked')
    const expected = await readImportState(straight.current())
    expect(await readImportState(db)).toMatchObject({
      orders: expected.orders,
      entries: [],
      runs: [{ is_finished: false }],
    })
    await db.pool.query('drop trigger refused on entry')
    expect(await importOrders(db, { path: file, at: AT })).toMatchObject({ ok: true, isResumed: true })
    expect(await readImportState(db)).toEqual(expected)
    expect((await verifyLedger(db, { at: AT })).filter(({ ok }) => !ok)).toEqual([])
  })
})

describe('a caller who fails when the orders are there', () => {
  const database = useDatabase()

  test('leaves no ledger behind that waits for them', async () => {
    const db = database.current()
    const onPhase = (phase: string) => {
      if (phase === 'points') throw new Error('nobody listens')
    }
    await expect(importOrders(db, { path: file, at: AT, onPhase })).rejects.toThrow('nobody listens')
    expect(db.pool.idleCount).toBe(db.pool.totalCount)
    expect(await importOrders(db, { path: file, at: AT })).toMatchObject({ ok: true, isResumed: true })
    expect(await readImportState(db)).toEqual(await readImportState(straight.current()))
  })
})

describe('a ledger that has to wait for the orders', () => {
  // What the server does when it notes what is due, which is the last that the orders do.
  const cases = {
    'is let go of where they look at it themselves': 'perform from transfer limit 1; return null',
    'is kept by a server that ends who is idle': 'perform pg_sleep(2.5); return null',
  }

  describe.each(Object.entries(cases))('%s', (_, does) => {
    const database = useDatabase()

    test('and all comes to the same', async () => {
      const db = database.current()
      await db.pool.query(`
        create function look() returns trigger language plpgsql as $$ begin ${does}; end $$;
        create trigger looked after insert on import_due execute function look();
        do $$ begin execute format('alter database %I set idle_in_transaction_session_timeout = ''2s''', current_database()); end $$`)
      // Connections of before know nothing of it.
      const fresh = openDatabase({ url: db.url })
      try {
        expect(await importOrders(fresh, { path: file, at: AT })).toMatchObject({ ok: true, isResumed: false })
      } finally {
        await fresh.close()
      }
      expect(await readImportState(db)).toEqual(await readImportState(straight.current()))
    })
  })
})

describe('an import that has no connection for the ledger', () => {
  describe.each([1, 2])('of %p', (connectionsMax) => {
    const database = useDatabase({ connectionsMax })

    test('writes it after the orders, to the same end', async () => {
      const db = database.current()
      const others = await Promise.all(Array.from({ length: connectionsMax - 1 }, () => db.pool.connect()))
      // As somebody who waits for the orders and has the connection as long.
      const waiting = others.map((other) =>
        other
          .query(`do $$ begin loop exit when exists (select from import_run); perform pg_sleep(0.05); end loop; end $$`)
          .finally(() => other.release()),
      )
      expect(await importOrders(db, { path: file, at: AT })).toMatchObject({ ok: true })
      await Promise.all(waiting)
      expect(await readImportState(db)).toEqual(await readImportState(straight.current()))
    })
  })
})
