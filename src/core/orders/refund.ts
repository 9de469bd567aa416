import type { Tx } from '../../db/sql'
import { readMerchant } from '../merchant'
import { pointsTakenBack } from '../points/earn-rules'
import { reverse } from '../points/reverse'
import { reviewTiers, type TierMove } from '../tiers/review'
import { type Points, points } from '../units'
import { earnKeyOf } from './place'
import { findStoredOrder, type StoredOrder } from './stored-order'

/** What is given back: all that is left of the sale, some of its products, or an amount without goods. */
export type RefundWhat =
  | { readonly kind: 'rest' }
  | { readonly kind: 'lines'; readonly lines: readonly { readonly sku: string; readonly quantity: number }[] }
  | { readonly kind: 'amount'; readonly amountMinor: number }

export interface NewRefund {
  /** The shop's system, of the sale too, and its number of the refund: together the idempotency key. */
  readonly source: string
  readonly externalId: string
  readonly saleExternalId: string
  readonly what: RefundWhat
  /** Default `at`. */
  readonly placedAt?: Date
  readonly at: Date
}

export interface RefundReceipt {
  readonly orderId: number
  /** Given back, as a positive amount. */
  readonly refundedMinor: number
  /** Points of the sale that were taken back. */
  readonly points: Points
  /** Of these, what the member had already spent and owes now. */
  readonly owedPoints: Points
  readonly tierMove?: TierMove
  readonly replayed: boolean
}

export type RefundOutcome =
  | { readonly ok: true; readonly receipt: RefundReceipt }
  | {
      readonly ok: false
      readonly code:
        | 'unknown-order'
        | 'not-a-sale'
        | 'already-refunded'
        | 'invalid-quantity'
        | 'invalid-amount'
        | 'key-reused'
    }
  /** More of these products than are left of the sale. */
  | { readonly ok: false; readonly code: 'more-than-bought'; readonly skus: readonly string[] }
  /** `leftMinor`: what can still be given back. */
  | { readonly ok: false; readonly code: 'more-than-paid'; readonly leftMinor: number }

/** A part of a sale's line that comes back. */
interface ReturnedLine {
  readonly lineNo: number
  readonly sku: string
  readonly quantity: number
  readonly unitPriceMinor: number
  readonly amountMinor: number
}

/** What comes back in all. */
interface Return {
  readonly lines: readonly ReturnedLine[]
  readonly amountMinor: number
}

/**
 * Records that a sale, or part of it, was given back: the refund, the points it takes back by the merchant's rules, and the
 * tier that it may cost. All refunds of one sale never give back more than it cost, and wait for each other.
 */
export async function refundOrder(tx: Tx, refund: NewRefund): Promise<RefundOutcome> {
  const { source, externalId, saleExternalId } = refund
  // Under the sale's lock, so that what is left of it stays as it is seen.
  await tx.sql`select from shop_order where source = ${source} and external_id = ${saleExternalId} for update`
  const sale = await findStoredOrder(tx, { source, externalId: saleExternalId })
  const earlier = await findStoredOrder(tx, { source, externalId })
  const refundedMinor = sale ? await readRefunded(tx, sale) : 0
  if (earlier) return replay(tx, { refund, earlier, sale })
  if (!sale) return { ok: false, code: 'unknown-order' }
  if (sale.kind !== 'sale') return { ok: false, code: 'not-a-sale' }
  const leftMinor = sale.totalMinor - refundedMinor
  const isGone = sale.lines.every((line) => line.returnedQuantity >= line.quantity)
  if (sale.status === 'cancelled' || (leftMinor <= 0 && isGone)) return { ok: false, code: 'already-refunded' }
  const returned = returnOf(sale, { what: refund.what, leftMinor })
  if ('code' in returned) return { ok: false, ...returned }

  const orderId = await insertRefund(tx, { refund, sale, returned })
  if (orderId === undefined) return { ok: false, code: 'key-reused' }
  const isLast = returned.amountMinor === leftMinor
  if (isLast) await tx.sql`update shop_order set status = 'refunded' where id = ${sale.id}`
  const taken = await takePointsBack(tx, { refund, sale, orderId, refundedMinor, returned, isLast })
  const receipt = { orderId, refundedMinor: returned.amountMinor, ...taken, replayed: false }
  if (sale.memberId === null) return { ok: true, receipt }
  const { moves } = await reviewTiers(tx, { memberIds: [sale.memberId], at: refund.at, reason: 'refund' })
  return { ok: true, receipt: moves[0] ? { ...receipt, tierMove: moves[0] } : receipt }
}

