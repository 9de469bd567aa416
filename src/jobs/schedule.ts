import type { Job } from '../core/jobs/job'
import { campaignPlanning } from './campaign-planning'
import { driftCheck } from './drift-check'
import { expiryNotices } from './expiry-notices'
import { housekeeping } from './housekeeping'
import { ledgerAudit } from './ledger-audit'
import { modelTraining } from './model-training'
import { outcomeGathering } from './outcome-gathering'
import { pointsExpiry } from './points-expiry'
import { popularity } from './popularity'
import { scores } from './scores'
import { tierReview } from './tier-review'

/** Every job that comes round by itself, in the order of the night. A new one is a file here and a line in this table. */
export const schedule: readonly Job[] = [
  pointsExpiry,
  tierReview,
  modelTraining,
  popularity,
  scores,
  driftCheck,
  ledgerAudit,
  housekeeping,
  campaignPlanning,
  expiryNotices,
  outcomeGathering,
]
