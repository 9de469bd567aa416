import type { Job } from '../core/jobs/job'
import { queueExpiryNotices } from '../core/retention/expiry-notice'

/** Who agreed to reminders hears of points before they expire. */
export const expiryNotices: Job = {
  name: 'expiry-notices',
  says: 'queue reminders of points that expire within three weeks, one a month at the most',
  cron: '15 5 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 1_800_000,
  run: ({ database, at }) => queueExpiryNotices(database, { at }),
}
