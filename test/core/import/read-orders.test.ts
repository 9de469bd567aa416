import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { recogniseHeader } from '../../../src/core/import/formats'
import { inspectFile } from '../../../src/core/import/order-file'
import { readHeader, readOrders } from '../../../src/core/import/read-orders'
import type { CopyTx } from '../../../src/db/copy'
import type { Sql } from '../../../src/db/sql'
import { useScratchFolder } from '../../support/scratch-folder'

const folder = useScratchFolder()

/** A server that knows no orders, gives ids, and keeps how many rows each table was sent. */
function emptyServer(): { tx: CopyTx; rows: Map<string, number> } {
  const rows = new Map<string, number>()
  let id = 0
  const sql: Sql = async (strings, count) => {
    if (!strings.join().includes('nextval')) return []
    return [{ ids: Array.from({ length: Number(count) }, () => ++id).join(' ') }] as never
  }
  const copyIn = async (statement: string, sent: string | Buffer) => {
    const table = statement.split(' ')[1] ?? ''
    const lines = sent.toString().split('\n').length - 1
    rows.set(table, (rows.get(table) ?? 0) + lines)
    return lines
  }
  return { tx: { sql, copyIn, inTransaction: true }, rows }
}

test('a file of very many orders, all of which may still grow, is read to its end', async () => {
  const orders = 150_000
  const lines = Array.from({ length: orders }, (_, index) => `${index},m${index % 40_000},2026-01-01,tea,1,2.50\n`)
  const file = path.join(folder, 'orders.csv')
  writeFileSync(file, `orderId,memberId,placedAt,sku,quantity,unitPrice\n${lines.join('')}`)
  const inspected = await inspectFile(file)
  const recognised = recogniseHeader((await readHeader(inspected)) ?? [])
  if (!recognised.ok) throw new Error(recognised.code)
  const { tx, rows } = emptyServer()
  const terms = { currency: 'GBP', minorDigits: 2, latest: '2026-12-01 00:00:00' }
  const parse = recognised.format.bind(recognised.at, terms)
  const read = await readOrders(tx, inspected, { source: 'orders', parse })
  expect(read).toMatchObject({ rows: orders, guestLines: 0, mayBeScattered: false })
  expect(rows).toEqual(
    new Map([
      ['order_line', orders],
      ['incoming_order', orders],
    ]),
  )
})
