import type { Db } from '../../db/sql'
import { type Points, points } from '../units'
import { isPointsAmount } from './amount'
import { answerOf, type LedgerAnswer, outcomeOf, type Receipt, type TransferKey } from './answer'

export interface Reversal extends TransferKey {
  /** The earn, burn or posted hold to take back. */
  of: TransferKey
  /** Default: all that earlier reversals left. */
  points?: number
  /** The refund; default the original's order. */
  orderId?: number
  note?: string
  occurredAt?: Date
  at: Date
}

const reverseRefusals = [
  'invalid-amount',
  'unknown-transfer',
  'not-reversible',
  'exceeds-original',
  'key-reused',
] as const
export type ReverseRefusal = (typeof reverseRefusals)[number]

export type ReverseOutcome =
  | {
      ok: true
      /** `shortfall`: points of a reversed earn that were spent already and are owed now. */
      receipt: Receipt & { shortfall: Points }
    }
  | { ok: false; code: Exclude<ReverseRefusal, 'exceeds-original'> }
  /** `left`: how many points of the original can still be reversed. */
  | { ok: false; code: 'exceeds-original'; left: Points }

/**
 * Takes a transfer back, in whole or in part; all reversals of one original never exceed it. One round trip.
 *
 * Of an earn: takes what is left in its lot, then counts what expired out of it, then takes from the member's other lots,
 * soonest to expire first, pending ones too. What cannot be had is owed, and paid by later earnings.
 *
 * Of a burn or a posted hold: points return to the lots they came from, the latest to expire first. Those of a lot that has
 * expired since live another 30 days in a new lot. What paid for a coupon is not reversible here: void its code.
 */
export async function reverse(db: Db, input: Reversal): Promise<ReverseOutcome> {
  if (input.points !== undefined && !isPointsAmount(input.points)) return { ok: false, code: 'invalid-amount' }
  const { of, source, externalId, orderId, note, at } = input
  const answer = answerOf(
    await db.sql<LedgerAnswer>`
      select * from ledger_reverse(${of.source}, ${of.externalId}, ${input.points}, ${source}, ${externalId}, ${orderId},
                                   ${note}, ${input.occurredAt ?? at}, ${at})`,
  )
  const outcome = outcomeOf(answer, reverseRefusals)
  if (outcome.ok) return { ok: true, receipt: { ...outcome.receipt, shortfall: points(answer.shortfall ?? 0) } }
  const { code } = outcome
  return code === 'exceeds-original'
    ? { ok: false, code, left: points(answer.left_to_reverse ?? 0) }
    : { ok: false, code }
}
