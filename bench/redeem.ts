import type { Bench } from './bench'
import { positiveNumber, positiveWhole } from './options'

/** Redemptions through `redeemCoupon`, against the same SQL straight through `pg`. */
export const redeem: Bench = {
  name: 'redeem',
  summary: 'redemptions a second through core, against the same SQL straight through pg',
  options: [
    { flags: '--seconds <n>', describe: 'how long each side is measured', fallback: 10, parse: positiveNumber },
    { flags: '--concurrency <n>', describe: 'redemptions in flight', fallback: 32, parse: positiveWhole },
  ],
  async run(_options, { scratchDatabase }) {
    await scratchDatabase()
    return {}
  },
}