async function readRefunded(tx: Tx, { id }: StoredOrder): Promise<number> {
  const [row] = await tx.sql<{ refunded: number }>`
    select coalesce(-sum(total_minor), 0)::bigint as refunded from shop_order
    where refunds_order_id = ${id} and kind = 'refund'`
  return row?.refunded ?? 0
}

type Refusal =
  | { code: 'invalid-quantity' | 'invalid-amount' }
  | { code: 'more-than-bought'; skus: string[] }
  | { code: 'more-than-paid'; leftMinor: number }

function returnOf(sale: StoredOrder, { what, leftMinor }: { what: RefundWhat; leftMinor: number }): Return | Refusal {
  switch (what.kind) {
    case 'rest': {
      const left = sale.lines.filter((line) => line.quantity > line.returnedQuantity)
      return {
        lines: left.map((line) => returnedOf(line, line.quantity - line.returnedQuantity)),
        amountMinor: leftMinor,
      }
    }
    case 'lines':
      return returnLines(sale, { wanted: what.lines, leftMinor })
    case 'amount': {
      if (!Number.isSafeInteger(what.amountMinor) || what.amountMinor < 1) return { code: 'invalid-amount' }
      if (what.amountMinor > leftMinor) return { code: 'more-than-paid', leftMinor }
      return { lines: [], amountMinor: what.amountMinor }
    }
  }
}

/** Takes the wanted products from the sale's lines, the first line first. */
function returnLines(
  sale: StoredOrder,
  { wanted, leftMinor }: { wanted: readonly { sku: string; quantity: number }[]; leftMinor: number },
): Return | Refusal {
  const isSound = ({ quantity }: { quantity: number }) => Number.isSafeInteger(quantity) && quantity >= 1
  if (wanted.length === 0 || !wanted.every(isSound)) return { code: 'invalid-quantity' }
  const missing = new Map<string, number>()
  for (const { sku, quantity } of wanted) missing.set(sku, (missing.get(sku) ?? 0) + quantity)
  const lines: ReturnedLine[] = []
  for (const line of sale.lines) {
    const quantity = Math.min(missing.get(line.sku) ?? 0, line.quantity - line.returnedQuantity)
    if (quantity <= 0) continue
    missing.set(line.sku, (missing.get(line.sku) ?? 0) - quantity)
    lines.push(returnedOf(line, quantity))
  }
  const skus = [...missing].filter(([, quantity]) => quantity > 0).map(([sku]) => sku)
  if (skus.length > 0) return { code: 'more-than-bought', skus }
  const sum = lines.reduce((total, { amountMinor }) => total + amountMinor, 0)
  // Where a discount lay on the whole order, or an amount was given back before, the lines are worth more than what is left.
  return { lines, amountMinor: Math.min(sum, leftMinor) }
}

/** The share of a line's amount that so many pieces are worth; the last piece brings what rounding left. */
function returnedOf(line: StoredOrder['lines'][number], quantity: number): ReturnedLine {
  const { lineNo, sku, unitPriceMinor } = line
  const amountThrough = Math.floor((line.amountMinor * (line.returnedQuantity + quantity)) / line.quantity)
  return { lineNo, sku, quantity, unitPriceMinor, amountMinor: Math.max(0, amountThrough - line.returnedMinor) }
}

interface Insert {
  readonly refund: NewRefund
  readonly sale: StoredOrder
  readonly returned: Return
}

/** Writes the refund, in negative amounts, and what it gave back of which line; undefined when its number is taken. */
async function insertRefund(tx: Tx, { refund, sale, returned }: Insert): Promise<number | undefined> {
  const { source, externalId, at, placedAt = at } = refund
  const { lines, amountMinor } = returned
  const [row] = await tx.sql<{ id: number }>`
    with placed as (
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency, refunds_order_id)
      values (${source}, ${externalId}, ${sale.memberId}, 'refund', 'refunded', ${placedAt}, ${-amountMinor}, ${sale.currency}, ${sale.id})
      on conflict (source, external_id) do nothing
      returning id
    ), line as (
      select placed.id as refund_id, line.* from placed cross join unnest(
        ${lines.map((_, index) => index + 1)}::int[], ${lines.map(({ lineNo }) => lineNo)}::int[],
        ${lines.map(({ sku }) => sku)}::text[], ${lines.map(({ quantity }) => quantity)}::int[],
        ${lines.map((line) => line.unitPriceMinor)}::int[], ${lines.map((line) => line.amountMinor)}::bigint[]
      ) as line (line_no, sale_line_no, sku, quantity, unit_price, amount)
    ), written as (
      insert into order_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor)
      select refund_id, line_no, sku, -quantity, unit_price, -amount from line
    ), given_back as (
      insert into line_refund (refund_order_id, refund_line_no, sale_order_id, sale_line_no, quantity, amount_minor)
      select refund_id, line_no, ${sale.id}, sale_line_no, quantity, amount from line
    )
    select id from placed`
  return row?.id
}

