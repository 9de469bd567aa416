import type { Trainer } from '../training/trainer'
import { scoreChurnOfMembers } from './score'
import { trainChurnModel } from './train'

/** Who is leaving: the chance of each member, the main reasons, and what would be lost. */
export const churnTrainer: Trainer = {
  kind: 'churn',
  says: 'who is leaving, why, and what would be lost with them',
  train: trainChurnModel,
  score: scoreChurnOfMembers,
}
