import type { Tx } from '../../db/sql'
import { type Merchant, readMerchant } from '../merchant'
import { earn } from '../points/earn'
import { pointsEarned } from '../points/earn-rules'
import { pointsTerms } from '../points/terms'
import { reviewTiers, type TierMove } from '../tiers/review'
import { type Points, points } from '../units'
import { findStoredOrder, type StoredOrder } from './stored-order'

export interface NewOrderLine {
  readonly sku: string
  /** Whole, 1 or more. */
  readonly quantity: number
  /** Default: the product's price now. */
  readonly unitPriceMinor?: number
  /** What the line costs after its discounts; default quantity × unit price, and at most that. */
  readonly amountMinor?: number
}

export interface NewOrder {
  /** The shop's system and its number of the order: together the idempotency key. */
  readonly source: string
  readonly externalId: string
  /** Absent: a guest's order, which earns nothing. */
  readonly memberId?: string
  readonly placedAt: Date
  readonly lines: readonly NewOrderLine[]
  /** What is paid, with delivery and discounts on the whole; default: the sum of the lines. */
  readonly totalMinor?: number
  readonly status?: 'placed' | 'shipped' | 'delivered'
  readonly trackingCode?: string
  readonly expectedAt?: Date
  readonly at: Date
}

export interface OrderReceipt {
  readonly orderId: number
  readonly totalMinor: number
  /** What it earned, pending until `availableAt`. */
  readonly points: Points
  readonly availableAt?: Date
  /** Where the order lifted its member to another tier. */
  readonly tierMove?: TierMove
  /** The number was recorded before, with the same input; nothing was done now. */
  readonly replayed: boolean
}

export type OrderOutcome =
  | { readonly ok: true; readonly receipt: OrderReceipt }
  | {
      readonly ok: false
      readonly code:
        | 'no-lines'
        | 'invalid-quantity'
        | 'invalid-amount'
        | 'placed-in-future'
        | 'unknown-member'
        | 'key-reused'
    }
  /** `skus`: those the catalogue does not have. */
  | { readonly ok: false; readonly code: 'unknown-sku'; readonly skus: readonly string[] }

/** A line with nothing left to default. */
interface PricedLine {
  readonly sku: string
  readonly quantity: number
  readonly unitPriceMinor: number
  readonly amountMinor: number
}

/** Clocks of two systems differ; an order from further ahead than this is a mistake. */
const CLOCK_SKEW_MS = 10 * 60 * 1000
/** The most of one thing on one line. */
const QUANTITY_MAX = 100_000
/** The most one line or order costs: a hundred million in major units. What it earns stays within what the ledger takes. */
export const AMOUNT_MAX_MINOR = 10_000_000_000
const PRICE_MAX_MINOR = 2_000_000_000

/**
 * Records an order as it is placed: the order, its lines, the points it earns by the merchant's rules, and the tier it
 * lifts its member to. All or nothing, within the caller's transaction.
 */
export async function recordOrder(tx: Tx, order: NewOrder): Promise<OrderOutcome> {
  const earlier = await findStoredOrder(tx, order)
  if (earlier) return replay(tx, { order, earlier })
  const fault = faultOf(order)
  if (fault) return { ok: false, code: fault }
  const known = await readKnown(tx, order)
  if (order.memberId !== undefined && !known.isMember) return { ok: false, code: 'unknown-member' }
  const priced = priceLines(order.lines, known.prices)
  if (!priced.ok) return priced
  const totalMinor = order.totalMinor ?? sumOf(priced.lines)
  if (totalMinor > AMOUNT_MAX_MINOR) return { ok: false, code: 'invalid-amount' }

  const merchant = await readMerchant(tx)
  const orderId = await insertOrder(tx, { order, lines: priced.lines, totalMinor, currency: merchant.currency })
  if (orderId === undefined) {
    // Somebody else recorded it between our look and our insert; it is committed now, and so to be seen.
    const first = await findStoredOrder(tx, order)
    if (!first) throw new Error(`order ${order.externalId} of ${order.source} was neither stored nor found`)
    return replay(tx, { order, earlier: first })
  }
  const receipt = { orderId, totalMinor, replayed: false }
  if (order.memberId === undefined) return { ok: true, receipt: { ...receipt, points: points(0) } }
  const { memberId, at } = order
  const earned = await earnFor(tx, { order: { ...order, memberId }, orderId, totalMinor, merchant })
  const { moves } = await reviewTiers(tx, { memberIds: [memberId], at, reason: 'order' })
  return { ok: true, receipt: { ...receipt, ...earned, ...(moves[0] ? { tierMove: moves[0] } : {}) } }
}

