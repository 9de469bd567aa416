import { withoutLedgerKeys } from '../../../src/core/import/first-keys'
import { FirstLedger } from '../../../src/core/import/first-ledger'
import type { BulkRow } from '../../../src/core/points/bulk'
import { verifyLedger } from '../../../src/core/points/verify'
import { copyTransaction } from '../../../src/db/copy'
import { useDatabase } from '../../support/database'
import { addMember } from '../points/books'

const AT = new Date('2026-11-22T12:00:00Z')
const DAY_MS = 24 * 60 * 60 * 1000
const MEMBERS = Array.from({ length: 150 }, (_, index) => `m${index}`)
const ROWS_PER_MEMBER = 20

function earned(memberId: string, index: number): BulkRow {
  const occurredAtMs = AT.getTime() - (index + 1) * DAY_MS
  const terms = { occurredAtMs, availableAtMs: occurredAtMs, expiresAtMs: AT.getTime() + 365 * DAY_MS }
  return {
    kind: 'earn',
    memberId,
    source: 'order',
    externalId: `${memberId}/${index}`,
    orderId: null,
    points: 5,
    ...terms,
  }
}

const rowsOf = () =>
  new Map(MEMBERS.map((id) => [id, Array.from({ length: ROWS_PER_MEMBER }, (_, index) => earned(id, index))]))

describe('the ledger of a first import', () => {
  const database = useDatabase()
  const db = () => database.current()

  beforeAll(async () => {
    for (const id of MEMBERS) await addMember(db(), id)
  })

  const write = (ledger: FirstLedger | undefined) =>
    copyTransaction(db(), async (tx) => {
      await ledger?.takeIds(tx)
      return withoutLedgerKeys(tx, async () => {
        await ledger?.copyBooks(tx)
        await ledger?.copyAccounts(tx)
      })
    })

  test('is whole', async () => {
    const ledger = FirstLedger.of(rowsOf(), { at: AT })
    expect(ledger?.points()).toEqual({ earned: MEMBERS.length * ROWS_PER_MEMBER * 5, takenBack: 0 })
    expect(await write(ledger)).toBe(true)
    expect(await db().sql`select count(*) as transfers, sum(points) as points from transfer`).toEqual([
      { transfers: 3_000, points: '15000' },
    ])
    expect((await verifyLedger(db(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
  })

  test('is not written where there is one', async () => {
    expect(await write(FirstLedger.of(rowsOf(), { at: AT }))).toBe(false)
    expect(await db().sql`select count(*) as transfers from transfer`).toEqual([{ transfers: 3_000 }])
  })

  test('is left to the ledger’s own functions where a key comes twice, or anything is special about a row', () => {
    const [row] = rowsOf().get('m1') ?? []
    if (!row) throw new Error('there is no such row')
    const of = (own: BulkRow) => FirstLedger.of(rowsOf().set('other', [own]), { at: AT })
    expect(of({ ...row, memberId: 'other' })).toBeUndefined()
    expect(of({ ...row, memberId: 'other', externalId: 'new', points: 0 })).toBeUndefined()
    expect(of({ ...row, memberId: 'other', externalId: 'new' })).toBeDefined()
  })
})
