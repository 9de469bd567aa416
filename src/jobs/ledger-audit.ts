import type { Job } from '../core/jobs/job'
import { verifyLedger } from '../core/points/verify'

/** The audit of `regulars verify`; a broken invariant makes the run fail, with its name. */
export const ledgerAudit: Job = {
  name: 'ledger-audit',
  says: {
    en: 'audit every invariant of the ledger; fails where one is broken',
    zh: '核对账本的每一条规则，有不符则报错',
  },
  cron: '0 4 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  async run({ database, at }) {
    const results = await verifyLedger(database, { at })
    const broken = results.filter(({ ok }) => !ok).map(({ invariant }) => invariant)
    if (broken.length > 0) throw new Error(`the ledger breaks ${broken.join(', ')}; see "regulars verify"`)
    return { invariants: results.length }
  },
}
