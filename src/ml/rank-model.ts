import type { BasketTimes } from './basket-times'
import { type Boosting, fitBoosting, scoreBoosting } from './boosting'
import { listLoss } from './boosting-loss'
import { type BasketHistory, holdOutLast } from './next-basket-history'
import { type NextBasketModel, recommendLists } from './next-basket-model'
import { createRandom } from './random'
import type { ExpertOptions } from './rank-experts'
import { fitCandidates } from './rank-features'
import type { RankedLists } from './rank-metrics'

export interface RankOptions extends ExpertOptions {
  trees?: number
  learningRate?: number
  leavesMax?: number
  /** The share of candidates not bought that is learnt from. */
  negativeShare?: number
  seed: number
}

/** Users from `from` up to, not including, `to`. */
export interface UserRange {
  from: number
  to: number
}

/** Candidates to learn from: rows of features, whether each was bought, and where each user's rows begin. */
export interface Examples {
  readonly features: number
  readonly values: Float64Array
  readonly labels: Uint8Array
  readonly listStart: Uint32Array
}

/**
 * A learned re-ranker: boosted trees over what all other methods know of each candidate. It learns from each user's last
 * known basket, with everything it looks at measured on the baskets before, and then looks at all baskets. What is to be
 * foretold is never seen.
 */
export function fitRanker(history: BasketHistory, options: RankOptions): NextBasketModel {
  const examples = collectExamples(history, options, { from: 0, to: history.users })
  return rankerOf(learnRanking([examples], options), history, options)
}

/**
 * What the last known baskets of these users teach. The same whatever ranges the users are dealt in. `times` are those of
 * the baskets before the last ones.
 */
export function collectExamples(
  history: BasketHistory,
  options: RankOptions,
  { from, to }: UserRange,
  times?: BasketTimes,
): Examples {
  const { negativeShare = 0.15, seed } = options
  const { history: before, truth } = holdOutLast(history)
  const maker = fitCandidates(before, options, times)
  const random = createRandom(seed)
  const { features } = maker
  let values = new Float64Array(1 << 16)
  const labels: number[] = []
  const listStart = [0]
  for (let user = from; user < to; user++) {
    const wanted = new Set(truth.item.subarray(truth.start[user]!, truth.start[user + 1]!))
    if (wanted.size === 0) continue
    const draw = random.fork(user)
    const candidates = maker.make(user)
    for (let k = 0; k < candidates.count; k++) {
      const isBought = wanted.has(candidates.item[k]!)
      if (!isBought && draw.next() >= negativeShare) continue
      const offset = labels.length * features
      if (offset + features > values.length) {
        const larger = new Float64Array(2 * values.length)
        larger.set(values)
        values = larger
      }
      values.set(candidates.values.subarray(k * features, (k + 1) * features), offset)
      labels.push(isBought ? 1 : 0)
    }
    listStart.push(labels.length)
  }
  return {
    features,
    values: values.slice(0, labels.length * features),
    labels: Uint8Array.from(labels),
    listStart: Uint32Array.from(listStart),
  }
}

/** Learns which candidates are bought, from the examples of all ranges in their order. */
export function learnRanking(parts: readonly Examples[], options: RankOptions): Boosting {
  const { trees = 60, learningRate = 0.1, leavesMax = 31, seed } = options
  const features = parts[0]?.features ?? 0
  const rows = parts.reduce((sum, { labels }) => sum + labels.length, 0)
  const values = new Float64Array(rows * features)
  const labels = new Uint8Array(rows)
  const listStart = [0]
  let row = 0
  for (const part of parts) {
    values.set(part.values, row * features)
    labels.set(part.labels, row)
    for (let list = 1; list < part.listStart.length; list++) listStart.push(row + part.listStart[list]!)
    row += part.labels.length
  }
  return fitBoosting({ rows, features, values }, listLoss(labels, listStart), {
    trees,
    learningRate,
    leavesMax,
    leafWeightMin: 1,
    random: createRandom(seed).fork('boosting'),
  })
}

/** Ranks by what was learnt before, over candidates from all known baskets. */
export function rankerOf(
  boosting: Boosting,
  history: BasketHistory,
  options: ExpertOptions,
  times?: BasketTimes,
): NextBasketModel {
  const maker = fitCandidates(history, options, times)
  let scores = new Float64Array(0)
  return {
    scoreUser(user, board) {
      const { count, item, values } = maker.make(user)
      if (scores.length < count) scores = new Float64Array(count)
      scores.fill(0)
      scoreBoosting(boosting, { rows: count, features: maker.features, values }, scores)
      for (let k = 0; k < count; k++) board.add(item[k]!, scores[k]!)
    },
  }
}

/** The lists of a range of users; the first row is that of `from`. */
export function rankRange(
  boosting: Boosting,
  history: BasketHistory,
  options: ExpertOptions & UserRange & { width: number; times: BasketTimes },
): RankedLists {
  const { from, to, width, times } = options
  const users = Uint32Array.from({ length: to - from }, (_, k) => from + k)
  const { item } = recommendLists(rankerOf(boosting, history, options, times), history, { width, users })
  return { width, item: item.slice(from * width, to * width) }
}
