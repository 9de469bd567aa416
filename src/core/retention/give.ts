import type { Tx } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { newCode } from '../coupons/code'
import { keysOf } from './message-key'
import type { Sendable } from './queue'

/** What a member got with a message. */
export type Given =
  | { readonly kind: 'points'; readonly points: number }
  | { readonly kind: 'coupon'; readonly code: string; readonly expiresAt: Date }

export type GiveOutcome =
  | { readonly ok: true; readonly given: Given | null }
  /**
   * Nothing was given. `code`: why the ledger refused, such as `coupon-sold-out` or `tier-too-low`; `busy` where another
   * transaction was in the way; `broken` where what is stored made it fail, with the error.
   */
  | { readonly ok: false; readonly code: string; readonly error: string | null }

type Message = Pick<Sendable, 'campaignId' | 'definition' | 'arm' | 'memberId'>

interface Answer {
  place: number
  answer: string
  error: string | null
  code: string | null
  expiresAt: Date | null
}

/**
 * Gives the offers that members were dealt: points, or coupons. One round trip for all of them, and each by itself: what is
 * wrong with one keeps no other. Once for a campaign and member, whatever happens. What was given is noted at its message in
 * the same breath, whether or not it can leave now, so that it can be taken back should the message never arrive.
 * @returns an outcome for each of the messages, in their order
 */
export async function giveOffers(
  tx: Tx,
  { messages, at, secretBytes }: { messages: readonly Message[]; at: Date; secretBytes: SecretBytes },
): Promise<GiveOutcome[]> {
  const gifts = messages.flatMap((message, place) => {
    const offer = message.definition.offers.find(({ code }) => code === message.arm)
    return offer ? [{ ...message, offer, place }] : []
  })
  const outcomes: GiveOutcome[] = messages.map(() => ({ ok: true, given: null }))
  if (gifts.length === 0) return outcomes
  const [campaignIds, memberIds] = keysOf(gifts)
  const answers = await tx.sql<Answer>`
    with given as materialized (
      select * from campaign_give(
        ${memberIds}::text[],
        ${gifts.map(({ definition, memberId }) => `${definition.code}:${memberId}`)}::text[],
        ${gifts.map(({ definition }) => definition.name)}::text[], ${gifts.map(({ offer }) => offer.bonusPoints ?? 0)}::bigint[],
        ${gifts.map(({ offer }) => offer.couponId ?? null)}::text[], ${gifts.map(() => newCode(secretBytes))}::text[], ${at})
    ), noted as (
      update campaign_message message set gift = 'given'
      from given join unnest(${campaignIds}::bigint[], ${memberIds}::text[]) with ordinality asked (campaign_id, member_id, place)
        on asked.place = given.place
      where message.campaign_id = asked.campaign_id and message.member_id = asked.member_id and given.answer = 'ok' and message.gift is null
    )
    select place, answer, error, coupon_code as code, expires_at as "expiresAt" from given`
  for (const { place, answer, error, code, expiresAt } of answers) {
    const gift = gifts[place - 1]
    if (!gift) throw new Error(`campaign_give answered for ${place} of ${gifts.length}`)
    const given: Given =
      code !== null && expiresAt !== null
        ? { kind: 'coupon', code, expiresAt }
        : { kind: 'points', points: gift.offer.bonusPoints ?? 0 }
    outcomes[gift.place] = answer === 'ok' ? { ok: true, given } : { ok: false, code: answer, error }
  }
  return outcomes
}
