import { fitBasketTimes } from './basket-times'
import type { Boosting } from './boosting'
import type { BasketHistory } from './next-basket-history'
import { type BinnedExamples, binExamples, collectExamples, type Examples, type SharedRuns } from './rank-examples'
import { learnRanking, type RankOptions, rankRuns } from './rank-model'
import { fitItemSources, type RankSources } from './rank-sources'
import { inSharedMemory } from './shared-memory'

/** What a worker is asked for; users are dealt out in ranges. */
export type RankTask =
  | { kind: 'times' | 'items'; history: BasketHistory }
  | { kind: 'collect'; history: BasketHistory; before: readonly RankSources[]; options: RankOptions; runs: SharedRuns }
  | { kind: 'bin'; examples: Examples; edges: readonly Float64Array[] }
  | { kind: 'learn'; examples: BinnedExamples; options: RankOptions; part: number }
  | {
      kind: 'rank'
      history: BasketHistory
      sources: RankSources
      options: RankOptions
      runs: SharedRuns
      boostings: readonly Boosting[]
      width: number
    }

/** Does one task; the worker and the single-thread path share it. */
export function doRankTask(task: RankTask) {
  switch (task.kind) {
    case 'times':
      return inSharedMemory(fitBasketTimes(task.history))
    case 'items':
      return inSharedMemory(fitItemSources(task.history))
    case 'collect':
      return collectExamples(task.history, task.options, task.runs, task.before)
    case 'bin':
      return binExamples(task.examples, task.edges)
    case 'learn':
      return learnRanking(task.examples, task.options, task.part)
    case 'rank': {
      const { boostings, history, sources, options, runs, width } = task
      return rankRuns(boostings, history, { ...options, runs, width, sources })
    }
  }
}
