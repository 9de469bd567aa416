import type { CopyTx } from '../../db/copy'
import type { Merchant } from '../merchant'
import type { BulkRow } from '../points/bulk'
import { earnedBy, type GivenBack, type Sale, takenBackBy } from './import-points'
import type { LineMemory, RememberedOrder } from './line-memory'
import { type LineMatch, matchArticle, type ReturnedLine, type SoldLine } from './match-refunds'
import { writeMatches } from './settle-refunds'

/** An order of a member that a first import takes. */
export interface FirstOrder extends RememberedOrder {
  memberId: string
  placedAtMs: number
}

/** The orders of members that a first import takes, by id, and the lines that were read. */
interface FirstOrders {
  byId: ReadonlyMap<number, FirstOrder>
  memory: LineMemory
}

/** Which orders of members order_draft holds, and when each was placed. */
export async function readPlaced(tx: CopyTx): Promise<string> {
  // As one text: a row for each order would be read several times slower.
  const [row] = await tx.sql<{ placed: string | null }>`
    select string_agg(order_id || ' ' || (extract(epoch from placed_at) * 1000)::bigint, ' ' order by order_id) as placed
    from order_draft where member_id is not null`
  return row?.placed ?? ''
}

/** What follows from the orders of a first import. */
export interface FirstSettled {
  refunds: FirstRefunds
  /** The points of each member's orders. */
  rowsOf: ReadonlyMap<string, readonly BulkRow[]>
}

/** Works out refunds and points of what was remembered, without the server, which has other things to do meanwhile. */
export async function settleFirst(
  remembered: { placed: string; memory: LineMemory },
  terms: { source: string; merchant: Merchant; at: Date },
): Promise<FirstSettled> {
  const refunds = matchFirst(ordersPlaced(remembered))
  return { refunds, rowsOf: pointsOfFirst(refunds, terms) }
}

/** Finds which of the remembered orders were placed. */
function ordersPlaced({ placed, memory }: { placed: string; memory: LineMemory }): FirstOrders {
  const numbers = placed.split(' ').map(Number)
  const placedAt = new Map<number, number>()
  for (let i = 0; i + 1 < numbers.length; i += 2) placedAt.set(numbers[i] as number, numbers[i + 1] as number)
  const byId = new Map<number, FirstOrder>()
  for (const order of memory.distinctOrders()) {
    const placedAtMs = placedAt.get(order.orderId)
    if (placedAtMs === undefined || order.memberId === null) continue
    byId.set(order.orderId, { ...order, memberId: order.memberId, placedAtMs })
  }
  return { byId, memory }
}

/** What the refunds of a first import give back. */
export interface FirstRefunds {
  orders: FirstOrders
  matches: readonly LineMatch[]
  /** Lines of refunds that give back nothing, or only in part something, that was sold before. */
  unmatched: number
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
  return { orders, matches, unmatched }
}

/** Adds what was given back, by member and article. @returns how many lines belong to a sale that no member made */
function addReturned(articles: Map<string, Map<number, Article>>, { byId, memory }: FirstOrders): number {
  const namedBy = namedByRefunds(byId)
  let unknown = 0
  for (const line of memory.lines()) {
    const order = line.order.kind === 'refund' ? byId.get(line.order.orderId) : undefined
    if (!order || line.quantity > 0) continue
    const named = namedBy.get(order.orderId)
    if (order.refundsExternalId !== null && !named) {
      unknown += 1
      continue
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
  }
  return unknown
}

/** Adds all that was sold of those articles to those members. */
function addSold(articles: ReadonlyMap<string, ReadonlyMap<number, Article>>, { byId, memory }: FirstOrders): void {
  let last: RememberedOrder | undefined
  let order: FirstOrder | undefined
  let ofMember: ReadonlyMap<number, Article> | undefined
  for (const line of memory.lines()) {
    // Most lines are of the same order as the line before.
    if (line.order !== last) {
      last = line.order
      order = last.kind === 'sale' ? byId.get(last.orderId) : undefined
      ofMember = order && articles.get(order.memberId)
    }
    if (!order || line.quantity < 0) continue
    ofMember?.get(line.product)?.sold.push({
      orderId: order.orderId,
      lineNo: line.lineNo,
      placedAtMs: order.placedAtMs,
      quantityLeft: line.quantity,
      unitPriceMinor: line.unitPriceMinor,
    })
  }
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
export async function writeFirst(tx: CopyTx, { orders, matches }: FirstRefunds): Promise<void> {
  await writeMatches(tx, matches)
  let rows = ''
  for (const [refundId, saleId] of saleOfRefunds(matches, orders)) rows += `${refundId}\t${saleId}\tf\n`
  for (const saleId of spentSales(matches, orders)) rows += `${saleId}\t\\N\tt\n`
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

function spentSales(matches: readonly LineMatch[], { memory }: FirstOrders): number[] {
  const left = new Map(matches.map(({ saleOrderId }) => [saleOrderId, 0]))
  let last: RememberedOrder | undefined
  let isTouched = false
  for (const { order, quantity } of memory.lines()) {
    if (order !== last) {
      last = order
      isTouched = left.has(order.orderId)
    }
    if (isTouched && quantity > 0) left.set(order.orderId, (left.get(order.orderId) ?? 0) + quantity)
  }
  for (const { saleOrderId, quantity } of matches) left.set(saleOrderId, (left.get(saleOrderId) ?? 0) - quantity)
  return [...left].filter(([, quantity]) => quantity <= 0).map(([saleId]) => saleId)
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
      if (order.totalMinor > 0) sales.push({ ...order, source })
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
