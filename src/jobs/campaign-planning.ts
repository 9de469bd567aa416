import type { Job } from '../core/jobs/job'
import { runningCampaigns } from '../core/retention/campaigns'
import { planCampaign } from '../core/retention/plan'

/** Takes into each running campaign whom it is for by now, after the night's scores. */
export const campaignPlanning: Job = {
  name: 'campaign-planning',
  says: {
    en: 'decide for each running campaign whom to write to, and queue the messages',
    zh: '为每个进行中的活动决定发给谁，并排入待发消息',
  },
  cron: '0 5 * * *',
  timeZone: 'merchant',
  missed: 'catch-up',
  timeoutMs: 3_600_000,
  async run({ database, at, onProgress }) {
    const codes = await runningCampaigns(database, { at })
    const planned: Record<string, unknown> = {}
    const failed: { code: string; error: Error }[] = []
    for (const [place, code] of codes.entries()) {
      try {
        planned[code] = await planCampaign(database, { code, at })
      } catch (error) {
        // What is wrong with one campaign keeps no other from its members.
        failed.push({ code, error: error as Error })
      }
      onProgress((place + 1) / codes.length)
    }
    if (failed.length > 0) {
      const which = failed.map(({ code, error }) => `${code}: ${error.message}`).join('; ')
      throw new Error(`campaigns that could not be planned: ${which}`, { cause: failed[0]?.error })
    }
    return { campaigns: codes.length, planned }
  },
}
