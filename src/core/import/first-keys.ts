import type { Tx } from '../../db/sql'

/**
 * Takes the keys and indexes off shop_order and order_line where that is safe, which is on a first import (see the function): orders
 * then arrive in half the time. Call what is returned when they are all there, in the same transaction.
 */
export async function withoutKeys(tx: Tx): Promise<() => Promise<void>> {
  const [row] = await tx.sql<{ isDropped: boolean }>`select import_drop_keys() as "isDropped"`
  return async () => {
    if (row?.isDropped) await tx.sql`select import_restore_keys()`
  }
}
