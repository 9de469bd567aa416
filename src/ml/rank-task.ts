import type { Boosting } from './boosting'
import type { BasketHistory } from './next-basket-history'
import { collectExamples, type RankOptions, rankRange, type UserRange } from './rank-model'

/** What a worker is asked for: examples of a range of users, or their lists. */
export type RankTask = { history: BasketHistory; options: RankOptions; range: UserRange } & (
  | { kind: 'collect' }
  | { kind: 'rank'; boosting: Boosting; width: number }
)

/** Does one task; the worker and the single-thread path share it. */
export function doRankTask(task: RankTask) {
  const { history, options, range } = task
  if (task.kind === 'collect') return collectExamples(history, options, range)
  return rankRange(task.boosting, history, { ...options, ...range, width: task.width })
}
