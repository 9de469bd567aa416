import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { importOrders } from '../../../src/core/import/import-orders'
import { verifyLedger } from '../../../src/core/points/verify'
import { findTierFaults } from '../../../src/core/tiers/faults'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const HEADER = 'orderId,memberId,placedAt,sku,quantity,unitPrice,kind,refundsOrderId'
const DAY = '2026-01-01T10:00:00Z'

const files = {
  'of a header alone': [],
  'of guests alone': [`s1,,${DAY},tea,3,5.00,,`],
  'of orders that cost nothing, or too little for a point': [
    `s1,anna,${DAY},tea,3,0.00,,`,
    `s2,bob,${DAY},tea,1,0.01,,`,
  ],
  'of refunds alone': [`r1,anna,${DAY},tea,3,5.00,refund,`, `r2,bob,${DAY},tea,3,5.00,refund,s9`],
  'of unreadable lines alone': ['s1,anna,never,tea,3,5.00,,', `s2,anna,${DAY},tea,x,5.00,,`],
  'with a refund before its sale': [
    `r1,anna,${DAY},tea,3,5.00,refund,s1`,
    's1,anna,2026-01-02T10:00:00Z,tea,3,5.00,,',
    `s2,bob,${DAY},tea,1,5.00,,`,
  ],
  'with a sale and its refund at the same time': [`r1,anna,${DAY},tea,3,5.00,refund,s1`, `s1,anna,${DAY},tea,3,5.00,,`],
  'with more given back than was sold': [
    `s1,anna,${DAY},tea,3,5.00,,`,
    'r1,anna,2026-01-02T10:00:00Z,tea,2,5.00,refund,s1',
    'r2,anna,2026-01-03T10:00:00Z,tea,2,5.00,refund,s1',
    'r3,anna,2026-01-03T10:00:00Z,tea,2,6.00,refund,r1',
  ],
  'with members and articles in other letters': [`s1,会员,${DAY},茶,3,5.00,,`, `s2,"Ä,b",${DAY},"t""ea",3,5.00,,`],
}

describe.each(Object.entries(files))('a first file %s', (name, lines) => {
  const folder = useScratchFolder()
  const alone = useDatabase()
  const beside = useDatabase()
  const file = path.join(folder, `${name}.csv`)

  test('comes to the same whatever others read meanwhile, and changes nothing a second time', async () => {
    writeFileSync(file, [HEADER, ...lines, ''].join('\n'))
    const outcome = await importOrders(alone.current(), { path: file, at: AT })
    expect(outcome).toMatchObject({ ok: true, isRepeat: false, isResumed: false, result: { rows: lines.length } })
    const besideReader = await beside.current().tx(async (reader) => {
      await reader.sql`select from order_line, transfer`
      return importOrders(beside.current(), { path: file, at: AT })
    })
    expect(besideReader).toEqual(outcome)
    const state = await readImportState(alone.current())
    expect(await readImportState(beside.current())).toEqual(state)

    expect(await importOrders(alone.current(), { path: file, at: AT })).toEqual({ ...outcome, isRepeat: true })
    expect(await readImportState(alone.current())).toEqual(state)
    expect((await verifyLedger(alone.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
    expect(await findTierFaults(alone.current())).toEqual([])
  })
})
