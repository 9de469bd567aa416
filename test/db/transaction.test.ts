import type { OpenTx, Tx } from '../../src/db/sql'
import { useDatabase } from '../support/database'

// Every case runs twice on one connection: what it has not prepared goes alone, what it has shares its message with
// BEGIN when it is first and with COMMIT when it is last.
const database = useDatabase({ connectionsMax: 1 })
const db = () => database.current()
const twice = [['first'], ['again']]

const insert = (tx: Pick<Tx, 'sql'>, id: number) => tx.sql`insert into noted (id, twin) values (${id}, ${null})`
const insertLast = (tx: OpenTx, id: number, twin: number | null = null) =>
  tx.lastSql<{ id: number }>`insert into noted (id, twin) values (${id}, ${twin}) returning id`
const ids = async () => (await db().sql<{ id: number }>`select id from noted order by id`).map(({ id }) => id)

beforeAll(async () => {
  await db()
    .sql`create table noted (id integer primary key, twin integer references noted deferrable initially deferred)`
})
beforeEach(async () => {
  await db().sql`delete from noted`
})

describe.each(twice)('a transaction (%s)', () => {
  test('commits what its function leaves', async () => {
    await db().tx(async (tx) => {
      await insert(tx, 1)
      await insert(tx, 2)
    })
    expect(await ids()).toEqual([1, 2])
  })

  test('commits with its last statement, and gives the rows of each', async () => {
    const rows = await db().tx(async (tx) => {
      const first = await tx.sql<{ one: number }>`select ${1}::integer as one`
      await insert(tx, 1)
      const last = await insertLast(tx, 2)
      return { first, last }
    })
    expect(rows).toEqual({ first: [{ one: 1 }], last: [{ id: 2 }] })
    expect(await ids()).toEqual([1, 2])
  })

  test('can be one statement that is first and last', async () => {
    await db().tx((tx) => insertLast(tx, 3))
    expect(await ids()).toEqual([3])
  })

  test('leaves nothing where the first statement fails, whoever goes on after it', async () => {
    await db().tx((tx) => insert(tx, 4))
    const attempt = db().tx(async (tx) => {
      await insert(tx, 4).catch(() => undefined)
      await insert(tx, 5)
    })
    await expect(attempt).rejects.toMatchObject({ code: '23505' })
    expect(await ids()).toEqual([4])
  })

  test('leaves nothing where the last statement fails', async () => {
    const attempt = db().tx(async (tx) => {
      await insert(tx, 6)
      await insertLast(tx, 6)
    })
    await expect(attempt).rejects.toMatchObject({ code: '23505' })
    expect(await ids()).toEqual([])
  })

  test('leaves nothing where only the commit fails', async () => {
    const attempt = db().tx((tx) => insertLast(tx, 7, 70))
    await expect(attempt).rejects.toMatchObject({ code: '23503' })
    expect(await ids()).toEqual([])
  })

  test('leaves nothing where its function throws', async () => {
    const attempt = db().tx(async (tx) => {
      await insert(tx, 8)
      throw new Error('thought better of it')
    })
    await expect(attempt).rejects.toThrow('thought better of it')
    expect(await ids()).toEqual([])
  })

  test('takes nothing after its last statement', async () => {
    const attempt = db().tx(async (tx) => {
      await insertLast(tx, 9)
      await insert(tx, 10)
    })
    await expect(attempt).rejects.toThrow('ended by its last statement')
    expect(await ids()).toEqual([9])
  })

  test('keeps statements that are issued together inside', async () => {
    const attempt = db().tx(async (tx) => {
      await Promise.all([insert(tx, 11), insert(tx, 12), insert(tx, 13)])
      throw new Error('taken back')
    })
    await expect(attempt).rejects.toThrow('taken back')
    expect(await ids()).toEqual([])
  })

  test('sends lists, instants, bytes and nothing as what they are', async () => {
    const at = new Date('2026-11-22T10:00:00.123Z')
    const bytes = Buffer.from([0, 1, 255])
    const sent = await db().tx(
      (tx) => tx.lastSql`select ${[1, 2]}::int[] as list, ${at}::timestamptz as at, ${bytes}::bytea as bytes`,
    )
    expect(sent).toEqual([{ list: [1, 2], at, bytes }])
    const plain = await db().tx(
      (tx) => tx.lastSql`select ${at}::timestamptz as at, ${bytes}::bytea as bytes, ${null}::text as nothing,
        ${true}::boolean as yes, ${10n}::bigint as ten, ${undefined}::text as absent`,
    )
    expect(plain).toEqual([{ at, bytes, nothing: null, yes: true, ten: 10, absent: null }])
  })
})
