import { type Boosting, fitBoosting, scoreBoosting } from './boosting'
import { listLoss } from './boosting-loss'
import { type BasketHistory, holdOutLast } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import type { Random } from './random'
import { type CandidateOptions, fitCandidates } from './rank-features'

export interface RankOptions extends CandidateOptions {
  trees?: number
  learningRate?: number
  leavesMax?: number
  /** The share of candidates not bought that is learnt from. */
  negativeShare?: number
  random: Random
}

/**
 * A learned re-ranker: boosted trees over what all other methods know of each candidate. It learns from each user's last
 * known basket, with everything it looks at measured on the baskets before, and then looks at all baskets. What is to be
 * foretold is never seen.
 */
export function fitRanker(history: BasketHistory, options: RankOptions): NextBasketModel {
  const boosting = learnRanking(history, options)
  const maker = fitCandidates(history, options)
  let scores = new Float64Array(0)
  return {
    scoreUser(user, board) {
      const { count, item, values } = maker.make(user)
      if (scores.length < count) scores = new Float64Array(count)
      scores.fill(0)
      scoreBoosting(boosting, { rows: count, features: maker.features, values }, scores)
      for (let k = 0; k < count; k++) board.add(item[k]!, 1 / (1 + Math.exp(-scores[k]!)))
    },
  }
}

/** Learns which candidates are bought, from the users' last known baskets. */
export function learnRanking(history: BasketHistory, options: RankOptions): Boosting {
  const { trees = 120, learningRate = 0.1, leavesMax = 31, negativeShare = 0.15, random } = options
  const { history: before, truth } = holdOutLast(history)
  const maker = fitCandidates(before, options)
  const draw = random.fork('negatives')
  const { features } = maker
  let values = new Float64Array(1 << 16)
  const labels: number[] = []
  const listStart = [0]
  for (let user = 0; user < history.users; user++) {
    const wanted = new Set(truth.item.subarray(truth.start[user]!, truth.start[user + 1]!))
    if (wanted.size === 0) continue
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
  const table = { rows: labels.length, features, values: values.subarray(0, labels.length * features) }
  return fitBoosting(table, listLoss(labels, listStart), {
    trees,
    learningRate,
    leavesMax,
    random: random.fork('boosting'),
  })
}
