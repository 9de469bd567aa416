import { type BasketTimes, fitBasketTimes } from './basket-times'
import type { Boosting } from './boosting'
import type { BasketHistory } from './next-basket-history'
import { collectExamples, type RankOptions, rankRange, type UserRange } from './rank-model'

/** What a worker is asked for: the times of a history's baskets, examples of a range of users, or their lists. */
export type RankTask =
  | { kind: 'times'; history: BasketHistory }
  | ({ history: BasketHistory; times: BasketTimes; options: RankOptions; range: UserRange } & (
      | { kind: 'collect' }
      | { kind: 'rank'; boosting: Boosting; width: number }
    ))

/** Does one task; the worker and the single-thread path share it. */
export function doRankTask(task: RankTask) {
  if (task.kind === 'times') return fitBasketTimes(task.history)
  const { history, times, options, range } = task
  if (task.kind === 'collect') return collectExamples(history, options, range, times)
  return rankRange(task.boosting, history, { ...options, ...range, width: task.width, times })
}
