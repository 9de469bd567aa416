import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { importOrders } from '../../../src/core/import/import-orders'
import { refundOrder } from '../../../src/core/orders/refund'
import { readBalance } from '../../../src/core/points/balance'
import { verifyLedger } from '../../../src/core/points/verify'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'

const AT = new Date('2026-11-22T12:00:00Z')
const database = useDatabase()
const folder = useScratchFolder()

async function importLines(name: string, ...lines: string[]) {
  const file = path.join(folder, name)
  const header = 'orderId,memberId,placedAt,sku,quantity,unitPrice,kind,refundsOrderId'
  writeFileSync(file, `${[header, ...lines].join('\n')}\n`)
  const outcome = await importOrders(database.current(), { path: file, at: AT })
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`)
  return outcome.result
}

const earnBy = (points: number, perMinor: number) => database.current().sql`
  update merchant set settings = ${{ earnRules: [{ code: 'per-amount-spent', args: { points, perMinor } }] }}`

test('a refund of a sale that earned by other rules takes back what the sale earned, and no import is held up', async () => {
  await importLines(
    'sales.csv',
    'o1,m1,2026-10-01T10:00:00Z,T1,1,60.00,sale,',
    'o2,m1,2026-10-02T10:00:00Z,T1,1,0.60,sale,',
    'o3,m1,2026-10-03T10:00:00Z,T1,10,10.00,sale,',
    'o4,m1,2026-10-04T10:00:00Z,T2,4,10.00,sale,',
  )
  const partly = { kind: 'amount', amountMinor: 1_000 } as const
  const partial = { source: 'orders', externalId: 'part', saleExternalId: 'o4', what: partly, at: AT }
  expect(await database.current().tx((tx) => refundOrder(tx, partial))).toMatchObject({
    ok: true,
    receipt: { points: 10 },
  })
  await earnBy(5, 10)
  const { points } = await importLines(
    'refunds.csv',
    'r1,m1,2026-11-01T10:00:00Z,T1,1,60.00,refund,o1',
    'r2,m1,2026-11-02T10:00:00Z,T1,1,0.60,refund,o2',
    'r3,m1,2026-11-03T10:00:00Z,T1,1,10.00,refund,o3',
    'r4,m1,2026-11-03T11:00:00Z,T1,1,10.00,refund,o3',
    'r5,m1,2026-11-04T10:00:00Z,T2,4,10.00,refund,o4',
  )
  // Of o1 all 60; o2 earned nothing; of o3 all 100, since 500 would go with its first refund; of o4 the 30 that were left.
  expect(points.takenBack).toBe(60 + 100 + 30)
  expect(await readBalance(database.current(), { memberId: 'm1', at: AT })).toMatchObject({ available: 0, owed: 0 })
  expect((await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
  expect((await importLines('more.csv', 'o9,m2,2026-11-05T10:00:00Z,T1,1,2.00,sale,')).points.earned).toBe(100)
})
