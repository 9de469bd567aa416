import type { Db } from '../../db/sql'
import { isPointsAmount } from './amount'
import { answerOf, type LedgerAnswer, type Outcome, outcomeOf, type TransferKey } from './answer'

export interface Earn extends TransferKey {
  memberId: string
  /** Whole, from 1 to POINTS_MAX. */
  points: number
  orderId?: number
  note?: string
  /** When what earned them happened; default `at`. */
  occurredAt?: Date
  /** Pending until then; default `occurredAt`. */
  availableAt?: Date
  /** Default: never. */
  expiresAt?: Date
  at: Date
}

const earnRefusals = ['invalid-amount', 'invalid-expiry', 'unknown-member', 'key-reused'] as const
export type EarnRefusal = (typeof earnRefusals)[number]

/**
 * Gives a member points: one lot, which becomes available and expires as a whole. A debt from reversed earnings is paid
 * out of it first. One round trip.
 * Refuses an expiry that is not after `at` and after `availableAt` (invalid-expiry).
 */
export async function earn(db: Db, input: Earn): Promise<Outcome<EarnRefusal>> {
  if (!isPointsAmount(input.points)) return { ok: false, code: 'invalid-amount' }
  const { memberId, points, source, externalId, orderId, note, at } = input
  const occurredAt = input.occurredAt ?? at
  const availableAt = input.availableAt ?? occurredAt
  const rows = await db.sql<LedgerAnswer>`
    select * from ledger_earn(${memberId}, ${points}, ${source}, ${externalId}, ${orderId}, ${note},
                              ${occurredAt}, ${availableAt}, ${input.expiresAt}, ${at})`
  return outcomeOf(answerOf(rows), earnRefusals)
}
