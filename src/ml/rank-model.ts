import { type Boosting, fitBoostingOnBins } from './boosting'
import { findEdges } from './boosting-bins'
import { rankLoss } from './boosting-loss'
import { openScorer } from './boosting-scorer'
import type { BasketHistory } from './next-basket-history'
import { type NextBasketModel, recommendLists } from './next-basket-model'
import { createRandom } from './random'
import { selectBest } from './rank-board'
import {
  type BinnedExamples,
  binExamples,
  collectExamples,
  type ExampleOptions,
  type Examples,
  historiesBefore,
  joinExamples,
  type SharedRuns,
  sharedRuns,
  takeRuns,
} from './rank-examples'
import type { ExpertOptions } from './rank-experts'
import { CANDIDATES_MAX, fitCandidates } from './rank-features'
import { fitRankSources, type RankSources } from './rank-sources'

export interface RankOptions extends ExampleOptions {
  trees?: number
  learningRate?: number
  leavesMax?: number
}

/** So many boosted models are fitted on lists drawn apart, and their scores added; several can be fitted side by side. */
export const RANK_PARTS = 4

/**
 * A learned re-ranker: boosted trees over what all other methods know of each candidate. It learns from each user's last two
 * known baskets, with everything it looks at measured on the baskets before, and then looks at all baskets. What is to be
 * foretold is never seen.
 */
export function fitRanker(history: BasketHistory, options: RankOptions): NextBasketModel {
  const before = historiesBefore(history).map(fitRankSources)
  const runs = sharedRuns([{ from: 0, to: history.users }], before.length)
  const found = collectExamples(history, options, runs, before)
    .flat()
    .map(({ examples }) => examples)
  const edges = findExampleEdges(found, options)
  const examples = joinExamples(found.map((part) => binExamples(part, edges)))
  const boostings = Array.from({ length: RANK_PARTS }, (_, part) => learnRanking(examples, options, part))
  return rankerOf(boostings, history, options)
}

/** Edges of the bins that all parts of the examples share; the same however users were dealt. */
export function findExampleEdges(parts: readonly Examples[], { seed }: RankOptions): Float64Array[] {
  return findEdges(parts, createRandom(seed).fork('edges'))
}

/** Learns which candidates are bought; `part` tells apart models that differ only in what is drawn by chance. */
export function learnRanking(examples: BinnedExamples, options: RankOptions, part: number): Boosting {
  const { trees = 45, learningRate = 0.15, leavesMax = 31, seed } = options
  return fitBoostingOnBins(examples, rankLoss(examples.labels, examples.listStart, LOSS), {
    trees,
    learningRate,
    leavesMax,
    leafWeightMin: 1,
    rowShare: 0.4,
    featureShare: 0.5,
    random: createRandom(seed).fork(`boosting ${part}`),
  })
}

const LOSS = { pairs: 0.35, lists: 0.3, first: 15 }

/** The first trees tell most: after so many rounds only the best candidates go on, and the others stay behind those. */
const STAGES = [
  { rounds: 4, goOn: 60 },
  { rounds: 10, goOn: 30 },
  { rounds: 20, goOn: 20 },
  { rounds: Number.POSITIVE_INFINITY, goOn: CANDIDATES_MAX },
] as const
const STAY_BEHIND = 1e6

/** Ranks by what was learnt before, over candidates from all known baskets. */
export function rankerOf(
  boostings: readonly Boosting[],
  history: BasketHistory,
  options: ExpertOptions,
  sources?: RankSources,
): NextBasketModel {
  const maker = fitCandidates(history, options, sources)
  const scorer = openScorer(boostings)
  const all = Int32Array.from({ length: CANDIDATES_MAX }, (_, row) => row)
  const rows = new Int32Array(CANDIDATES_MAX)
  const scores = new Float64Array(CANDIDATES_MAX)
  const onward = new Float64Array(CANDIDATES_MAX)
  return {
    expect: maker.expect,
    scoreUser(user, board) {
      const { count, item, values } = maker.make(user)
      scorer.load(values, count, maker.features)
      scores.fill(0)
      rows.set(all)
      let [left, from] = [count, 0]
      for (const [stage, { rounds, goOn }] of STAGES.entries()) {
        for (let k = 0; k < left; k++) onward[k] = scores[rows[k]!]!
        const to = Math.min(rounds, scorer.rounds)
        scorer.add(rows, left, onward, { from, to })
        for (let k = 0; k < left; k++) scores[rows[k]!] = onward[k]!
        const chosen = Math.min(left, goOn)
        selectBest(rows, left, chosen, scores)
        for (let k = chosen; k < left; k++) scores[rows[k]!]! -= STAY_BEHIND * (STAGES.length - stage)
        left = chosen
        from = to
      }
      for (let row = 0; row < count; row++) board.add(item[row]!, scores[row]!)
    },
  }
}

/** The lists of one run of users; the first row is that of its first user. */
export interface RankedRun {
  readonly run: number
  readonly item: Uint32Array
}

/** Takes runs of users as long as there are any, and makes the lists of each. */
export function rankRuns(
  boostings: readonly Boosting[],
  history: BasketHistory,
  options: ExpertOptions & { runs: SharedRuns; width: number; sources: RankSources },
): RankedRun[] {
  const { runs, width, sources } = options
  const ranker = rankerOf(boostings, history, options, sources)
  const ranked: RankedRun[] = []
  for (const { run, range } of takeRuns(runs, 0)) {
    const { from, to } = range
    const users = Uint32Array.from({ length: to - from }, (_, k) => from + k)
    const { item } = recommendLists(ranker, history, { width, users })
    ranked.push({ run, item: item.slice(from * width, to * width) })
  }
  return ranked
}
