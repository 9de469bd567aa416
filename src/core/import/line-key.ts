import type { Tx } from '../../db/sql'

/**
 * Takes the key off order_line where that is safe, which is on a first import (see the function): lines then arrive in half the
 * time. Call what is returned when they are all there, in the same transaction.
 */
export async function withoutLineKey(tx: Tx): Promise<() => Promise<void>> {
  const [row] = await tx.sql<{ isDropped: boolean }>`select import_drop_line_key() as "isDropped"`
  return async () => {
    if (row?.isDropped)
      await tx.sql`alter table order_line add constraint order_line_pkey primary key (order_id, line_no)`
  }
}
