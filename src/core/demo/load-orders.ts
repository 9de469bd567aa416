import type { CopyTx } from '../../db/copy'
import { rowsOf } from './copy-rows'
import type { DemoOrderLine, DemoRefund } from './demo-orders'
import type { DemoShop } from './generate'
import { DEMO_SOURCE } from './load-shop'

interface OrdersOptions {
  readonly shop: DemoShop
  readonly currency: string
}

/** The database's id of an order, by its number. */
export type OrderIds = (externalId: string) => number

/** Writes the sales, the refunds and what each gave back of which line. `lines`: how many the sales have. */
export async function copyOrders(tx: CopyTx, options: OrdersOptions): Promise<{ lines: number; idOf: OrderIds }> {
  const lines = await copySales(tx, options)
  return { lines, idOf: await copyRefunds(tx, options) }
}

async function copySales(tx: CopyTx, { shop, currency }: OrdersOptions): Promise<number> {
  await tx.copyIn(
    'copy shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency, tracking_code, expected_at) from stdin',
    rowsOf(shop.orders, ({ externalId, memberId, status, placedAt, totalMinor, trackingCode, expectedAt }) => {
      return [
        DEMO_SOURCE,
        externalId,
        memberId,
        'sale',
        status,
        placedAt,
        totalMinor,
        currency,
        trackingCode,
        expectedAt,
      ]
    }),
  )
  const idOf = await readOrderIds(tx)
  return tx.copyIn(
    COPY_LINES,
    shop.orders
      .map(({ externalId, lines }) => rowsOf(lines, (line, index) => [idOf(externalId), ...lineFields(line, index)]))
      .join(''),
  )
}

async function copyRefunds(tx: CopyTx, { shop, currency }: OrdersOptions): Promise<OrderIds> {
  const saleIdOf = await readOrderIds(tx)
  const saleOf = new Map(shop.orders.map((order) => [order.externalId, order]))
  const refunds = shop.refunds.map((refund) => withLines(refund, saleOf.get(refund.saleExternalId)?.lines ?? []))
  await tx.copyIn(
    'copy shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency, refunds_order_id) from stdin',
    rowsOf(refunds, ({ externalId, saleExternalId, memberId, placedAt, totalMinor }) => {
      return [
        DEMO_SOURCE,
        externalId,
        memberId,
        'refund',
        'refunded',
        placedAt,
        totalMinor,
        currency,
        saleIdOf(saleExternalId),
      ]
    }),
  )
  const idOf = await readOrderIds(tx)
  await tx.copyIn(
    COPY_LINES,
    refunds
      .map(({ externalId, lines }) => rowsOf(lines, (line, index) => [idOf(externalId), ...lineFields(line, index)]))
      .join(''),
  )
  await tx.copyIn(
    'copy line_refund (refund_order_id, refund_line_no, sale_order_id, sale_line_no, quantity, amount_minor) from stdin',
    refunds
      .map(({ externalId, saleExternalId, lines }) =>
        rowsOf(lines, ({ lineIndex, quantity, unitPriceMinor }, index) => {
          const sale = [saleIdOf(saleExternalId), lineIndex + 1]
          return [idOf(externalId), index + 1, ...sale, -quantity, -quantity * unitPriceMinor]
        }),
      )
      .join(''),
  )
  return idOf
}

const COPY_LINES = 'copy order_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor) from stdin'

function lineFields({ sku, quantity, unitPriceMinor }: DemoOrderLine, index: number) {
  return [index + 1, sku, quantity, unitPriceMinor, quantity * unitPriceMinor]
}

/** A refund with its lines written out: negative, as they are stored. */
function withLines(refund: DemoRefund, sold: readonly DemoOrderLine[]) {
  const lines = refund.returned.map(({ lineIndex, quantity }) => {
    const line = sold[lineIndex]
    if (!line) throw new Error(`refund ${refund.externalId} gives back line ${lineIndex}, which its order has not`)
    return { lineIndex, sku: line.sku, quantity: -quantity, unitPriceMinor: line.unitPriceMinor }
  })
  return { ...refund, lines, totalMinor: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0) }
}

async function readOrderIds(tx: CopyTx): Promise<OrderIds> {
  const rows = await tx.sql<{ id: number; externalId: string }>`
    select id, external_id as "externalId" from shop_order where source = ${DEMO_SOURCE}`
  const ids = new Map(rows.map(({ id, externalId }) => [externalId, id]))
  return (externalId) => {
    const id = ids.get(externalId)
    if (id === undefined) throw new Error(`order ${externalId} was not stored`)
    return id
  }
}
