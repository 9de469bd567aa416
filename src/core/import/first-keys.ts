import type { Tx } from '../../db/sql'

/** A first import: nobody's orders are there, and nobody sees the tables of orders until it commits. */
export interface FirstImport {
  /** Builds keys and indexes again. Call it for both tables, in the same transaction, when all rows are there. */
  restoreKeys(table: 'order_line' | 'shop_order'): Promise<void>
}

/**
 * Takes the keys and indexes off shop_order and order_line where that is safe, which is on a first import (see the function): orders
 * then arrive in half the time. @returns undefined where the import is not the first or the tables are in use
 */
export async function beginFirstImport(tx: Tx): Promise<FirstImport | undefined> {
  const [row] = await tx.sql<{ isDropped: boolean }>`select import_drop_keys() as "isDropped"`
  if (!row?.isDropped) return undefined
  return {
    async restoreKeys(table) {
      await tx.sql`select import_restore_keys(${table})`
    },
  }
}

/**
 * Runs `write` while the ledger's tables have no keys and indexes but those that others refer to, then builds them. For the first
 * transaction of a ledger. @returns false where the ledger is not empty or is in use; then nothing was run
 */
export async function withoutLedgerKeys(tx: Tx, write: () => Promise<void>): Promise<boolean> {
  const [row] = await tx.sql<{ isDropped: boolean }>`select import_drop_ledger_keys() as "isDropped"`
  if (!row?.isDropped) return false
  await write()
  await tx.sql`
    select import_restore_keys('transfer'), import_restore_keys('entry'), import_restore_keys('lot'), import_restore_keys('lot_use')`
  return true
}
