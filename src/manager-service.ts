import { previewCampaign } from './campaign-preview'
import type { Clock } from './core/clock'
import { listCampaigns, readResults } from './core/experiments/results'
import { readJobs } from './core/jobs/due'
import type { Job } from './core/jobs/job'
import type { Database } from './db/open'
import type { ManagerService } from './http/api/managers'

const RUNS_SHOWN = 5

/** What the managers' pages need, over the core. */
export function createManagerService({
  database,
  clock,
  jobs,
}: {
  database: Database
  clock: Clock
  jobs: readonly Job[]
}): ManagerService {
  return {
    campaigns: () => listCampaigns(database),
    campaignResults: (code) => readResults(database, { code }),
    campaignPreview: (code) => previewCampaign(database, { code, at: clock() }),
    jobs: () => readJobs(database, jobs, { at: clock(), runs: RUNS_SHOWN }),
  }
}
