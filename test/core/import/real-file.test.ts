import { existsSync } from 'node:fs'
import path from 'node:path'
import { importOrders } from '../../../src/core/import/import-orders'
import { verifyLedger } from '../../../src/core/points/verify'
import { useDatabase } from '../../support/database'

const FILE = path.join(__dirname, '../../../../shared/data/online-retail/online_retail.csv.gz')
const AT = new Date('2026-11-22T12:00:00Z')
const isThere = existsSync(FILE)

if (!isThere) process.stderr.write(`SKIPPED: the real orders of UCI Online Retail are not at ${FILE}\n`)

const describeWhenThere = isThere ? describe : describe.skip

describeWhenThere('the 541,909 lines of UCI Online Retail', () => {
  const database = useDatabase()

  test('are imported whole, and again change nothing', async () => {
    const outcome = await importOrders(database.current(), { path: FILE, at: AT })
    expect(outcome).toMatchObject({
      ok: true,
      isRepeat: false,
      result: {
        rows: 541_909,
        members: 4_372,
        guestLines: 135_080,
        // 25,900 invoices, two of which are nothing but a negative price ("Adjust bad debt").
        orders: 25_898,
        refused: 2,
        refusedByKind: { 'negative-price': { rows: 2, lines: [299_985, 299_986] } },
        refunds: { orders: 3_654, lines: 8_905 },
      },
    })
    expect(await importOrders(database.current(), { path: FILE, at: AT })).toMatchObject({ isRepeat: true })
  }, 120_000)

  test('amount to what the file says, line for line', async () => {
    const [sums] = await database.current().sql`
      select count(*) as lines, sum(quantity) as quantity, sum(amount_minor) as amount from order_line`
    // Σ quantity and Σ quantity × price over the file less its two refused lines, which have quantity 1 each.
    expect(sums).toEqual({ lines: 541_907, quantity: 5_176_448, amount: '976987205' })
    const [totals] = await database.current().sql`
      select count(*) filter (where kind = 'refund') as refunds, sum(total_minor) as amount, min(placed_at) as first,
        max(placed_at) as last
      from shop_order`
    expect(totals).toEqual({
      refunds: 3_836,
      amount: '976987205',
      first: new Date('2010-12-01T08:26:00Z'),
      last: new Date('2011-12-09T12:50:00Z'),
    })
  })

  test('leave a ledger that holds, in which nobody has more than an order ever earned', async () => {
    expect((await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
    const [over] = await database.current().sql`
      select count(*) as members from member_account account
      where available > (select sum(greatest(total_minor, 0)) / 100 from shop_order where member_id = account.member_id)`
    expect(over).toEqual({ members: 0 })
  }, 60_000)
})