interface TakingBack extends Insert {
  readonly orderId: number
  readonly refundedMinor: number
  readonly isLast: boolean
}

async function takePointsBack(tx: Tx, { refund, sale, orderId, refundedMinor, returned, isLast }: TakingBack) {
  const none = { points: points(0), owedPoints: points(0) }
  if (sale.memberId === null) return none
  const { settings } = await readMerchant(tx)
  const refundMinor = returned.amountMinor
  const due = pointsTakenBack(settings.earnRules, { order: sale, refundedBeforeMinor: refundedMinor, refundMinor })
  if (due === 0 && !isLast) return none
  const { source, externalId, saleExternalId, at, placedAt = at } = refund
  const input = {
    ...refundKeyOf(refund),
    of: earnKeyOf({ source, externalId: saleExternalId }),
    orderId,
    occurredAt: placedAt,
    at,
  }
  // The last refund takes back all that is left, even where the rules have changed since the sale.
  let outcome = await reverse(tx, isLast ? input : { ...input, points: due })
  if (!outcome.ok && outcome.code === 'exceeds-original' && outcome.left > 0) {
    outcome = await reverse(tx, { ...input, points: outcome.left })
  }
  if (outcome.ok) return { points: outcome.receipt.points, owedPoints: outcome.receipt.shortfall }
  // Nothing left to take, or the sale was too small to earn anything.
  if (outcome.code === 'exceeds-original' || outcome.code === 'unknown-transfer') return none
  throw new Error(`the ledger refused to take back points for refund ${externalId}: ${outcome.code}`)
}

/** The ledger's key of what a refund took back. */
function refundKeyOf({ source, externalId, saleExternalId }: NewRefund) {
  return { source: 'refund', externalId: `${source}:${externalId}:${saleExternalId}` }
}

/** Answers a refund that was recorded before: with what it did then, or with a refusal when the input differs. */
async function replay(
  tx: Tx,
  { refund, earlier, sale }: { refund: NewRefund; earlier: StoredOrder; sale: StoredOrder | undefined },
): Promise<RefundOutcome> {
  if (
    !sale ||
    earlier.kind !== 'refund' ||
    earlier.refundsOrderId !== sale.id ||
    !isSameReturn(refund, { earlier, sale })
  ) {
    return { ok: false, code: 'key-reused' }
  }
  const key = refundKeyOf(refund)
  const [taken] = await tx.sql<{ points: number; shortfall: number }>`
    select points, shortfall from transfer where source = ${key.source} and external_id = ${key.externalId}`
  const receipt = {
    orderId: earlier.id,
    refundedMinor: 0 - earlier.totalMinor,
    points: points(taken?.points ?? 0),
    owedPoints: points(taken?.shortfall ?? 0),
    replayed: true,
  }
  return { ok: true, receipt }
}

function isSameReturn(
  { what, placedAt }: NewRefund,
  { earlier, sale }: { earlier: StoredOrder; sale: StoredOrder },
): boolean {
  if (placedAt !== undefined && placedAt.getTime() !== earlier.placedAt.getTime()) return false
  const returned = new Map<string, number>()
  for (const { sku, quantity } of earlier.lines) returned.set(sku, (returned.get(sku) ?? 0) - quantity)
  switch (what.kind) {
    case 'rest':
      // Only the refund that left nothing can have been one of the rest.
      return sale.status === 'refunded'
    case 'amount':
      return returned.size === 0 && earlier.totalMinor === -what.amountMinor
    case 'lines': {
      for (const { sku, quantity } of what.lines) returned.set(sku, (returned.get(sku) ?? 0) - quantity)
      return [...returned.values()].every((quantity) => quantity === 0)
    }
  }
}
