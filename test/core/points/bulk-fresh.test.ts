import fc from 'fast-check'
import { type BulkRow, openBulk, recordBulk, stageBulk } from '../../../src/core/points/bulk'
import { recordFresh } from '../../../src/core/points/bulk-fresh'
import { verifyLedger } from '../../../src/core/points/verify'
import { copyTransaction } from '../../../src/db/copy'
import { useDatabase } from '../../support/database'
import { addMember } from './books'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const NOW = new Date(START + 500 * HOUR)
/** Ids that a row's text has to quote, that COPY would have to escape, and that are no ASCII. */
const MEMBERS = ['1', 'a (b), "c"', 'back\\slash', '会员', 'nobody']

const row = fc.record({
  isEarn: fc.boolean(),
  member: fc.nat({ max: MEMBERS.length - 1 }),
  key: fc.nat({ max: 200 }),
  of: fc.nat({ max: 20 }),
  points: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 50 }), weight: 30 }, fc.constant(0)),
  hours: fc.integer({ min: 0, max: 400 }),
  availableIn: fc.oneof({ arbitrary: fc.constant(0), weight: 20 }, fc.constant(300)),
  expiresIn: fc.oneof({ arbitrary: fc.integer({ min: 600, max: 2000 }), weight: 20 }, fc.constant(40)),
})
type Drawn = typeof row extends fc.Arbitrary<infer One> ? One : never

/** Reversals name one of the rows before them. */
function rowsOf(prefix: string, drawn: readonly Drawn[]): BulkRow[] {
  const memberOf = (one: Drawn) => `${prefix}${MEMBERS[one.member]}`
  return drawn.map((one, index) => {
    const original = drawn[index === 0 ? 0 : one.of % index] ?? one
    const isEarn = one.isEarn || !original.isEarn
    const occurredAtMs = START + (isEarn ? one.hours : 401 + one.hours / 10) * HOUR
    const recorded = {
      memberId: memberOf(isEarn ? one : original),
      source: 'test',
      orderId: null,
      occurredAtMs,
    }
    const externalId = `${prefix}${one.key}${one.key % 7 === 0 ? ' (x)' : ''}`
    if (!isEarn) {
      const originalId = `${prefix}${original.key}${original.key % 7 === 0 ? ' (x)' : ''}`
      const reverses = { source: 'test', externalId: originalId }
      return { ...recorded, kind: 'reverse', externalId, points: one.points, reverses }
    }
    const availableAtMs = occurredAtMs + one.availableIn * HOUR
    return {
      ...recorded,
      kind: 'earn',
      externalId,
      points: one.points,
      availableAtMs,
      expiresAtMs: START + one.expiresIn * HOUR,
    }
  })
}

