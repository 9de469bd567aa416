import type { Reply, Turn } from '../../src/bot/contract'
import { formatLastDay, formatNumber, formatPoints } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { nameIn, quickReply, say } from '../../src/bot/kit/words'
import { findCoupon } from '../../src/core/coupons/catalogue'
import { findRedemption } from '../../src/core/coupons/receipt'
import { type Receipt, redeemCoupon } from '../../src/core/coupons/redeem'
import { readBalance } from '../../src/core/points/balance'
import { receiptCard } from './card'
import { refusalText, words } from './offers'

/**
 * Redeems, with the confirmation's nonce as the key: whatever is pressed or resent, it happens once. The core checks
 * everything again; what it refuses is said in words.
 */
export async function commit(
  turn: Turn,
  { couponId, quantity, nonce }: { couponId: string; quantity: number; nonce: string },
): Promise<Reply> {
  const result = await redeemCoupon(turn.db, {
    memberId: memberIdOf(turn),
    couponId,
    quantity,
    key: keyOf(nonce),
    at: turn.now,
    secretBytes: turn.secretBytes,
  })
  const w = words(turn)
  if (result.ok) return receiptReply(turn, couponId, result.receipt)
  return say(await refusalText(turn, result), quickReply(w.menuTitle, 'redeem-coupon'))
}

/** The receipt of what this member redeemed with this nonce; undefined when nothing was. */
export async function receiptOf(turn: Turn, nonce: string): Promise<Reply | undefined> {
  const memberId = memberIdOf(turn)
  const found = await findRedemption(turn.db, { memberId, key: keyOf(nonce) })
  if (!found) return undefined
  const { available } = await readBalance(turn.db, { memberId, at: turn.now })
  return receiptReply(turn, found.couponId, { ...found, availableAfter: available, replayed: true })
}

function keyOf(nonce: string): string {
  return `redeem:${nonce}`
}

async function receiptReply(turn: Turn, couponId: string, receipt: Receipt): Promise<Reply> {
  const w = words(turn)
  const coupon = await findCoupon(turn.db, { couponId })
  const { timeZone } = await merchantOf(turn)
  const name = coupon ? nameIn(turn.locale, coupon.name) : couponId
  const expiresAt = formatLastDay(turn.locale, { at: receipt.expiresAt, timeZone })
  const points = formatPoints(turn.locale, receipt.points)
  const quantity = formatNumber(turn.locale, receipt.quantity)
  const text = [
    ...(receipt.replayed ? [w.alreadyDone] : []),
    w.done({ name: escapeMarkdown(name), quantity }),
    w.codes(receipt.codes.map((code) => `**${code}**`)),
    [
      w.validUntil({ at: expiresAt }),
      w.spent({ points, after: formatPoints(turn.locale, receipt.availableAfter) }),
    ].join(turn.locale === 'zh' ? '' : ' '),
  ].join('\n\n')
  return {
    text,
    about: { kind: 'coupon', ids: [couponId] },
    card: receiptCard(w, { name: `${quantity} × ${name}`, codes: receipt.codes, expiresAt, spent: points }),
    quickReplies: [quickReply(w.myCoupons, 'my-coupons'), quickReply(w.balance, 'points-balance')],
  }
}
