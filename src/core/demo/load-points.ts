import type { CopyTx } from '../../db/copy'
import type { Merchant } from '../merchant'
import { recordBulk } from '../points/bulk'
import { pointsEarned, pointsTakenBack } from '../points/earn-rules'
import { pointsTerms } from '../points/terms'
import { type CopyValue, rowsOf } from './copy-rows'
import type { DemoOrder } from './demo-orders'
import type { DemoShop } from './generate'
import type { OrderIds } from './load-orders'
import { DEMO_SOURCE } from './load-shop'

interface PointsOptions {
  readonly shop: DemoShop
  readonly merchant: Merchant
  readonly idOf: OrderIds
  /** The orders after this instant … */
  readonly since: Date
  /** … up to this one. */
  readonly until: Date
}

/** Records what the orders and refunds of a stretch of time earned and took back, as of its end. Needs `openBulk` before. */
export async function recordPointsUntil(tx: CopyTx, options: PointsOptions): Promise<void> {
  const { shop, merchant, idOf, since, until } = options
  const isWithin = ({ placedAt }: { placedAt: Date }) => placedAt > since && placedAt <= until
  const earned = shop.orders.filter(isWithin).flatMap((order) => earnRow(order, merchant, idOf(order.externalId)))
  const saleOf = new Map(shop.orders.map((order) => [order.externalId, order]))
  const takenBack = shop.refunds
    .filter(isWithin)
    .flatMap(({ externalId, saleExternalId, memberId, placedAt, returned }) => {
      const sale = saleOf.get(saleExternalId)
      if (!sale) throw new Error(`refund ${externalId} is of ${saleExternalId}, which is not there`)
      const refundMinor = returned.reduce((sum, { lineIndex, quantity }) => {
        return sum + quantity * (sale.lines[lineIndex]?.unitPriceMinor ?? 0)
      }, 0)
      const points = pointsTakenBack(merchant.settings.earnRules, { order: sale, refundedBeforeMinor: 0, refundMinor })
      if (points === 0) return []
      const key = ['refund', `${DEMO_SOURCE}:${externalId}:${saleExternalId}`]
      return [['reverse', memberId, ...key, idOf(externalId), points, placedAt, null, null, ...earnKey(sale)]]
    })
  await tx.sql`truncate ledger_bulk`
  await tx.copyIn(
    COPY_BULK,
    rowsOf<CopyValue[]>([...earned, ...takenBack], (row) => row),
  )
  const { refused } = await recordBulk(tx, { at: until })
  if (refused > 0) throw new Error(`the ledger refused ${refused} of the demo shop's points`)
}

const COPY_BULK = `copy ledger_bulk (kind, member_id, source, external_id, order_id, points, occurred_at, available_at, expires_at,
  reverses_source, reverses_external_id) from stdin`

function earnRow(order: DemoOrder, merchant: Merchant, orderId: number): CopyValue[][] {
  const points = order.status === 'cancelled' ? 0 : pointsEarned(merchant.settings.earnRules, order)
  if (points === 0) return []
  const { memberId, placedAt } = order
  const { availableAt, expiresAt } = pointsTerms(merchant, { placedAt, recordedAt: placedAt, live: true })
  return [['earn', memberId, ...earnKey(order), orderId, points, placedAt, availableAt, expiresAt, null, null]]
}

/** The ledger's key of what an order earned. */
function earnKey({ externalId }: DemoOrder): [string, string] {
  return ['order', `${DEMO_SOURCE}:${externalId}`]
}
