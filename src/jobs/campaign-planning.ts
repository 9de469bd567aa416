import type { Job } from '../core/jobs/job'
import { runningCampaigns } from '../core/retention/campaigns'
import { planCampaign } from '../core/retention/plan'

/** Takes into each running campaign whom it is for by now, after the night's scores. */
export const campaignPlanning: Job = {
  name: 'campaign-planning',
  says: 'decide for each running campaign whom to write to, and queue the messages',
  cron: '0 5 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  async run({ database, at, onProgress }) {
    const codes = await runningCampaigns(database, { at })
    const planned: Record<string, unknown> = {}
    for (const [place, code] of codes.entries()) {
      planned[code] = await planCampaign(database, { code, at })
      onProgress((place + 1) / codes.length)
    }
    return { campaigns: codes.length, planned }
  },
}
