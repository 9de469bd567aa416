import type { Job } from '../core/jobs/job'
import { reviewTiers } from '../core/tiers/review'

/** Tiers follow the spend of the last 12 months, so they change by time alone. */
export const tierReview: Job = {
  name: 'tier-review',
  says: {
    en: 'judge every member’s tier by the spend of the last 12 months',
    zh: '按最近 12 个月的消费评定每位会员的等级',
  },
  cron: '30 0 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  async run({ database, at }) {
    const { reviewed, moves } = await database.tx((tx) => reviewTiers(tx, { at }))
    return { reviewed, moves: moves.length }
  },
}
