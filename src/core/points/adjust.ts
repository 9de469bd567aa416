import type { Db } from '../../db/sql'
import { isPointsAmount } from './amount'
import { answerOf, type LedgerAnswer, type Outcome, outcomeOf, type TransferKey } from './answer'

export interface Adjustment extends TransferKey {
  memberId: string
  /** Above 0 gives, below 0 takes. */
  points: number
  /** Why; shown to whoever reads the books. */
  note: string
  /** When given points expire; default never. */
  expiresAt?: Date
  at: Date
}

const adjustRefusals = [
  'invalid-amount',
  'invalid-expiry',
  'unknown-member',
  'key-reused',
  'insufficient-points',
] as const
export type AdjustRefusal = (typeof adjustRefusals)[number]

/** Gives or takes points by hand. Given ones pay a debt first; only available ones can be taken. One round trip. */
export async function adjust(db: Db, input: Adjustment): Promise<Outcome<AdjustRefusal>> {
  if (!isPointsAmount(Math.abs(input.points))) return { ok: false, code: 'invalid-amount' }
  const { memberId, points, source, externalId, note, expiresAt, at } = input
  const rows = await db.sql<LedgerAnswer>`
    select * from ledger_adjust(${memberId}, ${points}, ${source}, ${externalId}, ${note}, ${expiresAt}, ${at})`
  return outcomeOf(answerOf(rows), adjustRefusals)
}
