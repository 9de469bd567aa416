import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onlineRetailLines } from '../../../bench/import-lines'
import { importOrders } from '../../../src/core/import/import-orders'
import { type Database, openDatabase } from '../../../src/db/open'
import type { Db } from '../../../src/db/sql'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const TABLES = ['shop_order', 'order_line', 'transfer', 'entry', 'lot', 'lot_use', 'member_account']
const folder = useScratchFolder()
const file = path.join(folder, 'orders.csv')
writeFileSync(file, [...onlineRetailLines(3_000)].join(''))

const plain = useDatabase()
let expected: Awaited<ReturnType<typeof readImportState>>
beforeAll(async () => {
  await importOrders(plain.current(), { path: file, at: AT })
  expected = await readImportState(plain.current())
})

/** As somebody who may read and write all tables and owns none of them. */
async function asGuest(owner: Database, work: (guest: Database) => Promise<void>): Promise<void> {
  const role = `guest_${randomBytes(6).toString('hex')}`
  const url = new URL(owner.url)
  url.username = role
  url.password = 'secret'
  await owner.pool.query(`create role ${role} login password 'secret'`)
  await owner.pool.query(`grant select, insert, update, delete on all tables in schema public to ${role}`)
  await owner.pool.query(`grant usage, select, update on all sequences in schema public to ${role}`)
  const guest = openDatabase({ url: url.toString() })
  try {
    await work(guest)
  } finally {
    await guest.close()
    await owner.pool.query(`drop owned by ${role}; drop role ${role}`)
  }
}

describe('a first import by somebody who does not own the tables', () => {
  const database = useDatabase()

  test('comes to the same', async () => {
    await asGuest(database.current(), async (guest) => {
      expect(await importOrders(guest, { path: file, at: AT })).toMatchObject({ ok: true })
    })
    expect(await readImportState(database.current())).toEqual(expected)
  })
})

describe('a first import by an owner who may make nothing new', () => {
  const database = useDatabase()

  test('comes to the same', async () => {
    const db = database.current()
    await asGuest(db, async (guest) => {
      const role = new URL(guest.url).username
      for (const table of TABLES) await db.pool.query(`alter table ${table} owner to ${role}`)
      expect(await importOrders(guest, { path: file, at: AT })).toMatchObject({ ok: true })
      for (const table of TABLES) await db.pool.query(`alter table ${table} owner to current_user`)
    })
    expect(await readImportState(db)).toEqual(expected)
  })
})

const readIndexes = (db: Db) => db.sql`
  select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition, indisreplident, indisclustered, conname,
    obj_description(indexrelid) as remark, pg_get_constraintdef(pg_constraint.oid) as constraint
  from pg_index left join pg_constraint on conindid = indexrelid
  where indrelid = any (${TABLES}::regclass[])
  order by 1, conname`

describe('what an administrator has made of the keys', () => {
  const database = useDatabase()

  test('is there as before after a first import', async () => {
    const db = database.current()
    for (const statement of [
      `create view sold as select shop_order.id, external_id, sum(amount_minor) from shop_order
        join order_line on order_id = shop_order.id group by shop_order.id`,
      `create view moved as select lot.id, points from lot join transfer on transfer.id = transfer_id group by lot.id, points`,
      'create table note (source text, external_id text, foreign key (source, external_id) references shop_order (source, external_id))',
      'create unique index of_replica on entry (transfer_id, member_id, seq)',
      'alter table entry replica identity using index of_replica',
      'cluster entry using of_replica',
      'create index with_remark on lot (expires_at)',
      `comment on index with_remark is 'for the month’s report'`,
      'create publication report for table order_line, lot_use',
    ]) {
      await db.pool.query(statement)
    }
    const before = await readIndexes(db)
    expect(await importOrders(db, { path: file, at: AT })).toMatchObject({ ok: true })
    expect(await readIndexes(db)).toEqual(before)
    expect(await readImportState(db)).toEqual(expected)
  })
})

describe('somebody who holds a member’s row and goes on to the ledger', () => {
  const database = useDatabase()

  test('is not waited for by a first import that has locked the ledger: it lets go of it, and waits then', async () => {
    const db = database.current()
    const ordersThere = signal()
    const rowHeld = signal()
    let isHeldUp = false
    // Whoever has the ledger is held up as well, until the row is taken.
    const heldUp = (text: unknown) => String((text as { text?: string }).text).includes('for key share')
    const connect = async () => {
      if (isHeldUp) await rowHeld.given
      const client = await db.pool.connect()
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
      return Object.assign(client, {
        query: (...args: unknown[]) => (heldUp(args[0]) ? rowHeld.given.then(() => query(...args)) : query(...args)),
      })
    }
    const importing = importOrders(
      { ...db, pool: Object.create(db.pool, { connect: { value: connect } }) },
      {
        path: file,
        at: AT,
        onPhase(phase) {
          isHeldUp = phase === 'points'
          if (isHeldUp) ordersThere.give()
        },
      },
    )
    await ordersThere.given
    await db.tx(async (tx) => {
      const [member] = await tx.sql<{ id: string }>`select id from member order by id limit 1 for update`
      rowHeld.give()
      const waiting = () => tx.sql`select from pg_locks where not granted and locktype in ('transactionid', 'tuple')`
      while ((await waiting()).length === 0) await sleep(10)
      await tx.sql`select * from ledger_balance(${member?.id ?? ''}, ${AT})`
    })
    expect(await importing).toMatchObject({ ok: true })
    expect(await readImportState(db)).toEqual(expected)
  })
})

function signal(): { given: Promise<void>; give: () => void } {
  let give = (): void => undefined
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}