/** The ledger's key of what an order earned. */
export function earnKeyOf({ source, externalId }: { source: string; externalId: string }) {
  return { source: 'order', externalId: `${source}:${externalId}` }
}

function faultOf({ lines, placedAt, totalMinor, at }: NewOrder) {
  if (lines.length === 0) return 'no-lines'
  if (!lines.every(({ quantity }) => isWhole(quantity, 1, QUANTITY_MAX))) return 'invalid-quantity'
  if (totalMinor !== undefined && !isWhole(totalMinor, 0, AMOUNT_MAX_MINOR)) return 'invalid-amount'
  // A date that is none compares false with everything.
  if (!(placedAt.getTime() <= at.getTime() + CLOCK_SKEW_MS)) return 'placed-in-future'
  return undefined
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}

async function readKnown(tx: Tx, { lines, memberId }: NewOrder) {
  const [row] = await tx.sql<{ isMember: boolean; products: { sku: string; priceMinor: number }[] }>`
    select exists (select from member where id = ${memberId ?? null} and erased_at is null) as "isMember",
      coalesce((select json_agg(json_build_object('sku', sku, 'priceMinor', price_minor)) from product
        where sku = any (${lines.map(({ sku }) => sku)}::text[])), '[]') as products`
  const prices = new Map(row?.products.map(({ sku, priceMinor }) => [sku, priceMinor]))
  return { isMember: row?.isMember ?? false, prices }
}

type Priced =
  | { ok: true; lines: PricedLine[] }
  | { ok: false; code: 'unknown-sku'; skus: string[] }
  | { ok: false; code: 'invalid-amount' }

function priceLines(lines: readonly NewOrderLine[], prices: ReadonlyMap<string, number>): Priced {
  const unknown = lines.filter(({ sku }) => !prices.has(sku)).map(({ sku }) => sku)
  if (unknown.length > 0) return { ok: false, code: 'unknown-sku', skus: [...new Set(unknown)] }
  const priced = lines.map(({ sku, quantity, unitPriceMinor = prices.get(sku) ?? 0, amountMinor }) => {
    return { sku, quantity, unitPriceMinor, amountMinor: amountMinor ?? quantity * unitPriceMinor }
  })
  const isSound = priced.every(({ quantity, unitPriceMinor, amountMinor }) => {
    return isWhole(unitPriceMinor, 0, PRICE_MAX_MINOR) && isWhole(amountMinor, 0, quantity * unitPriceMinor)
  })
  return isSound ? { ok: true, lines: priced } : { ok: false, code: 'invalid-amount' }
}

function sumOf(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
}

interface Insert {
  readonly order: NewOrder
  readonly lines: readonly PricedLine[]
  readonly totalMinor: number
  readonly currency: string
}

/**
 * Writes the order and its lines; undefined when the number is taken. A live order also shows that its member's source
 * goes on: its books are kept from now, not as of the end of an old import. (Once a day, lest every order queue for it.)
 */
