import { churnTrainer } from '../churn/trainer'
import { topicsTrainer } from '../consultations/topics-trainer'
import { discoveryTrainer } from '../recommendations/score-discovery'
import { nextBasketTrainer } from '../recommendations/score-next-basket'
import { segmentsTrainer } from '../segments/trainer'
import type { Trainer } from './trainer'

/** Every kind of model, in the order in which they are trained and scored. A new one is one line here. */
export const trainers: readonly Trainer[] = [
  segmentsTrainer,
  churnTrainer,
  nextBasketTrainer,
  discoveryTrainer,
  topicsTrainer,
]
