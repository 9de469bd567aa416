import type { Db, Tx } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { findCoupon } from '../coupons/catalogue'
import { type RedeemRefusal, redeemCoupon } from '../coupons/redeem'
import { type HeldRequest, holdRequest, mayHandle } from '../handoff/held-request'
import type { Localised } from '../locale'
import type { Merchant } from '../merchant'
import { adjust } from '../points/adjust'
import { isPointsAmount } from '../points/amount'
import { readBalance } from '../points/balance'
import { pointsTerms } from '../points/terms'
import type { Asking } from './desk-request'
import { limitOf } from './goodwill-limits'

export const REASON_CHARACTERS_MAX = 300
/** The gift that pays for a coupon is spent by the same transaction; should it not be, it must not stay. */
const COUPON_GIFT_MS = 60_000

/** What is left of a limit: the smaller of what the conversation and what the person's day have left. */
export interface GoodwillLeft {
  readonly leftPoints: number
  readonly limitPoints: number
}

/** Something given to a member. */
export interface Gift {
  readonly request: HeldRequest
  /** Who gives it. */
  readonly staff: Asking
  /** For the idempotency key of what the member is told. */
  readonly key: string
  readonly at: Date
  readonly points: number
  /** Available points after it. */
  readonly availableAfter: number
  readonly coupon?: { readonly name: Localised; readonly code: string; readonly expiresAt: Date }
}

export type GoodwillRefusal =
  | { readonly ok: false; readonly code: 'unknown-request' | 'not-open' | 'not-yours' | 'not-linked' | 'key-used' }
  | { readonly ok: false; readonly code: 'invalid-points' | 'unknown-coupon' | 'member-owes' }
  | ({ readonly ok: false; readonly code: 'limit-reached' } & GoodwillLeft)
  | { readonly ok: false; readonly code: 'coupon-refused'; readonly why: RedeemRefusal['code'] }

export type GoodwillOutcome =
  | ({ readonly ok: true; readonly replayed: boolean; readonly points: number } & GoodwillLeft)
  | GoodwillRefusal

export interface GoodwillDeps {
  readonly merchant: Pick<Merchant, 'settings' | 'timeZone'>
  readonly secretBytes: SecretBytes
  /** Writes to the member what was given, in the same transaction. */
  tell(tx: Tx, gift: Gift): Promise<void>
}

interface Giving {
  readonly requestId: number
  readonly staff: Asking
  /** The click's idempotency key, unique within the request. */
  readonly key: string
  /** Why; in the ledger's note and the request's events. */
  readonly reason: string
  readonly at: Date
}

/**
 * Gives points to the member of a request: an entry of the ledger with the agent's name in its note, an event, and a word to
 * the member, all or nothing. The same key again gives nothing and is answered alike. Only for who has the request, or
 * supervisors and above. Refusals: unknown-request, not-open, not-yours, not-linked, key-used, invalid-points,
 * limit-reached (with what is left).
 */
export async function givePoints(
  tx: Tx,
  giving: Giving & { readonly points: number },
  deps: GoodwillDeps,
): Promise<GoodwillOutcome> {
  const { points, staff, key, at } = giving
  if (!isPointsAmount(points)) return { ok: false, code: 'invalid-points' }
  const held = await holdForGift(tx, giving, { points, couponId: null }, deps)
  if ('ok' in held) return held
  const { request, memberId, left } = held
  const { expiresAt } = pointsTerms(deps.merchant, { placedAt: at, recordedAt: at, live: false })
  const given = await adjust(tx, { ...ledgerEntry(giving), memberId, points, expiresAt, at })
  if (!given.ok) return refusalOf(given.code)
  const { transferId, availableAfter } = given.receipt
  await note(tx, giving, { points, couponId: null, transferId })
  await deps.tell(tx, { request, staff, key, at, points, availableAfter })
  return { ok: true, replayed: false, points, leftPoints: left.leftPoints - points, limitPoints: left.limitPoints }
}

/**
 * Gives a coupon to the member of a request: the points it costs are given by an entry with the agent's name and spent on it
 * by the ledger's own redemption, so that stock, limits and tiers hold for gifts too. Counts by its cost. Refusals: those of
 * `givePoints`, and unknown-coupon, coupon-refused, member-owes (the given points would pay a debt first).
 */
export async function giveCoupon(
  tx: Tx,
  giving: Giving & { readonly couponId: string },
  deps: GoodwillDeps,
): Promise<GoodwillOutcome> {
  const { couponId, staff, key, at } = giving
  const coupon = await findCoupon(tx, { couponId })
  if (!coupon) return { ok: false, code: 'unknown-coupon' }
  const points = coupon.costPoints
  const held = await holdForGift(tx, giving, { points, couponId }, deps)
  if ('ok' in held) return held
  const { request, memberId, left } = held
  if ((await readBalance(tx, { memberId, at })).owed > 0) return { ok: false, code: 'member-owes' }
  await tx.sql`savepoint gift`
  const expiresAt = new Date(at.getTime() + COUPON_GIFT_MS)
  const given = await adjust(tx, { ...ledgerEntry(giving), memberId, points, expiresAt, at })
  if (!given.ok) return refusalOf(given.code)
  const { externalId } = ledgerEntry(giving)
  const redemption = {
    memberId,
    couponId,
    quantity: 1,
    key: `goodwill|${externalId}`,
    at,
    secretBytes: deps.secretBytes,
  }
  const redeemed = await redeemCoupon(tx, redemption)
  if (!redeemed.ok) {
    await tx.sql`rollback to savepoint gift`
    return { ok: false, code: 'coupon-refused', why: redeemed.code }
  }
  const { codes, availableAfter } = redeemed.receipt
  await note(tx, giving, { points, couponId, transferId: given.receipt.transferId })
  const code = codes[0] ?? ''
  const { expiresAt: goodUntil } = redeemed.receipt
  const gift = { request, staff, key, at, points, availableAfter }
  await deps.tell(tx, { ...gift, coupon: { name: coupon.name, code, expiresAt: goodUntil } })
  return { ok: true, replayed: false, points, leftPoints: left.leftPoints - points, limitPoints: left.limitPoints }
}

