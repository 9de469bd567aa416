import type { Trainer } from '../training/trainer'
import { scoreSegments } from './score'
import { trainSegments } from './train'

/** Who belongs together: RFM groups and life-cycle stages by rules, clusters by k-means. */
export const segmentsTrainer: Trainer = {
  kind: 'segments',
  says: 'who belongs together: RFM group, cluster and life-cycle stage of each member',
  train: trainSegments,
  score: scoreSegments,
}
