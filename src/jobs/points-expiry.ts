import type { Job } from '../core/jobs/job'
import { settleAll } from '../core/points/expire'

/** What time does to points: pending ones become available, old ones expire, holds and coupons end. */
export const pointsExpiry: Job = {
  name: 'points-expiry',
  says: {
    en: 'make pending points available, and expire points, holds and coupons whose time is over',
    zh: '待生效积分转为可用，处理到期的积分、冻结和优惠券',
  },
  cron: '10 0 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  run: ({ database, at }) => settleAll(database, { at }),
}
