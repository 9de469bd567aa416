import type { Db } from '../../db/sql'

/** How many accounts one round trip settles at the most, so that their locks are held for a short time. */
const BATCH = 500

/**
 * Does what time did to every account up to `at`: pending lots become available, lots and holds expire, and issued coupons
 * whose time is over are marked so. Reads are right without it and writes do it for their own member: this keeps the books
 * of members who are away.
 */
export async function settleAll(db: Db, { at }: { at: Date }): Promise<{ accounts: number; coupons: number }> {
  let accounts = 0
  for (;;) {
    const [row] = await db.sql<{ settled: number }>`select ledger_settle_due(${at}, ${BATCH}) as settled`
    const settled = row?.settled ?? 0
    accounts += settled
    if (settled === 0) break
  }
  const [row] = await db.sql<{ expired: number }>`select coupon_expire_due(${at}) as expired`
  return { accounts, coupons: row?.expired ?? 0 }
}
