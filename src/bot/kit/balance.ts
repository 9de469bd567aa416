import { type Balance, readBalance } from '../../core/points/balance'
import type { Db, Tx } from '../../db/sql'
import type { Turn } from '../contract'
import { memberIdOf } from './member'

interface Brought {
  readonly memberId: string
  readonly balance: Balance
}

const byDb = new WeakMap<Db, Brought>()

/** The member's balance in this turn. */
export async function balanceOf(turn: Turn): Promise<Balance> {
  const memberId = memberIdOf(turn)
  const brought = byDb.get(turn.db)
  return brought?.memberId === memberId ? brought.balance : readBalance(turn.db, { memberId, at: turn.now })
}

/** Spares a turn the question. What its beginning brought along holds until something else is asked of the database. */
export function withBalance(tx: Tx, brought: Brought): Tx {
  const carrying: Tx = {
    ...tx,
    sql: (strings, ...values) => {
      byDb.delete(carrying)
      return tx.sql(strings, ...values)
    },
  }
  byDb.set(carrying, brought)
  return carrying
}
