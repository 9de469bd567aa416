import { chance, integer, pick, type Random } from '../../../src/ml/random'

export interface DrawnLine {
  sku: string
  /** Positive, of a refund too. */
  quantity: number
  unitPriceMinor: number
}

export interface DrawnOrder {
  source: 'orders' | 'till'
  id: string
  memberId: string | null
  placedAtMs: number
  kind: 'sale' | 'refund'
  /** The sale that a refund names; undefined where it names none. */
  names?: string
  lines: DrawnLine[]
}

const MINUTE_MS = 60_000
/** On the average there are more. */
const LINES_PER_ORDER_MIN = 3
const SKUS = Array.from({ length: 300 }, (_, index) => ({ sku: `S${index}`, priceMinor: 100 + 7 * index }))

export const drawnSkus = SKUS.map(({ sku }) => sku)

/**
 * Draws orders of members and guests with `lines` lines in all, each at an instant of its own. A member's refund gives back what one of
 * the sales sold, of `before` or of these, or more than that, or what was never bought; some name their sale (one of another source does
 * not count), some one that is not there.
 */
export function drawOrders(
  random: Random,
  { prefix, lines, members, fromMs, untilMs, before = [] }: DrawnTerms,
): DrawnOrder[] {
  const salesOf = new Map<string, DrawnOrder[]>()
  for (const order of before) if (order.kind === 'sale') noteSale(salesOf, order)
  const orders: DrawnOrder[] = []
  const stepMs = Math.floor((LINES_PER_ORDER_MIN * (untilMs - fromMs)) / lines / MINUTE_MS) * MINUTE_MS
  let placedAtMs = fromMs
  for (let count = 0; count < lines; ) {
    placedAtMs += stepMs
    const id = `${prefix}${orders.length}`
    const memberId = chance(random, 0.2) ? null : pick(random, members)
    const bought = memberId === null ? undefined : salesOf.get(memberId)
    const order: DrawnOrder =
      bought && chance(random, 0.3)
        ? { source: 'orders', id, memberId, placedAtMs, kind: 'refund', ...drawRefund(random, bought) }
        : { source: 'orders', id, memberId, placedAtMs, kind: 'sale', lines: drawLines(random) }
    if (order.kind === 'sale') noteSale(salesOf, order)
    orders.push(order)
    count += order.lines.length
  }
  return orders
}

interface DrawnTerms {
  prefix: string
  lines: number
  members: readonly string[]
  fromMs: number
  untilMs: number
  before?: readonly DrawnOrder[]
}

function noteSale(salesOf: Map<string, DrawnOrder[]>, order: DrawnOrder): void {
  if (order.memberId === null) return
  const own = salesOf.get(order.memberId)
  if (own) own.push(order)
  else salesOf.set(order.memberId, [order])
}

function drawLines(random: Random): DrawnLine[] {
  return Array.from({ length: integer(random, 1, 8) }, () => {
    const { sku, priceMinor } = pick(random, SKUS)
    return { sku, quantity: integer(random, 1, 9), unitPriceMinor: chance(random, 0.8) ? priceMinor : priceMinor - 30 }
  })
}

function drawRefund(random: Random, bought: readonly DrawnOrder[]): { names?: string; lines: DrawnLine[] } {
  const sale = pick(random, bought)
  const isAll = chance(random, 0.3)
  const given = isAll ? sale.lines : [pick(random, sale.lines)]
  const lines = given.map((line) => {
    const quantity = isAll ? line.quantity : integer(random, 1, line.quantity + 2)
    const sku = !isAll && chance(random, 0.05) ? pick(random, SKUS).sku : line.sku
    return { ...line, sku, quantity, unitPriceMinor: line.unitPriceMinor - (chance(random, 0.1) ? 10 : 0) }
  })
  if (chance(random, 0.04)) return { names: 'nothing', lines }
  return chance(random, 0.5) ? { names: sale.id, lines } : { lines }
}

const HEADER = 'orderId,memberId,placedAt,sku,quantity,unitPrice,kind,refundsOrderId'

/** The orders as a file of format orders. */
export function csvOf(orders: readonly DrawnOrder[]): string {
  const rows = orders.flatMap(({ id, memberId, placedAtMs, kind, names = '', lines }) =>
    lines.map(({ sku, quantity, unitPriceMinor }) =>
      [id, memberId ?? '', new Date(placedAtMs).toISOString(), sku, quantity, unitPriceMinor / 100, kind, names].join(
        ',',
      ),
    ),
  )
  return `${[HEADER, ...rows].join('\n')}\n`
}
