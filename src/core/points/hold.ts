import type { Db } from '../../db/sql'
import { isPointsAmount } from './amount'
import { answerOf, type LedgerAnswer, type Outcome, outcomeOf, type Receipt, type TransferKey } from './answer'

export interface HoldInput extends TransferKey {
  memberId: string
  points: number
  note?: string
  /** When the points come back by themselves. */
  expiresAt: Date
  at: Date
}

const holdRefusals = [
  'invalid-amount',
  'invalid-expiry',
  'unknown-member',
  'key-reused',
  'insufficient-points',
] as const
export type HoldRefusal = (typeof holdRefusals)[number]

/** Sets available points aside, those that expire soonest first, until posted, voided or expired. One round trip. */
export async function hold(db: Db, input: HoldInput): Promise<Outcome<HoldRefusal>> {
  if (!isPointsAmount(input.points)) return { ok: false, code: 'invalid-amount' }
  const { memberId, points, source, externalId, note, expiresAt, at } = input
  const rows = await db.sql<LedgerAnswer>`
    select * from ledger_hold(${memberId}, ${points}, ${source}, ${externalId}, ${note}, ${expiresAt}, ${at})`
  return outcomeOf(answerOf(rows), holdRefusals)
}

export interface HoldEnd extends TransferKey {
  /** The key that the hold was made with. */
  hold: TransferKey
  note?: string
  at: Date
}

const holdEndRefusals = ['unknown-hold', 'hold-ended', 'key-reused'] as const

export type HoldEndOutcome =
  | { ok: true; receipt: Receipt }
  | { ok: false; code: 'unknown-hold' | 'key-reused' }
  | { ok: false; code: 'hold-ended'; status: 'posted' | 'voided' | 'expired' }

/** Spends the points of an open hold. One round trip. */
export function postHold(db: Db, input: HoldEnd): Promise<HoldEndOutcome> {
  return endHold(db, 'post', input)
}

/**
 * Gives the points of an open hold back to their lots. Those of a lot that has expired meanwhile stay expired, as if they
 * had never been set aside: parking points must not lengthen their life. One round trip.
 */
export function voidHold(db: Db, input: HoldEnd): Promise<HoldEndOutcome> {
  return endHold(db, 'void', input)
}

async function endHold(db: Db, kind: 'post' | 'void', input: HoldEnd): Promise<HoldEndOutcome> {
  const { hold, source, externalId, note, at } = input
  const answer = answerOf(
    await db.sql<LedgerAnswer>`
      select * from ledger_hold_end(${kind}, ${hold.source}, ${hold.externalId}, ${source}, ${externalId}, ${note}, ${at})`,
  )
  const outcome = outcomeOf(answer, holdEndRefusals)
  if (outcome.ok) return outcome
  if (outcome.code !== 'hold-ended') return { ok: false, code: outcome.code }
  return { ok: false, code: 'hold-ended', status: answer.hold_status as 'posted' | 'voided' | 'expired' }
}
