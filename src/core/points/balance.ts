import type { Db } from '../../db/sql'
import { type Points, points } from '../units'

/** What a member has. All zero for one without an account. */
export interface Balance {
  /** Can be spent now. */
  available: Points
  /** Earned, not yet available. */
  pending: Points
  /** Set aside by open holds. */
  held: Points
  /** Points of reversed earnings that were spent already; later earnings pay them first. */
  owed: Points
  /** The available points that expire first, all that do so at that instant. */
  nextExpiry?: { points: Points; at: Date }
  /** The pending points that become available first. */
  nextAvailable?: { points: Points; at: Date }
}

/** A balance as the database gives it; as JSON its instants are texts. */
export interface BalanceRow {
  available: number
  pending: number
  held: number
  owed: number
  expiry_points: number | null
  expiry_at: Date | string | null
  next_points: number | null
  next_at: Date | string | null
}

/**
 * The balance at `at`, read from the lots and holds, so that it is right whether or not lots and holds that are due by then
 * were settled. `at` must not be before the member's last write: the past is in the history.
 */
export async function readBalance(db: Db, { memberId, at }: { memberId: string; at: Date }): Promise<Balance> {
  const [row] = await db.sql<BalanceRow>`select * from ledger_balance(${memberId}, ${at})`
  if (!row) throw new Error('ledger_balance gave no row')
  return balanceOfRow(row)
}

export function balanceOfRow(row: BalanceRow): Balance {
  const { expiry_at, next_at } = row
  return {
    available: points(row.available),
    pending: points(row.pending),
    held: points(row.held),
    owed: points(row.owed),
    ...(expiry_at && { nextExpiry: { points: points(row.expiry_points ?? 0), at: new Date(expiry_at) } }),
    ...(next_at && { nextAvailable: { points: points(row.next_points ?? 0), at: new Date(next_at) } }),
  }
}
