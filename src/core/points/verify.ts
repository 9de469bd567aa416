import type { Db } from '../../db/sql'
import { privacyChecks } from '../privacy/checks'
import { campaignChecks } from '../retention/checks'
import type { Check } from './checks/check'
import { couponChecks } from './checks/coupons'
import { entryChecks } from './checks/entries'
import { lotChecks } from './checks/lots'
import { surroundingChecks } from './checks/surroundings'

export interface CheckResult {
  invariant: string
  /** What should hold, for people. */
  says: string
  ok: boolean
  /** At most 100. */
  rowsAtFault: object[]
}

const checks: readonly Check[] = [
  ...entryChecks,
  ...lotChecks,
  ...couponChecks,
  ...surroundingChecks,
  ...campaignChecks,
  ...privacyChecks,
]

/**
 * Audits every invariant of the stored data. Each is one query over one snapshot, so that it may run beside live traffic.
 * `onResult` hears of each as it comes.
 */
export async function verifyLedger(
  db: Db,
  { at, onResult }: { at: Date; onResult?: (result: CheckResult) => void },
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const { invariant, says, find } of checks) {
    const rowsAtFault = await find(db, { at })
    const result = { invariant, says, ok: rowsAtFault.length === 0, rowsAtFault }
    results.push(result)
    onResult?.(result)
  }
  return results
}

/** One hash of all balances and chain heads: two copies of a database are at the same state when it is equal. */
export async function readStateHash(db: Db): Promise<string> {
  const [row] = await db.sql<{ hash: string }>`
    select encode(sha256(convert_to(coalesce(string_agg(
      row(member_id, available, pending, held, owed, entry_seq, encode(head_hash, 'hex'))::text, E'\n' order by member_id collate "C"), ''),
      'UTF8')), 'hex') as hash
    from member_account where entry_seq > 0`
  if (!row) throw new Error('the state hash query gave no row')
  return row.hash
}
