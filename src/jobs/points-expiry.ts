import type { Job } from '../core/jobs/job'
import { settleAll } from '../core/points/expire'

/** What time does to points: pending ones become available, old ones expire, holds and coupons end. */
export const pointsExpiry: Job = {
  name: 'points-expiry',
  says: 'make pending points available, and expire points, holds and coupons whose time is over',
  cron: '10 0 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  run: ({ database, at }) => settleAll(database, { at }),
}
