import { setImmediate as giveWay } from 'node:timers/promises'
import type { CopyTx } from '../../db/copy'
import type { Merchant } from '../merchant'
import type { BulkRow } from '../points/bulk'
import { countFirstBuyers } from './first-buyers'
import { FirstLedger } from './first-ledger'
import { type FirstOrder, type FirstOrders, ordersPlaced, type Placed } from './first-orders'
import { earnedBy, type GivenBack, type Sale, takenBackBy } from './import-points'
import type { LineMemory, RememberedOrder } from './line-memory'
import { type LineMatch, matchArticle, type ReturnedLine, type SoldLine } from './match-refunds'
import { writeMatches } from './settle-refunds'

/** What follows from the orders of a first import. */
export interface FirstSettled {
  refunds: FirstRefunds
  /** Everybody who ordered. */
  memberIds: readonly string[]
  /** The points of each member's orders. */
  rowsOf: ReadonlyMap<string, readonly BulkRow[]>
  /** How many members bought each article lately, by its ordinal in the catalogue. */
  buyers: ReadonlyMap<number, number>
  /** The books that the points make, where all of them are plain. */
  ledger: FirstLedger | undefined
}

/**
 * Works out refunds, points and what is popular of what was remembered, without the server, which has
 * other things to do meanwhile and is given the next whenever a part is done.
 */
export async function settleFirst(
  { placed, memory }: { placed: Placed; memory: LineMemory },
  terms: { source: string; merchant: Merchant; at: Date },
): Promise<FirstSettled> {
  const orders = { byId: ordersPlaced(placed.orders, memory), memory }
  await giveWay()
  const refunds = matchFirst(orders)
  await giveWay()
  const rowsOf = pointsOfFirst(refunds, terms)
  await giveWay()
  const { horizonAt } = placed
  const buyers = countFirstBuyers(orders, { spent: refunds.spent, horizonAt, at: terms.at })
  await giveWay()
  const memberIds = [...new Set([...orders.byId.values()].map(({ memberId }) => memberId))].sort()
  return { refunds, memberIds, rowsOf, buyers, ledger: FirstLedger.of(rowsOf, terms) }
}

/** What the refunds of a first import give back. */
export interface FirstRefunds {
  orders: FirstOrders
  matches: readonly LineMatch[]
  /** Lines of refunds that give back nothing, or only in part something, that was sold before. */
  unmatched: number
  /** The ids of sales of which nothing is left. */
  spent: ReadonlySet<number>
}

interface Article {
  sold: SoldLine[]
  returned: ReturnedLine[]
}

/** What the refunds give back; the same as settleRefunds finds in the database. */
function matchFirst(orders: FirstOrders): FirstRefunds {
  const articles = new Map<string, Map<number, Article>>()
  let unmatched = addReturned(articles, orders)
  addSold(articles, orders)
  const matches: LineMatch[] = []
  for (const ofMember of articles.values()) {
    for (const { sold, returned } of ofMember.values()) {
      const found = matchArticle(sold, returned)
      matches.push(...found.matches)
      unmatched += found.unmatched
    }
  }
  return { orders, matches, unmatched, spent: spentSales(matches, orders) }
}

/** Adds what was given back, by member and article. @returns how many lines belong to a sale that no member made */
function addReturned(articles: Map<string, Map<number, Article>>, { byId, memory }: FirstOrders): number {
  const namedBy = namedByRefunds(byId)
  let unknown = 0
  const takenRefund = ({ orderId, kind }: RememberedOrder) => (kind === 'refund' ? byId.get(orderId) : undefined)
  memory.eachLine(takenRefund, (order, line) => {
    if (line.quantity > 0) return
    const named = namedBy.get(order.orderId)
    if (order.refundsExternalId !== null && !named) {
      unknown += 1
      return
    }
    const ofMember = articles.get(order.memberId) ?? new Map<number, Article>()
    articles.set(order.memberId, ofMember)
    const article = ofMember.get(line.product) ?? { sold: [], returned: [] }
    ofMember.set(line.product, article)
    article.returned.push({
      orderId: order.orderId,
      lineNo: line.lineNo,
      placedAtMs: order.placedAtMs,
      quantity: -line.quantity,
      unitPriceMinor: line.unitPriceMinor,
      saleOrderId: named?.orderId ?? null,
    })
  })
  return unknown
}

/** Adds all that was sold of those articles to those members. */
function addSold(articles: ReadonlyMap<string, ReadonlyMap<number, Article>>, { byId, memory }: FirstOrders): void {
  const takenSale = ({ orderId, kind }: RememberedOrder) => {
    const order = kind === 'sale' ? byId.get(orderId) : undefined
    const ofMember = order && articles.get(order.memberId)
    return ofMember && { order, ofMember }
  }
  memory.eachLine(takenSale, ({ order, ofMember }, line) => {
    if (line.quantity < 0) return
    ofMember.get(line.product)?.sold.push({
      orderId: order.orderId,
      lineNo: line.lineNo,
      placedAtMs: order.placedAtMs,
      quantityLeft: line.quantity,
      unitPriceMinor: line.unitPriceMinor,
    })
  })
}

