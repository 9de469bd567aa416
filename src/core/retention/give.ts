import type { Tx } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { findCoupon } from '../coupons/catalogue'
import { redeemCoupon } from '../coupons/redeem'
import { adjust } from '../points/adjust'
import type { CampaignDefinition } from './definition'

/** What a member got with a message. */
export type Given =
  | { readonly kind: 'points'; readonly points: number }
  | { readonly kind: 'coupon'; readonly code: string; readonly expiresAt: Date }

export type GiveOutcome =
  | { readonly ok: true; readonly given: Given | null }
  /** `code`: why the ledger refused, such as `coupon-sold-out` or `tier-too-low`. Nothing was given then. */
  | { readonly ok: false; readonly code: string }

/** The key of what a campaign gives to a member, of the ledger's source `campaign`, and `redeem` for a coupon. */
function keyOf(code: string, memberId: string): string {
  return `${code}:${memberId}`
}

/**
 * Gives the offer that a member was dealt: points, or a coupon. A coupon is paid for with points that are given for it, so
 * that stock, limits and the ledger hold as if the member had redeemed it. Once for a campaign and member, whatever happens.
 */
export async function giveOffer(
  tx: Tx,
  {
    definition,
    arm,
    memberId,
    at,
    secretBytes,
  }: { definition: CampaignDefinition; arm: string; memberId: string; at: Date; secretBytes: SecretBytes },
): Promise<GiveOutcome> {
  const offer = definition.offers.find(({ code }) => code === arm)
  if (!offer) return { ok: true, given: null }
  const giving = {
    memberId,
    note: definition.name,
    at,
    source: 'campaign',
    externalId: keyOf(definition.code, memberId),
  }
  if (offer.couponId === undefined) {
    const points = offer.bonusPoints ?? 0
    const given = await adjust(tx, { ...giving, points })
    return given.ok ? { ok: true, given: { kind: 'points', points } } : given
  }
  const { couponId } = offer
  const coupon = await findCoupon(tx, { couponId })
  if (!coupon) return { ok: false, code: 'unknown-coupon' }
  await tx.sql`savepoint before_coupon`
  const refused = async (code: string): Promise<GiveOutcome> => {
    await tx.sql`rollback to savepoint before_coupon`
    return { ok: false, code }
  }
  if (coupon.costPoints > 0) {
    const paid = await adjust(tx, { ...giving, points: coupon.costPoints })
    if (!paid.ok) return refused(paid.code)
  }
  const key = `campaign:${giving.externalId}`
  const redeemed = await redeemCoupon(tx, { memberId, couponId, quantity: 1, key, at, secretBytes })
  if (!redeemed.ok) return refused(redeemed.code)
  await tx.sql`release savepoint before_coupon`
  const { codes, expiresAt } = redeemed.receipt
  return { ok: true, given: { kind: 'coupon', code: codes[0] ?? '', expiresAt } }
}