/** What this person may still give in this request. */
export async function readGoodwillLeft(
  db: Db,
  { requestId, staff, at }: Pick<Giving, 'requestId' | 'staff' | 'at'>,
  { settings, timeZone }: GoodwillDeps['merchant'],
): Promise<GoodwillLeft> {
  const { perRequest, perDay } = limitOf(settings.desk.goodwill, staff.role)
  const [used] = await db.sql<{ inRequest: number; today: number }>`
    select
      (select coalesce(sum(points), 0)::bigint from goodwill where request_id = ${requestId}) as "inRequest",
      (select coalesce(sum(points), 0)::bigint from goodwill where staff_id = ${staff.id}
        and at >= date_trunc('day', ${at}::timestamptz at time zone ${timeZone}) at time zone ${timeZone}) as today`
  const left = Math.min(perRequest - (used?.inRequest ?? 0), perDay - (used?.today ?? 0))
  return { leftPoints: Math.max(0, left), limitPoints: perRequest }
}

interface Held {
  readonly request: HeldRequest
  readonly memberId: string
  readonly left: GoodwillLeft
}

/** Takes the locks under which limits hold, the conversation's and the giver's, and says whether so much may be given. */
async function holdForGift(
  tx: Tx,
  giving: Giving,
  gift: { points: number; couponId: string | null },
  { merchant }: GoodwillDeps,
): Promise<Held | GoodwillOutcome> {
  const { requestId, staff, key } = giving
  const request = await holdRequest(tx, { requestId })
  if (!request) return { ok: false, code: 'unknown-request' }
  await tx.sql`select from staff where id = ${staff.id} for no key update`
  const left = await readGoodwillLeft(tx, giving, merchant)
  const memberId = await memberOf(tx, request)
  const [before] = await tx.sql<{ points: number; couponId: string | null; staffId: number }>`
    select points, coupon_id as "couponId", staff_id as "staffId" from goodwill
    where request_id = ${requestId} and external_id = ${key}`
  if (before) {
    const isSame =
      before.staffId === staff.id &&
      before.couponId === gift.couponId &&
      (gift.couponId !== null || before.points === gift.points)
    return isSame ? { ok: true, replayed: true, points: before.points, ...left } : { ok: false, code: 'key-used' }
  }
  if (request.status === 'returned' || request.status === 'closed') return { ok: false, code: 'not-open' }
  if (request.status === 'waiting' || !mayHandle(request, { staffId: staff.id, role: staff.role })) {
    return { ok: false, code: 'not-yours' }
  }
  if (memberId === undefined) return { ok: false, code: 'not-linked' }
  if (gift.points > left.leftPoints) return { ok: false, code: 'limit-reached', ...left }
  return { request, memberId, left }
}

/** Who asked; undefined for a stranger, and for who was erased since: nobody could spend what they are given. */
async function memberOf(tx: Tx, { memberId }: HeldRequest): Promise<string | undefined> {
  const [member] = await tx.sql<{ id: string }>`
    select id from member where id = ${memberId} and erased_at is null`
  return member?.id
}

function ledgerEntry({ requestId, key, staff, reason }: Giving) {
  return {
    source: 'goodwill',
    externalId: `${requestId}|${key}`,
    note: `${staff.displayName}, request ${requestId}: ${reason}`,
  }
}

async function note(
  tx: Tx,
  { requestId, key, staff, reason, at }: Giving,
  { points, couponId, transferId }: { points: number; couponId: string | null; transferId: number },
): Promise<void> {
  const kind = couponId === null ? 'goodwill' : 'coupon'
  await tx.sql`
    with given as (
      insert into goodwill (request_id, external_id, staff_id, points, coupon_id, transfer_id, reason, at)
      values (${requestId}, ${key}, ${staff.id}, ${points}, ${couponId}, ${transferId}, ${reason}, ${at})
    )
    insert into handoff_event (request_id, kind, staff_id, note, at)
    values (${requestId}, ${kind}, ${staff.id}, ${`${couponId ?? points}: ${reason}`}, ${at})`
}

/** Of the ledger's refusals only these two can be meant by who gives; the others are our own mistakes. */
function refusalOf(code: string): GoodwillRefusal {
  if (code === 'unknown-member') return { ok: false, code: 'not-linked' }
  if (code === 'invalid-amount') return { ok: false, code: 'invalid-points' }
  throw new Error(`the ledger refused a gift: ${code}`)
}