/** By the refund's id, what the refunds name that name something; undefined where that is no member's order. */
function namedByRefunds(byId: FirstOrders['byId']): ReadonlyMap<number, FirstOrder | undefined> {
  const naming = [...byId.values()].filter(({ refundsExternalId }) => refundsExternalId !== null)
  // Most files name nothing, and then nothing needs to be looked up.
  if (naming.length === 0) return new Map()
  const byExternalId = new Map([...byId.values()].map((order) => [order.externalId, order]))
  return new Map(naming.map(({ orderId, refundsExternalId }) => [orderId, byExternalId.get(refundsExternalId ?? '')]))
}

/** Writes the matches, and into order_outcome what they make of the orders: which sale a refund refers to, which are spent. */
export async function writeFirst(tx: CopyTx, { orders, matches, spent }: FirstRefunds): Promise<void> {
  await writeMatches(tx, matches)
  let rows = ''
  for (const [refundId, saleId] of saleOfRefunds(matches, orders)) rows += `${refundId}\t${saleId}\tf\n`
  for (const saleId of spent) rows += `${saleId}\t\\N\tt\n`
  await tx.copyIn('copy order_outcome (order_id, refunds_order_id, is_spent) from stdin', rows)
}

/** As linkRefunds in settle-refunds.ts: the sale that most of the amount came from, else the one that the refund names. */
function saleOfRefunds(matches: readonly LineMatch[], { byId }: FirstOrders): ReadonlyMap<number, number> {
  const saleOf = new Map<number, number>()
  for (const [refundId, named] of namedByRefunds(byId)) {
    const isOwn = named?.kind === 'sale' && named.memberId === byId.get(refundId)?.memberId
    if (isOwn) saleOf.set(refundId, named.orderId)
  }
  const most = new Map<number, number>()
  for (const [refundId, sales] of amountsBySale(matches)) {
    for (const [saleId, amount] of sales) {
      const before = most.get(refundId) ?? -1
      const isLater = amount === before && saleId > (saleOf.get(refundId) ?? 0)
      if (amount < before || (amount === before && !isLater)) continue
      most.set(refundId, amount)
      saleOf.set(refundId, saleId)
    }
  }
  return saleOf
}

/** By refund and sale: the amount given back. */
function amountsBySale(matches: readonly LineMatch[]): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const amounts = new Map<number, Map<number, number>>()
  for (const { refundOrderId, saleOrderId, amountMinor } of matches) {
    const sales = amounts.get(refundOrderId) ?? new Map<number, number>()
    amounts.set(refundOrderId, sales)
    sales.set(saleOrderId, (sales.get(saleOrderId) ?? 0) + amountMinor)
  }
  return amounts
}

/** As markRefundedSales in settle-refunds.ts. */
function spentSales(matches: readonly LineMatch[], { memory }: FirstOrders): Set<number> {
  const left = new Map(matches.map(({ saleOrderId }) => [saleOrderId, 0]))
  const touched = ({ orderId }: RememberedOrder) => (left.has(orderId) ? orderId : undefined)
  memory.eachLine(touched, (orderId, { quantity }) => {
    if (quantity > 0) left.set(orderId, (left.get(orderId) ?? 0) + quantity)
  })
  for (const { saleOrderId, quantity } of matches) left.set(saleOrderId, (left.get(saleOrderId) ?? 0) - quantity)
  return new Set([...left].filter(([, quantity]) => quantity <= 0).map(([saleId]) => saleId))
}

/** The points of the orders by member, as recordPoints would work them out from the database. */
function pointsOfFirst(
  { orders: { byId }, matches }: FirstRefunds,
  { source, merchant, at }: { source: string; merchant: Merchant; at: Date },
): Map<string, BulkRow[]> {
  const inTime = [...byId.values()].sort((a, b) => a.placedAtMs - b.placedAtMs || a.orderId - b.orderId)
  const sales: Sale[] = []
  const refunds: GivenBack[] = []
  const refundedBefore = new Map<number, number>()
  const amounts = amountsBySale(matches)
  for (const order of inTime) {
    if (order.kind === 'sale') {
      const { orderId, externalId, memberId, placedAtMs, totalMinor } = order
      if (totalMinor > 0) sales.push({ orderId, source, externalId, memberId, placedAtMs, totalMinor })
      continue
    }
    for (const [saleId, refundMinor] of [...(amounts.get(order.orderId) ?? [])].sort(([a], [b]) => a - b)) {
      const sale = byId.get(saleId)
      if (!sale || sale.totalMinor <= 0) continue
      const refundedBeforeMinor = refundedBefore.get(saleId) ?? 0
      refundedBefore.set(saleId, refundedBeforeMinor + refundMinor)
      const { orderId: refundId, externalId: refundExternalId, memberId, placedAtMs } = order
      const { externalId: saleExternalId, totalMinor: saleTotalMinor } = sale
      const ofSale = { saleExternalId, saleTotalMinor, refundMinor, refundedBeforeMinor }
      refunds.push({ refundId, refundExternalId, source, memberId, placedAtMs, ...ofSale })
    }
  }
  const rowsOf = new Map<string, BulkRow[]>()
  for (const row of [...earnedBy(sales, { merchant, at }), ...takenBackBy(refunds, merchant)]) {
    const own = rowsOf.get(row.memberId)
    if (own) own.push(row)
    else rowsOf.set(row.memberId, [row])
  }
  return rowsOf
}