async function insertOrder(tx: Tx, { order, lines, totalMinor, currency }: Insert): Promise<number | undefined> {
  const { source, externalId, memberId = null, placedAt, status = 'placed', trackingCode, expectedAt, at } = order
  const [row] = await tx.sql<{ id: number }>`
    with known_source as (
      insert into source (name, imported_at) values (${source}, ${at}) on conflict do nothing
    ), placed as (
      insert into shop_order (source, external_id, member_id, kind, status, placed_at, total_minor, currency,
        tracking_code, expected_at)
      values (${source}, ${externalId}, ${memberId}, 'sale', ${status}, ${placedAt}, ${totalMinor}, ${currency},
        ${trackingCode ?? null}, ${expectedAt ?? null})
      on conflict (source, external_id) do nothing
      returning id
    ), written as (
      insert into order_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor)
      select placed.id, line.* from placed cross join unnest(
        ${lines.map((_, index) => index + 1)}::int[], ${lines.map(({ sku }) => sku)}::text[],
        ${lines.map(({ quantity }) => quantity)}::int[], ${lines.map((line) => line.unitPriceMinor)}::int[],
        ${lines.map(({ amountMinor }) => amountMinor)}::bigint[]) line
    ), gone_on as (
      update source set horizon_at = ${placedAt} from member, placed
      where member.id = ${memberId} and source.name = member.source and horizon_at < ${placedAt}::timestamptz - interval '1 day'
    )
    select id from placed`
  return row?.id
}

interface Earning {
  readonly order: NewOrder & { readonly memberId: string }
  readonly orderId: number
  readonly totalMinor: number
  readonly merchant: Merchant
}

async function earnFor(tx: Tx, { order, orderId, totalMinor, merchant }: Earning) {
  const earned = pointsEarned(merchant.settings.earnRules, { totalMinor })
  if (earned === 0) return { points: earned }
  const { memberId, placedAt, at } = order
  const { availableAt, expiresAt } = pointsTerms(merchant, { placedAt, recordedAt: at, live: true })
  const key = earnKeyOf(order)
  const input = { memberId, points: earned, orderId, occurredAt: placedAt, availableAt, expiresAt, at }
  const outcome = await earn(tx, { ...key, ...input })
  if (!outcome.ok) throw new Error(`the ledger refused what order ${order.externalId} earned: ${outcome.code}`)
  return { points: earned, availableAt }
}

/** Answers an order that was recorded before: with what it did then, or with a refusal when the input differs. */
async function replay(tx: Tx, { order, earlier }: { order: NewOrder; earlier: StoredOrder }): Promise<OrderOutcome> {
  if (!isSameOrder(order, earlier)) return { ok: false, code: 'key-reused' }
  const key = earnKeyOf(order)
  const [earned] = await tx.sql<{ points: number; availableAt: Date }>`
    select transfer.points, lot.available_at as "availableAt"
    from transfer join lot on lot.transfer_id = transfer.id
    where transfer.source = ${key.source} and transfer.external_id = ${key.externalId}`
  const receipt = { orderId: earlier.id, totalMinor: earlier.totalMinor, replayed: true }
  if (!earned) return { ok: true, receipt: { ...receipt, points: points(0) } }
  return { ok: true, receipt: { ...receipt, points: points(earned.points), availableAt: earned.availableAt } }
}

/** What the caller left to defaults is taken as it was stored: prices change between two tries. */
function isSameOrder(order: NewOrder, { kind, memberId, placedAt, totalMinor, lines }: StoredOrder): boolean {
  return (
    kind === 'sale' &&
    memberId === (order.memberId ?? null) &&
    placedAt.getTime() === order.placedAt.getTime() &&
    totalMinor === (order.totalMinor ?? lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)) &&
    lines.length === order.lines.length &&
    lines.every((line, index) => {
      const { sku, quantity, unitPriceMinor = line.unitPriceMinor, amountMinor } = order.lines[index] ?? {}
      if (sku !== line.sku || quantity !== line.quantity || unitPriceMinor !== line.unitPriceMinor) return false
      return line.amountMinor === (amountMinor ?? quantity * unitPriceMinor)
    })
  )
}
