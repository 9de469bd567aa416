import { fitBasketTimes } from './basket-times'
import type { Boosting } from './boosting'
import type { BasketHistory } from './next-basket-history'
import { collectExamples, type Examples, learnRanking, type RankOptions, rankRange, type UserRange } from './rank-model'
import { fitItemSources, type RankSources } from './rank-sources'

/** What a worker is asked for; users are dealt out in ranges. */
export type RankTask =
  | { kind: 'times' | 'items'; history: BasketHistory }
  | { kind: 'collect'; history: BasketHistory; before: readonly RankSources[]; options: RankOptions; range: UserRange }
  | { kind: 'learn'; examples: Examples; options: RankOptions; part: number }
  | {
      kind: 'rank'
      history: BasketHistory
      sources: RankSources
      options: RankOptions
      range: UserRange
      boostings: readonly Boosting[]
      width: number
    }

/** Does one task; the worker and the single-thread path share it. */
export function doRankTask(task: RankTask) {
  switch (task.kind) {
    case 'times':
      return fitBasketTimes(task.history)
    case 'items':
      return fitItemSources(task.history)
    case 'collect':
      return collectExamples(task.history, task.options, task.range, task.before)
    case 'learn':
      return learnRanking(task.examples, task.options, task.part)
    case 'rank': {
      const { boostings, history, sources, options, range, width } = task
      return rankRange(boostings, history, { ...options, ...range, width, sources })
    }
  }
}
