import type { Db } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { type Points, points } from '../units'
import { newCode } from './code'

/** Pieces of one coupon that one redemption may take. */
export const QUANTITY_MAX = 10

export interface Redemption {
  memberId: string
  couponId: string
  /** Whole, from 1 to QUANTITY_MAX. */
  quantity: number
  /** The idempotency key: the same again is answered with the first receipt. */
  key: string
  at: Date
  secretBytes: SecretBytes
}

/** What was redeemed. A replay's is the one of the first time. */
export interface Receipt {
  readonly transferId: number
  readonly points: Points
  readonly quantity: number
  /** One for each piece. */
  readonly codes: readonly string[]
  /** Until when the codes are good. */
  readonly expiresAt: Date
  /** Available points that the redemption left. */
  readonly availableAfter: Points
  /** The key was redeemed before; nothing was done now. */
  readonly replayed: boolean
}

export type RedeemRefusal =
  | { ok: false; code: 'insufficient-points'; needed: Points; available: Points; missing: Points }
  /** `left`: how many can still be had, less than were asked for. */
  | { ok: false; code: 'coupon-sold-out'; left: number }
  | { ok: false; code: 'coupon-member-limit'; left: number }
  | { ok: false; code: 'coupon-not-started'; startsAt: Date }
  | { ok: false; code: 'coupon-ended'; endsAt: Date }
  | { ok: false; code: 'tier-too-low'; minTierRank: number }
  | { ok: false; code: 'unknown-coupon' | 'unknown-member' | 'invalid-quantity' | 'key-reused' }

export type RedeemOutcome = { ok: true; receipt: Receipt } | RedeemRefusal

/** A row of the type `coupon_answer`. */
interface Answer {
  code: string
  transfer_id: number | null
  points: number | null
  quantity: number | null
  codes: string[] | null
  expires_at: Date | null
  starts_at: Date | null
  available: number | null
  left_over: number | null
  min_tier_rank: number | null
  replayed: boolean
}

/**
 * Spends points on coupons: all of it, or a refusal and nothing. One round trip; takes the member's account, then the coupon.
 * The soonest to expire of the member's points go first.
 */
export async function redeemCoupon(db: Db, input: Redemption): Promise<RedeemOutcome> {
  const { memberId, couponId, quantity, key, at, secretBytes } = input
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX)
    return { ok: false, code: 'invalid-quantity' }
  const codes = Array.from({ length: quantity }, () => newCode(secretBytes))
  const [answer] = await db.sql<Answer>`
    select * from redeem_coupon(${memberId}, ${couponId}, ${quantity}, ${key}, ${at}, ${codes})`
  if (!answer) throw new Error('redeem_coupon gave no answer')
  return answer.code === 'ok' ? { ok: true, receipt: receiptOf(answer) } : refusalOf(answer)
}

function receiptOf({ transfer_id, expires_at, codes, replayed, ...answer }: Answer): Receipt {
  if (transfer_id === null || expires_at === null || codes === null) {
    throw new Error('redeem_coupon answered ok without a receipt')
  }
  return {
    transferId: transfer_id,
    points: points(answer.points ?? 0),
    quantity: codes.length,
    codes,
    expiresAt: expires_at,
    availableAfter: points(answer.available ?? 0),
    replayed,
  }
}

function refusalOf(answer: Answer): RedeemRefusal {
  const { code } = answer
  const left = answer.left_over ?? 0
  switch (code) {
    case 'insufficient-points': {
      const needed = answer.points ?? 0
      const available = answer.available ?? 0
      return {
        ok: false,
        code,
        needed: points(needed),
        available: points(available),
        missing: points(needed - available),
      }
    }
    case 'coupon-sold-out':
    case 'coupon-member-limit':
      return { ok: false, code, left }
    case 'coupon-not-started':
      return { ok: false, code, startsAt: dateOf(answer.starts_at) }
    case 'coupon-ended':
      return { ok: false, code, endsAt: dateOf(answer.expires_at) }
    case 'tier-too-low':
      return { ok: false, code, minTierRank: answer.min_tier_rank ?? 0 }
    case 'unknown-coupon':
    case 'unknown-member':
    case 'invalid-quantity':
    case 'key-reused':
      return { ok: false, code }
    default:
      throw new Error(`redeem_coupon answered "${code}", which no refusal is named`)
  }
}

function dateOf(value: Date | null): Date {
  if (!value) throw new Error('redeem_coupon refused by a date without giving it')
  return value
}
