import type { Job } from '../core/jobs/job'
import { queueExpiryNotices } from '../core/retention/expiry-notice'

/** Who agreed to reminders hears of points before they expire. */
export const expiryNotices: Job = {
  name: 'expiry-notices',
  says: {
    en: 'queue reminders of points that expire within three weeks, one a month at the most',
    zh: '提醒三周内到期的积分，每月最多一次',
  },
  cron: '15 5 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 1_800_000,
  run: ({ database, at }) => queueExpiryNotices(database, { at }),
}