describe('points of members without an account', () => {
  const database = useDatabase()
  const db = () => database.current()

  /** @returns how many rows went through the ledger's function */
  async function record(rows: readonly BulkRow[], { isFresh }: { isFresh: boolean }): Promise<number> {
    return copyTransaction(db(), async (tx) => {
      const left = isFresh ? await recordFresh(tx, rows, { at: NOW }) : rows
      await openBulk(tx)
      await stageBulk(tx, left)
      await recordBulk(tx, { at: NOW })
      return left.length
    })
  }

  async function booksOf(prefix: string) {
    const own = `${prefix}%`
    const cut = prefix.length + 1
    const accounts = await db().sql`
      select substr(member_id, ${cut}) as member, available, pending, held, owed, entry_seq, due_at from member_account
      where member_id like ${own} and entry_seq > 0 order by member_id`
    const entries = await db().sql`
      select substr(entry.member_id, ${cut}) as member, seq, account, amount, kind, source, substr(external_id, ${cut}) as key, points,
        shortfall, order_id, coupon_id, note, occurred_at, recorded_at
      from entry join transfer on transfer.id = transfer_id where entry.member_id like ${own} order by entry.member_id, seq`
    const lots = await db().sql`
      select substr(lot.member_id, ${cut}) as member, substr(external_id, ${cut}) as key, earned, remaining, expired, available_at,
        expires_at, released_at, expired_at
      from lot join transfer on transfer.id = transfer_id where lot.member_id like ${own} order by lot.member_id, lot.id`
    const uses = await db().sql`
      select substr(used.external_id, ${cut}) as key, substr(origin.external_id, ${cut}) as lot, amount
      from lot_use join transfer used on used.id = lot_use.transfer_id join lot on lot.id = lot_id
        join transfer origin on origin.id = lot.transfer_id
      where lot_use.member_id like ${own} order by 1, 2, 3`
    return { accounts, entries, lots, uses }
  }

  test('come out as the ledger itself records them', async () => {
    let runs = 0
    const counts = { rows: 0, left: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 15 }), async (drawn) => {
        const prefixes = [`f${runs}-`, `l${runs++}-`] as const
        for (const prefix of prefixes) {
          for (const id of MEMBERS) if (id !== 'nobody') await addMember(db(), `${prefix}${id}`)
        }
        counts.rows += drawn.length
        counts.left += await record(rowsOf(prefixes[0], drawn), { isFresh: true })
        await record(rowsOf(prefixes[1], drawn), { isFresh: false })
        expect(await booksOf(prefixes[0])).toEqual(await booksOf(prefixes[1]))
      }),
      { numRuns: 30, seed: 11 },
    )
    // Both ways were taken.
    expect(counts.left).toBeGreaterThan(counts.rows / 10)
    expect(counts.left).toBeLessThan((counts.rows * 9) / 10)
    expect((await verifyLedger(db(), { at: NOW })).filter(({ ok }) => !ok)).toEqual([])
  }, 120_000)

  test('are replayed by the ledger when they come again', async () => {
    await addMember(db(), 'again (1)')
    const [order] = await db().sql<{ id: number }>`
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency)
      values ('test', 'again', 'again (1)', 'sale', 'delivered', ${new Date(START)}, 1000, 'GBP') returning id`
    const base = { memberId: 'again (1)', source: 'test', orderId: order?.id ?? null }
    const times = { availableAtMs: START, expiresAtMs: START + 2000 * HOUR }
    const reverses = { source: 'test', externalId: 'again "e"' }
    const rows: BulkRow[] = [
      { ...base, ...times, kind: 'earn', externalId: 'again "e"', points: 10, occurredAtMs: START },
      { ...base, kind: 'reverse', externalId: 'again r', points: 4, occurredAtMs: START + HOUR, reverses },
    ]
    expect(await record(rows, { isFresh: true })).toBe(0)
    const books = await booksOf('again')
    const result = await copyTransaction(db(), async (tx) => {
      const left = await recordFresh(tx, rows, { at: NOW })
      await openBulk(tx)
      await stageBulk(tx, left)
      return recordBulk(tx, { at: NOW })
    })
    expect(result).toEqual({ earned: 0, reversed: 0, replayed: 2, refused: 0 })
    expect(await booksOf('again')).toEqual(books)
  })

  test('wait for whoever opens the account first, and are then added to it', async () => {
    await addMember(db(), 'meet')
    const earn = (externalId: string): BulkRow => ({
      kind: 'earn',
      memberId: 'meet',
      source: 'test',
      externalId,
      orderId: null,
      points: 5,
      occurredAtMs: START,
      availableAtMs: START,
      expiresAtMs: START + 2000 * HOUR,
    })
    const [, left] = await Promise.all([
      copyTransaction(db(), async (tx) => {
        await tx.sql`select * from ledger_earn('meet', 3, 'test', 'meet live', null, null, ${NOW}, ${NOW}, null, ${NOW})`
        await tx.sql`select pg_sleep(0.5)`
      }),
      record([earn('meet bulk')], { isFresh: true }),
    ])
    const [account] = await db().sql`select available, entry_seq from member_account where member_id = 'meet'`
    expect(account).toEqual({ available: 8, entry_seq: 4 })
    expect(left).toBeLessThanOrEqual(1)
    expect((await verifyLedger(db(), { at: NOW })).filter(({ ok }) => !ok)).toEqual([])
  })
})
