import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { importOrders } from '../../../src/core/import/import-orders'
import { verifyLedger } from '../../../src/core/points/verify'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { readImportState } from './import-state'

const AT = new Date('2026-11-22T12:00:00Z')
const folder = useScratchFolder()

describe("a Chinese shop's file, in its own currency and time, with semicolons and names of its own", () => {
  const database = useDatabase()
  const content = [
    '\ufeffOrder ID;member_id;Placed-At;SKU;productName;category;quantity;unitPrice;kind;refundsOrderId;email;memberName',
    'o1;m1;2026-10-01 09:30;T1;龙井茶;茶叶;2;128.50;;;wang@example.com;王芳',
    'o1;m1;2026-10-01 09:30;P1;"紫砂壶, 大";茶具;1;680;;;wang@example.com;王芳',
    'o2;m2;2026-10-02T09:30:00Z;T1;龙井茶;茶叶;10;128.5;sale;;;',
    'o3;;2026-10-03;T1;龙井茶;茶叶;1;128.5;;;;',
    'o4;m2;2026-10-05 10:00;T1;龙井茶;茶叶;3;128.5;;;;',
    'r1;m2;2026-10-06 10:00;T1;龙井茶;茶叶;2;128.5;refund;o2;;',
    'r2;m2;2026-10-06 11:00;T1;龙井茶;茶叶;-3;128.5;refund;;;',
    'r3;m1;2026-10-06 12:00;T1;龙井茶;茶叶;1;128.5;refund;o2;;',
    'r4;m1;2026-10-06 12:00;T1;龙井茶;茶叶;1;128.5;refund;o9;;',
  ].join('\r\n')

  beforeAll(async () => {
    const file = path.join(folder, 'orders.csv')
    writeFileSync(file, content)
    const outcome = await importOrders(database.current(), {
      path: file,
      at: AT,
      currency: 'CNY',
      timeZone: 'Asia/Shanghai',
    })
    expect(outcome).toMatchObject({
      ok: true,
      result: {
        format: 'orders',
        rows: 9,
        orders: 8,
        members: 2,
        refused: 0,
        guestLines: 1,
        // 257.00 + 680.00; 1,285.00; 385.50. Back: 257.00 of o2, then 385.50 of the latest, o4.
        points: { earned: 937 + 1285 + 385, takenBack: 257 + 385 },
        refunds: { orders: 4, lines: 4, linesWithoutSale: 2 },
      },
    })
  })

  test('has members with the contact on file', async () => {
    const { members } = await readImportState(database.current())
    expect(members).toMatchObject([
      { id: 'm1', source: 'orders', display_name: '王芳', email: 'wang@example.com' },
      { id: 'm2', source: 'orders', display_name: null, email: null },
    ])
  })

  test('has products in categories', async () => {
    const { products, categories } = await readImportState(database.current())
    expect(products).toMatchObject([
      { sku: 'P1', name_en: '紫砂壶, 大', category_code: '茶具', price_minor: 68_000 },
      { sku: 'T1', name_en: '龙井茶', category_code: '茶叶', price_minor: 12_850 },
    ])
    expect(categories).toHaveLength(2)
  })

  test('has orders in yuan, placed when its clocks said', async () => {
    const { orders } = await readImportState(database.current())
    expect(orders).toMatchObject([
      { external_id: 'o1', placed_at: new Date('2026-10-01T01:30:00Z'), total_minor: 93_700, currency: 'CNY' },
      { external_id: 'o2', placed_at: new Date('2026-10-02T09:30:00Z'), total_minor: 128_500, status: 'delivered' },
      { external_id: 'o3', placed_at: new Date('2026-10-02T16:00:00Z'), member_id: null },
      { external_id: 'o4', status: 'refunded' },
      { external_id: 'r1', kind: 'refund', total_minor: -25_700, refunds: 'o2' },
      { external_id: 'r2', kind: 'refund', total_minor: -38_550, refunds: 'o4' },
      // Another member's order, and one that is not there.
      { external_id: 'r3', kind: 'refund', refunds: null },
      { external_id: 'r4', kind: 'refund', refunds: null },
    ])
    const [merchant] = await database.current().sql`select currency, time_zone from merchant`
    expect(merchant).toEqual({ currency: 'CNY', time_zone: 'Asia/Shanghai' })
  })

  test('has a ledger that holds', async () => {
    expect((await verifyLedger(database.current(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
  })

  test('a later file brings newer names and prices; an older one does not', async () => {
    const bring = async (date: string, name: string, price: string) => {
      const file = path.join(folder, `${date}.csv`)
      writeFileSync(
        file,
        `orderId,memberId,placedAt,sku,productName,quantity,unitPrice\nx${date},m1,${date},T1,${name},1,${price}\n`,
      )
      expect(await importOrders(database.current(), { path: file, at: AT })).toMatchObject({ ok: true })
      const { products } = await readImportState(database.current())
      return products?.[1]
    }
    expect(await bring('2026-09-01', '旧名', '99')).toMatchObject({
      name_en: '龙井茶',
      price_minor: 12_850,
      category_code: '茶叶',
    })
    expect(await bring('2026-11-01', '新名', '138')).toMatchObject({
      name_en: '新名',
      price_minor: 13_800,
      category_code: '茶叶',
    })
  })
})
