import type { Db } from '../../db/sql'
import { isPointsAmount } from './amount'
import { answerOf, type LedgerAnswer, type Outcome, outcomeOf, type TransferKey } from './answer'

export interface Burn extends TransferKey {
  memberId: string
  points: number
  orderId?: number
  note?: string
  at: Date
}

const burnRefusals = ['invalid-amount', 'unknown-member', 'key-reused', 'insufficient-points'] as const
export type BurnRefusal = (typeof burnRefusals)[number]

/** Spends available points, those that expire soonest first. One round trip. */
export async function burn(db: Db, input: Burn): Promise<Outcome<BurnRefusal>> {
  if (!isPointsAmount(input.points)) return { ok: false, code: 'invalid-amount' }
  const { memberId, points, source, externalId, orderId, note, at } = input
  const rows = await db.sql<LedgerAnswer>`
    select * from ledger_burn(${memberId}, ${points}, ${source}, ${externalId}, ${orderId}, ${note}, ${at})`
  return outcomeOf(answerOf(rows), burnRefusals)
}
