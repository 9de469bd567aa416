import { chance, integer, pick, type Random } from '../../ml/random'
import type { OrderStatus } from '../orders/read'
import type { DemoCalendar } from './demo-calendar'
import type { Basket, DemoLine } from './history'

export interface DemoOrderLine {
  readonly sku: string
  readonly quantity: number
  readonly unitPriceMinor: number
}

export interface DemoOrder {
  readonly externalId: string
  readonly memberId: string
  readonly status: OrderStatus
  readonly placedAt: Date
  readonly totalMinor: number
  readonly trackingCode: string | null
  readonly expectedAt: Date | null
  readonly lines: readonly DemoOrderLine[]
}

/** What came back of an order: lines by their place in it, counted from 0. */
export interface DemoRefund {
  readonly externalId: string
  readonly saleExternalId: string
  readonly memberId: string
  readonly placedAt: Date
  readonly returned: readonly { readonly lineIndex: number; readonly quantity: number }[]
}

/** A basket of a member, before it has a number. */
export interface Purchase {
  readonly memberId: string
  readonly basket: Basket
  /** A return that is laid down; absent: drawn. */
  readonly returnOnDay?: number
  /** Neither cancelled nor returned by chance. */
  readonly undisturbed?: boolean
}

const CANCELLED_SHARE = 0.008
const RETURNED_SHARE = 0.02
const WHOLE_RETURN_SHARE = 0.4

/** Numbers the purchases in the order of time and draws what became of each. */
export function ordersOf(
  random: Random,
  { purchases, calendar }: { purchases: readonly Purchase[]; calendar: DemoCalendar },
): { orders: DemoOrder[]; refunds: DemoRefund[] } {
  const inTime = [...purchases].sort(
    (a, b) => a.basket.day - b.basket.day || a.basket.hour - b.basket.hour || (a.memberId < b.memberId ? -1 : 1),
  )
  const orders: DemoOrder[] = []
  const refunds: DemoRefund[] = []
  for (const [index, purchase] of inTime.entries()) {
    const number = 100_001 + index
    const draws = random.fork(number)
    const order = orderOf(draws, { purchase, number, calendar })
    const refund = refundOf(draws, { purchase, order, number, calendar })
    const isWhole = refund?.returned.length === order.lines.length
    orders.push(isWhole ? { ...order, status: 'refunded' } : order)
    if (refund) refunds.push(refund)
  }
  return { orders, refunds: refunds.sort((a, b) => a.placedAt.getTime() - b.placedAt.getTime()) }
}

interface Numbered {
  readonly purchase: Purchase
  readonly number: number
  readonly calendar: DemoCalendar
}

function orderOf(random: Random, { purchase, number, calendar }: Numbered): DemoOrder {
  const { memberId, basket, undisturbed } = purchase
  const daysAgo = calendar.days - basket.day
  const isCancelled = chance(random, CANCELLED_SHARE) && !undisturbed
  const status = isCancelled ? 'cancelled' : statusAfter(daysAgo)
  const isUnderWay = status === 'placed' || status === 'shipped'
  const tracking = `KT${integer(random, 100_000_000, 999_999_999)}GB`
  const lines = basket.lines.map(lineOf)
  return {
    externalId: `KW${number}`,
    memberId,
    status,
    placedAt: calendar.at(basket.day, basket.hour),
    totalMinor: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0),
    trackingCode: status === 'shipped' || (status === 'delivered' && daysAgo <= 60) ? tracking : null,
    expectedAt: isUnderWay ? calendar.at(Math.max(basket.day + 4, calendar.days + 1), 18) : null,
    lines,
  }
}

/** Yesterday's orders are being packed, those of the two days before are on their way. */
function statusAfter(daysAgo: number): OrderStatus {
  if (daysAgo <= 1) return 'placed'
  return daysAgo <= 3 ? 'shipped' : 'delivered'
}

function lineOf({ product, quantity }: DemoLine): DemoOrderLine {
  return { sku: product.sku, quantity, unitPriceMinor: product.priceMinor }
}

function refundOf(
  random: Random,
  { purchase, order, number, calendar }: Numbered & { order: DemoOrder },
): DemoRefund | undefined {
  const { basket, returnOnDay, undisturbed } = purchase
  const isDrawn = chance(random, RETURNED_SHARE) && !undisturbed
  if (order.status !== 'delivered' || (returnOnDay === undefined && !isDrawn)) return undefined
  const day = returnOnDay ?? basket.day + integer(random, 5, 24)
  if (day >= calendar.days) return undefined
  const all = order.lines.map(({ quantity }, lineIndex) => ({ lineIndex, quantity }))
  const isWhole = returnOnDay === undefined && chance(random, WHOLE_RETURN_SHARE)
  return {
    externalId: `KR${number}`,
    saleExternalId: order.externalId,
    memberId: order.memberId,
    placedAt: calendar.at(day, integer(random, 9, 17)),
    returned: isWhole ? all : [pick(random, all)],
  }
}
